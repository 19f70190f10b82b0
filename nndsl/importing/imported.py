"""A trained network of another library, ready to be written as a spec and a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from nndsl.data.errors import DataError
from nndsl.importing.layers import Array, Dense, Layer


@dataclass(frozen=True, slots=True)
class NumberColumn:
    """`(value - start) / spread`, `fill` where it is missing; None is an error."""

    start: float = 0.0
    spread: float = 1.0
    scale: Literal["none", "standard", "minmax", "robust"] = "none"
    fill: float | None = None
    missing: Literal["error", "mean", "median"] = "error"


@dataclass(frozen=True, slots=True)
class WordColumn:
    """`cells` are the values that the source knows the labels by.

    `other`: whether a label that is not listed is none of them.  `fill`: the label that
    stands for a missing one.
    """

    labels: tuple[str, ...]
    cells: tuple[Any, ...]
    other: bool = False
    fill: str | None = None


Column = NumberColumn | WordColumn
Answers = Callable[[Sequence[Array]], Array]
"""What the source says of columns of cells: a row of outputs for each row."""


@dataclass(frozen=True, slots=True, eq=False)
class Imported:
    """`names` of the columns, () for none; `classes` of an answer, None for numbers.

    The first layer reads the columns in their order, those of words one-hot with every
    label.  `target` is what the output is multiplied with, and what is added then.
    `targets` are the names of what it predicts, () for none.
    `answers` is None where the source cannot be run; `unable` then says why.
    """

    source: str
    columns: tuple[Column, ...]
    layers: tuple[Layer, ...]
    names: tuple[str, ...] = ()
    classes: Array | None = None
    target: tuple[Array, Array] | None = None
    targets: tuple[str, ...] = ()
    precision: Literal["float32", "float64"] = "float32"
    answers: Answers | None = None
    unable: str = ""

    @property
    def n_targets(self) -> int:
        """How many columns a table has for the answer: one for classes."""
        if self.classes is not None:
            return 1
        dense = [each for each in self.layers if isinstance(each, Dense)]
        return len(dense[-1].biases)

    @property
    def has_words(self) -> bool:
        return any(isinstance(column, WordColumn) for column in self.columns)


class InexpressibleError(DataError):
    """What the language has no words for."""
