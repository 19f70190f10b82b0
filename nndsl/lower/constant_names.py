"""Names for the numbers of formulas: `BETA1`, or `ADAM_BETA1` where that is taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from nndsl.formulas.expression import Variable
from nndsl.language.module_names import CONSTANTS
from nndsl.program.tree import Constant


@dataclass(slots=True)
class Constants:
    """The constants of a program while it is being lowered.

    `taken`: the names of the network and its activations, which the module has too.
    """

    taken: frozenset[str]
    known: dict[str, Constant] = field(default_factory=dict)

    def add(self, name: str, value: float, owner: str) -> Variable:
        """Name a number of `owner`'s formula; the variable that stands for it."""
        plain = name.upper()
        candidates = [plain, f"{owner.upper()}_{plain}"]
        candidates += [f"{plain}_{number}" for number in range(2, len(self.known) + 3)]
        taken = CONSTANTS | self.taken | self.known.keys()
        free = next(c for c in candidates if c not in taken)
        self.known[free] = Constant(free, value, f"{name} of {owner}")
        return Variable(free)

    def forget(self, names: Iterable[str]) -> None:
        """Leave out constants that no formula reads after all."""
        for name in names:
            del self.known[name]
