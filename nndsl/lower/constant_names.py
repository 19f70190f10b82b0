"""Names for the numbers of formulas: `BETA1`, or `ADAM_BETA1` where that is taken."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from nndsl.formulas.expression import Variable
from nndsl.language.module_names import CONSTANTS
from nndsl.program.tree import (
    Block,
    Clipping,
    Constant,
    ConstantNames,
    Parameter,
    Standardise,
)


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


def name_numbers(
    constants: Constants,
    parameters: Sequence[Parameter],
    blocks: Sequence[Block],
    clipping: Clipping,
) -> ConstantNames:
    """Name the numbers of penalties, norms and clipping: `L2`, or `L2_W1`, `L2_W3`
    where they differ."""
    known = constants.known
    norms = [
        statement
        for block in blocks
        for statement in block.statements
        if isinstance(statement, Standardise)
    ]

    def names(
        prefix: str, note: str, values: Iterable[tuple[str, float | None]]
    ) -> dict[str, str]:
        given = [(owner, value) for owner, value in values if value]
        alike = len({value for _, value in given}) == 1
        result = {
            owner: prefix if alike else f"{prefix}_{owner.upper()}"
            for owner, _ in given
        }
        for owner, value in given:
            name = result[owner]
            known.setdefault(name, Constant(name, value, note))
        return result

    result = ConstantNames(
        l1=names(
            "L1",
            "the loss grows by L1 · the sum of |w|",
            ((p.array.name, p.l1) for p in parameters),
        ),
        l2=names(
            "L2",
            "the loss grows by L2 · the sum of w²",
            ((p.array.name, p.l2) for p in parameters),
        ),
        max_norm=names(
            "MAX_NORM",
            "the longest a column of weights may be",
            ((p.array.name, p.max_norm) for p in parameters),
        ),
        epsilon=names(
            "NORM_EPSILON",
            "keeps a normalised unit from dividing by 0",
            ((s.layer, s.epsilon) for s in norms),
        ),
        momentum=names(
            "NORM_MOMENTUM",
            "a new batch's share in the running statistics",
            ((s.layer, s.momentum) for s in norms),
        ),
    )
    names("CLIP_NORM", "the longest all gradients may be", [("", clipping.norm)])
    names("CLIP_VALUE", "the largest a gradient may be", [("", clipping.value)])
    return result
