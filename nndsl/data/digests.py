"""Rows as 8 bytes each, to know them again without keeping them."""

import hashlib
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nndsl.data.frame import Frame

Digests = NDArray[np.uint64]

KEPT = 1 << 20
"""At most so many digests go into a model file: 8 MiB."""
_SHIFTS = (30, 27, 31)
_FACTORS = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0x9E3779B97F4A7C15)
"""The mixing steps of SplitMix64 (Steele, Lea and Flood, 2014)."""


def row_digests(*parts: NDArray[Any] | Frame | None) -> Digests:
    """A digest of each row of arrays side by side; equal rows have equal ones.

    Two different rows have the same one by chance in 1 of 10^19 cases.
    """
    columns = [column for part in parts for column in _columns(part)]
    digests = np.full(len(columns[0]), _FACTORS[2], np.uint64)
    for column in columns:
        digests ^= _bits(column)
        for shift, factor in zip(_SHIFTS, _FACTORS, strict=True):
            digests ^= digests >> np.uint64(shift)
            digests *= np.uint64(factor)
    return digests


def kept_digests(digests: Digests) -> Digests:
    """Those that a model file keeps: all, or of many the smallest."""
    return digests if len(digests) <= KEPT else np.partition(digests, KEPT)[:KEPT]


def count_known(digests: Digests, kept: Digests) -> tuple[int, bool]:
    """How many of the rows are among those `kept`; whether there may be more.

    Where not all could be kept, a row above the largest is not counted.
    """
    return int(np.isin(digests, kept).sum()), len(kept) >= KEPT


def digest_of_all(digests: Digests) -> str:
    """One digest of rows in their order."""
    return hashlib.sha256(digests.astype("<u8").tobytes()).hexdigest()


def _columns(part: NDArray[Any] | Frame | None) -> Iterable[NDArray[Any]]:
    if part is None:
        return ()
    if isinstance(part, Frame):
        return part.arrays.values()
    return part.reshape(len(part), -1).T


def _bits(column: NDArray[Any]) -> Digests:
    if column.dtype.kind in "biuf":
        numbers = column.astype(np.float64) + 0.0  # -0.0 becomes 0.0
        numbers[np.isnan(numbers)] = np.nan
        return numbers.view(np.uint64)
    words, places = np.unique(column.astype(str), return_inverse=True)
    hashes = [hashlib.blake2b(word.encode(), digest_size=8).digest() for word in words]
    return np.frombuffer(b"".join(hashes), "<u8").astype(np.uint64)[places.ravel()]
