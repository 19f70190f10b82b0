"""Labels of a few rows that look like others that are written correctly."""

from collections.abc import Iterator, Sequence

from nndsl.data.errors import counted
from nndsl.diagnostics.suggest import distance
from nndsl.new.column import LABELS, Column
from nndsl.new.findings import visible_name

_TIMES = 10
"""A word so many times as frequent may be what another one, a letter apart, means."""
_LETTERS = 4
"""Shorter words are often a letter apart, and mean something else."""
_SHOWN = 5


def on_misspelt(columns: Sequence[Column]) -> Iterator[str]:
    """A question for each label that is probably another one; the first few."""
    found = [
        f"{visible_name(column.name)}: {visible_name(text)} ({counted(rows, 'row')}): "
        f"is it {visible_name(meant)}?"
        for column in columns
        for text, rows, meant in _misspelt(column)
    ]
    yield from found[:_SHOWN]
    if len(found) > _SHOWN:
        yield f"{counted(len(found) - _SHOWN, 'more label')} may be misspelt."


def _misspelt(column: Column) -> Iterator[tuple[str, int, str]]:
    """Labels with their number of rows, and what each probably should be."""
    if column.values is not None or column.distinct > LABELS:
        return
    labels = sorted(zip(column.counts.tolist(), column.texts, strict=True))
    for place, (rows, text) in enumerate(labels):
        close = [(_alike(text, other), n, other) for n, other in labels[place + 1 :]]
        meant = [
            (same, n, other)
            for same, n, other in close
            if same or (n >= _TIMES * rows and _is_a_letter_apart(text, other))
        ]
        if meant:
            yield text, rows, max(meant)[2]


def _alike(text: str, other: str) -> bool:
    """Whether two labels differ in case and spaces alone."""
    return text.casefold().split() == other.casefold().split()


def _is_a_letter_apart(text: str, other: str) -> bool:
    long = min(len(text), len(other)) >= _LETTERS - 1 and len(other) >= _LETTERS
    plain = not any(map(str.isdigit, text + other))
    near = abs(len(text) - len(other)) <= 1 and max(len(text), len(other)) <= 50
    return long and plain and near and distance(text.casefold(), other.casefold()) <= 1
