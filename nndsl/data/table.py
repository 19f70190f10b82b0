"""Reading a table: what a network asks of a file, as arrays."""

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, compress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nndsl.data.arrays import open_arrays
from nndsl.data.columns import Column, Labels, Numbers, Values, learned_labels
from nndsl.data.dialect import Dialect
from nndsl.data.errors import CellErrors, DataError, shown
from nndsl.data.formats import NUMPY, open_table, suffix_of
from nndsl.data.mistakes import Mistakes
from nndsl.data.schema import Schema, check_header, choose_columns
from nndsl.data.separator import find_decimal
from nndsl.data.source import VALUES, Block, Cells, Source, texts

_ROW = re.compile(r"(?:[Xy], )?row (\d+)(?:, column ([^:]*))?")


@dataclass(frozen=True, slots=True)
class Table:
    """What a network was given of a table.

    `x` holds the features, a row for each row of the table; `y` the labels (n,), or the
    numbers (n,) or (n, targets); None where no targets are read.  `lines` are the
    numbers of the lines in the file (of rows, where `unit` says so), `unused` the names
    of the other columns, `dropped` counts the rows without a target.
    """

    path: str
    x: NDArray[np.float64]
    y: NDArray[Any] | None
    features: tuple[str, ...]
    targets: tuple[str, ...]
    unused: tuple[str, ...]
    lines: Sequence[int]
    dropped: int
    unit: str = "line"

    def in_file(self, message: str) -> str:
        """A module's message; if it is about a row, with the line of the file."""
        about = _ROW.match(message)
        if about is None or int(about[1]) >= len(self.lines):
            return message
        where = f"{self.path}, {self.unit} {self.lines[int(about[1])]}"
        if column := about[2]:
            by_number = column.isdecimal() and int(column) < len(self.features)
            name = self.features[int(column)] if by_number else column
            where = f"{where}, column {name}"
        return where + message[about.end() :]


def read_table(path: str, schema: Schema, dialect: Dialect | None = None) -> Table:
    """The columns of the file `path` that `schema` asks for.

    Raises DataError, with the file, the line and the column, for anything that is not
    as expected: the first twenty mistakes in cells at once.
    """
    dialect = dialect or Dialect()
    is_array = suffix_of(path) in NUMPY
    source = open_arrays(path, schema) if is_array else open_table(path, dialect)
    check_header(source.where, source.names)
    features, targets = choose_columns(source.where, source.names, schema)
    reading = _Reading(source, features, targets, schema, dialect)
    reading.read()
    return reading.table()


