"""`formatted`: the text of a spec in its one form."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from nndsl.diagnostics.record import Source
from nndsl.fmt.proof import refuse_change
from nndsl.fmt.rows import Row, rows_of
from nndsl.fmt.words import read_words
from nndsl.syntax.parse import parse

_BEFORE_COMMENTS = 4


def formatted(source: Source) -> str:
    """The spec as `nndsl fmt` writes it; every line ends as the first one does.

    Raises `SpecError` for a spec that cannot be read.  Names need not be known.
    """
    tree = parse(source)
    words = read_words(source.text)
    text = "".join(f"{line}\n" for line in _lines(rows_of(tree, words)))
    if source.text.partition("\n")[0].endswith("\r"):
        text = text.replace("\n", "\r\n")
    refuse_change(source, text, tree, words)
    return text


def _lines(rows: Sequence[Row]) -> Iterator[str]:
    """The rows as text; comments behind rows that follow each other are aligned."""
    for _, run in groupby(_numbered(rows), key=lambda numbered: numbered[0]):
        block = [row for _, row in run]
        column = max(row.piece.end for row in block) + _BEFORE_COMMENTS
        for row in block:
            if row.spaced:
                yield ""
            piece = row.piece
            code = f"{'':{piece.indent}}{piece.text}".rstrip()
            if code and piece.comment:
                yield f"{code:<{column}}{piece.comment}"
            else:
                yield code or f"{'':{piece.indent}}{piece.comment}"


def _numbered(rows: Sequence[Row]) -> Iterator[tuple[int, Row]]:
    """Each row with the number of the run whose comments stand below each other."""
    number = 0
    before: Row | None = None
    for row in rows:
        together = (
            before is not None
            and not row.spaced
            and row.depth == before.depth
            and all(each.piece.text and each.piece.comment for each in (before, row))
        )
        number += not together
        before = row
        yield number, row
