"""Which mark stands between cells, and which in decimal fractions."""

import csv
import io
import re
from collections.abc import Collection
from itertools import islice

from nndsl.data.dialect import SEPARATORS
from nndsl.data.errors import DataError
from nndsl.data.marks import NAMES

_ROWS = 1000
_COMMA = re.compile(r"\s*[+-]?\d*,\d+(?:[eE][+-]?\d+)?\s*")
_POINT = re.compile(r"\s*[+-]?\d*\.\d+(?:[eE][+-]?\d+)?\s*")
_THOUSANDS = re.compile(r"\s*[+-]?[1-9]\d{0,2}(?:[.,]\d{3})\s*")
"""Either a fraction of three digits or one mark between thousands."""


def find_separator(path: str, text: str) -> str:
    """The separator of a table that begins with `text`.

    Raises DataError where more than one would do.
    """
    shares = {mark: share for mark in SEPARATORS if (share := _share(text, mark))}
    for enough in (1.0, 0.5, 0.0):
        found = [mark for mark, share in shares.items() if share >= enough]
        if len(found) == 1:
            return found[0]
        if found:
            names = " and ".join(f"a {SEPARATORS[mark]}" for mark in found)
            word = "tab" if found[-1] == "\t" else found[-1]
            raise DataError(
                f"{path}: {names} could both separate its cells; say which, as in "
                f"--separator '{word}'"
            )
    return ","


def _share(text: str, mark: str) -> float:
    """How many of the first rows have as many cells as the header; 0 if it has one.

    A row with a quote inside a cell does not count: the mark may stand in that quote.
    """
    reader = csv.reader(io.StringIO(text), delimiter=mark)
    try:
        rows = [cells for cells in islice(reader, _ROWS) if cells]
    except csv.Error:
        return 0.0
    if not rows or len(rows[0]) < 2 or '"' in "".join(rows[0]):
        return 0.0
    size = len(rows[0])
    fitting = sum(len(row) == size and '"' not in "".join(row) for row in rows[1:])
    return max(fitting, 0.1) / max(len(rows) - 1, 1)


def find_decimal(path: str, text: str, separator: str, numbers: Collection[int]) -> str:
    """The decimal mark of the columns `numbers`, from the `text` that begins a table.

    Between commas a decimal comma is never assumed; between semicolons, which are
    written where the comma is decimal, a point may group thousands.  Raises DataError
    where the cells do not say what a mark means.
    """
    if separator == "," or not ("," in text or separator == ";"):
        return "."
    cells = _cells(text, separator, numbers)
    commas = [cell.strip() for cell in cells if _COMMA.fullmatch(cell)]
    points = [cell.strip() for cell in cells if _POINT.fullmatch(cell)]
    if commas and (points or all(map(_THOUSANDS.fullmatch, commas))):
        raise _unclear(path, ",", commas[0], *points[:1])
    if commas:
        return ","
    if points and separator == ";" and all(map(_THOUSANDS.fullmatch, points)):
        raise _unclear(path, ".", points[0])
    return "."


def _unclear(path: str, mark: str, cell: str, *others: str) -> DataError:
    beside = "".join(f" beside {other!r}" for other in others)
    option = "--decimal ','" if mark == "," else "--decimal ."
    return DataError(
        f"{path}: it is not clear what the {NAMES[mark]} in {cell!r}{beside} means; "
        f"write {option} if it begins a fraction, or take it out of the file if it "
        "groups thousands"
    )


def _cells(text: str, separator: str, columns: Collection[int]) -> list[str]:
    """The cells of some columns below the header, as far as they can be read."""
    cells: list[str] = []
    try:
        for row in csv.reader(io.StringIO(text), delimiter=separator):
            cells += (row[i] for i in columns if i < len(row))
    except csv.Error:
        pass
    return cells
