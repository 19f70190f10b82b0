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
_LONGEST = 50
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
    folded = ((" ".join(text.casefold().split()), text) for text in column.texts)
    labels = sorted(zip(column.counts.tolist(), folded, strict=True))
    for place, (rows, (word, text)) in enumerate(labels):
        meant = [
            (word == other, n, name)
            for n, (other, name) in labels[place + 1 :]
            if word == other or (n >= _TIMES * rows and _is_a_letter_apart(word, other))
        ]
        if meant:
            yield text, rows, max(meant)[2]


def _is_a_letter_apart(word: str, other: str) -> bool:
    if not _LETTERS <= len(other) <= _LONGEST or abs(len(word) - len(other)) > 1:
        return False
    return not any(map(str.isdigit, word + other)) and distance(word, other) == 1
