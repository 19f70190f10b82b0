"""CSV: blocks of rows from text."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, islice

import numpy as np

from nndsl.data.dialect import SEPARATORS, Dialect
from nndsl.data.errors import DataError
from nndsl.data.numbers import SWAPPED, swapped
from nndsl.data.separator import find_separator
from nndsl.data.source import Block, Cells, Source, Wanted
from nndsl.data.text import read_text

_ROWS = 256
"""Rows that are read at once: more would not stay in the processor's cache."""
_CSV_MISTAKES = {
    "unexpected end of data": "a quote is opened here and never closed",
    "field larger": "a cell of more than 131,072 characters; is a quote never closed?",
    "expected after": "expected a {} after a closing quote",
    "new-line character": "a carriage return alone; end lines with a line feed",
}
"""What to say of the words of Python's csv."""


def open_csv(path: str, dialect: Dialect) -> Source:
    """The table of a text file whose first line names its columns."""
    pieces = read_text(path, dialect.encoding)
    text = next(pieces, "")
    if text.isspace() or not text:
        raise DataError(f"{path}: the file is empty")
    separator = dialect.separator or find_separator(path, text)
    first = io.StringIO(text)
    reader = csv.reader(first, delimiter=separator, strict=True)
    try:
        names = tuple(name.strip() for name in next(reader, []))
    except csv.Error as error:
        raise DataError(f"{path}, line 1: {_said(error, separator)}") from None
    rows = _Rows(path, names, separator, chain([first.read()], pieces), reader.line_num)
    rows.is_plain = not dialect.has_numbers_missing
    return Source(
        path, f"{path}, line 1", names, rows.blocks, separator=separator, sample=text
    )


@dataclass(slots=True)
class _Rows:
    path: str
    names: tuple[str, ...]
    separator: str
    pieces: Iterator[str]
    line: int
    """How many lines of the file are read."""
    is_plain: bool = True
    """Whether NumPy reads numbers as they are meant."""

    def blocks(self, wanted: Wanted) -> Iterator[Block]:
        """The rows that are not empty.

        NumPy's reader takes half the time of Python's, but knows nothing of missing
        cells and nothing of where a mistake is.
        """
        for piece in self.pieces:
            if not piece:
                continue
            if '"' in piece:
                yield from self._exactly(chain([piece], self.pieces), wanted.columns)
                return
            block = self._quickly(piece, wanted) if self.is_plain else None
            if block is not None:
                self.line += len(block.lines)
                yield block
            else:
                yield from self._exactly(iter([piece]), wanted.columns)

    def _quickly(self, piece: str, wanted: Wanted) -> Block | None:
        """A block without quotes if all its cells are as hoped, else None."""
        if piece.isspace():
            return None
        n_lines = piece.count("\n") + (not piece.endswith("\n"))
        kinds = [
            (f"{i}", "f8" if i in wanted.numbers else "O")
            for i in range(len(self.names))
        ]
        with_commas = wanted.decimal == ","
        if with_commas:
            piece = piece.translate(SWAPPED)
        try:
            read = np.loadtxt(
                io.StringIO(piece),
                dtype=kinds,
                delimiter=self.separator,
                comments=None,
                ndmin=1,
            )
        except ValueError:
            return None
        columns: list[Cells] = []
        for i in wanted.columns:
            column = read[f"{i}"]
            if i not in wanted.numbers:
                cells = column.tolist()
                columns.append(swapped(cells) if with_commas else cells)
            elif np.isfinite(column).all():
                columns.append(column.copy())
            else:
                return None
        if len(read) != n_lines:
            return None
        return Block(range(self.line + 1, self.line + 1 + n_lines), columns)

    def _exactly(self, pieces: Iterator[str], wanted: Sequence[int]) -> Iterator[Block]:
        lines = chain.from_iterable(map(io.StringIO, pieces))
        reader = csv.reader(lines, delimiter=self.separator, strict=True)
        before = self.line
        while True:
            rows: list[list[str]] = []
            wrong: csv.Error | None = None
            try:
                rows.extend(islice(reader, _ROWS))
            except csv.Error as error:
                wrong = error
            if rows:
                n_lines = sum(map(_n_lines, rows)) if wrong else None
                end = self.line + n_lines if n_lines else before + reader.line_num
                yield self._block(rows, end, wanted)
            if wrong is not None:
                message = _said(wrong, self.separator)
                yield Block([], [[] for _ in wanted], [(self.line + 1, message)])
            self.line = before + reader.line_num
            if wrong is not None or len(rows) < _ROWS:
                return

    def _block(self, rows: list[list[str]], end: int, wanted: Sequence[int]) -> Block:
        """Rows of which the last one ends with line `end`."""
        lines: Sequence[int] = range(self.line + 1, end + 1)
        if len(lines) != len(rows):
            starts = accumulate(map(_n_lines, rows[:-1]), initial=self.line + 1)
            lines = list(starts)
        self.line = end
        size = len(self.names)
        mistakes = []
        if set(map(len, rows)) != {size}:
            mistakes = [
                (line, f"expected {size} cells, not {len(row)}")
                for line, row in zip(lines, rows, strict=True)
                if row and len(row) != size
            ]
            whole = [len(row) == size for row in rows]
            lines = [line for line, one in zip(lines, whole, strict=True) if one]
            rows = [row for row, one in zip(rows, whole, strict=True) if one]
        columns = list(zip(*rows, strict=True)) or [()] * size
        return Block(lines, [list(columns[i]) for i in wanted], mistakes)


def _n_lines(row: list[str]) -> int:
    return 1 + sum(cell.count("\n") for cell in row)


def _said(error: csv.Error, separator: str) -> str:
    words = str(error)
    said = [text for part, text in _CSV_MISTAKES.items() if part in words]
    name = SEPARATORS.get(separator, repr(separator))
    return said[0].format(name) if said else words
