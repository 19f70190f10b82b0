"""An imported network against its source, on random rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nndsl.importing.imported import Column, Imported, NumberColumn
from nndsl.importing.layers import Array

ROWS = 256


def random_columns(columns: Sequence[Column]) -> list[tuple[Array, Array]]:
    """Cells of each column: as the source takes them, and as nndsl does.

    Numbers are normal with the column's start and spread, and float32, so that sources
    of either precision take them as they are.
    """
    rng = np.random.default_rng(0)
    return [_cells(each, rng) for each in columns]


def _cells(column: Column, rng: np.random.Generator) -> tuple[Array, Array]:
    if isinstance(column, NumberColumn):
        numbers = column.start + column.spread * rng.normal(size=ROWS)
        numbers = numbers.astype(np.float32).astype(float)
        if column.missing != "error":
            numbers[rng.random(ROWS) < 0.1] = np.nan
        return numbers, numbers
    places = rng.integers(len(column.labels), size=ROWS)
    cells, labels = np.empty(ROWS, object), np.empty(ROWS, object)
    cells[:] = [column.cells[place] for place in places]
    labels[:] = [column.labels[place] for place in places]
    if column.other and all(isinstance(cell, str) for cell in column.cells):
        unknown = rng.random(ROWS) < 0.1
        cells[unknown] = labels[unknown] = "".join([*column.labels, "?"])
    return cells, labels


def difference(imported: Imported, model: Any) -> float | None:
    """The largest difference of an output, relative to the largest of all outputs.

    None where the source cannot be run.
    """
    if imported.answers is None:
        return None
    pairs = random_columns(imported.columns)
    expected = imported.answers([cells for cells, _ in pairs])
    rows = np.column_stack([labels for _, labels in pairs])
    answer = getattr(model, "predict_proba", model.predict)
    found = answer(rows).reshape(ROWS, -1)
    expected = np.asarray(expected, float).reshape(ROWS, -1)
    width = min(found.shape[1], expected.shape[1])
    apart = np.abs(found[:, -width:] - expected[:, -width:])
    largest = np.abs(expected).max()
    return float(apart.max() / largest) if largest > 0 else float(apart.max())
