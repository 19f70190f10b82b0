"""NumPy's files as tables: `.npz` with X and y, `.npy` with the target last."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nndsl.data.archive import read_archive, read_array
from nndsl.data.errors import DataError
from nndsl.data.schema import Schema
from nndsl.data.source import Block, Cells, Source, Wanted, text_of

_ROWS = 1 << 16


def open_arrays(path: str, schema: Schema) -> Source:
    """The columns of arrays; they are the spec's, in its order, as they have no names.

    Without y the last columns are the targets, where these are asked for or the array
    has more columns than there are features.
    """
    x, y = _arrays(path)
    expected, n_targets = len(schema.features) or schema.n_features, schema.n_targets
    if y is None and not schema.reads_target and x.shape[1] == expected:
        n_targets = 0
    if y is None:
        x, y = np.split(x, [max(0, x.shape[1] - n_targets)], axis=1)
    elif n_targets == 0:
        y = x[:, :0]
    if x.shape[1] != (expected or x.shape[1]) or y.shape[1] != n_targets:
        raise DataError(
            f"{path}: columns of X and y: expected {expected or 'some'} and "
            f"{n_targets}, found {x.shape[1]} and {y.shape[1]}"
        )
    names = (*_names(schema.features, "x", x), *_names(schema.targets, "y", y))
    columns = [*x.T, *y.T]

    def blocks(wanted: Wanted) -> Iterator[Block]:
        for start in range(0, len(x), _ROWS):
            rows = slice(start, start + _ROWS)
            cells = [
                _cells(columns[i][rows], i in wanted.numbers) for i in wanted.columns
            ]
            yield Block(range(start, min(start + _ROWS, len(x))), cells)

    return Source(path, path, names, blocks, "row")


def _names(known: tuple[str, ...], letter: str, array: NDArray[Any]) -> Sequence[str]:
    return known or [f"{letter}{i}" for i in range(1, array.shape[1] + 1)]


def _arrays(path: str) -> tuple[NDArray[Any], NDArray[Any] | None]:
    """X (n, columns), and y (n, columns) if the file has one."""
    if not path.lower().endswith(".npz"):
        return _matrix(path, read_array(path)), None
    archive = read_archive(path, lambda name: name in ("X", "x", "y"))
    if "network" in archive.shapes:
        raise DataError(f"{path}: is a model file, not a table")
    x = archive.arrays.get("X", archive.arrays.get("x"))
    if x is None:
        found = ", ".join(archive.shapes)[:200]
        raise DataError(f"{path}: expected arrays X and y, found {found or 'none'}")
    y = archive.arrays.get("y")
    if y is None:
        return _matrix(path, x), None
    if x.shape[:1] != y.shape[:1]:
        raise DataError(
            f"{path}: expected as many rows in y as in X, found {x.shape} and {y.shape}"
        )
    return _matrix(path, x), _matrix(path, y)


def _matrix(path: str, array: NDArray[Any]) -> NDArray[Any]:
    if array.ndim not in (1, 2):
        raise DataError(f"{path}: expected rows and columns, found {array.shape}")
    return array[:, None] if array.ndim == 1 else array


def _cells(values: NDArray[Any], number: bool) -> Cells:
    if number and values.dtype.kind in "fiu":
        return values.astype(np.float64)
    return list(map(text_of, values.tolist()))