class _Reading:
    """A table while it is read, blocks of rows after one another.

    `columns` are those that are read, each with its index in the file: the features,
    then the targets; `values` are what was read of each, block for block.
    """

    def __init__(
        self,
        source: Source,
        features: tuple[str, ...],
        targets: tuple[str, ...],
        schema: Schema,
        dialect: Dialect,
    ) -> None:
        self.source, self.schema, self.dialect = source, schema, dialect
        self.features, self.targets = features, targets
        read = targets if schema.reads_target else ()
        index = {name: i for i, name in enumerate(source.names)}
        self.columns: list[tuple[int, Column]] = [
            *((index[name], schema.feature) for name in features),
            *((index[name], schema.target) for name in read),
        ]
        self.values: list[list[Values]] = [[] for _ in self.columns]
        self.lines = array("q")
        self.dropped = 0
        self.mistakes = Mistakes()

    def read(self) -> None:
        """Read all rows; raises DataError for the mistakes in them."""
        wanted = [i for i, _ in self.columns]
        numbers = frozenset(i for i, c in self.columns if isinstance(c, Numbers))
        for number, block in enumerate(self.source.blocks(wanted, numbers)):
            if number == 0:
                self._decide_decimal(block)
            self._read(block)
        self.mistakes.check()

    def table(self) -> Table:
        if not self.lines:
            raise DataError(
                f"{self.source.path}: expected rows under the names of the columns"
            )
        used = {*self.features, *self.targets}
        n = len(self.features)
        return Table(
            path=self.source.path,
            x=np.column_stack([np.concatenate(one) for one in self.values[:n]]),
            y=self._targets(self.values[n:]) if self.values[n:] else None,
            features=self.features,
            targets=self.targets,
            unused=tuple(n for n in self.source.names if n and n not in used),
            lines=self.lines,
            dropped=self.dropped,
            unit=self.source.unit,
        )

    def _decide_decimal(self, first: Block) -> None:
        """Let columns of numbers know their decimal mark."""
        mark, separator = self.dialect.decimal, self.source.separator
        if mark is None and separator is not None:
            cells = [
                cells
                for cells, (_, column) in zip(first.columns, self.columns, strict=True)
                if isinstance(column, Numbers) and isinstance(cells, list)
            ]
            mark = find_decimal(self.source.path, cells, separator)
        if mark == ",":
            self.columns = [
                (i, replace(c, decimal=",") if isinstance(c, Numbers) else c)
                for i, c in self.columns
            ]

    def _read(self, block: Block) -> None:
        """Add rows, or what is wrong with them."""
        lines, columns = block.lines, block.columns
        if self.dialect.missing:
            columns = [self._without_missing(cells) for cells in columns]
        if self.schema.drops:
            kept = self._has_targets(columns, len(lines))
            self.dropped += kept.count(False)
            lines = list(compress(lines, kept))
            columns = [_rows(cells, kept) for cells in columns]
        wrong: list[tuple[int, int]] = []
        for place, (cells, (_, column)) in enumerate(
            zip(columns, self.columns, strict=True)
        ):
            try:
                self.values[place].append(_values(column, cells))
            except CellErrors as error:
                wrong += [(row, place) for row in error.rows]
        self.lines.extend(lines)
        if wrong or block.mistakes:
            self._complain(block, columns, lines, wrong)
        if len(self.lines) * len(self.columns) > VALUES:
            raise DataError(f"{self.source.path}: holds more than {VALUES:,} numbers")

    def _without_missing(self, cells: Cells) -> Cells:
        """The cells; those that the user counts as missing are empty."""
        if not isinstance(cells, list) and not self.dialect.has_numbers_missing:
            return cells
        missing = self.dialect.missing
        return ["" if cell.strip() in missing else cell for cell in texts(cells)]

    def _has_targets(self, columns: list[Cells], n_rows: int) -> list[bool]:
        kept = [True] * n_rows
        n = len(self.features)
        for cells, (_, column) in zip(columns[n:], self.columns[n:], strict=True):
            lacks = map(column.is_missing, texts(cells))
            kept = [one and not lack for one, lack in zip(kept, lacks, strict=True)]
        return kept

    def _complain(
        self,
        block: Block,
        columns: list[Cells],
        lines: Sequence[int],
        wrong: list[tuple[int, int]],
    ) -> None:
        """Add the mistakes of a block in the order of its lines."""
        path, unit, names = self.source.path, self.source.unit, self.source.names
        said = [
            (line, -1, f"{path}, {unit} {line}: {message}")
            for line, message in block.mistakes
        ]
        for row, place in sorted(wrong)[: self.mistakes.room]:
            index, column = self.columns[place]
            cell = texts(columns[place][row : row + 1])[0].strip()
            advice = column.advice_on(cell)
            where = f"{path}, {unit} {lines[row]}, column {names[index]}"
            message = f"{where}: expected {column.expected}, found {shown(cell)}"
            said.append((lines[row], index, message + (f"; {advice}" * bool(advice))))
        messages = [message for _, _, message in sorted(said)]
        self.mistakes.add(messages, len(block.mistakes) + len(wrong) - len(messages))

    def _targets(self, values: list[list[Values]]) -> NDArray[Any]:
        if isinstance(self.schema.target, Labels):
            labels = list(chain.from_iterable(values[0]))
            learned = not self.schema.target.labels
            return learned_labels(labels) if learned else np.array(labels)
        y = np.column_stack([np.concatenate(one) for one in values])
        return y[:, 0] if len(values) == 1 else y


def _values(column: Column, cells: Cells) -> Values:
    if isinstance(cells, list):
        return column.read(cells)
    if isinstance(column, Numbers) and not column.wrong(cells).any():
        return cells
    return column.read(texts(cells))


def _rows(cells: Cells, kept: list[bool]) -> Cells:
    return list(compress(cells, kept)) if isinstance(cells, list) else cells[kept]
