"""What a network learns of a table: which column, and what it means."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nndsl import limits
from nndsl.data.errors import DataError, shown
from nndsl.diagnostics.suggest import suggest_of_data
from nndsl.new.column import LABELS, Column
from nndsl.new.findings import with_marks
from nndsl.spec_text.texts import quoted
from nndsl.syntax.characters import unwritable

LISTED = 20
"""The most classes that the target's line lists."""
CLASSES = 10
"""Whole numbers with at most so many values are classes."""


@dataclass(frozen=True, slots=True)
class Target:
    """`labels` are the classes, sorted; none for a target of numbers.

    `rarest` is the least frequent class and its number of rows.
    """

    column: Column
    labels: tuple[str | int | float, ...] = ()
    rarest: tuple[str, int] = ("", 0)

    @property
    def learns_classes(self) -> bool:
        return bool(self.labels)


def choose_target(path: str, columns: Sequence[Column], name: str | None) -> Target:
    """The column `name` as a target, or the last one.

    Raises DataError where the column is not there, or holds nothing to learn.
    """
    if len(columns) < 2:
        raise DataError(f"{path}: has one column; expected inputs and a target")
    names = [column.name for column in columns]
    if name is not None and name.strip() not in names:
        close = suggest_of_data(name, [each for each in names if each])
        listed = ", ".join(each for each in names[:20] if each)
        meant = f"is it {close[0]!r}?" if close else f"there are {listed}"[:300]
        raise DataError(f"{path}: has no column {shown(name)}; {meant}")
    column = columns[-1 if name is None else names.index(name.strip())]
    if reason := _unlearnable(column):
        raise DataError(
            f"{path}: column {shown(column.name)} {reason}; "
            "name what the network should learn with --target COLUMN"
        )
    if not _is_of_classes(column):
        return Target(column)
    least = int(column.counts.argmin())
    rarest = (column.texts[least], int(column.counts[least]))
    return Target(column, labels_of(column), rarest)


def labels_of(column: Column) -> tuple[str | int | float, ...]:
    """The sorted labels; numbers where all of them are."""
    if column.values is None:
        return tuple(sorted(column.texts))
    values = sorted(set(column.present.tolist()))
    whole = tuple(map(int, values)) if column.is_whole else ()
    return whole if set(map(str, whole)) == set(column.texts) else tuple(values)


def _is_of_classes(column: Column) -> bool:
    if column.values is None:
        return True
    n = len(set(column.present.tolist()))
    return column.is_whole and n <= CLASSES and (n == 2 or 4 * n <= column.counts.sum())


def _unlearnable(column: Column) -> str:
    """Why a column can be no target; empty for one that can."""
    if not column.name:
        return "has no name"
    if len(column.name) > limits.TEXT_LENGTH:
        return f"has a name of more than {limits.TEXT_LENGTH} characters"
    if not column.texts:
        return "holds no value"
    if column.distinct == 1 or (
        column.values is not None and np.ptp(column.present) == 0
    ):
        return f"is always {shown(column.texts[0])}"
    if column.distinct > CLASSES and (found := with_marks(column)):
        return f"holds {found}; strip it"
    if column.values is None and column.odd:
        return f"holds numbers, but also {shown(column.odd[0])}"
    if column.values is None and column.is_date:
        return "holds dates or times, which are neither numbers nor classes"
    if column.values is None and column.distinct > LISTED and column.is_mostly_distinct:
        return f"holds {column.distinct:,} different texts, too many for classes"
    for text in (column.name, *column.texts[: LABELS * (column.values is None)]):
        if found := unwritable(quoted(text)):
            return f"holds {found}, which no spec may hold"
        if len(text) > limits.TEXT_LENGTH:
            return f"holds texts of more than {limits.TEXT_LENGTH} characters"
    return ""
