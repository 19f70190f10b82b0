"""From text to words."""

from __future__ import annotations

from collections.abc import Iterator

from nndsl.syntax.tables import Tables
from nndsl.syntax.token import Token
from nndsl.syntax.tree import Span


def tokens(text: str, tables: Tables) -> Iterator[Token]:
    """The words of a text, in its order.

    Raises ValueError for a character that the grammar puts in no word.
    """
    match, ignored = tables.words.match, tables.ignored
    place, line, line_start = 0, 1, 0
    while place < len(text):
        found = match(text, place)
        if found is None or found.lastgroup is None:
            raise ValueError(f"{text[place]!r} is in no word of the grammar")
        word, end = found[0], found.end()
        begin = line, place - line_start + 1
        if "\n" in word:
            line += word.count("\n")
            line_start = place + word.rindex("\n") + 1
        if found.lastgroup not in ignored:
            span = Span(place, end, *begin, line, end - line_start + 1)
            yield Token(found.lastgroup, word, span)
        place = end
