"""The functions and constants that printed formulas call, as NumPy source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nndsl.render.expressions.normal_distribution import normal_helpers


@dataclass(frozen=True, slots=True)
class Helper:
    """`needs`: the helpers this one uses itself.  The source of a function, or the
    value of a constant by precision and the note beside it.
    """

    source: str = ""
    needs: tuple[str, ...] = ()
    values: tuple[tuple[str, float], ...] = ()
    note: str = ""


_SIGMOID = '''\
def sigmoid(x: Array) -> Array:
    """1 / (1 + exp(-x)), from 0 to 1; the exponent is stopped before it overflows."""
    return 1 / (1 + np.exp(np.minimum(-x, LARGEST)))
'''

_SOFTPLUS = '''\
def softplus(x: Array) -> Array:
    """log(1 + exp(x)), written so that nothing overflows or cancels."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
'''

HELPERS: dict[str, Helper] = {
    "LARGEST": Helper(
        values=(("float64", 709.782712893384), ("float32", 88.72283)),
        note="the largest x whose exp(x) is finite",
    ),
    "SMALLEST": Helper(
        values=(("float64", 2.2250738585072014e-308), ("float32", 1.1754944e-38)),
        note="the smallest positive number in full precision",
    ),
    "sigmoid": Helper(_SIGMOID, needs=("LARGEST",)),
    "softplus": Helper(_SOFTPLUS),
    "normal_cdf": Helper(),
    "normal_pdf": Helper(),
    "times_normal_cdf": Helper(),
}
"""By name.  The normal distribution's are in `normal.py`, one form a precision."""


def _closed(names: Iterable[str]) -> set[str]:
    wanted: set[str] = set()
    remaining = [name for name in names if name in HELPERS]
    while remaining:
        name = remaining.pop()
        if name not in wanted:
            wanted.add(name)
            remaining.extend(HELPERS[name].needs)
    return wanted


def helper_functions(names: Iterable[str], precision: str) -> tuple[str, ...]:
    """The source of the named helpers and of those they call, one text a function.

    `precision` is `float64` or `float32`; the module defines `Array` and imports
    NumPy as `np`.  Constants are passed over, and so are names that are no helpers.
    """
    wanted = _closed(names)
    own = [
        helper.source
        for name, helper in HELPERS.items()
        if name in wanted and helper.source
    ]
    return (*own, *normal_helpers(wanted, precision))


def helper_constants(
    names: Iterable[str], precision: str
) -> tuple[tuple[str, float, str], ...]:
    """Name, value and note of the constants that the named helpers need."""
    wanted = _closed(names)
    return tuple(
        (name, dict(helper.values)[precision], helper.note)
        for name, helper in HELPERS.items()
        if name in wanted and helper.values
    )
