"""What a drawing of a network shows: its stages, from the inputs to the outputs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from nndsl.layers.activation import LINEAR
from nndsl.layers.uses import ActivationUse
from nndsl.network import Inputs
from nndsl.program.program import Dimension
from nndsl.show.figures import Figures, LayerFigures
from nndsl.spec_text.texts import activation_text

ALL = 10
"""A layer of at most so many units is drawn unit for unit."""
ENDS = 4
"""Of a wider one, so many at either end."""
STAGES = 16
"""Of more stages, those in the middle are left out."""

Kind = Literal["input", "units", "output", "plate", "gap"]


@dataclass(frozen=True, slots=True)
class Stage:
    """`slots`: what is drawn from top to bottom: a unit's number, or None for dots.

    `captions` stand over it, `line` is the spec's own line, and `labels` are what its
    units are called, where they have names.  A `plate` is a layer that does something
    to each unit; a `gap` stands for stages that are left out.
    """

    kind: Kind
    name: str
    line: str
    captions: tuple[str, ...]
    slots: tuple[int | None, ...] = ()
    labels: tuple[str, ...] = ()
    activation: ActivationUse | None = None


def stages_of(figures: Figures) -> list[Stage]:
    """The input, then every layer; at most `STAGES` of them."""
    stages = list(_stages(figures))
    if len(stages) <= STAGES:
        return stages
    half = STAGES // 2
    first, last = stages[:half], stages[-half:]
    while len(last) > 1 and last[0].kind == "plate":
        last.pop(0)
    count = len(stages) - len(first) - len(last)
    return [*first, Stage("gap", "", "", (f"{count:,} more", "layers")), *last]


def _stages(figures: Figures) -> Iterator[Stage]:
    inputs = figures.network.inputs
    yield Stage(
        "input",
        "input",
        "input",
        ("input", _many(figures.inputs, "number")),
        _slots(figures.inputs),
        _fitting(input_names(inputs), figures.inputs),
    )
    resizing = [layer for layer in figures.layers if layer.layer.resizes]
    for layer in figures.layers:
        yield _layer(figures, layer, is_last=bool(resizing) and layer is resizing[-1])


def _layer(figures: Figures, layer: LayerFigures, is_last: bool) -> Stage:
    line = " ".join(layer.layer.text.split())
    learned = _short_count(layer.parameters.fixed) if layer.arrays else ""
    if not layer.layer.resizes:
        captions = (line, learned) if learned else (line,)
        return Stage("plate", layer.layer.name, line, captions)
    use = layer.layer.activations[0]
    named = "" if use.name == LINEAR else activation_text(use, defaults=False)
    return Stage(
        "output" if is_last else "units",
        layer.layer.name,
        line,
        (f"{layer.layer.word} {layer.outputs}", named, learned),
        _slots(layer.outputs),
        _fitting(_output_names(figures), layer.outputs) if is_last else (),
        None if use.name == LINEAR else use,
    )


def _slots(width: Dimension) -> tuple[int | None, ...]:
    """Every unit, or those at the ends; where the data decide, the first and last."""
    if not isinstance(width, int):
        return (0, 1, None, -1)
    if width <= ALL:
        return tuple(range(width))
    return (*range(ENDS), None, *range(width - ENDS, width))


def input_names(inputs: Inputs) -> tuple[str, ...]:
    """What each input is called, in the order of the spec; nothing where neither the
    spec nor the data say."""
    if not inputs.groups:
        return inputs.columns or ()
    if inputs.width is None:
        return ()
    names: list[str] = []
    for group in inputs.groups:
        if group.labels is None:
            names += group.columns
            continue
        labels = group.all_labels
        one = labels[1:] if len(labels) == 2 else labels
        names += [f"{name}: {label}" for name in group.columns for label in one]
    return tuple(names)


def _output_names(figures: Figures) -> tuple[str, ...]:
    target = figures.network.target
    if target.kind == "columns":
        return target.columns
    if target.kind == "classes":
        labels = tuple(map(str, target.labels))
        return labels if figures.network.task == "classes" else target.columns
    return ()


def _fitting(names: tuple[str, ...], width: Dimension) -> tuple[str, ...]:
    """The names, if there is one for every unit."""
    return names if len(names) == width else ()


def _many(width: Dimension, word: str) -> str:
    if width == 1:
        return f"1 {word}"
    return f"{width:,} {word}s" if isinstance(width, int) else width


def _short_count(count: int | None) -> str:
    if count is None:
        return "parameters by the data"
    if count >= 10**6:
        return f"{count / 1e6:.3g} million parameters"
    return _many(count, "parameter")
