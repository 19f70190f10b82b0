"""The figures of a network: what its layers hold and compute, what training needs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from nndsl.check.check import Checked
from nndsl.layers.layer import Layer
from nndsl.lower.lower import lower
from nndsl.network import Network
from nndsl.program.kept import kept_values
from nndsl.program.program import Array, Block, Dimension, Product, Program, Shape
from nndsl.program.reads import reads
from nndsl.program.size import Size, size_of

Widths = Mapping[str, int]
"""Widths that the data decide and a trained model knows: `features`, `outputs`."""

BYTES = {"float32": 4, "float64": 8}
"""Of a number, by the precision of the network."""


@dataclass(frozen=True, slots=True)
class LayerFigures:
    """`arrays` are its parameters.

    `multiply_adds` are those of its matrix product, for one row of the forward pass: a
    product (n, 4) @ (4, 16) has 4·16 for each row.  Biases, activations and norms are
    not counted.
    """

    layer: Layer
    outputs: Dimension
    arrays: tuple[Array, ...]
    parameters: Size
    multiply_adds: Size


@dataclass(frozen=True, slots=True)
class Memory:
    """How many numbers one step of training holds, without what is passing.

    `rows`: the rows of a batch, None where a batch is all rows.  `kept` are the arrays
    that the forward pass keeps for the backward pass: `each_row` numbers for each row,
    and `once` beside them.  `states` are what the optimizer remembers of every weight.
    """

    rows: int | None
    parameters: Size
    gradients: Size
    states: tuple[str, ...]
    optimizer_state: Size
    running: Size
    kept: tuple[str, ...]
    each_row: Size
    once: Size

    @property
    def activations(self) -> int | None:
        """How many numbers are kept of a batch; None where that is not known."""
        each, once = self.each_row.fixed, self.once.fixed
        if each is None or once is None or self.rows is None:
            return None
        return each * self.rows + once

    @property
    def total(self) -> int | None:
        parts = (
            self.parameters.fixed,
            self.gradients.fixed,
            self.optimizer_state.fixed,
            self.running.fixed,
            self.activations,
        )
        return None if None in parts else sum(filter(None, parts))


@dataclass(frozen=True, slots=True)
class Figures:
    """A network and its figures, with the widths that are known put in."""

    network: Network
    program: Program
    inputs: Dimension
    layers: tuple[LayerFigures, ...]
    parameters: Size
    multiply_adds: Size
    memory: Memory

    @property
    def bytes_each(self) -> int:
        """Of a number."""
        return BYTES[self.program.precision]


def figures_of(checked: Checked, shapes: Mapping[str, Shape] | None = None) -> Figures:
    """The figures of a network; `shapes` are those of a trained model's arrays."""
    network, program = checked.network, lower(checked.network)
    widths = _widths(program, shapes or {})
    arrays: defaultdict[str, list[Array]] = defaultdict(list)
    for parameter in program.parameters:
        shape = _put_in(parameter.array.shape, widths)
        arrays[parameter.array.layer].append(replace(parameter.array, shape=shape))
    layers = tuple(
        LayerFigures(
            layer,
            known(layer.n_outputs, widths),
            tuple(arrays[layer.name]),
            size_of(array.shape for array in arrays[layer.name]),
            size_of(_put_in(shape, widths) for shape in _products(program, block)),
        )
        for layer, block in zip(network.layers, program.forward, strict=True)
    )
    return Figures(
        network,
        program,
        known(network.inputs.width or "features", widths),
        layers,
        _sum(layer.parameters for layer in layers),
        _sum(layer.multiply_adds for layer in layers),
        _memory(network, program, widths),
    )


def known(dimension: Dimension, widths: Widths) -> Dimension:
    """The width, if it is known."""
    return widths.get(dimension, dimension) if isinstance(dimension, str) else dimension


def _widths(program: Program, shapes: Mapping[str, Shape]) -> dict[str, int]:
    return {
        word: size
        for parameter in program.parameters
        for word, size in zip(
            parameter.array.shape, shapes.get(parameter.array.key, ()), strict=False
        )
        if isinstance(word, str) and isinstance(size, int)
    }


def _products(program: Program, block: Block) -> Iterator[Shape]:
    """The matrices that a layer multiplies the rows with."""
    for statement in block.statements:
        if isinstance(statement, Product):
            yield program.arrays[statement.right].shape


def _memory(network: Network, program: Program, widths: Widths) -> Memory:
    parameters = [_put_in(p.array.shape, widths) for p in program.parameters]
    states = tuple(each.name for each in program.update.states if not each.scalar)
    read = {name for b in program.backward for s in b.statements for name in reads(s)}
    kept = (*{"x"} & read, *kept_values(program))
    shapes = [_put_in(program.arrays[name].shape, widths) for name in kept]
    return Memory(
        network.train.batch_size,
        size_of(parameters),
        size_of(parameters),
        states,
        size_of(parameters * len(states)),
        size_of(_put_in(array.shape, widths) for array in program.running),
        kept,
        size_of(shape[1:] for shape in shapes if shape[0] == "n"),
        size_of(shape for shape in shapes if shape[0] != "n"),
    )


def _put_in(shape: Shape, widths: Widths) -> Shape:
    return tuple(known(dimension, widths) for dimension in shape)


def _sum(sizes: Iterable[Size]) -> Size:
    return size_of((factor, *words) for size in sizes for factor, words in size.terms)
