"""The rewrites of `simplify` for functions, choices and comparisons."""

import math
from collections.abc import Callable

from nndsl.formulas.algebra.comparisons import HOLDS, MIRRORED, OPPOSITE, is_mask
from nndsl.formulas.algebra.construct import (
    ONE,
    ZERO,
    apply,
    multiply,
    negate,
    subtract,
)
from nndsl.formulas.algebra.evaluate import evaluate
from nndsl.formulas.algebra.folding import exact, fold, number
from nndsl.formulas.expression import Expression, Number, Operation, Variable
from nndsl.formulas.traverse import variables

Rewrite = Callable[..., Expression | None]


def _is_plain(expression: Expression) -> bool:
    """Whether an expression cannot overflow by itself, so that 0 times it is 0."""
    match expression:
        case Operation("add" | "subtract" | "multiply" | "negate", arguments):
            return all(map(_is_plain, arguments))
        case Operation():
            return is_mask(expression)
    return isinstance(expression, Variable)


def _negate(inner: Expression) -> Expression | None:
    match inner:
        case Number(value):
            return Number(-value) if value else ZERO
        case Operation("negate", (kept,)):
            return kept
        case Operation("subtract", (left, right)):
            return subtract(right, left)
    return None


def _square(inner: Expression) -> Expression | None:
    match inner:
        case Number():
            return fold("multiply", inner, inner)
        case Operation("negate" | "abs", (kept,)):
            return apply("square", kept)
    return None


def _log(inner: Expression) -> Expression | None:
    match inner:
        case Number(1.0):
            return ZERO
        case Operation("exp", (kept,)):
            return kept
        case Operation("e", ()):
            return ONE
        case Operation("add", (Number(1.0), rest)):
            return apply("log1p", rest)
        case Operation("add", (rest, Number(1.0))):
            return apply("log1p", rest)
        case Operation("subtract", (Number(1.0), rest)):
            return apply("log1p", negate(rest))
        case Operation("sigmoid", (u,)):
            return negate(apply("softplus", negate(u)))
    return None


def _log1p(inner: Expression) -> Expression | None:
    match inner:
        case Number(0.0):
            return ZERO
        case Operation("exp", (u,)):
            return apply("softplus", u)
        case Operation("expm1", (u,)):
            return u
        case Operation("negate", (Operation("sigmoid", (u,)),)):
            return negate(apply("softplus", u))
    return None


def _exp(inner: Expression) -> Expression | None:
    match inner:
        case Number(0.0):
            return ONE
    return None


def _sqrt(inner: Expression) -> Expression | None:
    match inner:
        case Number():
            return fold("sqrt", inner)
        case Operation("square", (u,)):
            return apply("abs", u)
    return None


def _abs(inner: Expression) -> Expression | None:
    match inner:
        case Number(value):
            return Number(abs(value))
        case Operation("negate", (u,)):
            return apply("abs", u)
        case Operation("abs" | "square" | "sqrt" | "exp" | "sigmoid" | "softplus", _):
            return inner
    return None


def _zero_at_zero(inner: Expression) -> Expression | None:
    return ZERO if inner == ZERO else None


def _where(
    condition: Expression, then: Expression, otherwise: Expression
) -> Expression | None:
    match condition, then, otherwise:
        case (Number(value), _, _):
            return then if value else otherwise
        case (Operation(name, _), Number(1.0), Number(0.0)) if name in OPPOSITE:
            return condition
        case (Operation(name, sides), Number(0.0), Number(1.0)) if name in OPPOSITE:
            return Operation(OPPOSITE[name], sides)
        case (_, _, Number(0.0)) if is_mask(condition) and _is_plain(then):
            return multiply(then, condition)
    return then if then == otherwise else None


def _comparison(name: str) -> Rewrite:
    holds = HOLDS[name]

    def rewrite(left: Expression, right: Expression) -> Expression | None:
        match left, right:
            case (Number(), _) if variables(right):
                return apply(MIRRORED[name], right, left)
            case (Operation("add", (u, Number() as a)), Number() as b):
                bound = exact("subtract", b, a)
                return None if bound is None else apply(name, u, bound)
            case (Operation("subtract", (Number() as a, u)), Number() as b):
                bound = exact("subtract", a, b)
                return None if bound is None else apply(MIRRORED[name], u, bound)
            case (Operation("subtract", (u, Number() as a)), Number() as b):
                bound = exact("add", b, a)
                return None if bound is None else apply(name, u, bound)
        if variables(left) or variables(right):
            return None
        sides = evaluate(left, {}), evaluate(right, {})
        if math.isnan(sides[0] - sides[1]):
            return None
        return ONE if holds(*sides) else ZERO

    return rewrite


def _chosen(name: str) -> Rewrite:
    def rewrite(left: Expression, right: Expression) -> Expression | None:
        match left, right:
            case (Number(a), Number(b)):
                return number(max(a, b) if name == "maximum" else min(a, b))
        return left if left == right else None

    return rewrite


FUNCTIONS: dict[str, Rewrite] = {
    "negate": _negate,
    "square": _square,
    "log": _log,
    "log1p": _log1p,
    "exp": _exp,
    "sqrt": _sqrt,
    "abs": _abs,
    "where": _where,
    "minimum": _chosen("minimum"),
    "maximum": _chosen("maximum"),
    "expm1": _zero_at_zero,
    "sin": _zero_at_zero,
    "tanh": _zero_at_zero,
    "sign": _zero_at_zero,
    "floor": _zero_at_zero,
    **{name: _comparison(name) for name in OPPOSITE},
}
