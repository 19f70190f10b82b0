"""A table as it is read: the names of its columns, then blocks of rows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

VALUES = 10**8
"""The most cells that are read of one table."""
Cells: TypeAlias = list[str] | NDArray[np.float64]
"""The cells of a column as text, or the numbers that they are."""


@dataclass(frozen=True, slots=True)
class Block:
    """Rows after one another: their `lines` in the file, and the wanted `columns`.

    `mistakes` are rows that are none, each with its line.
    """

    lines: Sequence[int]
    columns: list[Cells]
    mistakes: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The indices of the columns that are read, and of those that should be numbers."""

    columns: Sequence[int]
    numbers: frozenset[int]
    decimal: str = "."


@dataclass(frozen=True, slots=True)
class Source:
    """A table whose header is read; `blocks` reads what is wanted of its rows, once.

    `where` is the header's position, `unit` what the file counts.  `sample` are the
    first rows of a text, whose decimal mark is not known before.  `hint` is what else
    may be wrong where the columns are not as expected.
    """

    path: str
    where: str
    names: tuple[str, ...]
    blocks: Callable[[Wanted], Iterator[Block]]
    unit: str = "line"
    separator: str = ","
    sample: str = ""
    hint: str = ""


def text_of(value: Any) -> str:
    """A cell as CSV would hold it."""
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e16:
        return str(int(value))
    text = str(value)
    return "" if text in ("NaT", "<NA>") else text


def texts(cells: Cells) -> list[str]:
    """The cells as text; 1.0 is written as 1, and NaN is missing."""
    return cells if isinstance(cells, list) else list(map(text_of, cells.tolist()))
