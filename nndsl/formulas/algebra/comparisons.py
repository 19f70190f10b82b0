"""Comparisons: their opposites, and which expressions are true or false."""

import operator
from collections.abc import Callable

from nndsl.formulas.expression import Expression, Operation

HOLDS: dict[str, Callable[[float, float], bool]] = {
    "less": operator.lt,
    "less_equal": operator.le,
    "greater": operator.gt,
    "greater_equal": operator.ge,
    "equal": operator.eq,
    "not_equal": operator.ne,
}
OPPOSITE = {
    "less": "greater_equal",
    "less_equal": "greater",
    "greater": "less_equal",
    "greater_equal": "less",
    "equal": "not_equal",
    "not_equal": "equal",
}
MIRRORED = {
    "less": "greater",
    "less_equal": "greater_equal",
    "greater": "less",
    "greater_equal": "less_equal",
    "equal": "equal",
    "not_equal": "not_equal",
}


def is_mask(expression: Expression) -> bool:
    """Whether an expression is a comparison, or a product of comparisons."""
    match expression:
        case Operation("multiply", (left, right)):
            return is_mask(left) and is_mask(right)
        case Operation(name, _):
            return name in MIRRORED
    return False
