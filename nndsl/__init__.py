"""Describe a neural network in a few lines; get readable NumPy that trains it."""

from nndsl.api import compile_text, load, read_table
from nndsl.data.errors import DataError
from nndsl.diagnostics.error import SpecError
from nndsl.version import __version__

__all__ = [
    "DataError",
    "SpecError",
    "__version__",
    "compile_text",
    "load",
    "read_table",
]
