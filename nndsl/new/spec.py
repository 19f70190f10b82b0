"""The text of a new spec."""

import re
import textwrap
from collections.abc import Iterator, Sequence

from nndsl.check.rules.python_names import unusable_for_network
from nndsl.data.errors import DataError, counted
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.excerpt import visible
from nndsl.diagnostics.record import Source
from nndsl.fmt.format import formatted
from nndsl.new.column import Column
from nndsl.new.findings import visible_name
from nndsl.new.inputs import input_lines
from nndsl.new.plan import Plan
from nndsl.new.target import LISTED, Target
from nndsl.spec_text.texts import column as written
from nndsl.spec_text.texts import label

_WIDTH = 88
_RARE = 0.2
"""Classes rarer than this are mentioned."""
_LEARNABLE = 5
"""Weights do not help to learn a class of fewer rows."""
_NOTES = 30
"""The most columns whose absence is explained."""


def spec_text(
    table: str,
    rows: str,
    inputs: Sequence[Column],
    target: Target,
    left_out: Sequence[tuple[str, str]],
    plan: Plan,
    remarks: Sequence[str],
) -> str:
    """A spec for the table in the file `table`, with what was found in comments."""
    lines = [
        *(f"# {line}" for line in _head(table, rows, left_out, remarks)),
        f"network {network_name(table)} {{",
        *input_lines(inputs),
        *(f"dense {units} relu" for units in plan.hidden),
        f"dense {_last_layer(target)}",
        f"target {_target(target)}",
        "",
        f"loss {_loss(target)}",
        f"metrics {_metrics(target)}",
        "",
        "train {",
        *_train(inputs, target, plan),
        "}",
        "}",
    ]
    try:
        return formatted(Source(table, "\n".join(lines)))
    except SpecError as error:
        found = error.diagnostics[0]
        raise DataError(f"{table}: no spec can be so long: {found.label}") from None


def network_name(table: str) -> str:
    """A name for the network: the file's, as Python writes the name of a class."""
    stem = re.split(r"[/\\]", table)[-1].partition(".")[0]
    words = re.findall(r"[A-Za-z0-9]+", stem)
    name = "".join(word[:1].upper() + word[1:] for word in words)[:60]
    return name if unusable_for_network(name) is None else f"Table{name}"


def _head(
    table: str, rows: str, left_out: Sequence[tuple[str, str]], remarks: Sequence[str]
) -> Iterator[str]:
    of = visible(re.split(r"[/\\]", table)[-1]) if table != "-" else "standard input"
    yield f"From {of}, {rows}." + " Left out:" * bool(left_out)
    shown = left_out[:_NOTES]
    wide = max((len(name) for name, _ in shown), default=0)
    for name, reason in shown:
        yield f"  {name:<{wide}}  {reason}"
    if len(left_out) > _NOTES:
        yield f"  and {len(left_out) - _NOTES} more"
    for remark in remarks:
        yield from textwrap.wrap(remark, _WIDTH - 2, break_on_hyphens=False)


def _target(target: Target) -> str:
    name = written(target.column.name, ("input",))
    if not 0 < len(target.labels) <= LISTED:
        return name
    return f"{name}: {' | '.join(map(label, target.labels))}"


def _last_layer(target: Target) -> str:
    if not target.learns_classes:
        return "1"
    return "1 sigmoid" if len(target.labels) == 2 else "classes softmax"


def _loss(target: Target) -> str:
    if not target.learns_classes:
        return "mean_squared_error"
    kind = "binary" if len(target.labels) == 2 else "categorical"
    return f"{kind}_crossentropy"


def _metrics(target: Target) -> str:
    if not target.learns_classes:
        return "mean_absolute_error, r2"
    return "accuracy, auc" if len(target.labels) == 2 else "accuracy"


def _train(inputs: Sequence[Column], target: Target, plan: Plan) -> Iterator[str]:
    scales = any(c.values is not None and not c.is_switch for c in inputs)
    scaled = "standard" if scales else "none"
    if not target.learns_classes:
        yield f"scale {scaled}, target=standard"
    elif scales:
        yield f"scale {scaled}"
    if target.column.n_missing:
        yield "missing drop  # rows without a target"
    n_rows = int(target.column.counts.sum())
    if plan.patience:
        by = " stratified" if 0 < 10 * len(target.labels) <= n_rows else ""
        yield f"split 70% / 15% / 15%{by}  # train / validation / test"
    if plan.l2:
        yield f"l2 {plan.l2}"
    yield f"batch_size {plan.batch_size}"
    yield f"epochs {plan.epochs}"
    if plan.patience:
        yield f"early_stopping patience={plan.patience}"
    yield "seed 0"
    name, n = target.rarest
    if target.learns_classes and n < _RARE * n_rows and n < _LEARNABLE:
        rows = f"{counted(n, 'row')} of {n_rows:,}"
        yield f"# {visible_name(name)} is rare: {rows}, too few to learn it"
    elif target.learns_classes and n < _RARE * n_rows:
        rows = f"{n:,} of {n_rows:,} rows"
        yield f"# {visible_name(name)} is rare ({rows}); to find more of it:"
        yield "# class_weights   balanced"
