"""The program in place: which arrays share memory, one after another."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from nndsl.formulas.expression import Expression, Step

Style: TypeAlias = Literal["textbook", "fast"]
"""How a module is written: one formula a line, or in place."""


@dataclass(frozen=True, slots=True)
class FastStep:
    """A step over the vectors, and the formulas of the spec that it stands for."""

    step: Step
    formulas: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class FastUpdate:
    """The optimizer's step for all parameters as one vector.

    `scales`: a state that is here is kept divided by this number.  `numbers` are
    computed once a step, after the scalars; `steps` go over the vectors.  The value of
    a step may be a `where` that a number decides: then its branches are steps.
    """

    scales: tuple[tuple[str, Expression], ...]
    numbers: tuple[Step, ...]
    steps: tuple[FastStep, ...]


@dataclass(frozen=True, slots=True)
class InPlace:
    """`over`: for an array, the array that it is computed into and that it replaces.

    An array that is not there has memory of its own.
    """

    over: Mapping[str, str]
    update: FastUpdate = FastUpdate((), (), ())

    def memory(self, array: str) -> str:
        """The name of the last array that lives in the memory of `array`."""
        later = {source: target for target, source in self.over.items()}
        while array in later:
            array = later[array]
        return array
