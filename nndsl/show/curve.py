"""The curve of an activation, small enough to stand inside a unit."""

import math

from nndsl.formulas.algebra.evaluate import evaluate
from nndsl.layers.uses import ActivationUse

_REACH, _POINTS = 3.0, 25
_BARS = ((-1, 1), (-1, 0), (-0.3, 0), (-0.3, -1), (0.3, -1), (0.3, 0.4), (1, 0.4))
"""Of softmax, which is no function of one number: shares of one whole."""


def curve_points(use: ActivationUse, x: float, y: float, half: float) -> str:
    """The points of a polyline around (x, y), within `half` of it in both directions.

    Empty where the activation has no finite value.
    """
    if use.formula is None:
        return _points([(x + a * half, y + b * half) for a, b in (*_BARS, (1, 1))])
    given = dict(use.arguments)
    found: list[tuple[float, float]] = []
    for place in range(_POINTS):
        at = _REACH * (2 * place / (_POINTS - 1) - 1)
        try:
            value = evaluate(use.formula.value, given | {"x": at})
        except (ArithmeticError, ValueError):
            value = math.nan
        if math.isfinite(value):
            found.append((at, value))
    low = min((value for _, value in found), default=0.0)
    high = max((value for _, value in found), default=0.0)
    spread = high - low
    if not found or not math.isfinite(spread):
        return ""
    return _points(
        [
            (x + at / _REACH * half, y + _level(value, low, spread) * half)
            for at, value in found
        ]
    )


def _level(value: float, low: float, spread: float) -> float:
    """From 1 at the bottom to -1 at the top."""
    return 1 - 2 * (value - low) / spread if spread else 0.0


def _points(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
