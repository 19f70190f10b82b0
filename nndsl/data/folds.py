"""Rows dealt out into folds, each of which is held out once."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nndsl.data.errors import DataError, counted


def draw_folds(
    y: NDArray[Any] | None, n: int, count: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """The fold of each of `n` rows, from 0; of labels `y` every fold has as many.

    Sizes, and the rows of a label in a fold, are those of scikit-learn's KFold and
    StratifiedKFold: they differ by at most one.  Raises DataError for too few rows.
    """
    if count > n:
        raise DataError(f"{count} folds need {count} rows or more; there are {n}")
    if y is None:
        return rng.permutation(np.sort(np.arange(n) % count))
    labels, code = np.unique(y, return_inverse=True)
    code = code.ravel()
    for label, rows in zip(labels, np.bincount(code), strict=True):
        if rows < count:
            raise DataError(
                f"the label {str(label)!r} stands in {counted(int(rows), 'row')}; "
                f"{count} folds need {count} of each label"
            )
    fold = np.empty(n, np.int64)
    in_turn = np.empty(n, np.int64)
    in_turn[np.argsort(code, kind="stable")] = np.arange(n) % count
    for each in range(len(labels)):
        rows = np.flatnonzero(code == each)
        fold[rows] = rng.permutation(in_turn[rows])
    return fold
