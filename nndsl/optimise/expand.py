"""Functions that no single call computes, written with those that one does."""

from nndsl.formulas.algebra.comparisons import MIRRORED, is_mask
from nndsl.formulas.algebra.construct import ONE, ZERO, apply, multiply, where
from nndsl.formulas.algebra.guard import guard
from nndsl.formulas.expression import Expression, Number, Operation
from nndsl.formulas.traverse import rebuild, share


def expanded(expression: Expression, scalars: frozenset[str]) -> Expression:
    """The same value, guarded against overflow, equal parts shared."""
    return share(rebuild(guard(share(expression), scalars), _expanded))


def _expanded(node: Expression) -> Expression:
    match node:
        case Operation(name, arguments) if _adds_truths(name, arguments):
            return apply(name, *(where(mask, ONE, ZERO) for mask in arguments))
        case Operation("clip", (x, low, high)):
            return apply("minimum", apply("maximum", x, low), high)
        case Operation("power", (x, Number(3.0))):
            return multiply(apply("square", x), x)
    return node


def _adds_truths(name: str, arguments: tuple[Expression, ...]) -> bool:
    """Whether NumPy would compute with true and false, where true + true is true."""
    logical = name in ("multiply", "where") or name in MIRRORED
    return not logical and bool(arguments) and all(map(is_mask, arguments))
