"""The rewrites of `simplify`, by operation: each returns the better form, or None."""

from nndsl.formulas.algebra.comparisons import MIRRORED, OPPOSITE, is_mask
from nndsl.formulas.algebra.construct import (
    ONE,
    TWO,
    ZERO,
    add,
    apply,
    divide,
    multiply,
    negate,
    subtract,
    where,
)
from nndsl.formulas.algebra.folding import exact, fold
from nndsl.formulas.algebra.rewrites_functions import FUNCTIONS, Rewrite
from nndsl.formulas.expression import Expression, Number, Operation, Variable

__all__ = ["MIRRORED", "OPPOSITE", "REWRITES", "is_mask"]


def _add(left: Expression, right: Expression) -> Expression | None:
    match left, right:
        case (Number(0.0), kept) | (kept, Number(0.0)):
            return kept
        case (Number(), Number()):
            return fold("add", left, right)
        case (_, Operation("negate", (taken,))):
            return subtract(left, taken)
        case (Operation("negate", (taken,)), _):
            return subtract(right, taken)
        case (_, Number(value)) if value < 0:
            return subtract(left, Number(-value))
        case (_, Operation("add", (first, second))):
            return add(add(left, first), second)
        case (_, Operation("subtract", (first, second))):
            return subtract(add(left, first), second)
        case (Operation("add", (first, Number() as a)), Number() as b):
            total = exact("add", a, b)
            return None if total is None else add(first, total)
        case (Operation("subtract", (Number(1.0), taken)), Number(-1.0)):
            return negate(taken)
    if left == right:
        return multiply(TWO, left)
    return None


def _subtract(left: Expression, right: Expression) -> Expression | None:
    match left, right:
        case (_, Number(0.0)):
            return left
        case (Number(0.0), _):
            return negate(right)
        case (Number(), Number()):
            return fold("subtract", left, right)
        case (_, Operation("negate", (added,))):
            return add(left, added)
        case (_, Number(value)) if value < 0:
            return add(left, Number(-value))
        case (Operation("exp", (exponent,)), Number(1.0)):
            return apply("expm1", exponent)
    return ZERO if left == right else None


def _multiply(left: Expression, right: Expression) -> Expression | None:
    match left, right:
        case (Number(0.0), _) | (_, Number(0.0)):
            return ZERO
        case (Number(1.0), kept) | (kept, Number(1.0)):
            return kept
        case (Number(-1.0), kept) | (kept, Number(-1.0)):
            return negate(kept)
        case (Number(), Number()):
            return fold("multiply", left, right)
        case (x, Operation("normal_cdf", (y,))) if x == y:
            return apply("times_normal_cdf", x)
        case (Operation("negate", (inner,)), _):
            return negate(multiply(inner, right))
        case (_, Operation("negate", (inner,))):
            return negate(multiply(left, inner))
        case (Number(value), _) if value < 0:
            return negate(multiply(Number(-value), right))
        case (Number() as a, Operation("multiply", (Number() as b, rest))):
            product = exact("multiply", a, b)
            return None if product is None else multiply(product, rest)
        case (Number() as a, Operation("divide", (rest, Number() as b))):
            return _scaled(a, rest, b)
        case (_, Number()):
            return multiply(right, left)
        case (_, Operation("multiply", (Number() as a, rest))):
            return multiply(a, multiply(left, rest))
        case (Number(), Operation("multiply", _)):
            return None
        case (_, Operation("multiply", (first, second))):
            return multiply(multiply(left, first), second)
        case (Operation("multiply", (Number() as a, rest)), _):
            return multiply(a, multiply(rest, right))
        case (_, Operation("divide", (Number(1.0), below))):
            return divide(left, below)
        case (Operation("divide", (Number(1.0), below)), _):
            return divide(right, below)
        case (Operation("divide", (above, below)), _) if below == right:
            return above
        case (_, Operation("divide", (above, below))) if below == left:
            return above
        case (_, Operation("divide", (above, below))) if isinstance(
            below, Number
        ) or is_mask(above):
            return divide(multiply(left, above), below)
        case (_, Operation("where", (condition, Number(1.0), otherwise))):
            return _inside(condition, left, left, multiply(left, otherwise))
        case (Operation("where", (condition, Number(1.0), otherwise)), _):
            return _inside(condition, right, right, multiply(right, otherwise))
        case (_, Operation("where", (condition, then, Number(1.0)))):
            return _inside(condition, left, multiply(left, then), left)
        case (Operation("where", (condition, then, Number(1.0))), _):
            return _inside(condition, right, multiply(right, then), right)
    return apply("square", left) if left == right else None


