"""Columns that say what another one says."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from nndsl.new.column import Column

_SAME = 0.99999
"""From this correlation on, a column of numbers is another one in other units."""
_NEARLY = 0.98
"""From this correlation, or share of right guesses, on a column gives another away."""
_FEW_ROWS = 20
_SAMPLE = 10_000


def alike(columns: Sequence[Column]) -> Iterator[tuple[Column, Column]]:
    """Each column that says what an earlier one says, and that one."""
    first: dict[bytes, Column] = {}
    numbers: list[Column] = []
    for column in columns:
        other = first.setdefault(_pattern(column), column)
        if other is not column:
            yield column, other
        elif column.values is not None:
            numbers.append(column)
    if len(numbers) > 1:
        same = np.tril(np.abs(_correlations(numbers)), -1) >= _SAME
        for i in np.flatnonzero(same.any(axis=1)):
            yield numbers[i], numbers[int(same[i].argmax())]


def gives_away(column: Column, target: Column) -> bool:
    """Whether a column alone nearly settles the target.

    Numbers: by correlation.  Else by guessing the most frequent target for each text,
    if texts occur ten times or more and the guess without them is not as good.
    """
    n = int(target.counts.sum())
    if n < _FEW_ROWS:
        return False
    if column.values is not None and target.values is not None and target.distinct > 2:
        return bool(abs(_correlations([column, target])[0, 1]) >= _NEARLY)
    if 10 * (column.distinct + 1) > n or target.distinct > 100:
        return False
    pairs = np.zeros((column.distinct + 1, target.distinct), np.int64)
    there = target.codes >= 0
    np.add.at(pairs, (column.codes[there], target.codes[there]), 1)
    right, blind = pairs.max(axis=1).sum(), pairs.sum(axis=0).max()
    return bool(right >= _NEARLY * n and blind <= 0.9 * n)


def _pattern(column: Column) -> bytes:
    """The same for two columns if each is a code of the other.

    Texts are numbered as they appear.  Where they hardly repeat they count themselves.
    """
    codes = column.codes.astype(np.int32).tobytes()
    if 2 * column.distinct <= len(column.codes):
        return codes
    return codes + "\0".join(column.texts).encode()


def _correlations(columns: Sequence[Column]) -> NDArray[np.float64]:
    """The correlation of each column of numbers with each."""
    rows = slice(None, None, -(-len(columns[0].codes) // _SAMPLE))
    z = np.array([_standardised(column, rows) for column in columns])
    return np.asarray(z @ z.T)


def _standardised(column: Column, rows: slice) -> NDArray[np.float64]:
    """Deviations from the mean, as a vector of length 1; 0 where a value is missing."""
    assert column.values is not None
    values = column.values[rows]
    there = ~np.isnan(values)
    if not there.any():
        return np.zeros(len(values))
    largest = float(np.abs(values[there]).max()) or 1.0
    scaled = values / largest
    deviations = np.where(there, scaled - scaled[there].mean(), 0)
    return np.asarray(deviations / (np.linalg.norm(deviations) or 1.0))
