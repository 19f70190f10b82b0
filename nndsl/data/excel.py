"""Excel files, through openpyxl, which need not be installed."""

import zipfile
from collections.abc import Iterable, Iterator
from itertools import islice

from nndsl.data.dialect import Dialect
from nndsl.data.errors import DataError, shown
from nndsl.data.libraries import cells_of, lacks, reading
from nndsl.data.source import Block, Source, Wanted, text_of

EXCEL_BYTES = 1 << 29
"""What an Excel file may unpack to: 512 MiB."""
_ROWS = 4096


def open_excel(path: str, dialect: Dialect) -> Source:
    """A sheet of an .xlsx file; formulas count as they were last computed."""
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
        sheets = {sheet.title: sheet for sheet in book.worksheets}
        name = next(iter(sheets)) if dialect.sheet is None else dialect.sheet
        if name not in sheets:
            raise DataError(
                f"{path}: has no sheet {shown(name)}; there are {_list(sheets)}"
            )
        rows = enumerate(sheets[name].iter_rows(values_only=True), 1)
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

    others = [each for each in sheets if each != name]
    hint = (
        f"this is the sheet {shown(name)}; --sheet NAME reads another: {_list(others)}"
    )
    where = f"{path}, row {first}"
    return Source(path, where, tuple(names), blocks, "row", hint=hint * bool(others))


def _list(sheets: Iterable[str]) -> str:
    return ", ".join(shown(name) for name in islice(sheets, 10))


def _is_there(value: object) -> bool:
    return value is not None
