"""The formula of an activation with the numbers of its use."""

from nndsl.formulas.algebra.simplify import simplify, substitute
from nndsl.formulas.expression import Expression, Number
from nndsl.layers.uses import ActivationUse

SHORT = 3
"""A formula of at most so many nodes (`maximum(x, 0)`) stands where it is used."""


def value_of(use: ActivationUse) -> Expression:
    """The formula over `x`, its arguments put in as numbers."""
    if use.formula is None:
        raise ValueError(f"{use.name} is no formula")
    put: dict[str, Expression] = {name: Number(v) for name, v in use.arguments}
    return simplify(substitute(use.formula.value, put))
