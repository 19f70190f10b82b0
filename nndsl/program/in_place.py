"""The program in place: calls that write into arrays made beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from nndsl.formulas.expression import Expression, Step
from nndsl.program.tree import Block, Shape

Style: TypeAlias = Literal["textbook", "fast"]
"""How a module is written: one formula a line, or in place into arrays made once."""


@dataclass(frozen=True, slots=True)
class Call:
    """`function(*arguments)`, its result written into `out`.

    An argument is the name of an array, or a number as Python text.  The function is
    NumPy's, or one of `dot` (a matrix product), `fill`, `copyto`, `add.reduce` and
    `maximum.reduce` (over each column).  A `helper` of the module writes into the
    array that it is given, or gives a new one, which is copied; so does `where` (a
    mask, and what to take where it holds, and where not).  `condition`: the Python text
    of what must hold for the call to be made.
    """

    function: str
    arguments: tuple[str, ...]
    out: str
    condition: str | None = None
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
class Group:
    """The calls that one statement of the program became.

    `formula` says what they compute together; `reads` are the arrays they read or
    write; `scratch` the buffers they need beside the program's own arrays.
    """

    formula: str
    calls: tuple[Call, ...]
    scratch: tuple[Buffer, ...] = ()


@dataclass(frozen=True, slots=True)
class InPlaceBlock:
    """The groups of one line of the spec."""

    block: Block
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class ScaledState:
    """A state as it is kept: what the formula means is `scale` times that."""

    name: str
    start: float
    scalar: bool
    scale: Expression | None


@dataclass(frozen=True, slots=True)
class InPlaceUpdate:
    """The optimizer in passes over flat vectors.

    `scalars` are computed once a step; `groups` are the passes; `scratch` the buffers
    of a block's size they need; `fading` the states that are kept away from 0.
    """

    states: tuple[ScaledState, ...]
    scalars: tuple[Step, ...]
    groups: tuple[Group, ...]
    scratch: tuple[Buffer, ...]
    fading: tuple[str, ...] = ()
