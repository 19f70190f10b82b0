"""What the cells of a column may be, and what becomes of them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nndsl.data.errors import CellErrors
from nndsl.data.marks import advice_on_marks
from nndsl.data.numbers import MISSING, is_number, swapped, to_number, to_numbers
from nndsl.diagnostics.suggest import suggest_of_data

Label = str | int | float
Values = Sequence[Any] | NDArray[np.float64]

LABEL = 1000
"""Characters that a label may have."""
_WRONG = object()
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,15})")


class Column(Protocol):
    """A kind of column.  A new kind is a class with these."""

    def read(self, cells: list[str]) -> Values:
        """One value for each cell; raises CellErrors for those that are wrong."""

    def is_missing(self, cell: str) -> bool:
        """Whether the value is not there."""

    @property
    def expected(self) -> str:
        """What a cell has to be, for messages: `a number`."""

    def advice_on(self, cell: str) -> str:
        """What to do about a cell that is wrong; empty where nothing comes to mind."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers between `low` and `high`, both included; None is no limit.

    `whole`: without fractions.  `missing`: a missing value is read as NaN.  `advice` is
    what to do about one where it is not.  `decimal` begins the fraction of a number.
    """

    low: float | None = None
    high: float | None = None
    whole: bool = False
    missing: bool = False
    advice: str = ""
    decimal: str = "."

    def read(self, cells: list[str]) -> Values:
        if self.decimal == ",":
            cells = swapped(cells)
        values = to_numbers(cells)
        if values is None and self.missing:
            values = self._with_missing(cells)
        if values is not None and not self.wrong(values).any():
            return values
        return read_each(cells, self._value)

    def wrong(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which of these numbers the column does not take."""
        wrong = np.isinf(values) if self.missing else ~np.isfinite(values)
        if self.low is not None:
            wrong |= values < self.low
        if self.high is not None:
            wrong |= values > self.high
        return wrong | (values != np.floor(values)) if self.whole else wrong

    def is_missing(self, cell: str) -> bool:
        return cell.strip() in MISSING

    @property
    def expected(self) -> str:
        if self.low is None and self.high is None:
            return "a number"
        if self.high is None:
            return f"a number from {self.low:g}"
        word = "or" if self.whole else "to"
        kind = "" if self.whole else "a number from "
        return f"{kind}{self.low:g} {word} {self.high:g}"

    def advice_on(self, cell: str) -> str:
        if self.is_missing(cell):
            return self.advice
        return advice_on_marks(cell.strip(), self.decimal)

    def _with_missing(self, cells: list[str]) -> NDArray[np.float64] | None:
        there = [cell.strip() not in MISSING for cell in cells]
        values = np.full(len(cells), np.nan)
        found = to_numbers(list(compress(cells, there)))
        if found is None:
            return None
        values[there] = found
        return values

    def _value(self, cell: str) -> float:
        if cell in MISSING:
            if self.missing:
                return float("nan")
            raise ValueError
        value = to_number(cell)
        if self.wrong(np.array([value]))[0]:
            raise ValueError
        return value


@dataclass(frozen=True, slots=True)
class Labels:
    """One of the declared `labels`, as they are written; any text where none are.

    Labels that are whole numbers are written plainly: `007` and `7.0` are not 7.
    """

    labels: tuple[Label, ...] = ()
    advice: str = ""

    def read(self, cells: list[str]) -> Values:
        return read_each(cells, self._label)

    def is_missing(self, cell: str) -> bool:
        return cell.strip() in MISSING and cell.strip() not in self.labels

    @property
    def expected(self) -> str:
        if not self.labels:
            return f"a label of at most {LABEL:,} characters"
        names = [str(label) for label in self.labels[:10]]
        return "one of " + " | ".join(names)[:200] + " | …" * (len(self.labels) > 10)

    def advice_on(self, cell: str) -> str:
        if self.is_missing(cell):
            return self.advice
        kinds = set(map(type, self.labels))
        if kinds == {int} and is_number(cell) and to_number(cell) in self.labels:
            return f"write {to_number(cell):.0f}"
        return meant(cell, [str(label) for label in self.labels])

    def _label(self, cell: str) -> Label:
        if self.is_missing(cell) or len(cell) > LABEL:
            raise ValueError
        if not self.labels:
            return cell
        kind = type(self.labels[0])
        label: Label | None = cell
        if kind is int:
            label = int(cell) if _INTEGER.fullmatch(cell) else None
        elif kind is float:
            label = to_number(cell)
        if label not in self.labels:
            raise ValueError
        return label


@dataclass(frozen=True, slots=True)
class Words:
    """Labels of an input, as text: one of `labels`, or any where it is `open`.

    `missing`: a missing label is read as "".  `advice` is what to do about one where it
    is not.
    """

    labels: tuple[str, ...] = ()
    open: bool = False
    missing: bool = False
    advice: str = ""

    def read(self, cells: list[str]) -> Values:
        return read_each(cells, self._word)

    def is_missing(self, cell: str) -> bool:
        return cell.strip() in MISSING and cell.strip() not in self.labels

    @property
    def expected(self) -> str:
        return Labels(() if self.open else self.labels).expected

    def advice_on(self, cell: str) -> str:
        if self.is_missing(cell):
            return self.advice
        if self.open:
            return ""
        plain = f"{to_number(cell):.15g}" if is_number(cell) else ""
        if plain in self.labels:
            return f"write {plain}"
        return meant(cell, self.labels)

    def _word(self, cell: str) -> str:
        if self.is_missing(cell):
            if self.missing:
                return ""
            raise ValueError
        if len(cell) > LABEL or not (self.open or cell in self.labels):
            raise ValueError
        return cell


def meant(cell: str, labels: Sequence[str]) -> str:
    """A question for the label that a cell probably is; empty where none is likely."""
    close = () if is_number(cell) else suggest_of_data(cell[:LABEL], labels)
    return f"is it {close[0]!r}?" if close else ""


def read_each(cells: list[str], value: Callable[[str], Any]) -> list[Any]:
    """The value of each cell; equal cells are looked at once."""
    known: dict[str, Any] = {}
    values, wrong = [], []
    for row, cell in enumerate(cells):
        if cell not in known:
            try:
                known[cell] = value(cell.strip())
            except ValueError:
                known[cell] = _WRONG
        values.append(known[cell])
        if known[cell] is _WRONG:
            wrong.append(row)
    if wrong:
        raise CellErrors(wrong)
    return values


def learned_labels(cells: Sequence[str]) -> NDArray[Any]:
    """Labels that no spec declares: whole numbers if all are such, else text."""
    if all(map(_INTEGER.fullmatch, set(cells))):
        return np.array([int(cell) for cell in cells])
    return np.array(cells)
