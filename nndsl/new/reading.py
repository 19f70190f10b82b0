"""The columns of a table, each distinct text once."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nndsl import limits
from nndsl.data.errors import DataError
from nndsl.data.schema import check_header
from nndsl.data.table import _rows
from nndsl.new.column import Column, column_of

COLUMNS = 1_000
"""More of them, and a spec that names each would be no help to its reader."""
CELLS = 20_000_000
TEXT = 1 << 28
"""Characters of distinct texts."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The first `n_rows` of a table's rows; all of them if it is `whole`."""

    columns: tuple[Column, ...]
    n_rows: int
    whole: bool


def read_columns(path: str) -> Columns:
    """The columns of the table `path`, as many rows as fit in memory.

    Raises DataError for a file that is no table of named columns.
    """
    rows = _rows(path)
    line, header = next(rows, (1, []))
    names = [name.strip() for name in header]
    check_header(f"{path}, line {line}", names)
    if len(names) > COLUMNS:
        raise DataError(
            f"{path}: has {len(names):,} columns; `nndsl new` names each of them and "
            f"takes at most {COLUMNS:,}. Write a spec with `input any`"
        )
    columns = [_Texts() for _ in names]
    n_rows, room, whole = 0, TEXT, True
    for line, cells in rows:
        if len(cells) != len(names):
            raise DataError(
                f"{path}, line {line}: expected {len(names)} cells, not {len(cells)}"
            )
        room -= sum(map(_Texts.add, columns, cells))
        n_rows += 1
        if room < 0 or n_rows * len(names) >= CELLS:
            whole = next(rows, None) is None
            break
    if not n_rows:
        raise DataError(f"{path}: expected rows under the names of the columns")
    described = [
        column_of(name, texts.codes, texts.texts)
        for name, texts in zip(names, columns, strict=True)
    ]
    return Columns(tuple(described), n_rows, whole)


class _Texts:
    """A column while it is read: the number of each cell's text."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.cells = array("i")

    def add(self, cell: str) -> int:
        """Take in a cell; how many characters were new."""
        text = cell.strip()[: limits.TEXT_LENGTH + 1]
        known = len(self.numbers)
        number = self.numbers.setdefault(text, known)
        self.cells.append(number)
        return len(text) + 100 if number == known else 0

    @property
    def codes(self) -> "np.ndarray[tuple[int], np.dtype[np.int32]]":
        return np.frombuffer(self.cells, np.int32)

    @property
    def texts(self) -> Sequence[str]:
        return list(self.numbers)
