"""Arithmetic on constants, done only where nothing is lost to the reader or in bits."""

import math
from fractions import Fraction

from nndsl.formulas.expression import Number

# A folded constant longer than this reads worse than the sum it came from.
_LONGEST = 10


def number(value: float) -> Number:
    """A constant; a negative zero becomes zero."""
    return Number(value + 0.0)


def fold(name: str, *constants: Number) -> Number | None:
    """The operation's value, rounded once; None if it has none or is long to write."""
    values = [constant.value for constant in constants]
    try:
        value = _compute(name, values)
    except (ZeroDivisionError, ValueError, OverflowError):
        return None
    if not math.isfinite(value) or len(repr(value)) > _LONGEST:
        return None
    return number(value)


def _compute(name: str, values: list[float]) -> float:
    match name, values:
        case "add", [a, b]:
            return a + b
        case "subtract", [a, b]:
            return a - b
        case "multiply", [a, b]:
            return a * b
        case "divide", [a, b]:
            return a / b
        case "sqrt", [a]:
            return math.sqrt(a)
    raise ValueError(name)


def exact(name: str, left: Number, right: Number) -> Number | None:
    """As `fold`, but None unless the value is exact."""
    folded = fold(name, left, right)
    if folded is None:
        return None
    a, b, c = (Fraction(constant.value) for constant in (left, right, folded))
    match name:
        case "add":
            holds = a + b == c
        case "subtract":
            holds = a - b == c
        case "multiply":
            holds = a * b == c
        case _:
            holds = a == b * c
    return folded if holds else None
