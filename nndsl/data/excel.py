"""Excel files, through openpyxl, which need not be installed."""

import zipfile
from collections.abc import Iterator
from itertools import islice

from nndsl.data.dialect import Dialect
from nndsl.data.errors import DataError
from nndsl.data.libraries import cells_of, lacks, reading
from nndsl.data.source import Block, Source, Wanted, text_of

EXCEL_BYTES = 1 << 29
"""What an Excel file may unpack to: 512 MiB."""
_ROWS = 4096


def open_excel(path: str, dialect: Dialect) -> Source:
    """The first sheet of an .xlsx file; formulas count as they were last computed."""
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise lacks(path, "openpyxl") from None
    with reading(path, "Excel"):
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
        if size > EXCEL_BYTES:
            raise DataError(
                f"{path}: unpacks to more than {EXCEL_BYTES >> 20} MiB; save it as CSV"
            )
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        rows = enumerate(book.worksheets[0].iter_rows(values_only=True), 1)
        first, header = next(rows, (1, ()))
    names = [text_of(value).strip() for value in header]
    while names and not names[-1]:
        names.pop()

    def blocks(wanted: Wanted) -> Iterator[Block]:
        filled = ((row, cells) for row, cells in rows if any(map(_is_there, cells)))
        with reading(path, "Excel"):
            while block := list(islice(filled, _ROWS)):
                columns = [
                    cells_of([c[i] if i < len(c) else None for _, c in block], number)
                    for i, number in ((i, i in wanted.numbers) for i in wanted.columns)
                ]
                yield Block([row for row, _ in block], columns)

    return Source(path, f"{path}, row {first}", tuple(names), blocks, "row")


def _is_there(value: object) -> bool:
    return value is not None
