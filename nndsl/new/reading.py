"""The columns of a table, each distinct text once."""

from array import array
from dataclasses import dataclass

import numpy as np

from nndsl import limits
from nndsl.data.dialect import Dialect
from nndsl.data.errors import DataError
from nndsl.data.formats import NUMPY, suffix_of
from nndsl.data.plain import open_plain
from nndsl.new.column import Column, column_of

COLUMNS = 1_000
"""More of them, and a spec that names each would be no help to its reader."""
CELLS = 20_000_000
TEXT = 1 << 28
"""Characters of distinct texts."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The first `n_rows` of a table's rows; all of them if it is `whole`.

    `hint` is what else may be wrong where a column is missed.
    """

    columns: tuple[Column, ...]
    n_rows: int
    whole: bool
    hint: str = ""


def read_columns(path: str, dialect: Dialect) -> Columns:
    """The columns of the table `path`, as many rows as fit in memory.

    Raises DataError for a file that is no table of named columns.
    """
    if suffix_of(path) in NUMPY:
        raise DataError(
            f"{path}: names no columns; write a spec with `input any`, or save a CSV"
        )
    source, blocks = open_plain(path, dialect)
    names = source.names
    if len(names) > COLUMNS:
        raise DataError(
            f"{path}: has {len(names):,} columns; `nndsl new` names each of them and "
            f"takes at most {COLUMNS:,}. Write a spec with `input any`"
        )
    columns = [_Texts() for _ in names]
    n_rows, room, whole = 0, TEXT, True
    for block in blocks:
        if room < 0 or n_rows * len(names) >= CELLS:
            whole = False
            break
        room -= sum(map(_Texts.add, columns, block))
        n_rows = len(columns[0].cells)
    if not n_rows:
        raise DataError(f"{path}: expected rows under the names of the columns")
    described = [
        column_of(name, np.frombuffer(each.cells, np.int32), [*each.numbers])
        for name, each in zip(names, columns, strict=True)
    ]
    return Columns(tuple(described), n_rows, whole, source.hint)


class _Texts:
    """A column while it is read: `numbers` of the distinct texts, and of each cell."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.cells = array("i")

    def add(self, cells: list[str]) -> int:
        """Take in cells; about how many bytes that took."""
        known, size, numbers = len(self.numbers), 0, self.numbers
        for cell in cells:
            text = cell[: limits.TEXT_LENGTH + 1]
            self.cells.append(numbers.setdefault(text, len(numbers)))
            if len(numbers) > known:
                known, size = known + 1, size + len(text) + 100
        return size
