"""Arrays as a page keeps them: each once, large ones cut; and what they are called."""

import base64
import weakref
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Arrays:
    """Keeps the first `corner` rows and columns of arrays as numbers of 32 bits.

    `shapes` holds, for every array, its rows, its columns (0 for a vector) and where
    its numbers begin.
    """

    def __init__(self, corner: int) -> None:
        self.corner = corner
        self.shapes: list[tuple[int, int, int]] = []
        self.count = 0
        self.cut = False
        self._known: dict[tuple[tuple[int, ...], bytes], int] = {}
        self._numbers: list[bytes] = []

    def add(self, array: Array) -> int:
        """Keep an array; its place in `shapes`."""
        part = array[tuple(slice(self.corner) for _ in array.shape)]
        self.cut |= part.size < array.size
        with np.errstate(over="ignore"):
            numbers = np.ascontiguousarray(part, "<f4")
        key = array.shape, numbers.tobytes()
        if key not in self._known:
            self._known[key] = len(self.shapes)
            rows, columns = (*array.shape, 0)[:2]
            self.shapes.append((rows, columns, self.count))
            self._numbers.append(key[1])
            self.count += numbers.size
        return self._known[key]

    @property
    def text(self) -> str:
        """All numbers, one after the other, as text."""
        return base64.b64encode(b"".join(self._numbers)).decode()


class Names:
    """What arrays were called first, while they exist."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[weakref.ref[Array], str]] = {}

    def learn(self, value: object, name: str) -> None:
        """From now on `value`, if it is an array without a name, is called so."""
        if isinstance(value, np.ndarray) and not self._name(value):
            self._known[id(value)] = weakref.ref(value), name

    def of(self, array: Array, here: str) -> str:
        """What an array is called where it does not go by its name `here`."""
        name = self._name(array)
        return "" if name == here else name

    def _name(self, array: Array) -> str:
        kept, name = self._known.get(id(array), (None, ""))
        return name if kept is not None and kept() is array else ""
