"""Between which numbers a scalar stays during training, its constants being known."""

import math
from collections.abc import Mapping

from nndsl.formulas.expression import Expression, Number, Operation, Variable

Range = tuple[float, float]
ANYTHING: Range = (-math.inf, math.inf)
_LEAST = 1e-12
"""What may be divided by: far enough from 0 for quotients to stay ordinary numbers."""


def is_positive(expression: Expression, known: Mapping[str, float]) -> bool:
    """Whether the scalar is always well above 0 and never infinite."""
    low, high = scalar_range(expression, known)
    return low > _LEAST and high < 1 / _LEAST


def scalar_range(expression: Expression, known: Mapping[str, float]) -> Range:
    """The least and greatest value.  `known` gives constants; `step` counts from 1."""
    match expression:
        case Number(value):
            return value, value
        case Variable("step"):
            return 1.0, math.inf
        case Variable(name):
            return (known[name], known[name]) if name in known else ANYTHING
        case Operation(name, arguments):
            ranges = [scalar_range(argument, known) for argument in arguments]
            return of_operation(name, ranges)


def of_operation(name: str, ranges: list[Range]) -> Range:
    """The range of an operation on numbers of these ranges."""
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
            return math.sqrt(a), math.sqrt(b) if b < math.inf else b
        case "square", [(a, b)] if a >= 0:
            return a * a, b * b
        case "power", [(a, b), (c, d)] if a == b and 0 <= a < 1 and c >= 0:
            return 0.0 if d == math.inf else a**d, float(a**c)
    return ANYTHING
