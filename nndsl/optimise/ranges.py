"""Between which values a number stays during training, its constants being known."""

import math
from collections.abc import Mapping

from nndsl.formulas.expression import Expression, Number, Operation, Variable

Range = tuple[float, float]
_ANYTHING: Range = (-math.inf, math.inf)
_LEAST = 1e-8
"""What may be divided by: quotients stay far from what float32 cannot hold."""
_TOTAL = frozenset({"add", "subtract", "multiply", "negate", "square", "abs"})
"""What all numbers have a value of."""


def is_positive(expression: Expression, known: Mapping[str, float]) -> bool:
    """Whether the number is always well above 0 and never huge."""
    low, high = _range(expression, known)
    return low > _LEAST and high < 1 / _LEAST


def has_value(expression: Expression, known: Mapping[str, float]) -> bool:
    """Whether the number can be computed in every step, whatever the unknown are."""
    match expression:
        case Operation("divide", (above, below)):
            return has_value(above, known) and is_positive(below, known)
        case Operation(name, arguments):
            total = name in _TOTAL or _range(expression, known) != _ANYTHING
            return total and all(has_value(each, known) for each in arguments)
    return True


def _range(expression: Expression, known: Mapping[str, float]) -> Range:
    match expression:
        case Number(value):
            return value, value
        case Variable("step"):
            return 1.0, math.inf
        case Variable(name):
            return (known[name], known[name]) if name in known else _ANYTHING
        case Operation(name, arguments):
            return _of_operation(name, [_range(each, known) for each in arguments])


def _of_operation(name: str, ranges: list[Range]) -> Range:
    match name, ranges:
        case "add", [(a, b), (c, d)]:
            return a + c, b + d
        case "subtract", [(a, b), (c, d)]:
            return a - d, b - c
        case "multiply", [(a, b), (c, d)] if a >= 0 and c >= 0:
            return a * c, math.inf if math.inf in (b, d) else b * d
        case "divide", [(a, b), (c, d)] if a >= 0 and c > 0:
            return 0.0 if d == math.inf else a / d, b / c
        case "sqrt", [(a, b)] if a >= 0:
            return math.sqrt(a), math.sqrt(b)
        case "square", [(a, b)] if a >= 0:
            return a * a, b * b
        case "power", [(a, b), (c, d)] if a == b and 0 <= a < 1 and c >= 0:
            return 0.0 if d == math.inf else a**d, a**c
    return _ANYTHING
