"""What stands in a column: numbers, labels, dates, text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from nndsl.data.numbers import is_number, to_numbers

LABELS = 100
"""The most labels that a column of labels may have."""
_CODE = re.compile(r"[+-]?0[0-9]")
"""`007` is no number."""
_DATE = re.compile(
    r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})([ T]\d.*)?"
    r"|\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?"
)


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column: `texts` are its distinct cells, as they first appear, without missing.

    `codes` has the place of each row's text in `texts`, -1 where it is missing, and
    `counts` says how often each text occurs.  `values`, NaN where missing, is None
    unless all texts are numbers.  These may be some rows of a table: `lacks` says
    whether a value is missing in any row of it, `has_more` whether others hold texts
    that these do not.
    """

    name: str
    codes: NDArray[np.int64]
    texts: tuple[str, ...]
    counts: NDArray[np.int64]
    values: NDArray[np.float64] | None
    lacks: bool = False
    has_more: bool = False

    @property
    def n_missing(self) -> int:
        return len(self.codes) - int(self.counts.sum())

    @property
    def distinct(self) -> int:
        return len(self.texts)

    @property
    def is_whole(self) -> bool:
        """Whether all texts are whole numbers."""
        return self.values is not None and bool(
            (self.present == np.floor(self.present)).all()
        )

    @property
    def is_switch(self) -> bool:
        """Whether all texts are 0 or 1."""
        return self.values is not None and set(self.present.tolist()) == {0.0, 1.0}

    @property
    def is_date(self) -> bool:
        return all(map(_DATE.fullmatch, self.texts))

    @property
    def is_mostly_distinct(self) -> bool:
        return self.distinct > LABELS or 2 * self.distinct > self.counts.sum()

    @property
    def present(self) -> NDArray[np.float64]:
        """The numbers that are there, in the table's order."""
        assert self.values is not None
        return self.values[self.codes >= 0]

    @property
    def odd(self) -> tuple[str, ...]:
        """The few texts among many numbers."""
        if self.values is not None or self.distinct < 10:
            return ()
        odd = tuple(text for text in self.texts if not is_number(text))
        return odd if len(odd) * 5 <= self.distinct else ()


def column_of(name: str, codes: NDArray[np.int32], texts: Sequence[str]) -> Column:
    """The column whose cells are `texts[codes]`; the empty text is a missing value."""
    present = [text != "" for text in texts]
    places = np.where(present, np.cumsum(present) - 1, -1)
    there = tuple(compress(texts, present))
    coded = places[codes]
    numbers = to_numbers([*there]) if there else None
    values = None
    if numbers is not None and not any(map(_CODE.match, there)):
        values = np.append(numbers, np.nan)[coded]
    counts = np.bincount(coded[coded >= 0], minlength=len(there))
    return Column(name, coded, there, counts, values, lacks=bool((coded < 0).any()))


def in_rows(column: Column, rows: NDArray[np.bool_]) -> Column:
    """The column in these rows alone."""
    codes = column.codes[rows]
    counts = np.bincount(codes[codes >= 0], minlength=column.distinct)
    places = np.append(np.where(counts > 0, np.cumsum(counts > 0) - 1, -1), -1)
    values = None if column.values is None else column.values[rows]
    texts = tuple(compress(column.texts, counts > 0))
    return replace(
        column,
        codes=places[codes],
        texts=texts,
        counts=counts[counts > 0],
        values=values,
        has_more=column.has_more or len(texts) < column.distinct,
    )
