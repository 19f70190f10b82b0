"""A table in memory whose columns are of several kinds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

Rows = slice | NDArray[Any]


@dataclass(frozen=True, slots=True)
class Frame:
    """Columns by name: float64 numbers, or labels as objects, "" where one is missing.

    Modules read it as they read a frame of pandas; `frame[rows]` are some of its rows.
    """

    arrays: Mapping[str, NDArray[Any]]

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.arrays)

    @property
    def shape(self) -> tuple[int, int]:
        return len(self), len(self.arrays)

    def __len__(self) -> int:
        return len(next(iter(self.arrays.values())))

    @overload
    def __getitem__(self, key: str) -> NDArray[Any]: ...

    @overload
    def __getitem__(self, key: Rows) -> "Frame": ...

    def __getitem__(self, key: str | Rows) -> "NDArray[Any] | Frame":
        if isinstance(key, str):
            return self.arrays[key]
        return Frame({name: array[key] for name, array in self.arrays.items()})


def objects(values: list[str]) -> NDArray[np.object_]:
    """Texts as an array that keeps them as they are, equal ones once in memory."""
    array = np.empty(len(values), object)
    array[:] = values
    return array
