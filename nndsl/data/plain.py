"""A table as text, for those who do not know yet what its columns are."""

from collections.abc import Iterator

from nndsl.data.columns import Numbers
from nndsl.data.dialect import Dialect
from nndsl.data.errors import explained
from nndsl.data.formats import open_table
from nndsl.data.mistakes import Mistakes
from nndsl.data.numbers import SWAPPED, is_number
from nndsl.data.schema import check_header
from nndsl.data.separator import find_decimal
from nndsl.data.source import Source, Wanted, texts


def open_plain(
    path: str, dialect: Dialect
) -> tuple[Source, Iterator[tuple[list[str], ...]]]:
    """A table, and its rows, block for block: the cells of every column.

    They have no spaces around them and are empty where the value is missing; numbers
    have decimal points.  Raises DataError for a file that is no table of named columns
    and, at its end, for rows that are not of one length.
    """
    source = open_table(path, dialect)
    with explained(source.hint):
        check_header(source.where, source.names)
    return source, _blocks(source, dialect)


def _blocks(source: Source, dialect: Dialect) -> Iterator[tuple[list[str], ...]]:
    path, indices = source.path, range(len(source.names))
    decimal = dialect.decimal or find_decimal(
        path, source.sample, source.separator, indices
    )
    mistakes, is_missing = Mistakes(), Numbers().is_missing

    def plain(cell: str) -> str:
        cell = cell.strip()
        if cell in dialect.missing or is_missing(cell):
            return ""
        number = cell.translate(SWAPPED)
        return number if decimal == "," and is_number(number) else cell

    for block in source.blocks(Wanted(indices, frozenset(), decimal)):
        mistakes.add([f"{path}, {source.unit} {n}: {m}" for n, m in block.mistakes])
        yield tuple(list(map(plain, texts(cells))) for cells in block.columns)
    mistakes.check()
