"""The figures of a network in words: a table of its layers, and what training needs."""

from collections.abc import Iterator, Mapping, Sequence

from nndsl.network import Inputs
from nndsl.program.program import Array, Dimension
from nndsl.program.size import Size
from nndsl.show.figures import Figures
from nndsl.spec_text.canonical import group_options

Labels = Mapping[int, tuple[str, ...]]
"""The labels that a trained model has learned, by the place of the column."""

_OPEN = "?"
_LINE = 24
"""Characters of a layer's line that are shown."""
_SHOWN = 100
"""Characters of a column's labels and options that are shown."""


def figures_text(figures: Figures, labels: Labels) -> str:
    """The layers, what they hold and compute, and the memory of a training step."""
    inputs = figures.network.inputs
    parts = [figures.network.name, *_layers(figures), "", *_memory(figures)]
    if inputs.groups:
        parts += ["", *_columns(inputs, labels)]
    return "\n".join([*parts, ""])


def _layers(figures: Figures) -> Iterator[str]:
    each = figures.bytes_each
    rows = [("layer", "output", "parameters", "", "multiply-adds", "bytes")]
    rows.append(("input", _output(figures.inputs), "", "", "", ""))
    for layer in figures.layers:
        learns = bool(layer.arrays)
        products = layer.multiply_adds.least > 0
        rows.append(
            (
                _short(" ".join(layer.layer.text.split()), _LINE),
                _output(layer.outputs),
                arithmetic(layer.arrays),
                _count(layer.parameters) if learns else "",
                _count(layer.multiply_adds) if products else "",
                _count(layer.parameters, each) if learns else "",
            )
        )
    total = _count(figures.parameters), _count(figures.multiply_adds)
    rows.append(("in all", "", "", *total, _count(figures.parameters, each)))
    yield from _aligned(rows, "<<<>>>")
    yield ""
    yield "  multiply-adds: of the matrix products, for one row of the forward pass;"
    yield "  biases, activations and norms are not counted"
    if figures.parameters.fixed is None:
        yield f"  {_OPEN}: the data decide"


def arithmetic(arrays: Sequence[Array]) -> str:
    """`4·16 + 16`: the sizes of a layer's arrays."""
    return " + ".join("·".join(map(str, array.shape)) for array in arrays)


def _memory(figures: Figures) -> Iterator[str]:
    memory, each = figures.memory, figures.bytes_each
    precision = figures.program.precision
    if memory.rows is None:
        batch = "with all rows at once"
        kept = f"{_count(memory.each_row, each)} a row"
    else:
        batch = f"with {memory.rows:,} rows"
        kept = _OPEN if memory.activations is None else f"{memory.activations * each:,}"
    yield f"  bytes of a training step {batch}, {precision}"
    states = " and ".join(memory.states)
    rows = [
        ("parameters", _count(memory.parameters, each), ""),
        ("gradients", _count(memory.gradients, each), ""),
        (
            "optimizer state",
            _count(memory.optimizer_state, each),
            f"{states} of {figures.program.update.name}" if states else "",
        ),
        ("running statistics", _count(memory.running, each), "of batch_norm"),
        ("activations", kept, f"kept: {_short(', '.join(memory.kept), 36)}"),
        ("in all", _OPEN if memory.total is None else f"{memory.total * each:,}", ""),
    ]
    skipped = {"running statistics"} if memory.running.least == 0 else set()
    skipped |= {"in all"} if memory.rows is None else set()
    yield from _aligned([row for row in rows if row[0] not in skipped], "<><")


def _columns(inputs: Inputs, labels: Labels) -> Iterator[str]:
    """Each column of the table with the number of inputs that it becomes."""
    rows = [("column", "inputs", "")]
    rows += [
        (name, _OPEN if width is None else str(width), _short(what, _SHOWN))
        for name, width, what in columns_of(inputs, labels)
    ]
    yield from _aligned(rows, "<><")


def columns_of(inputs: Inputs, labels: Labels) -> Iterator[tuple[str, int | None, str]]:
    """Each column with its number of inputs, None where the data tell, and options."""
    place = 0
    for group in inputs.groups:
        for name in group.columns:
            width = group.width
            if group.labels is not None:
                found = labels.get(place)
                width = len(found) - (len(found) == 2) if found else width
                place += 1
            yield name, width, group_options(group)


def _output(width: Dimension) -> str:
    return f"(n, {width})"


def _count(size: Size, each: int = 1) -> str:
    fixed = size.fixed
    return _OPEN if fixed is None else f"{fixed * each:,}"


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _aligned(rows: Sequence[tuple[str, ...]], sides: str) -> Iterator[str]:
    wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            f"{cell:{side}{w}}" for cell, side, w in zip(row, sides, wide, strict=True)
        )
        yield f"  {'  '.join(cells)}".rstrip()
