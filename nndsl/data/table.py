"""A CSV file as a table of cells: strict, and every row knows its line."""

import csv
import io
from collections import Counter
from dataclasses import dataclass

from nndsl.data.errors import DataError

MOST_BYTES = 2**30
SHOWN = 50
"""So many characters of a cell stand in a message."""


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` by name, in the file's order; `lines`: the file's line of each row."""

    path: str
    columns: dict[str, list[str]]
    lines: list[int]

    @property
    def names(self) -> list[str]:
        return [*self.columns]

    def error(
        self, row: int, column: str, expected: str, advice: str = ""
    ) -> DataError:
        """What to say of a cell that is not what is expected."""
        cell = self.columns[column][row]
        found = f"{cell[:SHOWN]!r}{'…' if len(cell) > SHOWN else ''}"
        place = f"{self.path}, line {self.lines[row]}, column {column}"
        return DataError(f"{place}: expected {expected}, found {found}{advice}")


def read_table(path: str) -> Table:
    """The table in a file whose first line names its columns, commas between them.

    Cells lose the spaces around them; empty lines are left out.  Raises DataError, and
    OSError for a file that cannot be read.
    """
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    lines: list[int] = []
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(path, header)
        rows = []
        for cells in filter(None, reader):
            if len(cells) != len(header):
                raise DataError(
                    f"{path}, line {reader.line_num}: "
                    f"expected {len(header)} cells, not {len(cells)}"
                )
            rows.append(cells)
            lines.append(reader.line_num)
    except csv.Error as error:
        line = reader.line_num or 1
        raise DataError(f"{path}, line {line}: {error}") from None
    if not rows:
        raise DataError(f"{path}: expected rows under the names of the columns")
    columns = {
        name: [cell.strip() for cell in column]
        for name, column in zip(header, zip(*rows, strict=True), strict=True)
    }
    return Table(path, columns, lines)


def _text(path: str) -> str:
    with open(path, "rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise DataError(f"{path}: is larger than 1 GiB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DataError(
            f"{path}, line {line}: expected text in UTF-8; save the table so"
        ) from None


def _check_header(path: str, header: list[str]) -> None:
    found = f"found {', '.join(header)[:200]!r}"
    if not any(header):
        raise DataError(f"{path}, line 1: expected the names of the columns, {found}")
    for name, count in Counter(header).items():
        if count > 1 and name:
            raise DataError(f"{path}, line 1: {count} columns are called {name!r}")
    if header.count("") > 1:
        raise DataError(f"{path}, line 1: {header.count('')} columns have no name")
    if len(header) == 1 and any(mark in header[0] for mark in ";\t"):
        raise DataError(f"{path}, line 1: expected commas between the columns, {found}")
