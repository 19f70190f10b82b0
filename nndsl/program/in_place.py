"""The program in place: which arrays share memory, one after another."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Style: TypeAlias = Literal["textbook", "fast"]
"""How a module is written: one formula a line, or in place."""


@dataclass(frozen=True, slots=True)
class InPlace:
    """`over`: for an array, the array that it is computed into and that it replaces.

    An array that is not there has memory of its own.
    """

    over: Mapping[str, str]

    def memory(self, array: str) -> str:
        """The name of the last array that lives in the memory of `array`."""
        later = {source: target for target, source in self.over.items()}
        while array in later:
            array = later[array]
        return array
