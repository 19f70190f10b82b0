"""How good predicted labels and probabilities are: counts and curves."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Roc:
    """The share of the positives that is found over that of false alarms."""

    false_alarms: Floats
    found: Floats
    area: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """For each range of probabilities that holds rows: the mean of the probabilities,
    how often it came true, and the number of rows."""

    predicted: Floats
    observed: Floats
    counts: NDArray[np.intp]


def confusion(
    true: NDArray[np.intp], predicted: NDArray[np.intp], n_classes: int
) -> NDArray[np.intp]:
    """Rows of each class (row) that are predicted as each class (column)."""
    places = true * n_classes + predicted
    counts = np.bincount(places, minlength=n_classes * n_classes)
    return counts.reshape(n_classes, n_classes)


def roc(positive: NDArray[np.bool_], scores: Floats) -> Roc | None:
    """The curve over all thresholds; None if all rows are of one class."""
    n_positive = np.count_nonzero(positive)
    if n_positive in (0, len(positive)):
        return None
    order = np.argsort(-scores, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(scores[order])), len(order) - 1)
    hits = np.cumsum(positive[order])[ends]
    misses = ends + 1 - hits
    found = np.concatenate([[0.0], hits / n_positive])
    false_alarms = np.concatenate([[0.0], misses / (len(positive) - n_positive)])
    return Roc(false_alarms, found, float(np.trapezoid(found, false_alarms)))


def calibration(
    positive: NDArray[np.bool_], probabilities: Floats, n_ranges: int = 10
) -> Calibration:
    """Ranges of equal width from 0 to 1; empty ones are left out."""
    edges = np.linspace(0, 1, n_ranges + 1)
    place = np.searchsorted(edges[1:-1], probabilities)
    counts = np.bincount(place, minlength=n_ranges)
    sums = np.bincount(place, weights=probabilities, minlength=n_ranges)
    came_true = np.bincount(place, weights=positive, minlength=n_ranges)
    held = counts > 0
    n = counts[held]
    return Calibration(sums[held] / n, came_true[held] / n, n)
