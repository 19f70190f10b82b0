"""What is the same for all libraries that read tables."""

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
    except (DataError, ImportError, MemoryError, *_OF_PYTHON):
        raise
    except IsADirectoryError:
        raise DataError(f"{path}: is a folder, not a table") from None
    except FileNotFoundError as error:
        raise DataError(f"{path}: {reason(error)}") from None
    except BaseException as error:  # each library has its own, polars panics
        words = " ".join(str(error).split())[:200]
        raise DataError(f"{path}: is no {kind} file, or damaged: {words}") from None


def lacks(path: str, libraries: str) -> DataError:
    return DataError(
        f"{path}: reading it takes {libraries}; pip install 'nndsl[tables]', or save "
        "the table as CSV"
    )
