"""Reading a table: what a network asks of a file, as arrays."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nndsl.data.arrays import open_arrays
from nndsl.data.dialect import Dialect
from nndsl.data.errors import explained
from nndsl.data.formats import NUMPY, open_table, suffix_of
from nndsl.data.frame import Frame
from nndsl.data.reading import Reading
from nndsl.data.schema import Schema, check_header, choose_columns

_ROW = re.compile(r"(?:[Xy], )?row (\d+)(?:, column ([^:]*))?")


@dataclass(frozen=True, slots=True)
class Table:
    """What a network was given of a table.

    `x` holds the features, a row for each row of the table, as a frame where they are
    of several kinds; `y` the labels (n,), or the
    numbers (n,) or (n, targets); None where no targets are read.  `lines` are the
    numbers of the lines in the file (of rows, where `unit` says so), `unused` the names
    of the other columns, `dropped` counts the rows without a target.  `weights` says
    how much each row counts; None where all count alike.
    """

    path: str
    x: NDArray[np.float64] | Frame
    y: NDArray[Any] | None
    features: tuple[str, ...]
    targets: tuple[str, ...]
    unused: tuple[str, ...]
    lines: Sequence[int]
    dropped: int
    unit: str = "line"
    weights: NDArray[np.float64] | None = None

    @property
    def given(self) -> dict[str, NDArray[Any] | Frame]:
        """What `fit` and `evaluate` of the module are given, by name."""
        arrays: dict[str, NDArray[Any] | Frame | None]
        arrays = {"X": self.x, "y": self.y, "sample_weight": self.weights}
        return {name: array for name, array in arrays.items() if array is not None}

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
    with explained(source.hint):
        check_header(source.where, source.names)
        features, targets = choose_columns(source.where, source.names, schema)
    reading = Reading(source, features, targets, schema, dialect)
    reading.read()
    return Table(
        path=path,
        x=reading.x(),
        y=reading.y(),
        features=features,
        targets=targets,
        unused=reading.unused(),
        lines=reading.lines,
        dropped=reading.dropped,
        unit=source.unit,
        weights=reading.weights(),
    )
