"""The functions and constants that printed formulas call.

NumPy has no error function, and through one the rounding of x/√2 alone would cost a
thousand units in the last place in the far tail.  So a module that needs `normal_cdf`
or `normal_pdf` carries functions of its own; their coefficients are minimax fits,
derived by `benchmarks/derive_normal.py`.  `times_normal_cdf(x)` is `x * normal_cdf(x)`,
formed before the product can underflow: between -37.62 and -37.52 `normal_cdf(x)` is
subnormal while x times it is not.
"""

from collections.abc import Iterable

from nndsl.render.functions import function_text

_TAIL = ("normal_exponential", "normal_tail")
HELPERS: dict[str, tuple[str, ...]] = {
    "LARGEST": (),
    "SMALLEST": (),
    "sigmoid": (),
    "softplus": (),
    "normal_exponential": (),
    "normal_tail": (),
    "normal_cdf": _TAIL,
    "normal_pdf": ("normal_exponential",),
    "times_normal_cdf": _TAIL,
}
_PRECISE = {name for name in HELPERS if "normal" in name} | {"sigmoid"}
"""What has a text for each precision."""
_ONLY_FLOAT64 = "normal_exponential"
"""What each needs itself, in the order in which they stand in a module."""

_CONSTANTS = {
    "LARGEST": (
        {"float64": 709.782712893384, "float32": 88.72283},
        "the largest x whose exp(x) is finite",
    ),
    "SMALLEST": (
        {"float64": 2.2250738585072014e-308, "float32": 1.1754944e-38},
        "the smallest positive number in full precision",
    ),
}


def helper_names(names: Iterable[str]) -> list[str]:
    """The helpers among the names, without those that they call."""
    wanted = set(names)
    return [name for name in HELPERS if name in wanted]


def _needed(names: Iterable[str]) -> list[str]:
    """The helpers among the names, and those that they call."""
    wanted: set[str] = set()
    remaining = [name for name in names if name in HELPERS]
    while remaining:
        name = remaining.pop()
        if name not in wanted:
            wanted.add(name)
            remaining.extend(HELPERS[name])
    return [name for name in HELPERS if name in wanted]


def helper_functions(names: Iterable[str], precision: str) -> tuple[str, ...]:
    """The source of the named helpers and of those they call, one text a function.

    `precision` is `float64` or `float32`; the module imports `ndarray`, and NumPy as
    `np`.  Constants are passed over, and so are names that are no helpers.
    """
    return tuple(
        function_text(f"{precision}/{name}" if name in _PRECISE else name)
        for name in _needed(names)
        if name not in _CONSTANTS and (name, precision) != (_ONLY_FLOAT64, "float32")
    )


def helper_constants(
    names: Iterable[str], precision: str
) -> tuple[tuple[str, float, str], ...]:
    """Name, value and note of the constants that the named helpers need."""
    return tuple(
        (name, _CONSTANTS[name][0][precision], _CONSTANTS[name][1])
        for name in _needed(names)
        if name in _CONSTANTS
    )
