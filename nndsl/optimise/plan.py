"""The forward and the backward pass in place: calls, and the arrays they write.

Each row of the data is a column here: what is added for every row, or compared over the
outputs, then runs along memory.  An array that a layer with biases reads stands above a
row of ones, and the biases are that row's weights: one product does for both.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from nndsl.formulas.algebra.construct import multiply
from nndsl.formulas.expression import Number, Variable
from nndsl.lower.batch_norm_sums import sums_used
from nndsl.optimise.buffers import Life, shared
from nndsl.optimise.fuse import fused
from nndsl.optimise.normal_distribution import in_place_helpers
from nndsl.optimise.statement_calls import (
    Surroundings,
    calls_of,
    deviation_of,
    extra_arrays,
)
from nndsl.program.in_place import (
    Buffer,
    Call,
    Group,
    InPlaceBlock,
    Memory,
    Ref,
    Value,
)
from nndsl.program.program import (
    Block,
    Map,
    Penalty,
    Product,
    Program,
    Shape,
    Softmax,
    SoftmaxGradient,
    Standardise,
    StandardiseGradient,
    Statement,
)
from nndsl.program.reads import depends_on

_FOREVER = 10**9


@dataclass(frozen=True, slots=True)
class InPlacePasses:
    """`values` are the memories of the forward pass, `slopes` those of the backward.

    `above_ones`: the arrays that stand above a row of ones.  `joined`: for weights and
    for their gradients, the biases or gradients that are one more row of them.
    """

    forward: tuple[InPlaceBlock, ...]
    backward: tuple[InPlaceBlock, ...]
    values: tuple[Memory, ...]
    slopes: tuple[Memory, ...]
    above_ones: frozenset[str]
    joined: Mapping[str, str]


def in_place_passes(program: Program) -> InPlacePasses:
    """Both passes of `program`, with the gradients of its penalties."""
    forward, backward = fused(program)
    backward = sums_used(backward)
    planner = _Planner(program)
    planner.look(forward, backward)
    values = _storage(planner, forward, 0)
    slopes = _storage(planner, backward, planner.boundary)
    return InPlacePasses(
        forward=values[0],
        backward=slopes[0],
        values=values[1],
        slopes=slopes[1],
        above_ones=planner.above_ones,
        joined=planner.joined,
    )


@dataclass(slots=True)
class _Planner:
    program: Program
    last: dict[str, int] = field(default_factory=dict)
    shapes: dict[str, Shape] = field(default_factory=dict)
    boundary: int = 0
    above_ones: frozenset[str] = frozenset()
    joined: dict[str, str] = field(default_factory=dict)

    def surroundings(self) -> Surroundings:
        return Surroundings(
            self.shapes,
            self.program.names.epsilon,
            self.above_ones,
            self.joined,
            frozenset(self.joined.values()),
            in_place_helpers(self.program.precision),
        )

    def look(self, forward: Iterable[Block], backward: Iterable[Block]) -> None:
        """Note when each array is needed for the last time."""
        self.shapes = {n: a.shape for n, a in self.program.arrays.items()}
        position = 0
        for blocks in (forward, backward):
            for block in blocks:
                for statement in block.statements:
                    for name in (*depends_on(statement), *_also_reads(statement)):
                        self.last[name] = position
                    self._shape(statement)
                    for buffer in extra_arrays(statement, self.shapes):
                        self.shapes[buffer.name] = buffer.shape
                    position += 1
            self.boundary = self.boundary or position
        for _, name in self.program.outputs:
            self.last[name] = _FOREVER
        self._join(forward)

    def _shape(self, statement: Statement) -> None:
        """A part that is kept has the shape of what it is computed from."""
        if statement.target not in self.shapes:
            sources = (self.shapes[name] for name in depends_on(statement))
            self.shapes[statement.target] = max(sources, key=len)

    def _join(self, forward: Iterable[Block]) -> None:
        """Find the layers whose biases are one more row of their weights."""
        gradients = dict(self.program.gradients)
        above_ones = set()
        for block in forward:
            for statement in block.statements:
                match statement:
                    case Product(left=left, right=right, bias=str(bias)):
                        if self.program.arrays[left].kind != "input":
                            above_ones.add(left)
                            self.joined[right] = bias
                            self.joined[gradients[right]] = gradients[bias]
        self.above_ones = frozenset(above_ones)


def _also_reads(statement: Statement) -> tuple[str, ...]:
    match statement:
        case StandardiseGradient(layer=_, variance=variance):
            return (deviation_of(variance),)
    return ()


def _storage(
    planner: _Planner, blocks: Iterable[Block], position: int
) -> tuple[tuple[InPlaceBlock, ...], tuple[Memory, ...]]:
    """Plan twice: the arrays of the program first, then scratch among them."""
    blocks = tuple(blocks)
    lives = list(_lives(planner, blocks, position))
    memories = shared(lives)
    storage = {name: m.names[0] for m in memories for name in m.names}
    arrays = planner.surroundings()
    result = []
    penalties = {penalty.gradient: penalty for penalty in planner.program.penalties}
    scratch: dict[str, Buffer] = {}
    for block in blocks:
        groups: list[Group] = []
        for statement in block.statements:
            prefix = _prefix(statement.target, planner, scratch)
            group = calls_of(statement, arrays, storage, prefix)
            for buffer in group.scratch:
                scratch[buffer.name] = buffer
                lives.append(Life(buffer, position, position))
            groups.append(group)
            if statement.target in penalties:
                added = _penalty(penalties[statement.target], planner.shapes)
                groups.append(added)
                lives += [Life(b, position, position) for b in added.scratch]
            position += 1
        result.append(InPlaceBlock(block, tuple(groups)))
    merged: dict[str, Life] = {}
    for life in lives:
        known = merged.get(life.buffer.name)
        if known is not None:
            life = Life(life.buffer, known.first, life.last, known.successor_of)
        merged[life.buffer.name] = life
    return tuple(result), shared(merged.values())


def _penalty(penalty: Penalty, shapes: Mapping[str, Shape]) -> Group:
    """What a penalty of a parameter adds to its gradient."""
    weights, gradient = Ref(penalty.parameter), Ref(penalty.gradient)
    scratch = Buffer(f"s_{penalty.parameter}", shapes[penalty.parameter])
    slope = Ref(scratch.name)
    calls: list[Call] = []
    if penalty.l1:
        l1 = Value(Variable(penalty.l1))
        calls += [
            Call("sign", (weights,), scratch.name),
            Call("multiply", (slope, l1), scratch.name),
            Call("add", (gradient, slope), gradient.name),
        ]
    if penalty.l2:
        twice = Value(multiply(Number(2.0), Variable(penalty.l2)))
        calls += [
            Call("multiply", (weights, twice), scratch.name),
            Call("add", (gradient, slope), gradient.name),
        ]
    numbers = frozenset(name for name in (penalty.l1, penalty.l2) if name)
    return Group(penalty, tuple(calls), (scratch,), numbers)


def _lives(planner: _Planner, blocks: Iterable[Block], position: int) -> Iterable[Life]:
    gradients = {name for _, name in planner.program.gradients}
    for block in blocks:
        for statement in block.statements:
            target = statement.target
            if target not in gradients:
                buffer = Buffer(target, planner.shapes[target])
                last = planner.last.get(target, _FOREVER)
                yield Life(buffer, position, last, _sources(statement))
            for extra in extra_arrays(statement, planner.shapes):
                yield Life(extra, position, _FOREVER)
            position += 1


def _sources(statement: Statement) -> tuple[str, ...]:
    """The arrays that the target may be written over."""
    match statement:
        case Map():
            return depends_on(statement)
        case Softmax(source=source) | Standardise(source=source):
            return (source,)
        case SoftmaxGradient() | StandardiseGradient():
            return (statement.upstream,)
    return ()


def _prefix(target: str, planner: _Planner, scratch: Mapping[str, Buffer]) -> str:
    """The number of the layer, or the target's name where another shape has that."""
    number = re.sub(r"\D*", "", target)
    for letter in "sk":
        buffer = scratch.get(letter + number)
        if buffer is not None and buffer.shape != planner.shapes[target]:
            return f"_{target}"
    return number
