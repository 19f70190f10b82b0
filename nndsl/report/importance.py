"""How much each column of the table matters to a trained model."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nndsl.report.columns import Columns

REPEATS = 5
_CELLS = 200_000_000
_ROWS = 300, 5_000


@dataclass(frozen=True, slots=True)
class Importance:
    """What the score loses when the column's values are shuffled among the rows: the
    mean and the standard deviation over the repeats."""

    column: str
    mean: float
    deviation: float


def rows_for(n_columns: int) -> int:
    """The most rows to use, so that wide tables do not take minutes."""
    least, most = _ROWS
    return min(most, max(least, _CELLS // (REPEATS * n_columns**2)))


def importances(
    score: Callable[[Any, NDArray[Any]], float],
    columns: Columns,
    y: NDArray[Any],
    seed: int,
) -> list[Importance]:
    """The importance of every column, the largest first (Breiman, 2001)."""
    rng = np.random.default_rng(seed)
    baseline = score(columns.for_model(), y)
    found = []
    for name, column in columns.by_name.items():
        drops = [
            baseline
            - score(columns.with_column(name, rng.permutation(column)).for_model(), y)
            for _ in range(REPEATS)
        ]
        found.append(Importance(name, float(np.mean(drops)), float(np.std(drops))))
    return sorted(found, key=lambda each: -each.mean)
