"""What is the same for all libraries that read tables."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from nndsl.data.errors import DataError, reason
from nndsl.data.source import Cells, text_of

_OF_PYTHON = (KeyboardInterrupt, SystemExit, GeneratorExit)


def cells_of(values: list[Any], number: bool) -> Cells:
    """A column: float64 where numbers are hoped for and nothing else is there."""
    if number and set(map(type, values)) <= {int, float, type(None)}:
        try:
            return np.array(values, dtype=np.float64)
        except OverflowError:
            pass
    return list(map(text_of, values))


@contextmanager
def reading(path: str, kind: str) -> Iterator[None]:
    """Say of a file that a library cannot read that it is damaged, in one line."""
    try:
        yield
    except (DataError, ImportError, *_OF_PYTHON):
        raise
    except IsADirectoryError:
        raise DataError(f"{path}: is a folder, not a table") from None
    except FileNotFoundError as error:
        raise DataError(f"{path}: {reason(error)}") from None
    except Exception as error:  # each library has its own
        words = " ".join(str(error).split())[:150]
        raise DataError(f"{path}: is no {kind} file, or damaged: {words}") from None
    except BaseException:  # a panic of polars
        raise DataError(f"{path}: is no {kind} file, or damaged") from None


@contextmanager
def quiet() -> Iterator[None]:
    """Nothing on standard error, where a library of Rust prints each panic's stack."""
    saved, null = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(null)


def lacks(path: str, libraries: str) -> DataError:
    return DataError(
        f"{path}: reading it needs {libraries}; pip install 'nndsl[tables]', or save "
        "the table as CSV"
    )
