"""The columns of a table as they stand in the file, and tables made from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns by name, all of one length.  A model takes it as it takes a frame.

    `matrix`: they came as one array of numbers, and a model is given one.
    """

    by_name: Mapping[str, Column]
    matrix: bool

    @property
    def columns(self) -> list[str]:
        return list(self.by_name)

    @property
    def n_rows(self) -> int:
        return len(next(iter(self.by_name.values())))

    def __getitem__(self, name: str) -> Column:
        return self.by_name[name]

    def __len__(self) -> int:
        return self.n_rows

    def rows(self, rows: NDArray[np.intp]) -> Columns:
        taken = {name: column[rows] for name, column in self.by_name.items()}
        return Columns(taken, self.matrix)

    def for_model(self) -> Any:
        """What a model's methods take as X: a copy, whose columns may be changed."""
        if self.matrix:
            return np.column_stack(list(self.by_name.values()))
        return Columns(dict(self.by_name), matrix=False)

    def has_gap(self, names: Iterable[str]) -> NDArray[np.bool_]:
        """Whether a value is missing in one of these columns, for each row."""
        gaps = np.zeros(self.n_rows, bool)
        for name in names:
            gaps |= is_missing(self.by_name[name])
        return gaps


def columns_of(x: Any, names: Sequence[str]) -> Columns:
    """The columns of `Table.x`, which is an array of numbers or a small frame."""
    if isinstance(x, np.ndarray):
        return Columns(dict(zip(names, x.T, strict=True)), matrix=True)
    return Columns({name: np.asarray(x[name]) for name in names}, matrix=False)


def is_missing(column: Column) -> NDArray[np.bool_]:
    """Where a column has no value: NaN, None, or an empty text."""
    if column.dtype.kind == "f":
        return np.isnan(column)
    if column.dtype.kind in "OUT":
        return np.array([v is None or v == "" or v != v for v in column.tolist()], bool)
    return np.zeros(len(column), bool)
