"""The columns of a table, each distinct text once."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from nndsl import limits
from nndsl.data.dialect import Dialect
from nndsl.data.errors import DataError
from nndsl.data.formats import NUMPY, open_table, suffix_of
from nndsl.data.mistakes import Mistakes
from nndsl.data.numbers import MISSING
from nndsl.data.schema import check_header
from nndsl.data.separator import find_decimal
from nndsl.data.source import Block, Source, texts
from nndsl.new.column import Column, column_of, numbers_of

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


def read_columns(path: str, dialect: Dialect) -> Columns:
    """The columns of the table `path`, as many rows as fit in memory.

    Raises DataError for a file that is no table of named columns.
    """
    if suffix_of(path) in NUMPY:
        raise DataError(
            f"{path}: names no columns; write a spec with `input any`, or save a CSV"
        )
    source = open_table(path, dialect)
    names = source.names
    check_header(source.where, names)
    if len(names) > COLUMNS:
        raise DataError(
            f"{path}: has {len(names):,} columns; `nndsl new` names each of them and "
            f"takes at most {COLUMNS:,}. Write a spec with `input any`"
        )
    columns = [_Texts() for _ in names]
    blocks = source.blocks(range(len(names)), frozenset())
    whole = _fill(columns, source, blocks)
    n_rows = len(columns[0].cells)
    if not n_rows:
        raise DataError(f"{path}: expected rows under the names of the columns")
    decimal = dialect.decimal or _decimal(source, columns, dialect.missing)
    described = [
        column_of(name, each.codes, [*each.numbers], decimal, dialect.missing)
        for name, each in zip(names, columns, strict=True)
    ]
    return Columns(tuple(described), n_rows, whole)


def _fill(columns: list["_Texts"], source: Source, blocks: Iterable[Block]) -> bool:
    """Read rows until there is no room for more; whether these are all."""
    mistakes, room = Mistakes(), TEXT
    for block in blocks:
        if room < 0 or len(columns[0].cells) * len(columns) >= CELLS:
            mistakes.check()
            return False
        for column, cells in zip(columns, block.columns, strict=True):
            room -= column.add(texts(cells))
        mistakes.add(
            [f"{source.path}, {source.unit} {line}: {m}" for line, m in block.mistakes]
        )
    mistakes.check()
    return True


def _decimal(source: Source, columns: list["_Texts"], missing: frozenset[str]) -> str:
    """The decimal mark of the columns that are numbers with one mark or the other."""
    if source.separator in (None, ","):
        return "."
    present = [
        [text for text in column.numbers if text not in MISSING | missing]
        for column in columns
    ]
    numbers = [
        texts
        for texts in present
        if any(numbers_of(texts, mark) is not None for mark in ".,")
    ]
    return find_decimal(source.path, numbers, source.separator or ",")


class _Texts:
    """A column while it is read: `numbers` of the distinct texts, and of each cell."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.cells = array("i")

    def add(self, cells: list[str]) -> int:
        """Take in cells; about how many bytes that took."""
        known, size, numbers = len(self.numbers), 0, self.numbers
        for cell in cells:
            text = cell.strip()[: limits.TEXT_LENGTH + 1]
            self.cells.append(numbers.setdefault(text, len(numbers)))
            if len(numbers) > known:
                known, size = known + 1, size + len(text) + 100
        return size

    @property
    def codes(self) -> "np.ndarray[tuple[int], np.dtype[np.int32]]":
        return np.frombuffer(self.cells, np.int32)
