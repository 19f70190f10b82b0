"""The one grammar of numbers in tables: `12`, `-0.5`, `+.5`, `1e-3`, and finite."""

import math

MISSING = frozenset(
    ("", "?", "NA", "N/A", "n/a", "nan", "NaN", "null", "NULL", "None", "<NA>")
)
"""How tables write that a value is not there."""

_CHARACTERS = frozenset("0123456789+-.eE")
"""With these alone `float` takes no `1_000`, `inf`, `nan` or other digits."""


def to_number(cell: str) -> float:
    """The number that a cell without spaces around it says; ValueError for none."""
    if not _CHARACTERS.issuperset(cell):
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


def to_numbers(cells: list[str]) -> list[float] | None:
    """All cells as numbers, at once; None if one of them is no finite number."""
    if not _CHARACTERS.issuperset("".join(cells)):
        return None
    try:
        values = list(map(float, cells))
    except ValueError:
        return None
    return values if math.isfinite(sum(map(abs, values))) else None
