"""The network as a drawing: a band for each layer, as wide as it has units."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import log2, prod

from markupsafe import Markup

from nndsl.report.subject import Subject
from nndsl.report.words import count, listed, shown

MOST = 24
"""The most layers that are drawn; of more, those in the middle are left out."""
_STEP, _BAND, _MIDDLE, _TEXT, _WIDTH = 58, 26, 85, 184, 480


@dataclass(frozen=True, slots=True)
class Layer:
    """`units` is 0 for the mark of layers that are left out."""

    title: str
    words: str
    units: int


def network_drawing(subject: Subject) -> Markup:
    """The SVG of the network, from the input down to the output."""
    layers = _few(list(_layers(subject)))
    widest = max(layer.units for layer in layers)
    height = _STEP * (len(layers) - 1) + _BAND + 20
    parts = [
        Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
            _WIDTH, height, "the layers of the network"
        )
    ]
    for place, layer in enumerate(layers):
        y, half = 10 + place * _STEP, _half(layer.units, widest)
        if place + 1 < len(layers):
            below = _half(layers[place + 1].units, widest)
            parts.append(_funnel(y + _BAND, half, y + _STEP, below))
        parts.append(_band(layer, y, half, last=place + 1 == len(layers)))
    return Markup("").join([*parts, Markup("</svg>")])


def _layers(subject: Subject) -> Iterator[Layer]:
    network, model = subject.checked.network, subject.model
    arrays = dict(zip(model.parameters_._fields, model.parameters_, strict=True))
    known = [p.array for p in subject.program.parameters]
    widths = {
        word: size
        for array in known
        for word, size in zip(array.shape, arrays[array.key].shape, strict=True)
        if isinstance(word, str)
    }
    columns = subject.columns.columns
    inputs = network.inputs.width or widths.get("features", len(columns))
    said = listed(columns, 3) if network.inputs.columns else count(inputs, "column")
    if inputs != len(columns):
        said = f"{count(len(columns), 'column')} as {count(inputs, 'number')}"
    yield Layer("input", said, inputs)
    for layer in network.layers:
        units = layer.n_outputs
        size = units if isinstance(units, int) else widths[units]
        sizes = [arrays[a.key].shape for a in known if a.layer == layer.name]
        words = f"{size:,} wide"
        if sizes:
            words += f" · {count(sum(map(prod, sizes)), 'parameter')}"
        yield Layer(" ".join(layer.text.split()), words, size)


def _few(layers: list[Layer]) -> list[Layer]:
    if len(layers) <= MOST:
        return layers
    half = MOST // 2
    left_out = Layer("…", count(len(layers) - 2 * half, "more layer"), 0)
    return [*layers[:half], left_out, *layers[-half:]]


def _half(units: int, widest: int) -> float:
    """Half the width of a band: by the logarithm, so that wide layers fit."""
    return 80 * (log2(units + 1) / log2(widest + 1)) ** 1.5 if units else 3


def _funnel(top: int, half: float, bottom: int, below: float) -> Markup:
    m = _MIDDLE
    return Markup('<path class="funnel" d="M{} {}H{}L{} {}H{}z"/>').format(
        f"{m - half:.1f}",
        top,
        f"{m + half:.1f}",
        f"{m + below:.1f}",
        bottom,
        f"{m - below:.1f}",
    )


def _band(layer: Layer, y: int, half: float, *, last: bool) -> Markup:
    kind = "output" if last else "layer"
    return Markup(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="4"/>'
        '<text x="{}" y="{}" class="title">{}</text>'
        '<text x="{}" y="{}" class="words">{}</text>'
    ).format(
        kind,
        f"{_MIDDLE - half:.1f}",
        y,
        f"{2 * half:.1f}",
        _BAND,
        _TEXT,
        y + 10,
        shown(layer.title, 42),
        _TEXT,
        y + 27,
        shown(layer.words, 46),
    )
