"""What each column of the table holds."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
from markupsafe import Markup

from nndsl.report.columns import Column, is_missing
from nndsl.report.subject import Subject
from nndsl.report.view import Cell, Grid, Section, named
from nndsl.report.words import count, number, shown

COLUMNS = 100
"""The most columns that are listed."""
_BARS = 24
_LABELS = 5


def columns_section(subject: Subject) -> Section:
    """One line for each column that the network reads or learns."""
    columns = list(_columns(subject))
    rows = tuple(_row(*each) for each in columns[:COLUMNS])
    head = ("column", "", "missing", "values", "mean", "spread")
    kinds = ("name", "", "number", "values", "number", "drawing")
    cells = tuple(Cell(text, kind) for text, kind in zip(head, kinds, strict=True))
    text = f"All {count(len(subject.table.lines), 'row')} of {subject.file_name}."
    if subject.table.unused:
        text += f" {count(len(subject.table.unused), 'more column')} not used."
    if len(columns) > COLUMNS:
        text += f" The first {COLUMNS} of {len(columns):,} columns are listed."
    return Section("Columns", text, (Grid(cells, rows, "columns"),))


def _columns(subject: Subject) -> Iterator[tuple[str, str, Column]]:
    """Name, use and values of each column."""
    table = subject.table
    if table.y is not None:
        y = table.y.reshape(len(table.lines), -1)
        for place, column in enumerate(y.T):
            name = table.targets[place] if place < len(table.targets) else "target"
            if subject.program.data.labels is not None:
                column = column.astype(object)
            yield name, "target", column
    for name in subject.columns.columns:
        yield name, "input", subject.columns[name]


def _row(name: str, use: str, column: Column) -> tuple[Cell, ...]:
    gaps = is_missing(column)
    missing, there = int(gaps.sum()), column[~gaps]
    is_numbers = column.dtype.kind in "fiu"
    values, mean, bars = _numbers(there) if is_numbers else _labels(there)
    return (
        named(shown(name)),
        Cell(use, "soft"),
        Cell(f"{missing:,}" if missing else "–", "number"),
        Cell(values, "values"),
        Cell(mean, "number"),
        Cell("", "drawing", drawing=bars),
    )


def _numbers(values: Column) -> tuple[str, str, Markup]:
    if not len(values):
        return "none", "–", Markup("")
    low, high = float(values.min()), float(values.max())
    mean = number(float(values.mean()))
    if low == high:
        return f"always {number(low)}", mean, Markup("")
    distinct = len(np.unique(values[:10_000]))
    counts, _ = np.histogram(values, min(_BARS, max(distinct, 2)), (low, high))
    return f"{number(low)} to {number(high)}", mean, _bars(counts.tolist())


def _labels(values: Column) -> tuple[str, str, Markup]:
    counts = Counter(values.tolist()).most_common()
    words = ", ".join(f"{shown(label, 24)} {n:,}" for label, n in counts[:_LABELS])
    if len(counts) > _LABELS:
        words += f" and {count(len(counts) - _LABELS, 'more label')}"
    return words or "none", "–", _bars([n for _, n in counts[:_BARS]])


def _bars(counts: list[int]) -> Markup:
    """A small bar for each count."""
    width, most = 120 / len(counts) if counts else 0, max(counts, default=1)
    path = "".join(
        f"M{i * width:.1f} 24h{width - 1:.1f}v{-22 * n / most:.1f}h{1 - width:.1f}z"
        for i, n in enumerate(counts)
        if n
    )
    return Markup(
        '<svg viewBox="0 0 120 24" aria-hidden="true"><path d="{}"/></svg>'
    ).format(path)
