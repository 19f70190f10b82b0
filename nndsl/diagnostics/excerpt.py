"""A line of a spec as a terminal may show it, with marks under a stretch of it."""

import unicodedata

from nndsl.syntax.tree import Span

WIDTH = 96
"""Columns of source that are shown; longer lines are cut around the marks."""
TAB = "    "
CUT = "…"
_UNPRINTABLE = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))


def visible(text: str) -> str:
    """`text` with everything a terminal might obey written as an escape."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def excerpt(text: str, span: Span, label: str, mark: str = "^") -> list[str]:
    """The line where `span` begins and, under it, the marks with the label.

    A span of several lines is marked up to the end of its first; an empty one gets one
    mark.
    """
    begin = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.start)
    line = text[begin:] if end < 0 else text[begin:end].removesuffix("\r")
    first = min(span.start - begin, len(line))
    last = min(max(span.end - begin, first), len(line))
    from_, to = _window(line, first, last)
    ahead = _cells(line[from_:first])
    marked = _cells(line[first : min(last, to)])
    head = CUT if from_ else ""
    tail = CUT if to < len(line) else ""
    shown = "".join(_cells(line[from_:to]))
    under = " " * (len(head) + _width(ahead)) + mark * max(_width(marked), 1)
    return [head + shown + tail, f"{under} {visible(label)}".rstrip()]


def _window(line: str, first: int, last: int) -> tuple[int, int]:
    """The part of a line to show: all of it, or what stands around the marks."""
    if len(line) <= WIDTH:
        return 0, len(line)
    middle = (first + min(last, first + WIDTH // 2)) // 2
    begin = max(0, min(middle - WIDTH // 2, len(line) - WIDTH))
    return begin, begin + WIDTH


def _cells(line: str) -> list[str]:
    return [TAB if c == "\t" else _shown(c) for c in line]


def _shown(character: str) -> str:
    if " " <= character <= "~":
        return character
    if unicodedata.category(character) in _UNPRINTABLE:
        return character.encode("unicode_escape").decode("ascii")
    return character


def _width(cells: list[str]) -> int:
    return sum(_columns(character) for cell in cells for character in cell)


def _columns(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
