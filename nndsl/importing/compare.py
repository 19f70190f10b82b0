"""An imported network against its source, on random rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nndsl.importing.imported import Column, Imported, NumberColumn
from nndsl.importing.layers import Array, Dense

ROWS = 256
_NUMBERS = 10**7
"""The most that the widest layer computes at once; wider ones see fewer rows."""


def rows_for(imported: Imported) -> int:
    """How many rows are compared."""
    widths = [len(each.biases) for each in imported.layers if isinstance(each, Dense)]
    return max(1, min(ROWS, _NUMBERS // max(widths)))


def random_columns(columns: Sequence[Column], rows: int) -> list[tuple[Array, Array]]:
    """Cells of each column: as the source takes them, and as nndsl does.

    Numbers are normal with the column's start and spread, and float32, so that sources
    of either precision take them as they are.
    """
    rng = np.random.default_rng(0)
    return [_cells(each, rows, rng) for each in columns]


def _cells(column: Column, rows: int, rng: np.random.Generator) -> tuple[Array, Array]:
    if isinstance(column, NumberColumn):
        numbers = column.start + column.spread * rng.normal(size=rows)
        numbers = numbers.astype(np.float32).astype(float)
        if column.missing != "error":
            numbers[rng.random(rows) < 0.1] = np.nan
        return numbers, numbers
    places = rng.integers(len(column.labels), size=rows)
    cells, labels = np.empty(rows, object), np.empty(rows, object)
    cells[:] = [column.cells[place] for place in places]
    labels[:] = [column.labels[place] for place in places]
    if column.other and all(isinstance(cell, str) for cell in column.cells):
        unknown = rng.random(rows) < 0.1
        cells[unknown] = labels[unknown] = "".join([*column.labels, "?"])
    return cells, labels


def difference(imported: Imported, model: Any) -> float | None:
    """The largest difference of an output, relative to the largest of all outputs.

    None where the source cannot be run.
    """
    if imported.answers is None:
        return None
    pairs = random_columns(imported.columns, rows_for(imported))
    expected = imported.answers([cells for cells, _ in pairs])
    table = np.column_stack([labels for _, labels in pairs])
    answer = getattr(model, "predict_proba", model.predict)
    found = answer(table).reshape(len(table), -1)
    expected = np.asarray(expected, float).reshape(len(table), -1)
    width = min(found.shape[1], expected.shape[1])
    apart = np.abs(found[:, -width:] - expected[:, -width:])
    largest = np.abs(expected).max()
    return float(apart.max() / largest) if largest > 0 else float(apart.max())
