"""The lines of a network that say what its weights mean."""

from collections.abc import Iterator, Sequence

from nndsl.check.read.values import format_number
from nndsl.layers.layer import Layer, automatic_names
from nndsl.network import Inputs, Target
from nndsl.render.expressions.printer import print_scalar
from nndsl.spec_text.texts import column, label


def identity(
    inputs: Inputs, layers: tuple[Layer, ...], target: Target
) -> tuple[str, ...]:
    """Input, layers and target, with one space between words.

    What only training reads (starting numbers, penalties, max_norm) is not there.
    """
    return (
        input_text(inputs),
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


def input_text(inputs: Inputs) -> str:
    if inputs.columns is not None:
        words = ("any",) if len(inputs.columns) == 1 else ()
        what = ", ".join(column(name, words) for name in inputs.columns)
    else:
        what = "any" if inputs.width is None else str(inputs.width)
    if inputs.low is None or inputs.high is None:
        return f"input {what}"
    return f"input {what} in {format_number(inputs.low)}..{format_number(inputs.high)}"


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
