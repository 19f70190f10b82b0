"""A curve in plain text."""

import math
from collections.abc import Callable

_WIDE, _HIGH, _LABEL = 29, 9, 6


def plot(
    title: str, of: Callable[[float], float], low: float, high: float
) -> list[str]:
    """The curve of a function from `low` to `high`, with its least and largest value.

    Where it has no finite value nothing is drawn.
    """
    places = [low + (high - low) * column / (_WIDE - 1) for column in range(_WIDE)]
    values = [_finite(of, place) for place in places]
    known = [value for value in values if value is not None]
    least, most = (min(known), max(known)) if known else (0.0, 0.0)
    cells = [[" "] * _WIDE for _ in range(_HIGH)]
    if low < 0 < high:
        zero = round(-low / (high - low) * (_WIDE - 1))
        for row in cells:
            row[zero] = "|"
    if least < 0 < most:
        cells[_row(0.0, least, most)] = [
            "+" if cell == "|" else "-" for cell in cells[_row(0.0, least, most)]
        ]
    _draw(cells, [None if v is None else _row(v, least, most) for v in values])
    labels = [""] * _HIGH
    labels[0], labels[-1] = _short(most), _short(least)
    if most == least:
        labels = [""] * _HIGH
        labels[_row(most, least, most)] = _short(most)
    body = [
        f"{label:>{_LABEL}} {''.join(row)}".rstrip()
        for label, row in zip(labels, cells, strict=True)
    ]
    ends = f"{_short(low)}{_short(high):>{_WIDE - len(_short(low))}}"
    pad = " " * (_LABEL + 1)
    return [f"{pad}{title}", *body, f"{pad}{ends}"]


def _finite(of: Callable[[float], float], place: float) -> float | None:
    try:
        value = of(place)
    except (ArithmeticError, ValueError):
        return None
    return value if math.isfinite(value) else None


def _row(value: float, least: float, most: float) -> int:
    if most == least:
        return _HIGH // 2
    return round((most - value) / (most - least) * (_HIGH - 1))


def _draw(cells: list[list[str]], rows: list[int | None]) -> None:
    """Stars, joined downwards and upwards where the curve is steep."""
    before: int | None = None
    for column, row in enumerate(rows):
        if row is not None:
            start = row if before is None or abs(row - before) < 2 else before
            step = 1 if row >= start else -1
            for each in range(start, row + step, step):
                if each != before or each == row:
                    cells[each][column] = "*"
        before = row


def _short(value: float) -> str:
    return f"{value + 0.0:.3g}".replace("e-0", "e-").replace("e+0", "e")
