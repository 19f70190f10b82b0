"""Names for the numbers of a network: `L2`, or `L2_W1`, `L2_W3` where they differ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nndsl.program.tree import Constant, Program, Standardise
from nndsl.render.lines import commented


@dataclass(frozen=True, slots=True)
class Named:
    """Names of numbers by what they belong to: a parameter's or a layer's name."""

    l1: dict[str, str]
    l2: dict[str, str]
    max_norm: dict[str, str]
    epsilon: dict[str, str]
    momentum: dict[str, str]
    constants: tuple[Constant, ...]


def name_constants(program: Program) -> Named:
    """The constants of penalties, norms and clipping, with those of the formulas."""
    parameters = program.parameters
    norms = [
        statement
        for block in program.forward
        for statement in block.statements
        if isinstance(statement, Standardise)
    ]
    constants = list(program.constants)

    def names(
        prefix: str, note: str, values: Iterable[tuple[str, float | None]]
    ) -> dict[str, str]:
        given = [(owner, value) for owner, value in values if value]
        alike = len({value for _, value in given}) == 1
        result = {
            owner: prefix if alike else f"{prefix}_{owner.upper()}"
            for owner, _ in given
        }
        known = {constant.name for constant in constants}
        for owner, value in given:
            if result[owner] not in known and value is not None:
                known.add(result[owner])
                constants.append(Constant(result[owner], value, note))
        return result

    named = Named(
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
        constants=(),
    )
    clipping = program.clipping
    names("CLIP_NORM", "the longest all gradients may be", [("", clipping.norm)])
    names("CLIP_VALUE", "the largest a gradient may be", [("", clipping.value)])
    return Named(
        named.l1,
        named.l2,
        named.max_norm,
        named.epsilon,
        named.momentum,
        tuple(constants),
    )


def constant_lines(constants: Iterable[Constant]) -> tuple[str, ...]:
    """`NAME = value`, with what it is for."""
    return tuple(
        line
        for constant in constants
        for line in commented(f"{constant.name} = {constant.value!r}", constant.note)
    )
