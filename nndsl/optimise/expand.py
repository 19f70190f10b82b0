"""Functions that no single call computes, written with those that one does."""

from nndsl.formulas.algebra.comparisons import MIRRORED, is_mask
from nndsl.formulas.algebra.construct import (
    ONE,
    ZERO,
    add,
    apply,
    divide,
    multiply,
    negate,
)
from nndsl.formulas.algebra.guard import guard
from nndsl.formulas.expression import Expression, Number, Operation
from nndsl.formulas.traverse import rebuild, share

_LARGEST = apply("largest")


def expanded(expression: Expression, scalars: frozenset[str]) -> Expression:
    """The same value, guarded against overflow, equal parts shared."""
    return share(rebuild(guard(share(expression), scalars), _expanded))


def _expanded(node: Expression) -> Expression:
    match node:
        case Operation(name, arguments) if _adds_truths(name, arguments):
            return Operation(
                name, tuple(Operation("where", (m, ONE, ZERO)) for m in arguments)
            )
        case Operation("clip", (x, low, high)):
            return apply("minimum", apply("maximum", x, low), high)
        case Operation("sigmoid", (x,)):
            return _sigmoid(x)
        case Operation("softplus", (x,)):
            small = apply("log1p", apply("exp", negate(apply("abs", x))))
            return add(small, apply("maximum", x, ZERO))
        case Operation("power", (x, Number(3.0))):
            return multiply(apply("square", x), x)
        case Operation(
            "where",
            (
                Operation("greater", (x, Number(0.0))),
                kept,
                Operation("multiply", (Number(slope), bent) | (bent, Number(slope))),
            ),
        ) if x == kept == bent and slope >= 0:
            name = "maximum" if slope <= 1 else "minimum"
            return apply(name, multiply(x, Number(slope)), x)
    return node


def _adds_truths(name: str, arguments: tuple[Expression, ...]) -> bool:
    """Whether NumPy would compute with true and false, where true + true is true."""
    logical = name in ("multiply", "where") or name in MIRRORED
    return not logical and bool(arguments) and all(map(is_mask, arguments))


def _sigmoid(x: Expression) -> Expression:
    """`1 / (1 + exp(-x))`; the exponent stops where the largest number does."""
    match x:
        case Operation("negate", (inner,)):
            opposite = inner
        case _:
            opposite = negate(x)
    exponential = apply("exp", apply("minimum", opposite, _LARGEST))
    return divide(ONE, add(exponential, ONE))
