"""Reading .npz and .npy files that strangers may have made.

NumPy's own files hold uncompressed members, and this takes no others: what a file says
of its size can then be held against the bytes that are there, before anything is read.
"""

import re
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import IO, Any, Literal

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from nndsl.data.errors import DataError, reason

MEMBERS = 100_000
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*(/[A-Za-z][A-Za-z0-9_]*)?\.npy")
_KINDS = "fiubU"
"""Numbers, switches and text; nothing that Python would have to run."""


@dataclass(frozen=True, slots=True)
class Archive:
    """The shape of every array of a file, and those arrays that were asked for."""

    shapes: dict[str, tuple[int, ...]]
    arrays: dict[str, NDArray[Any]]


def read_archive(path: str, wanted: Callable[[str], bool]) -> Archive:
    """What a .npz file holds; only the arrays whose names are `wanted` are read.

    Raises DataError for a file that is none, is damaged, or tries something.
    """
    try:
        with open(path, "rb") as file:
            file.seek(0, 2)
            return _read(path, file, file.tell(), wanted)
    except IsADirectoryError:
        raise DataError(f"{path}: is a folder, not a model file") from None
    except OSError as error:
        raise DataError(f"{path}: {reason(error)}") from None


def _read(
    path: str, file: IO[bytes], size: int, wanted: Callable[[str], bool]
) -> Archive:
    found = Archive({}, {})
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _check(path, members, size)
            for member in members:
                name = member.filename.removesuffix(".npy")
                with archive.open(member) as stream:
                    header = _header(path, member.filename, member.file_size, stream)
                    found.shapes[name] = header[1]
                    if wanted(name):
                        found.arrays[name] = _array(path, name, stream, *header)
    except DataError:
        raise
    except (zipfile.BadZipFile, EOFError, RuntimeError, ValueError):
        raise DataError(f"{path}: is not a NumPy file, or is damaged") from None
    return found


def _check(path: str, members: list[zipfile.ZipInfo], size: int) -> None:
    if len(members) > MEMBERS:
        raise DataError(f"{path}: holds {len(members):,} arrays; expected fewer")
    names: set[str] = set()
    total = 0
    for member in members:
        name, total = member.filename, total + member.file_size
        if len(name) > 200 or not _NAME.fullmatch(name) or name in names:
            raise DataError(f"{path}: holds {name[:60]!r}; expected arrays, each once")
        if member.compress_type or member.compress_size != member.file_size:
            raise DataError(f"{path}: {name} is compressed; expected arrays as saved")
        names.add(name)
    if total > size:
        raise DataError(f"{path}: its arrays overlap; it is damaged")


def read_array(path: str) -> NDArray[Any]:
    """The array of a .npy file.  Raises DataError as `read_archive` does."""
    try:
        with open(path, "rb") as file:
            size = file.seek(0, 2)
            file.seek(0)
            return _array(path, path, file, *_header(path, "the file", size, file))
    except IsADirectoryError:
        raise DataError(f"{path}: is a folder, not an array") from None
    except OSError as error:
        raise DataError(f"{path}: {reason(error)}") from None


_Header = tuple[np.dtype[Any], tuple[int, ...], Literal["C", "F"]]


def _array(
    path: str,
    name: str,
    stream: IO[bytes],
    dtype: np.dtype[Any],
    shape: tuple[int, ...],
    order: Literal["C", "F"],
) -> NDArray[Any]:
    """The numbers or the text behind a header, in this machine's byte order."""
    array = np.frombuffer(stream.read(), dtype).reshape(shape, order=order)
    array = array.astype(dtype.newbyteorder("="))
    _check_text(path, name, array)
    return array


def _header(path: str, name: str, size: int, stream: IO[bytes]) -> _Header:
    """What an array of `size` bytes holds; that has to fit the bytes that follow."""
    try:
        version = npy.read_magic(stream)
        read = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
        shape, in_columns, dtype = read[version](stream)
    except Exception:  # NumPy parses it as Python, and fails in many ways
        raise DataError(f"{path}: {name} is not an array") from None
    if dtype.kind not in _KINDS or dtype.hasobject:
        raise DataError(
            f"{path}: {name} holds {str(dtype)[:60]}; expected numbers or text"
        )
    if (
        any(n < 0 for n in shape)
        or prod(shape) * dtype.itemsize != size - stream.tell()
    ):
        raise DataError(f"{path}: {name} is not as long as it says")
    return dtype, shape, "F" if in_columns else "C"


def _check_text(path: str, name: str, array: NDArray[Any]) -> None:
    """Raise DataError for text with numbers that no character has."""
    if array.dtype.kind != "U" or array.nbytes == 0:
        return
    if array.ravel("K").view(np.uint32).max() > sys.maxunicode:
        raise DataError(f"{path}: {name} is not text")
