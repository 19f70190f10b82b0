"""The lines of a network that say what its weights mean."""

import re
from collections.abc import Iterator, Sequence

from nndsl.check.read.values import format_number
from nndsl.layers.layer import Layer, automatic_names
from nndsl.network import OTHER, ColumnGroup, Inputs, Target
from nndsl.render.expressions.printer import print_scalar
from nndsl.spec_text.texts import column, label

_NUMBER = re.compile(r"-?[0-9]{1,15}")
_WORDS = "any", OTHER, "error", "drop", "mean", "median"
"""Labels that stand in quotes, since the words mean something on an `input` line."""


def identity(
    inputs: Inputs, layers: tuple[Layer, ...], target: Target
) -> tuple[str, ...]:
    """Input, layers and target, with one space between words.

    What only training reads (starting numbers, penalties, max_norm) is not there.
    """
    return (
        "; ".join(input_texts(inputs)),
        *map(" ".join, layer_lines(layers, defaults=False)),
        *_own_formulas(layers),
        *target_text(target),
    )


def layer_lines(layers: Sequence[Layer], *, defaults: bool) -> Iterator[list[str]]:
    """The words of each layer's line; its name where it is not the automatic one."""
    names = automatic_names(layer.word for layer in layers)
    for layer, below, name in zip(layers, (*layers[1:], None), names, strict=True):
        words = layer.words(below, defaults=defaults)
        yield words if layer.name == name else [*words, f"name={layer.name}"]


def _own_formulas(layers: Sequence[Layer]) -> Iterator[str]:
    """What the activations compute that the user has defined."""
    uses = {use.name: use.formula for layer in layers for use in layer.activations}
    for formula in uses.values():
        if formula is not None and not formula.built_in:
            names = [f"{each.name}={each.default!r}" for each in formula.parameters]
            head = f"activation {formula.name}({', '.join(['x', *names])})"
            yield f"{head} = {print_scalar(formula.value)}"


def input_texts(inputs: Inputs) -> Iterator[str]:
    """The `input` lines."""
    if inputs.groups:
        yield from map(_group_text, inputs.groups)
        return
    if inputs.columns is not None:
        words = ("any",) if len(inputs.columns) == 1 else ()
        what = ", ".join(column(name, words) for name in inputs.columns)
    else:
        what = "any" if inputs.width is None else str(inputs.width)
    yield f"input {what}{_range(inputs)}"


def _range(columns: Inputs | ColumnGroup) -> str:
    if columns.low is None or columns.high is None:
        return ""
    return f" in {format_number(columns.low)}..{format_number(columns.high)}"


def _group_text(group: ColumnGroup) -> str:
    """A line for columns that are treated alike, with its options."""
    words = ("any",) if len(group.columns) == 1 and group.labels is None else ()
    names = ", ".join(column(name, words) for name in group.columns)
    between = " " if group.labels is None else ": "
    return f"input {names}{between}{group_options(group)}"


def group_options(group: ColumnGroup) -> str:
    """What stands behind the columns: labels or range, and the options."""
    if group.labels is None:
        options = f"missing={group.missing} scale={group.scale}"
        return f"{_range(group)} {options}".lstrip()
    labels = ["any"] if group.learned else [input_label(each) for each in group.labels]
    labels += [OTHER] * group.other
    missing: str = group.missing
    if missing == "label":
        is_other = group.other and group.fill == OTHER
        missing = OTHER if is_other else input_label(str(group.fill))
    return f"{' | '.join(labels)} missing={missing}"


def input_label(text: str) -> str:
    """A label of inputs: they are text, and a plain number needs no quotes."""
    return text if _NUMBER.fullmatch(text) else column(text, _WORDS)


def target_text(target: Target) -> Iterator[str]:
    match target.kind:
        case "input":
            yield "target input"
        case "columns":
            words = ("input",) if len(target.columns) == 1 else ()
            yield f"target {', '.join(column(name, words) for name in target.columns)}"
        case "classes":
            labels = " | ".join(map(label, target.labels))
            yield f"target {column(target.columns[0])}: {labels}"
        case "given":
            pass
