"""The program in place: calls that write into arrays made beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from nndsl.formulas.expression import Expression, Step
from nndsl.formulas.traverse import names_in_order
from nndsl.program.program import Block, Penalty, Shape, Statement

Style: TypeAlias = Literal["textbook", "fast"]
"""How a module is written: one formula a line, or in place into arrays made once."""


@dataclass(frozen=True, slots=True)
class Ref:
    """An array, named."""

    name: str
    transposed: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """What Python or NumPy computes at once: numbers, and arrays of a smaller shape."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class Length:
    """The number of rows that an array has in memory, or 1 over it."""

    of: str
    inverse: bool = False


@dataclass(frozen=True, slots=True)
class Ones:
    """A square matrix of ones."""

    width: int


@dataclass(frozen=True, slots=True)
class Draw:
    """Random numbers from 0 to 1 in the shape of an array."""

    like: str


Operand = Ref | Value | Length | Ones | Draw


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold, or must not, for a call to be made."""

    value: Expression
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Call:
    """`function(*arguments)`, its result written into the array `out`.

    The function is an operation of formulas, or one of `dot` (a matrix product),
    `fill`, `copyto`, `sum` and `max` (over each column).  A `helper` of the module
    writes into the arrays that it is given, or gives a new one, which is copied; so
    does `where` (a mask, and what to take where it holds, and where not).
    """

    function: str
    arguments: tuple[Operand, ...]
    out: str
    condition: Condition | None = None
    helper: Literal["", "gives", "writes"] = ""


@dataclass(frozen=True, slots=True)
class Buffer:
    """An array made once and written in every step.

    `shape` is the program's.  What the program has for each row of the data stands in
    memory as a column: an array (n, 16) is made as (16, n).  One of zeros is read only.
    """

    name: str
    shape: Shape
    dtype: Literal["float", "bool", "zeros"] = "float"


@dataclass(frozen=True, slots=True)
class Memory:
    """An array that several arrays of the program live in, one after another."""

    names: tuple[str, ...]
    buffer: Buffer


@dataclass(frozen=True, slots=True)
class Group:
    """The calls that one statement of the program became.

    `scratch`: the buffers they need beside the program's own arrays.  `numbers`: the
    names in their formulas that are numbers, not arrays.
    """

    statement: Statement | Penalty | Step
    calls: tuple[Call, ...]
    scratch: tuple[Buffer, ...] = ()
    numbers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class InPlaceBlock:
    """The groups of one line of the spec."""

    block: Block
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class InPlaceLoss:
    """The mean `factor * sum(share * each)`, or of `share * target * each`.

    `calls` leave the formula `value` in the array `each`.
    """

    factor: Expression
    value: Expression
    times_target: bool
    calls: tuple[Call, ...]
    scratch: tuple[Buffer, ...]
    numbers: frozenset[str]


@dataclass(frozen=True, slots=True)
class ScaledState:
    """A state as it is kept: what the formula means is `scale` times that.

    `key`: the name the formula gives it.
    """

    name: str
    key: str
    start: float
    scalar: bool
    scale: Expression | None


@dataclass(frozen=True, slots=True)
class InPlaceUpdate:
    """The optimizer in passes over flat vectors.

    `scalars` are computed once a step; `groups` are the passes; `scratch` the buffers
    of a block's size they need, of which `spent` is the gradient's own memory, free
    once it was read.  States in `fading` are kept at least `tiny` away from 0.
    `block`: so many elements at a time; None for all at once.
    """

    states: tuple[ScaledState, ...]
    scalars: tuple[Step, ...]
    groups: tuple[Group, ...]
    scratch: tuple[Buffer, ...]
    fading: tuple[str, ...] = ()
    tiny: float = 0.0
    spent: str | None = None
    block: int | None = None
    threaded: bool = False


@dataclass(frozen=True, slots=True)
class InPlace:
    """Both passes, the loss and the update in place.

    `values` are the memories of the forward pass, `slopes` those of the backward pass
    and the loss.  `above_ones`: the arrays that stand above a row of ones.  `joined`:
    for weights and for their gradients, the biases or gradients that are one more row
    of them.  `rows`: so many rows of data are predicted at a time.
    """

    forward: tuple[InPlaceBlock, ...]
    backward: tuple[InPlaceBlock, ...]
    values: tuple[Memory, ...]
    slopes: tuple[Memory, ...]
    above_ones: frozenset[str]
    joined: Mapping[str, str]
    loss: InPlaceLoss
    update: InPlaceUpdate
    rows: int


def names_in(operand: Operand) -> tuple[str, ...]:
    """The arrays and numbers that an operand names, in their order."""
    match operand:
        case Ref(name=name) | Length(of=name) | Draw(like=name):
            return (name,)
        case Value(expression):
            return names_in_order(expression)
        case Ones():
            return ()


def names_read(call: Call) -> tuple[str, ...]:
    """The arrays and numbers that the arguments of a call name, in their order."""
    return tuple(name for operand in call.arguments for name in names_in(operand))
