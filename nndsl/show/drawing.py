"""The network as an SVG: its units from left to right, and what joins them.

It is one file that needs no other, follows light and dark, and keeps text as text.
"""

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nndsl.diagnostics.excerpt import visible
from nndsl.show.curve import curve_points
from nndsl.show.figures import Figures
from nndsl.show.stages import Stage, stages_of

MARK = "<!-- A network, drawn by nndsl. -->"
"""The first line of every drawing."""

_PITCH, _RADIUS, _PLATE = 38, 13, 26
_FAN, _STEP, _MARGIN = 150, 40, 28
"""Between two layers of units; from one plate to the next; around everything."""
_HEAD, _CAPTION = 84, 17
_LETTER = 6.9
"""How wide a letter of 12 pixels is, about."""

_STYLE = """
svg { color-scheme: light dark; --paper: #fff; --ink: #1c2330; --soft: #667085;
  --edge: #8a98ad; --in: #eef1f6; --in-line: #667085; --unit: #e3edfd;
  --unit-line: #2f6bd8; --out: #fdeadb; --out-line: #c2570c; --plate: #f4f5f8; }
@media (prefers-color-scheme: dark) { svg { --paper: #14181f; --ink: #e7eaf0;
  --soft: #98a2b3; --edge: #8794a8; --in: #262d38; --in-line: #98a2b3;
  --unit: #17305c; --unit-line: #7fb0ff; --out: #4a2810; --out-line: #ffb070;
  --plate: #222934; } }
text { font: 12px system-ui, "Segoe UI", Helvetica, Arial, sans-serif;
  fill: var(--soft); stroke: var(--paper); stroke-width: 4; paint-order: stroke;
  stroke-linejoin: round; }
.plate text { stroke: none; }
.paper { fill: var(--paper); }
.title { font-size: 20px; font-weight: 600; fill: var(--ink); }
.word { font-weight: 600; fill: var(--ink); }
.edges { fill: none; stroke: var(--edge); stroke-width: 0.8; opacity: 0.42; }
.unit { fill: var(--unit); stroke: var(--unit-line); stroke-width: 1.4; }
.input .unit { fill: var(--in); stroke: var(--in-line); }
.output .unit { fill: var(--out); stroke: var(--out-line); }
.dot { fill: var(--soft); }
.curve { fill: none; stroke: var(--unit-line); stroke-width: 1.5;
  stroke-linecap: round; stroke-linejoin: round; }
.output .curve { stroke: var(--out-line); }
.bar { fill: var(--plate); stroke: var(--edge); stroke-width: 1.2; }
"""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A stage at the middle `x`; its lines to the right begin at `right`."""

    stage: Stage
    x: float
    right: float


def drawing(figures: Figures) -> str:
    """The SVG of a network, from its inputs on the left to its outputs on the right."""
    stages = stages_of(figures)
    title, words = figures.network.name, _words(figures)
    head = max(len(title) * 12, len(words) * 6.6) + 2 * _MARGIN
    placed, width = _place(stages, 0)
    if width < head:
        placed, _ = _place(stages, (head - width) / 2)
        width = head
    tallest = max(len(stage.slots) for stage in stages)
    height = _HEAD + 3 * _CAPTION + tallest * _PITCH + 2 * _MARGIN
    middle = height - _MARGIN - tallest * _PITCH / 2
    root = ElementTree.Element(
        "svg",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:.0f} {height}",
        width=f"{width:.0f}",
        height=str(height),
        role="img",
    )
    _text(root, "title", f"The network {title}")
    ElementTree.SubElement(root, "style").text = _STYLE
    _add(root, "rect", "paper", width="100%", height="100%")
    _label(root, "title", _MARGIN, _MARGIN + 18, title)
    _label(root, "", _MARGIN, _MARGIN + 40, words)
    before: _Placed | None = None
    for each in placed:
        _stage(root, each, before, middle)
        before = each if each.stage.kind != "plate" else _behind(before, each)
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f"{MARK}\n{text}\n"


def _words(figures: Figures) -> str:
    numbers = [
        f"{size.fixed:,} {word}"
        for size, word in (
            (figures.parameters, "parameters"),
            (figures.multiply_adds, "multiply-adds for a row"),
        )
        if size.fixed is not None
    ]
    train = figures.network.train
    return " · ".join([*numbers, figures.network.loss.name, train.optimizer.name])


def _place(stages: Sequence[Stage], start: float) -> tuple[list[_Placed], float]:
    """Every stage with its place, moved to the right by `start`; the width of all."""
    x = start + _MARGIN + max(_half(stages[0]), _longest(stages[0]) + _RADIUS + 10)
    placed = [_Placed(stages[0], x, x + _RADIUS)]
    for before, stage in pairwise(stages):
        if stage.kind == "plate":
            x += _STEP + (14 if before.kind != "plate" else 0)
            placed.append(_Placed(stage, x, x + _PLATE / 2))
            continue
        x += max(_FAN, _half(before) + _half(stage) + 16)
        placed.append(_Placed(stage, x, x + _RADIUS))
    last = [each for each in placed if each.stage.slots][-1]
    end = last.x + max(_half(last.stage), _longest(last.stage) + _RADIUS + 10)
    return placed, max(end, placed[-1].right) + _MARGIN


def _half(stage: Stage) -> float:
    """Half of what the captions of a stage need."""
    if stage.kind == "plate":
        return _PLATE / 2
    return max(len(_short(caption)) for caption in stage.captions) * _LETTER / 2


def _longest(stage: Stage) -> float:
    return max((len(_short(name)) for name in stage.labels), default=0) * _LETTER


def _short(text: str) -> str:
    text = visible(text)
    return text if len(text) <= 28 else f"{text[:27]}…"


def _behind(units: _Placed | None, plate: _Placed) -> _Placed | None:
    """The units again, whose lines to the right now begin behind a plate."""
    return units and _Placed(units.stage, units.x, plate.right)


def _stage(
    root: ElementTree.Element, each: _Placed, before: _Placed | None, middle: float
) -> None:
    stage = each.stage
    group = _add(root, "g", f"layer {stage.kind}")
    if stage.name:
        group.set("data-layer", stage.name)
    _text(group, "title", f"{stage.name}: {stage.line}".strip(": "))
    if stage.kind == "plate":
        _plate(group, each, before, middle)
        return
    if before is not None and stage.slots and before.stage.slots:
        _edges(group, before, each, middle)
    for slot, y in _units(stage, middle):
        if slot is None:
            for place in (-8, 0, 8):
                _add(group, "circle", "dot", cx=each.x, cy=y + place, r=2)
            continue
        _add(group, "circle", "unit", cx=each.x, cy=y, r=_RADIUS)
        if stage.activation is not None:
            points = curve_points(stage.activation, each.x, y, _RADIUS - 5)
            _add(group, "polyline", "curve", points=points)
        if stage.labels:
            left = stage.kind == "input"
            at = each.x + (-1 if left else 1) * (_RADIUS + 9)
            name = _short(stage.labels[slot])
            _label(group, "", at, y + 4, name, anchor="end" if left else "start")
    _captions(group, each, middle)


def _captions(group: ElementTree.Element, each: _Placed, middle: float) -> None:
    stage = each.stage
    top = min((y for _, y in _units(stage, middle)), default=middle)
    said = [caption for caption in stage.captions if caption]
    y = top - _RADIUS - 14 - _CAPTION * (len(said) - 1)
    for place, caption in enumerate(said):
        kind = "word" if place == 0 else ""
        _label(group, kind, each.x, y + place * _CAPTION, _short(caption), "middle")


def _plate(
    group: ElementTree.Element, each: _Placed, before: _Placed | None, middle: float
) -> None:
    """A bar across the lines of the units before it, its text upright."""
    ys = [y for _, y in _units(before.stage, middle)] if before else []
    ys = ys or [middle]
    text = _short(" · ".join(each.stage.captions))
    half = max((ys[-1] - ys[0]) / 2 + _RADIUS, len(text) * _LETTER / 2 + 10)
    if before is not None:
        lines = (
            f"M{before.right:g} {y:g}H{each.x:g}"
            for slot, y in _units(before.stage, middle)
            if slot is not None
        )
        _add(group, "path", "edges", d="".join(lines))
    left, top = each.x - _PLATE / 2, middle - half
    _add(
        group,
        "rect",
        "bar",
        **{"x": left, "y": top, "width": _PLATE, "height": 2 * half, "rx": 7},
    )
    label = _label(group, "", 0, 4, text, "middle")
    label.set("transform", f"translate({each.x:g} {middle:g}) rotate(-90)")


def _edges(
    group: ElementTree.Element, before: _Placed, each: _Placed, middle: float
) -> None:
    """A line from every unit before to every unit here."""
    starts = [y for slot, y in _units(before.stage, middle) if slot is not None]
    ends = [y for slot, y in _units(each.stage, middle) if slot is not None]
    left, right = before.right, each.x - _RADIUS
    lines = (f"M{left:g} {a:g}L{right:g} {b:g}" for a in starts for b in ends)
    _add(group, "path", "edges", d="".join(lines))


def _units(stage: Stage, middle: float) -> Iterator[tuple[int | None, float]]:
    """What is drawn of a stage, each with its height."""
    top = middle - (len(stage.slots) - 1) / 2 * _PITCH
    for place, slot in enumerate(stage.slots):
        yield slot, top + place * _PITCH


def _label(
    parent: ElementTree.Element,
    kind: str,
    x: float,
    y: float,
    text: str,
    anchor: str = "start",
) -> ElementTree.Element:
    element = _add(parent, "text", kind, x=x, y=y)
    element.set("text-anchor", anchor)
    element.text = visible(text)
    return element


def _text(parent: ElementTree.Element, tag: str, text: str) -> None:
    ElementTree.SubElement(parent, tag).text = visible(text)


def _add(
    parent: ElementTree.Element, tag: str, kind: str, **attributes: object
) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, tag)
    if kind:
        element.set("class", kind)
    for name, value in attributes.items():
        text = f"{value:.1f}" if isinstance(value, float) else str(value)
        element.set(name, text.removesuffix(".0"))
    return element
