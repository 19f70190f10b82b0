"""Which reader a file's name asks for."""

from collections.abc import Callable
from pathlib import PurePath

from nndsl.data.csv_rows import open_csv
from nndsl.data.dialect import Dialect
from nndsl.data.errors import DataError
from nndsl.data.excel import open_excel
from nndsl.data.frames import open_feather, open_parquet
from nndsl.data.json_lines import open_json_lines
from nndsl.data.source import Source

READERS: dict[str, Callable[[str, Dialect], Source]] = {
    ".parquet": open_parquet,
    ".pq": open_parquet,
    ".feather": open_feather,
    ".arrow": open_feather,
    ".xlsx": open_excel,
    ".jsonl": open_json_lines,
    ".ndjson": open_json_lines,
}
"""All other files are text, comma-separated or so."""
NUMPY = (".npy", ".npz")
_OPTIONS: dict[str, tuple[str, ...]] = {
    ".xlsx": ("sheet",),
    ".jsonl": ("encoding",),
    ".ndjson": ("encoding",),
}
_ADVICE = {
    ".npy": "its columns have no names; save it as CSV",
    ".npz": "its columns have no names; save it as CSV",
    ".json": "write an object on each line, and name the file .jsonl",
    ".xls": "save it as .xlsx or CSV",
    ".ods": "save it as .xlsx or CSV",
    ".pkl": "a pickle can run code when it is read; save it as Parquet or CSV",
    ".pickle": "a pickle can run code when it is read; save it as Parquet or CSV",
}


def open_table(path: str, dialect: Dialect) -> Source:
    """A table with named columns: any but NumPy's arrays.  Raises DataError."""
    suffix = suffix_of(path)
    if suffix in _ADVICE:
        raise DataError(f"{path}: {suffix} files are not read here; {_ADVICE[suffix]}")
    return READERS.get(suffix, open_csv)(path, dialect)


def check_dialect(path: str, dialect: Dialect) -> None:
    """Raise ValueError for what says nothing of a file of this format."""
    suffix = suffix_of(path)
    fitting: tuple[str, ...] = ("separator", "encoding")
    if suffix in READERS or suffix in NUMPY:
        fitting = _OPTIONS.get(suffix, ())
    for name in ("separator", "encoding", "sheet"):
        if getattr(dialect, name) is not None and name not in fitting:
            raise ValueError(f"{name} has no meaning for {path}; leave it out")


def suffix_of(path: str) -> str:
    """The end of a file's name that says what it holds; `.gz` does not count."""
    return PurePath(path.lower().removesuffix(".gz")).suffix
