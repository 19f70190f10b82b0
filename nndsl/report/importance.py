"""How much each column of the table matters to a trained model."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nndsl.report.columns import Column, Columns

REPEATS = 5
_PRODUCTS = 30_000_000_000
_ROWS = 100, 5_000


@dataclass(frozen=True, slots=True)
class Importance:
    """What the score loses when the column's values are shuffled among the rows: the
    mean and the standard deviation over the repeats."""

    column: str
    mean: float
    deviation: float


def rows_for(n_columns: int, n_parameters: int) -> int:
    """The most rows to use, so that wide tables and large networks take seconds."""
    least, most = _ROWS
    a_row = REPEATS * n_columns * (n_parameters + 10 * n_columns)
    return min(most, max(least, _PRODUCTS // a_row))


def importances(
    score: Callable[[Any, NDArray[Any]], float],
    columns: Columns,
    y: NDArray[Any],
    seed: int,
) -> list[Importance]:
    """The importance of every column, the largest first (Breiman, 2001)."""
    rng = np.random.default_rng(seed)
    baseline = score(columns.for_model(), y)
    x, found = columns.for_model(), []
    for place, (name, column) in enumerate(columns.by_name.items()):
        drops = []
        for _ in range(REPEATS):
            _put(x, place, rng.permutation(column))
            drops.append(baseline - score(x, y))
        _put(x, place, column)
        found.append(Importance(name, float(np.mean(drops)), float(np.std(drops))))
    return sorted(found, key=lambda each: -each.mean)


def _put(x: Any, place: int, column: Column) -> None:
    """Change a column of what `Columns.for_model` gave."""
    if isinstance(x, np.ndarray):
        x[:, place] = column
    else:
        x.by_name[x.columns[place]] = column
