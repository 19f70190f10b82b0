"""Keeps array code from computing what overflows or has no value.

NumPy computes both branches of `where` and warns of an overflow in either.  So a
branch under `u > c` sees `max(u, c)` in the place of `u`, and `exp(u)` that could
overflow becomes `exp(min(u, largest))`.  Where the branch is taken, and wherever the
exponential is finite, the value is the same.  Python's floats have their own largest
exponent, whatever the precision of the arrays.
"""

import math
import sys

from nndsl.formulas.algebra.bounds import bounds
from nndsl.formulas.algebra.construct import apply, negate
from nndsl.formulas.expression import Expression, Number, Operation, Variable
from nndsl.formulas.traverse import rebuild, variables, visit

_LARGEST: Expression = apply("largest")
_SMALLEST = apply("smallest")

# Beyond this float32 overflows, so an exponent known to stay below needs no guard.
_SAFE_EXPONENT = 88.0
_LARGEST_OF_PYTHON = Number(math.log(sys.float_info.max))
_SIDE = {
    "greater": "maximum",
    "greater_equal": "maximum",
    "less": "minimum",
    "less_equal": "minimum",
}
_OTHER = {"maximum": "minimum", "minimum": "maximum"}
_NEEDS_HALF_LINE = {"exp", "expm1", "power", "log", "log1p", "sqrt", "divide"}
_SINGULAR_AT_ZERO = {"log", "divide", "power"}


def guard(expression: Expression, scalars: frozenset[str] = frozenset()) -> Expression:
    """The expression with its guards written out; `scalars` name plain numbers."""

    def change(node: Expression) -> Expression:
        match node:
            case Operation("exp" | "expm1" as name, (exponent,)):
                return apply(name, _limited(exponent, scalars))
            case Operation("where", (condition, then, otherwise)):
                return _half_lines(condition, then, otherwise, scalars)
        return node

    return rebuild(expression, change)


def _limited(exponent: Expression, scalars: frozenset[str]) -> Expression:
    """The exponent, or the largest one whose exponential is finite."""
    names = variables(exponent)
    plain = bool(names) and names <= scalars
    safe = _LARGEST_OF_PYTHON.value if plain else _SAFE_EXPONENT
    if not names or bounds(exponent)[1] <= safe:
        return exponent
    return apply("minimum", exponent, _LARGEST_OF_PYTHON if plain else _LARGEST)


def _half_lines(
    condition: Expression,
    then: Expression,
    otherwise: Expression,
    scalars: frozenset[str],
) -> Expression:
    unchanged = apply("where", condition, then, otherwise)
    match condition:
        case Operation(name, (u, c)) if name in _SIDE:
            if not variables(c) <= scalars or variables(u) <= scalars:
                return unchanged
        case _:
            return unchanged
    side = _SIDE[name]
    strict = name in ("greater", "less")
    return apply(
        "where",
        condition,
        _kept(then, u, c, side, strict),
        _kept(otherwise, u, c, _OTHER[side], not strict),
    )


def _kept(
    branch: Expression, u: Expression, c: Expression, side: str, strict: bool
) -> Expression:
    """`branch` with `u` held on its side of `c`."""
    operations = _operations(branch)
    if not operations & _NEEDS_HALF_LINE:
        return branch
    bound = c
    if strict and c == Number(0.0) and operations & _SINGULAR_AT_ZERO:
        bound = _SMALLEST if side == "maximum" else negate(_SMALLEST)
    held = apply(side, u, bound)
    return _without_repeats(rebuild(branch, lambda n: held if n == u else n), held)


def _without_repeats(branch: Expression, held: Operation) -> Expression:
    """A branch that was held already, or an exponent now bounded, is not held twice."""
    twice = Operation(held.name, (held, held.arguments[1]))

    def change(node: Expression) -> Expression:
        match node:
            case Operation("minimum", (inner, Operation("largest", ()))):
                return inner if bounds(inner)[1] <= _SAFE_EXPONENT else node
        return held if node == twice else node

    return rebuild(branch, change)


def _operations(expression: Expression) -> set[str]:
    found: set[str] = set()

    def see(node: Expression) -> None:
        match node:
            case Operation("divide", (_, below)) if not _has_variable(below):
                pass
            case Operation(name, _):
                found.add(name)

    visit(expression, see)
    return found


def _has_variable(expression: Expression) -> bool:
    match expression:
        case Variable():
            return True
        case Operation(_, arguments):
            return any(map(_has_variable, arguments))
    return False
