"""The slope of an activation, from what it gave where that is enough.

Where the slope can be found from the output (`relu`, `tanh`, `sigmoid`), the input need
not be kept.
"""

from nndsl.formulas.algebra.differentiate import differentiate
from nndsl.formulas.algebra.rewrites import MIRRORED
from nndsl.formulas.algebra.simplify import simplify, variables
from nndsl.formulas.expression import Expression, Number, Operation, Variable
from nndsl.formulas.traverse import rebuild, replace
from nndsl.layers.uses import ActivationUse

_X = Variable("x")
_OUTPUT = Variable("output")


def slope_of(use: ActivationUse) -> tuple[Expression, bool]:
    """The derivative of `use`, or of its surrogate, and whether it is of the output.

    It is then over `output`, else over `x` and the parameters of the formula.
    """
    named = use.surrogate or use
    if named.formula is None:
        raise ValueError(f"{named.name} is no formula")
    value = named.formula.value
    slope = differentiate(value, "x")
    if use.surrogate is None and not named.formula.parameters:
        known = simplify(replace(_by_sign(slope, value), value, _OUTPUT))
        if "x" not in variables(known):
            return known, True
    return slope, False


def _by_sign(slope: Expression, value: Expression) -> Expression:
    """Comparisons of x made comparisons of the output, where they say the same."""
    bounds = _kept_comparisons(value)

    def change(node: Expression) -> Expression:
        match node:
            case Operation(name, (x, Number(bound))) if (
                x == _X and name in MIRRORED and (name, bound) in bounds
            ):
                return Operation(name, (_OUTPUT, Number(bound)))
        return node

    return rebuild(slope, change)


def _kept_comparisons(value: Expression) -> set[tuple[str, float]]:
    """Comparisons that hold for `value` exactly where they hold for x."""
    match value:
        case Operation("maximum", (Variable("x"), Number(low))):
            return {("greater", low), ("less_equal", low)}
        case Operation("clip", (Variable("x"), Number(low), Number(high))):
            kept = {("greater", low), ("less_equal", low)}
            return kept | {("less", high), ("greater_equal", high)}
        case Operation(
            "where",
            (Operation("greater", (Variable("x"), Number(0.0))), then, otherwise),
        ):
            if _rises(then, strictly=True) and _rises(otherwise):
                return {("greater", 0.0), ("less_equal", 0.0)}
    return set()


def _rises(value: Expression, strictly: bool = False) -> bool:
    """Whether the formula is x times a number that keeps its sign."""
    match value:
        case Variable("x"):
            return True
        case Operation("multiply", (Number(factor), Variable("x"))):
            return factor > 0 or (factor == 0 and not strictly)
    return False
