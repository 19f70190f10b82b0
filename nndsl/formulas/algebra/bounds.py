"""Between which numbers an expression stays, whatever its names are worth."""

import math
from collections.abc import Callable

from nndsl.formulas.expression import Expression, Number, Operation, Variable

Bounds = tuple[float, float]
ANYTHING: Bounds = (-math.inf, math.inf)


def bounds(expression: Expression) -> Bounds:
    """The least and the greatest value; infinite where nothing is known."""
    match expression:
        case Number(value):
            return value, value
        case Variable():
            return ANYTHING
        case Operation("where", (_, then, otherwise)):
            return _around(bounds(then), bounds(otherwise))
        case Operation(name, arguments):
            rule = _RULES.get(name)
            return rule(*map(bounds, arguments)) if rule else ANYTHING


def _around(*intervals: Bounds) -> Bounds:
    return min(low for low, _ in intervals), max(high for _, high in intervals)


def _product(a: Bounds, b: Bounds) -> Bounds:
    corners = [0.0 if 0 in (x, y) else x * y for x in a for y in b]
    return min(corners), max(corners)


def _quotient(a: Bounds, b: Bounds) -> Bounds:
    if b[0] <= 0 <= b[1]:
        return ANYTHING
    return _product(a, (1 / b[1], 1 / b[0]))


def _absolute(a: Bounds) -> Bounds:
    if a[0] >= 0:
        return a
    return max(0.0, -a[1]), max(-a[0], a[1])


def _squared(a: Bounds) -> Bounds:
    low, high = _absolute(a)
    return low * low, high * high


def _between(low: float, high: float) -> Callable[..., Bounds]:
    return lambda *arguments: (low, high)


_RULES: dict[str, Callable[..., Bounds]] = {
    "add": lambda a, b: (a[0] + b[0], a[1] + b[1]),
    "subtract": lambda a, b: (a[0] - b[1], a[1] - b[0]),
    "multiply": _product,
    "divide": _quotient,
    "negate": lambda a: (-a[1], -a[0]),
    "abs": _absolute,
    "square": _squared,
    "sqrt": _between(0, math.inf),
    "exp": _between(0, math.inf),
    "softplus": _between(0, math.inf),
    "minimum": lambda a, b: (min(a[0], b[0]), min(a[1], b[1])),
    "maximum": lambda a, b: (max(a[0], b[0]), max(a[1], b[1])),
    "clip": lambda x, low, high: (low[0], high[1]),
    "tanh": _between(-1, 1),
    "sin": _between(-1, 1),
    "cos": _between(-1, 1),
    "sign": _between(-1, 1),
    "sigmoid": _between(0, 1),
    "normal_cdf": _between(0, 1),
    "normal_pdf": _between(0, 0.4),
    "pi": _between(math.pi, math.pi),
    "e": _between(math.e, math.e),
    "largest": _between(88.0, 88.0),
}
