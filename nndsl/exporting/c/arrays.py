"""Learned numbers in C: hexadecimal, so that every compiler reads the same bits."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from nndsl.exporting.c.escape import c_string

WIDTH = 84
Array = NDArray[np.floating]


def c_number(value: float) -> str:
    """A literal of exactly this value; `math.h` names those that are no numbers."""
    if np.isnan(value):
        return "NAN"
    if np.isinf(value):
        return "INFINITY" if value > 0 else "-INFINITY"
    mantissa, exponent = float(value).hex().split("p")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}p{exponent}"


def c_array(name: str, values: Array, kind: str = "double") -> list[str]:
    """`static const float w1[64] = {…};`"""
    end = "f" if kind == "float" else ""
    numbers = [f"{c_number(v)}{end if v == v else ''}" for v in values.ravel().tolist()]
    return _listed(f"static const {kind} {name}[{values.size}]", numbers)


def c_strings(head: str, texts: Iterable[str]) -> list[str]:
    """`head = {"…", …};`, a label a line."""
    rows = (f"    {c_string(text).text}," for text in texts)
    return [f"{head} = {{", *rows, "};"]


def _listed(head: str, items: list[str]) -> list[str]:
    count = max(1, WIDTH // (max(map(len, items)) + 2))
    rows = (items[at : at + count] for at in range(0, len(items), count))
    return [f"{head} = {{", *(f"    {', '.join(row)}," for row in rows), "};"]
