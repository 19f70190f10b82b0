"""Arrays of HDF5 files that strangers may have made."""

from __future__ import annotations

import io
from types import TracebackType
from typing import Any, Self

import h5py
import numpy as np

from nndsl.data.errors import DataError
from nndsl.importing.layers import Array

_MOST = 100
"""Arrays of a layer."""


class Arrays:
    """The arrays of a file in memory; nothing outside of it is opened.

    Links, and arrays that are kept elsewhere or say that they are larger than the file,
    raise DataError.
    """

    def __init__(self, path: str, content: bytes) -> None:
        self.path, self.size = path, len(content)
        try:
            self._file: Any = h5py.File(io.BytesIO(content), "r")
        except (OSError, ValueError):
            raise DataError(
                f"{path}: its weights are no HDF5 file, or damaged"
            ) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def of(self, group: str) -> list[Array]:
        """The arrays `0`, `1`, … of a group; none if it is not there."""
        try:
            node = self._group(group)
            if node is None:
                return []
            count = min(len(node), _MOST)
            return [self._array(node, str(place)) for place in range(count)]
        except DataError:
            raise
        except (OSError, ValueError, RuntimeError, KeyError, TypeError):
            raise DataError(
                f"{self.path}: its weights are damaged at {group}"
            ) from None

    def _group(self, path: str) -> Any:
        node = self._file
        for name in path.split("/"):
            if self._link(node, name) is None:
                return None
            node = node[name]
            if not isinstance(node, h5py.Group):
                raise ValueError(name)
        return node

    def _link(self, node: Any, name: str) -> Any:
        link = node.get(name, getlink=True)
        if link is not None and not isinstance(link, h5py.HardLink):
            raise DataError(f"{self.path}: its weights are a link to elsewhere")
        return link

    def _array(self, group: Any, name: str) -> Array:
        self._link(group, name)
        data = group[name]
        if not isinstance(data, h5py.Dataset) or data.dtype.kind not in "fiu":
            raise ValueError(name)
        if data.external or data.is_virtual or data.nbytes > self.size:
            raise DataError(f"{self.path}: its weights are not in the file itself")
        array = np.asarray(data[()])
        return array.astype(np.float64 if array.dtype == np.float64 else np.float32)
