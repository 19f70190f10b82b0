"""Reading a table: a CSV file whose first line names its columns."""

import csv
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nndsl.data.columns import (
    CellError,
    Column,
    Labels,
    Numbers,
    Values,
    learned_labels,
)
from nndsl.data.errors import DataError
from nndsl.data.lines import read_lines
from nndsl.data.schema import Schema, check_header, choose_columns

VALUES = 10**8
"""The most numbers that are read of one table."""
_ROWS = 1024
"""Rows that are read at once."""
_WEIGHT = Numbers(low=0, advice="0 leaves a row out")
_ROW = re.compile(r"(?:[Xy], )?row (\d+)(?:, column ([^:]*))?")
_CSV_MISTAKES = {
    "unexpected end of data": "a quote is opened here and never closed",
    "field larger": "a cell of more than 131,072 characters; is a quote never closed?",
    "expected after": "expected a comma after a closing quote",
    "new-line character": "a carriage return alone; end lines with a line feed",
}
"""What to say of the words of Python's csv."""


@dataclass(frozen=True, slots=True)
class Table:
    """What a network was given of a table.

    `x` holds the features, a row for each row of the table; `y` the labels (n,), or the
    numbers (n,) or (n, targets); None where no targets are read.  `lines` are the
    numbers of the lines in the file, `unused` the names of the other columns, `dropped`
    counts the rows without a target.  `weights` says how much each row counts; None
    where all count alike.
    """

    path: str
    x: NDArray[np.float64]
    y: NDArray[Any] | None
    features: tuple[str, ...]
    targets: tuple[str, ...]
    unused: tuple[str, ...]
    lines: Sequence[int]
    dropped: int
    weights: NDArray[np.float64] | None = None

    @property
    def given(self) -> dict[str, NDArray[Any]]:
        """What `fit` and `evaluate` of the module are given, by name."""
        arrays = {"X": self.x, "y": self.y, "sample_weight": self.weights}
        return {name: array for name, array in arrays.items() if array is not None}

    def in_file(self, message: str) -> str:
        """A module's message; if it is about a row, with the line of the file."""
        about = _ROW.match(message)
        if about is None or int(about[1]) >= len(self.lines):
            return message
        where = f"{self.path}, line {self.lines[int(about[1])]}"
        if column := about[2]:
            by_number = column.isdecimal() and int(column) < len(self.features)
            name = self.features[int(column)] if by_number else column
            where = f"{where}, column {name}"
        return where + message[about.end() :]


def read_table(path: str, schema: Schema) -> Table:
    """The columns of the CSV file `path` that `schema` asks for.

    Raises DataError, with the file, the line and the column, for anything that is not
    as expected.
    """
    rows = _rows(path)
    line, header = next(rows, (1, []))
    names = [name.strip() for name in header]
    where = f"{path}, line {line}"
    check_header(where, names)
    features, targets = choose_columns(where, names, schema)
    reading = _Reading(path, names, features, targets, schema)
    for first in rows:
        reading.read([first, *islice(rows, _ROWS - 1)])
    return reading.table()


def _rows(path: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, each with the number of its first line."""
    reader = csv.reader(read_lines(path), strict=True)
    line = 0
    try:
        for cells in reader:
            if cells or line == 0:
                yield line + 1, cells
            line = reader.line_num
    except csv.Error as error:
        words = str(error)
        said = [text for part, text in _CSV_MISTAKES.items() if part in words]
        message = said[0] if said else words
        raise DataError(f"{path}, line {line + 1}: {message}") from None


class _Reading:
    """A table while it is read, blocks of rows after one another."""

    def __init__(
        self,
        path: str,
        names: list[str],
        features: tuple[str, ...],
        targets: tuple[str, ...],
        schema: Schema,
    ) -> None:
        self.path, self.names, self.schema = path, names, schema
        self.features, self.targets = features, targets
        read = targets if schema.reads_target else ()
        place = {name: i for i, name in enumerate(names)}
        self.of_x = [(place[name], schema.feature) for name in features]
        self.of_y = [(place[name], schema.target) for name in read]
        self.of_weights = [(place[name], _WEIGHT) for name in schema.weights]
        self.weights: list[Values] = []
        self.x: list[NDArray[np.float64]] = []
        self.y: list[list[Values]] = []
        self.lines = array("q")
        self.dropped = 0

    def read(self, rows: list[tuple[int, list[str]]]) -> None:
        """Add rows, or raise DataError for the first cell that is wrong."""
        for line, cells in rows:
            if len(cells) != len(self.names):
                raise DataError(
                    f"{self.path}, line {line}: expected {len(self.names)} cells, "
                    f"not {len(cells)}"
                )
        if self.schema.drops:
            kept = [row for row in rows if not self._lacks_target(row[1])]
            self.dropped += len(rows) - len(kept)
            rows = kept
        self.lines.extend(line for line, _ in rows)
        if len(self.lines) * len(self.of_x) > VALUES:
            raise DataError(f"{self.path}: holds more than {VALUES:,} numbers")
        columns = list(zip(*(cells for _, cells in rows), strict=True))
        if columns:
            wanted = [*self.of_x, *self.of_y, *self.of_weights]
            values = self._values(rows, columns, wanted)
            if self.of_weights:
                self.weights.append(values.pop())
            self.x.append(np.column_stack(values[: len(self.of_x)]))
            self.y.append(values[len(self.of_x) :])

    def table(self) -> Table:
        if not self.x:
            raise DataError(
                f"{self.path}: expected rows under the names of the columns"
            )
        used = {*self.features, *self.targets, self.schema.weight}
        return Table(
            path=self.path,
            x=np.concatenate(self.x),
            y=self._targets() if self.of_y else None,
            features=self.features,
            targets=self.targets,
            unused=tuple(n for n in self.names if n and n not in used),
            lines=self.lines,
            dropped=self.dropped,
            weights=self._weights(),
        )

    def _weights(self) -> NDArray[np.float64] | None:
        """Raises DataError where no row counts."""
        if not self.of_weights:
            return None
        weights = np.concatenate([np.asarray(block) for block in self.weights])
        if not weights.any():
            column = self.schema.weight
            raise DataError(
                f"{self.path}, column {column}: every weight is 0; expected some above"
            )
        return weights

    def _lacks_target(self, cells: list[str]) -> bool:
        return any(column.is_missing(cells[place]) for place, column in self.of_y)

    def _values(
        self,
        rows: list[tuple[int, list[str]]],
        columns: list[tuple[str, ...]],
        wanted: list[tuple[int, Column]],
    ) -> list[Values]:
        """The values of every wanted column."""
        values, wrong = [], []
        for place, column in wanted:
            try:
                values.append(column.read(list(columns[place])))
            except CellError as error:
                wrong.append((error.row, place, str(error)))
        if wrong:
            row, place, message = min(wrong)
            where = f"{self.path}, line {rows[row][0]}, column {self.names[place]}"
            raise DataError(f"{where}: {message}")
        return values

    def _targets(self) -> NDArray[Any]:
        columns = [
            [v for block in one for v in block] for one in zip(*self.y, strict=True)
        ]
        match self.schema.target:
            case Labels(labels=()):
                return learned_labels(columns[0])
            case Labels():
                return np.array(columns[0])
        y = np.array(columns, dtype=np.float64).T
        return y[:, 0] if len(columns) == 1 else y
