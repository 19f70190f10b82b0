"""The one grammar of numbers in tables: `12`, `-0.5`, `+.5`, `1e-3`, and finite."""

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

MISSING = frozenset(
    ("", "?", "NA", "N/A", "n/a", "nan", "NaN", "null", "NULL", "None", "<NA>")
)
"""How tables write that a value is not there."""

_CHARACTERS = "0123456789+-.eE"
"""With these alone `float` takes no `1_000`, `inf`, `nan` or other digits."""
SWAPPED = str.maketrans(",.", ".,")


def swapped(cells: Iterable[str]) -> list[str]:
    """Cells with points for commas and commas for points."""
    return [cell.translate(SWAPPED) for cell in cells]


def to_number(cell: str) -> float:
    """The number that a cell without spaces around it says; ValueError for none."""
    if cell.strip(_CHARACTERS):
        raise ValueError("expected a number")
    value = float(cell)
    if math.isinf(value):
        raise ValueError("expected a number that float64 can hold")
    return value


def is_number(cell: str) -> bool:
    try:
        to_number(cell)
    except ValueError:
        return False
    return True


def to_numbers(cells: list[str]) -> NDArray[np.float64] | None:
    """All cells as numbers, at once; None if one of them is no finite number."""
    if "".join(cells).strip(_CHARACTERS + " "):
        return None
    try:
        values = np.array(list(map(float, cells)), dtype=np.float64)
    except ValueError:
        return None
    return values if np.isfinite(values).all() else None
