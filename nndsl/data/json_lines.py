"""JSON lines: an object on each line, whose keys are the names of the columns."""

import json
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from nndsl.data.dialect import Dialect
from nndsl.data.errors import DataError
from nndsl.data.source import Block, Source, Wanted
from nndsl.data.text import read_text

_ROWS = 1024


def open_json_lines(path: str, dialect: Dialect) -> Source:
    """The columns are the keys of the first thousand objects, in their order.

    A key that an object lacks is a missing cell.  Numbers stay as they are written.
    """
    objects = _objects(path, read_text(path, dialect.encoding))
    first = list(islice(objects, _ROWS))
    if not first:
        raise DataError(f"{path}: the file is empty")
    names = tuple(dict.fromkeys(chain.from_iterable(one for _, one in first)))

    def blocks(wanted: Wanted) -> Iterator[Block]:
        read, known = first, set(names)
        while read:
            mistakes = [
                (line, f"expected the keys of the first lines, found also {key[:50]!r}")
                for line, one in read
                for key in one.keys() - known
            ]
            columns = [
                [_text(one.get(names[i])) for _, one in read] for i in wanted.columns
            ]
            yield Block([line for line, _ in read], [*columns], mistakes)
            read = list(islice(objects, _ROWS))

    return Source(path, path, names, blocks)


def _objects(path: str, pieces: Iterator[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    lines = chain.from_iterable(piece.rstrip("\n").split("\n") for piece in pieces)
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line, parse_float=str, parse_int=str, parse_constant=str)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise DataError(
                f"{path}, line {number}: expected a JSON object, as in "
                f'{{"age": 30, "kind": "a"}}, found {line.strip()[:50]!r}'
            )
        yield number, found


def _text(value: Any) -> str:
    """A cell; truths as in other tables, `True` and `False`."""
    if value is None:
        return ""
    return str(value) if isinstance(value, str | bool) else json.dumps(value)
