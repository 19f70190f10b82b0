"""Tables of right and wrong labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nndsl.report.classes import confusion
from nndsl.report.view import Cell, Grid, named, numbers
from nndsl.report.words import percent, shown

if TYPE_CHECKING:
    from nndsl.report.predictions import Answers

LABELS = 20
"""The most labels with a row of their own; the rarest others are counted together."""


def matrix_grid(answers: Answers) -> Grid:
    """The confusion matrix, with how much was found of each label."""
    counts = confusion(answers.true, answers.predicted, len(answers.names))
    names = [shown(name, 24) for name in answers.names]
    hits = np.diag(counts)
    if len(names) > LABELS:
        names, counts, hits = _merged(names, counts)
    totals = counts.sum(axis=1)
    head = (
        Cell("true ↓ predicted →", "name"),
        *(Cell(name, "number") for name in names),
        Cell("recall", "number"),
    )
    rows = tuple(
        (
            Cell(name, "name"),
            *(
                Cell(
                    f"{n:,}",
                    f"number {'right' if i == j else 'wrong'}" if n else "number zero",
                    f"{n / max(totals[i], 1):.2f}",
                )
                for j, n in enumerate(row.tolist())
            ),
            *numbers(_share(hits[i], totals[i])),
        )
        for i, (name, row) in enumerate(zip(names, counts, strict=True))
    )
    last = (
        Cell("precision", "name soft"),
        *numbers(*map(_share, hits, counts.sum(axis=0))),
        *numbers(_share(hits.sum(), counts.sum())),
    )
    return Grid(
        head,
        (*rows, last),
        "matrix",
        "Each row is a true label, each column what was predicted. Right answers stand "
        "on the diagonal; the stronger the colour elsewhere, the more often one label "
        "is taken for the other. Recall is the share of a label's rows that were "
        "found, precision the share of the rows predicted as a label that have it; "
        "where the two meet stands the accuracy.",
    )


def hits_grid(answers: Answers) -> Grid:
    """For each of several labels: how often it holds, and how well it is found."""
    true, predicted = answers.true > 0.5, answers.predicted > 0.5
    both = (true & predicted).sum(axis=0)
    head = (Cell("label", "name"), *numbers("rows", "recall", "precision"))
    rows = tuple(
        (
            named(shown(name)),
            *numbers(
                f"{true[:, i].sum():,}",
                _share(both[i], true[:, i].sum()),
                _share(both[i], predicted[:, i].sum()),
            ),
        )
        for i, name in enumerate(answers.names[:100])
    )
    return Grid(
        head,
        rows,
        "",
        "A row may have several labels, or none. Recall is the share of a label's rows "
        "that were found, precision the share of the rows predicted to have it that "
        "do.",
    )


def _merged(
    names: list[str], counts: NDArray[np.intp]
) -> tuple[list[str], NDArray[np.intp], NDArray[np.intp]]:
    """The most frequent labels, and all others as one: names, counts, right ones."""
    order = np.argsort(-counts.sum(axis=1), kind="stable")
    kept = np.sort(order[: LABELS - 1])
    place = np.full(len(names), LABELS - 1)
    place[kept] = np.arange(LABELS - 1)
    merged = np.zeros((LABELS, LABELS), np.intp)
    np.add.at(merged, (place[:, None], place[None, :]), counts)
    hits = np.bincount(place, weights=np.diag(counts)).astype(np.intp)
    names = [*(names[i] for i in kept), f"{len(names) - len(kept)} others"]
    return names, merged, hits


def _share(part: int, whole: int) -> str:
    return percent(part / whole) if whole else "–"
