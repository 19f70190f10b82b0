"""The program in place: which arrays share memory, and the optimizer's step as calls
that write into arrays which are there already."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from nndsl.formulas.expression import Expression, Step

Style: TypeAlias = Literal["textbook", "fast"]
"""How a module is written: one formula a line, or in place."""


@dataclass(frozen=True, slots=True)
class Call:
    """`operation(*arguments)`, written into the array `out`.

    `operation` is one of formulas, or `copy` (of an array or a number).  An argument is
    an array's name, a comparison of such, or a formula over numbers.
    """

    operation: str
    arguments: tuple[Expression, ...]
    out: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What is done where a number decides: `then` where `condition` holds."""

    condition: Expression
    then: tuple["Action", ...]
    otherwise: tuple["Action", ...]


Action: TypeAlias = Call | Step | Choice
"""A step among them computes a number that calls behind it need."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What one line of the optimizer's formula became.

    `formulas` are that line and those put into it, as the program has them.
    """

    formulas: tuple[Step, ...]
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class InPlaceUpdate:
    """The optimizer's step over all parameters as one vector.

    `scales`: a state is kept without this factor, which its formula has.  `vectors`
    are the arrays that the passes need beside the states, the weights and the gradient.
    """

    scales: Mapping[str, Expression]
    vectors: tuple[str, ...]
    passes: tuple[Pass, ...]


@dataclass(frozen=True, slots=True)
class InPlace:
    """`over`: for an array, the array that it is computed into and that it replaces.

    An array that is not there has memory of its own.
    """

    over: Mapping[str, str]
    update: InPlaceUpdate

    def memory(self, array: str) -> str:
        """The name of the last array that lives in the memory of `array`."""
        later = {source: target for target, source in self.over.items()}
        while array in later:
            array = later[array]
        return array