def _inside(
    condition: Expression, factor: Expression, then: Expression, otherwise: Expression
) -> Expression | None:
    """A plain factor goes into both branches, where one of them then is the factor."""
    return where(condition, then, otherwise) if isinstance(factor, Variable) else None


def _scaled(factor: Number, rest: Expression, divisor: Number) -> Expression | None:
    """`factor * rest / divisor` with one constant, if that loses nothing."""
    ratio = exact("divide", factor, divisor)
    if ratio is not None:
        return multiply(ratio, rest)
    inverse = exact("divide", divisor, factor)
    return None if inverse is None else divide(rest, inverse)


def _divide(above: Expression, below: Expression) -> Expression | None:
    match above, below:
        case (Number(0.0), _):
            return ZERO
        case (_, Number(1.0)):
            return above
        case (Number(), Number()):
            return fold("divide", above, below)
        case (_, Number(-1.0)):
            return negate(above)
        case (Operation("negate", (inner,)), _):
            return negate(divide(inner, below))
        case (_, Operation("negate", (inner,))):
            return negate(divide(above, inner))
        case (_, Number(value)) if value < 0:
            return negate(divide(above, Number(-value)))
        case (Number(value), _) if value < 0:
            return negate(divide(Number(-value), below))
        case (Operation("multiply", (Number() as a, rest)), Number() as b):
            return _scaled(a, rest, b)
        case (
            Operation("multiply", (Number() as a, rest)),
            Operation("multiply", (Number() as b, lower)),
        ):
            scaled = _scaled(a, rest, b)
            return None if scaled is None else divide(scaled, lower)
        case (Operation("multiply", (first, second)), _) if second == below:
            return first
        case (Operation("multiply", (first, second)), _) if first == below:
            return second
        case (Operation("divide", (first, Number() as a)), Number() as b):
            product = exact("multiply", a, b)
            return None if product is None else divide(first, product)
        case (Operation("divide", (first, second)), Number() as b):
            return divide(first, multiply(b, second))
        case (Number(1.0), Operation("divide", (first, second))):
            return divide(second, first)
        case (Number(1.0), Operation("add", (Number(1.0), Operation("exp", (u,))))):
            return apply("sigmoid", negate(u))
        case (Number(1.0), Operation("add", (Operation("exp", (u,)), Number(1.0)))):
            return apply("sigmoid", negate(u))
        case (
            Operation("exp", (u,)),
            Operation("add", (Number(1.0), Operation("exp", (v,))))
            | Operation("add", (Operation("exp", (v,)), Number(1.0))),
        ) if u == v:
            return apply("sigmoid", u)
    return ONE if above == below else None


def _power(base: Expression, exponent: Expression) -> Expression | None:
    match base, exponent:
        case (_, Number(0.0)):
            return ONE
        case (_, Number(1.0)):
            return base
        case (_, Number(2.0)):
            return apply("square", base)
        case (_, Number(0.5)):
            return apply("sqrt", base)
        case (_, Number(-1.0)):
            return divide(ONE, base)
        case (_, Number(-0.5)):
            return divide(ONE, apply("sqrt", base))
        case (Operation("e", ()), _):
            return apply("exp", exponent)
        case (Number(1.0), _):
            return ONE
    return None


REWRITES: dict[str, Rewrite] = {
    "add": _add,
    "subtract": _subtract,
    "multiply": _multiply,
    "divide": _divide,
    "power": _power,
    **FUNCTIONS,
}
