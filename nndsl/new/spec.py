"""The text of a new spec."""

import re
import textwrap
from collections.abc import Iterator, Sequence

from nndsl.check.rules.python_names import unusable_for_network
from nndsl.data.errors import counted
from nndsl.diagnostics.excerpt import visible
from nndsl.new.column import Column
from nndsl.new.findings import visible_name
from nndsl.new.inputs import InputLine, between, input_lines
from nndsl.new.plan import Plan
from nndsl.new.target import LISTED, Target
from nndsl.spec_text.texts import column as written
from nndsl.spec_text.texts import label

_WIDTH = 88
_SETTING = 16
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
    body = [
        *_inputs([*input_lines(inputs)]),
        *(f"dense    {units} relu" for units in plan.hidden),
        f"dense    {_last_layer(target)}",
        *_wrapped("target   ", _target(target)),
        "",
        f"loss     {_loss(target)}",
        f"metrics  {_metrics(target)}",
        "",
        "train {",
        *(f"    {line}" for line in _train(inputs, target, plan)),
        "}",
    ]
    lines = [
        *(f"# {line}" for line in _head(table, rows, left_out, remarks)),
        f"network {network_name(table)} {{",
        *(f"    {line}".rstrip() for line in body),
        "}",
    ]
    return "\n".join(lines) + "\n"


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


def _inputs(lines: Sequence[InputLine]) -> Iterator[str]:
    """The lines, with their options below each other."""
    texts = [_wrapped("input    ", line.words) for line in lines]
    both = [*zip(texts, (line.options for line in lines), strict=True)]
    wide = max((len(text[-1]) for text, options in both if options), default=0)
    for (*above, last), options in both:
        yield from above
        yield f"{last:<{wide}}  {options}" if options else last


def _wrapped(head: str, words: Sequence[str]) -> list[str]:
    """A statement in lines of about 84 characters."""
    lines = [head + words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= _WIDTH - 4:
            lines[-1] += f" {word}"
        else:
            lines.append(" " * len(head) + word)
    return lines


def _target(target: Target) -> tuple[str, ...]:
    name = written(target.column.name, ("input",))
    if not 0 < len(target.labels) <= LISTED:
        return (name,)
    return (f"{name}:", *between([*map(label, target.labels)], " |"))


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
        yield _setting("scale", f"{scaled}, target=standard")
    elif scales:
        yield _setting("scale", scaled)
    if target.column.n_missing:
        yield _setting("missing", "drop", "rows without a target")
    n_rows = int(target.column.counts.sum())
    if plan.patience:
        by = " stratified" if 0 < 10 * len(target.labels) <= n_rows else ""
        yield _setting("split", f"70% / 15% / 15%{by}", "train / validation / test")
    if plan.l2:
        yield _setting("l2", plan.l2)
    yield _setting("batch_size", str(plan.batch_size))
    yield _setting("epochs", str(plan.epochs))
    if plan.patience:
        yield _setting("early_stopping", f"patience={plan.patience}")
    yield _setting("seed", "0")
    name, n = target.rarest
    if target.learns_classes and n < _RARE * n_rows and n < _LEARNABLE:
        rows = f"{counted(n, 'row')} of {n_rows:,}"
        yield f"# {visible_name(name)} is rare: {rows}, too few to learn it"
    elif target.learns_classes and n < _RARE * n_rows:
        rows = f"{n:,} of {n_rows:,} rows"
        yield f"# {visible_name(name)} is rare ({rows}); to find more of it:"
        yield f"# {_setting('class_weights', 'balanced')}"


def _setting(name: str, value: str, comment: str = "") -> str:
    return f"{name:<{_SETTING}}{value}" + f"    # {comment}" * bool(comment)
