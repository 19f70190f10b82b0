"""Parquet and Feather files, through libraries that need not be installed."""

from collections.abc import Callable, Iterator
from typing import Any

from nndsl.data.dialect import Dialect
from nndsl.data.errors import DataError
from nndsl.data.libraries import cells_of, lacks, quiet, reading
from nndsl.data.source import VALUES, Block, Source, Wanted

_ROWS = 4096
_LONGEST = 1000
"""Characters that are kept of a text: more than any label has."""


def open_parquet(path: str, dialect: Dialect) -> Source:
    return _open_frame(path, "parquet")


def open_feather(path: str, dialect: Dialect) -> Source:
    return _open_frame(path, "ipc")


def _open_frame(path: str, kind: str) -> Source:
    """A table that polars or pyarrow, which pandas uses, reads; rows count from 1."""
    name = "Parquet" if kind == "parquet" else "Feather"
    for open_with in (_with_polars, _with_pyarrow):
        try:
            with reading(path, name):
                names, batches = open_with(path, kind)
        except ImportError:
            continue
        break
    else:
        raise lacks(path, "polars or pyarrow")

    def blocks(wanted: Wanted) -> Iterator[Block]:
        row = 1
        with reading(path, name):
            for columns in batches([names[i] for i in wanted.columns]):
                n = len(columns[0])
                cells = [
                    cells_of(column, i in wanted.numbers)
                    for i, column in zip(wanted.columns, columns, strict=True)
                ]
                yield Block(range(row, row + n), cells)
                row += n

    return Source(path, path, tuple(names), blocks, "row")


Batches = Callable[[list[str]], Iterator[list[list[Any]]]]


def _with_polars(path: str, kind: str) -> tuple[list[str], Batches]:
    import polars

    with open(path, "rb"):
        pass
    with quiet():
        frame = getattr(polars, f"scan_{kind}")(path)
        n_rows = frame.select(polars.len()).collect().item()
        every = frame.collect_schema().names()

    def batches(names: list[str]) -> Iterator[list[list[Any]]]:
        _check_size(path, n_rows, len(names))
        with quiet():
            read = frame.select(names).collect()
        for name, dtype in read.schema.items():
            _check_kind(path, name, dtype.is_nested() or dtype == polars.Binary, dtype)
        short = polars.col(polars.String).str.head(_LONGEST + 1)
        for start in range(0, n_rows, _ROWS):
            rows = read[start : start + _ROWS].with_columns(short)
            yield [rows[name].to_list() for name in names]

    return every, batches


def _with_pyarrow(path: str, kind: str) -> tuple[list[str], Batches]:
    from pyarrow import compute, dataset, types

    with open(path, "rb"):
        pass
    table = dataset.dataset(path, format=kind)

    def batches(names: list[str]) -> Iterator[list[list[Any]]]:
        _check_size(path, table.count_rows(), len(names))
        for name in names:
            kind = table.schema.field(name).type
            no_cell = types.is_nested(kind) or types.is_binary(kind)
            _check_kind(path, name, no_cell, kind)
        for batch in table.to_batches(columns=names, batch_size=_ROWS):
            batch.validate(full=True)
            yield [
                (
                    compute.utf8_slice_codeunits(column, 0, _LONGEST + 1)
                    if types.is_string(column.type)
                    or types.is_large_string(column.type)
                    else column
                ).to_pylist()
                for column in batch.columns
            ]

    return table.schema.names, batches


def _check_size(path: str, n_rows: int, n_columns: int) -> None:
    if n_rows * n_columns > VALUES:
        raise DataError(f"{path}: holds more than {VALUES:,} numbers")


def _check_kind(path: str, name: str, wrong: bool, kind: object) -> None:
    if wrong:
        raise DataError(
            f"{path}, column {name}: expected numbers or text, found {kind}"[:300]
        )
