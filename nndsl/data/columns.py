"""What the cells of a column may be, and what becomes of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nndsl.data.errors import shown
from nndsl.data.numbers import MISSING, is_number, to_number, to_numbers

Label = str | int | float
Values = Sequence[Any] | NDArray[np.float64]

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,15})")


class CellError(ValueError):
    """A cell that its column does not take: `row` within the cells that were given."""

    def __init__(self, row: int, message: str) -> None:
        super().__init__(message)
        self.row = row


class Column(Protocol):
    """A kind of column.  A new kind is a class with these two methods."""

    def read(self, cells: list[str]) -> Values:
        """One value for each cell; raises CellError for the first that is wrong."""

    def is_missing(self, cell: str) -> bool:
        """Whether the value is not there."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers between `low` and `high`, both included; None is no limit.

    `whole`: without fractions.  `missing`: a missing value is read as NaN.  `advice` is
    what to do about one where it is not.
    """

    low: float | None = None
    high: float | None = None
    whole: bool = False
    missing: bool = False
    advice: str = ""

    def read(self, cells: list[str]) -> Values:
        values = to_numbers(cells)
        if values is not None and self._are_within(values):
            return values
        return [self._value(row, cell.strip()) for row, cell in enumerate(cells)]

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

    def _are_within(self, values: NDArray[np.float64]) -> bool:
        if self.low is not None and values.min() < self.low:
            return False
        if self.high is not None and values.max() > self.high:
            return False
        return not self.whole or bool((values == np.floor(values)).all())

    def _value(self, row: int, cell: str) -> float:
        if cell in MISSING:
            if self.missing:
                return float("nan")
            raise CellError(row, f"expected {self.expected}{_found(cell, self.advice)}")
        try:
            value = to_number(cell)
        except ValueError:
            comma = is_number(cell.replace(",", ".", 1))
            advice = "write a decimal point, not a comma" if comma else ""
            message = f"expected {self.expected}{_found(cell, advice)}"
            raise CellError(row, message) from None
        if not self._are_within(np.array([value])):
            raise CellError(row, f"expected {self.expected}{_found(cell)}")
        return value


@dataclass(frozen=True, slots=True)
class Labels:
    """One of the declared `labels`, as they are written; any text where none are.

    Labels that are whole numbers are written plainly: `007` and `7.0` are not 7.
    """

    labels: tuple[Label, ...] = ()
    advice: str = ""

    def read(self, cells: list[str]) -> Values:
        return [self._label(row, cell.strip()) for row, cell in enumerate(cells)]

    def is_missing(self, cell: str) -> bool:
        return cell.strip() in MISSING and cell.strip() not in self.labels

    @property
    def expected(self) -> str:
        if not self.labels:
            return "a label"
        names = [str(label) for label in self.labels[:10]]
        return "one of " + " | ".join(names)[:200] + " | …" * (len(self.labels) > 10)

    def _label(self, row: int, cell: str) -> Label:
        if self.is_missing(cell):
            raise CellError(row, f"expected {self.expected}{_found(cell, self.advice)}")
        if not self.labels:
            return cell
        kind = type(self.labels[0])
        label: Label | None = cell
        if kind is int:
            label = int(cell) if _INTEGER.fullmatch(cell) else None
        elif kind is float:
            label = to_number(cell) if is_number(cell) else None
        if label in self.labels:
            return label
        plainly = kind is int and is_number(cell) and to_number(cell) in self.labels
        advice = f"write {to_number(cell):.0f}" if plainly else ""
        raise CellError(row, f"expected {self.expected}{_found(cell, advice)}")


def _found(cell: str, advice: str = "") -> str:
    return f", found {shown(cell)}{'; ' if advice else ''}{advice}"


def learned_labels(cells: Sequence[str]) -> NDArray[Any]:
    """Labels that no spec declares: whole numbers if all are such, else text."""
    if all(map(_INTEGER.fullmatch, set(cells))):
        return np.array([int(cell) for cell in cells])
    return np.array(cells)
