"""Names for the numbers of formulas: `BETA1`, or `ADAM_BETA1` where that is taken."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from nndsl.formulas.expression import Variable
from nndsl.formulas.free_name import free_name
from nndsl.language.module_names import CONSTANTS
from nndsl.program.program import (
    Block,
    Clipping,
    Constant,
    ConstantNames,
    DropoutMask,
    Parameter,
    Standardise,
)

_NOTES = {"clip": "keeps log(0) out of the loss"}


@dataclass(slots=True)
class Constants:
    """The constants of a program while it is being lowered.

    `taken`: the names of the network and its activations, which the module has too.
    """

    taken: frozenset[str]
    known: dict[str, Constant] = field(default_factory=dict)
    given: dict[tuple[str, str], Variable] = field(default_factory=dict)

    def add(
        self, name: str, value: float, owner: str, beside: Collection[str] = ()
    ) -> Variable:
        """Name a number of `owner`'s formula; the variable that stands for it.

        `beside`: the other names of the formula.
        """
        plain = name.upper()
        taken = {*CONSTANTS, *self.taken, *self.known, *beside}
        if plain in taken and f"{owner.upper()}_{plain}" not in taken:
            plain = f"{owner.upper()}_{plain}"
        free = free_name(plain, taken)
        self.known[free] = Constant(free, value, _NOTES.get(name, f"of {owner}"))
        self.given[owner, name] = Variable(free)
        return Variable(free)

    def add_setting(self, wanted: str, value: float, note: str) -> str:
        """Name a number of a setting, such as `L2`; the name that it is given."""
        free = free_name(wanted, {*self.taken, *self.known})
        self.known[free] = Constant(free, value, note)
        return free

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
    statements = [s for block in blocks for s in block.statements]
    norms = [s for s in statements if isinstance(s, Standardise)]
    masks = [s for s in statements if isinstance(s, DropoutMask)]

    def names(
        prefix: str, note: str, values: Iterable[tuple[str, float | None]]
    ) -> dict[str, str]:
        given = [(owner, value) for owner, value in values if value]
        if len({value for _, value in given}) == 1:
            shared = constants.add_setting(prefix, given[0][1], note)
            return {owner: shared for owner, _ in given}
        return {
            owner: constants.add_setting(f"{prefix}_{owner.upper()}", value, note)
            for owner, value in given
        }

    result = ConstantNames(
        l1=names(
            "L1",
            "factor of the sum of the absolute weights in the loss",
            ((p.array.name, p.l1) for p in parameters),
        ),
        l2=names(
            "L2",
            "factor of the sum of the squared weights in the loss",
            ((p.array.name, p.l2) for p in parameters),
        ),
        max_norm=names(
            "MAX_NORM",
            "largest length of a column of weights",
            ((p.array.name, p.max_norm) for p in parameters),
        ),
        epsilon=names(
            "NORM_EPSILON",
            "keeps a norm from dividing by 0",
            ((s.layer, s.epsilon) for s in norms),
        ),
        momentum=names(
            "NORM_MOMENTUM",
            "weight of a new batch in the running statistics",
            ((s.layer, s.momentum) for s in norms if s.axis == 0),
        ),
        dropout=names(
            "DROPOUT",
            "share of the units that a training step leaves out",
            ((s.target, s.rate) for s in masks),
        ),
    )
    names("CLIP_NORM", "largest norm of all gradients together", [("", clipping.norm)])
    names("CLIP_VALUE", "largest size of a gradient", [("", clipping.value)])
    return result
