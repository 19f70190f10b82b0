"""What a report is about: a trained model, the rows of a table, and their figures."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nndsl.check.check import Checked
from nndsl.data.model_file import ModelFile
from nndsl.data.table import Table
from nndsl.program.program import Program
from nndsl.report.columns import Columns, columns_of
from nndsl.report.words import shown

Rows = NDArray[np.intp]

HELD_OUT = ("test", "validation")
"""Parts that the weights were not fitted to, the better one first."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of the table, with the loss and the metrics on them.

    `rows` is None where the rows stand in another table.
    """

    name: str
    rows: Rows | None
    figures: Mapping[str, Any]


@dataclass(frozen=True)
class Subject:
    """`shown` is the part that charts and importances are made from.

    `history` holds a figure for each epoch; `best_epoch` is counted from 1, None where
    the last was kept.
    """

    checked: Checked
    program: Program
    model: Any
    table: Table
    parts: tuple[Part, ...]
    shown: Part
    history: Mapping[str, Sequence[float]]
    best_epoch: int | None

    @cached_property
    def columns(self) -> Columns:
        """The columns of the table that the network reads."""
        return columns_of(self.table.x, self.table.features)

    @property
    def file_name(self) -> str:
        """The table's file, without the folders of this machine."""
        if self.table.path == "-":
            return "standard input"
        return shown(os.path.basename(self.table.path), 60)

    @property
    def n_parameters(self) -> int:
        return sum(array.size for array in self.model.parameters_)

    @property
    def kept_epoch(self) -> int:
        return self.best_epoch or len(self.history["loss"])

    @property
    def is_held_out(self) -> bool:
        return self.shown.name in HELD_OUT

    def rows_shown(self, most: int) -> Rows:
        """The rows of the part that is shown, at most that many, drawn by the seed."""
        rows = self.shown.rows
        assert rows is not None
        if len(rows) <= most:
            return rows
        rng = np.random.default_rng(self.checked.network.train.seed)
        return np.sort(rng.choice(rows, most, replace=False))


def of_training(
    checked: Checked, program: Program, model: Any, table: Table
) -> Subject:
    """A model that was just trained on the table."""
    history = model.history_
    best = getattr(model, "best_epoch_", None)
    kept = (best or len(history["loss"])) - 1
    figures = _at_epoch(history, kept)
    if test := getattr(model, "test_", None):
        figures["test"] = test
    split = getattr(model, "split_", None)
    if split is None:
        split = [_usable(program, columns_of(table.x, table.features))]
    parts = tuple(
        Part(name, np.sort(np.asarray(rows)), figures[name])
        for name, rows in zip(figures, split, strict=True)
    )
    by_name = {part.name: part for part in parts}
    shown = next((by_name[n] for n in HELD_OUT if n in by_name), parts[0])
    return Subject(checked, program, model, table, parts, shown, history, best)


def of_evaluation(
    checked: Checked,
    program: Program,
    model: Any,
    table: Table,
    file: ModelFile,
    figures: Mapping[str, Any],
) -> Subject:
    """A model from a file, on a table."""
    usable = _usable(program, columns_of(table.x, table.features))
    shown = Part("this table", usable, figures)
    earlier = _at_epoch(file.history, (file.best_epoch or file.epochs) - 1)
    if file.test:
        earlier["test"] = file.test
    parts = [Part(name, None, each) for name, each in earlier.items() if each]
    return Subject(
        checked,
        program,
        model,
        table,
        (*parts, shown),
        shown,
        file.history,
        file.best_epoch,
    )


def _at_epoch(
    history: Mapping[str, Sequence[float]], place: int
) -> dict[str, Mapping[str, Any]]:
    """The figures of that epoch, on the training rows and on the validation rows."""
    training, validation = {}, {}
    for name, figures in history.items():
        if 0 <= place < len(figures):
            if name.startswith("val_"):
                validation[name.removeprefix("val_")] = figures[place]
            else:
                training[name] = figures[place]
    parts: dict[str, Mapping[str, Any]] = {"training": training}
    return parts | ({"validation": validation} if validation else {})


def _usable(program: Program, columns: Columns) -> Rows:
    """The rows that the network takes: with `missing drop`, those without a gap."""
    data = program.data
    if not data.filling.drops:
        return np.arange(columns.n_rows)
    numbers = (group for group in data.number_columns if group.filling.drops)
    names = {name for group in numbers for name in group.names}
    names |= {column.name for column in data.label_columns if column.drops}
    return np.flatnonzero(~columns.has_gap(names or columns.by_name))
