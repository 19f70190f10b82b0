"""Which brace is missing, judged by how far the lines are indented."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nndsl.syntax.spans import at
from nndsl.syntax.tree import Span

_BRACE = re.compile(r'"(?:[^"\\\r\n]|\\[^\r\n])*"|#[^\r\n]*|[{}]|\n[ \t]*')
_HEAD = re.compile(r"([ \t]*)([A-Za-z_]\w*(?: +[A-Za-z_]\w*)?)(:?)[ \t]*(?:#.*)?", re.A)


def not_closed(text: str) -> Span | None:
    """The `{` whose `}` is missing.

    A `}` that begins a line less indented than the line of the innermost open `{`
    closes a block further out: the inner one is the one that was forgotten.  Without
    such a line it is the last one that is still open.
    """
    opened: list[_Brace] = []
    for brace in _braces(text):
        if brace.opens:
            opened.append(brace)
        elif opened:
            if brace.begins_line and brace.indent < opened[-1].indent:
                break
            opened.pop()
    return at(text, opened[-1].place, opened[-1].place + 1) if opened else None


def not_opened(text: str, end: int) -> tuple[Span, Span, Span] | None:
    """For a `}` too many at `end`: where the `{` is missing, its line, and its `}`.

    That `}` begins the first line further indented than the block it would close, or
    is the one at `end`.  The line holds one or two names, and the next is further in.
    """
    closing, opened = end, list[_Brace]()
    for brace in _braces(text[:end]):
        if brace.opens:
            opened.append(brace)
        elif opened:
            if brace.begins_line and brace.indent > opened[-1].indent:
                closing = brace.place
                break
            opened.pop()
    head = _head_above(text, closing)
    return None if head is None else (*head, at(text, closing, closing + 1))


def _head_above(text: str, end: int) -> tuple[Span, Span] | None:
    """The line that a `}` would close, if it lacks its `{`: where that is missing."""
    *lines, last = text[:end].split("\n")
    below = len(last) - len(last.lstrip())
    start, inside = end - len(last), False
    for line in reversed(lines):
        start -= len(line) + 1
        indent = len(line) - len(line.lstrip())
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if indent > below:
            inside = True
            continue
        head = _HEAD.fullmatch(line.rstrip())
        if head is None or indent != below or not inside:
            return None
        words = at(text, start + indent, start + head.end(2))
        return at(text, start + head.end(2), start + head.end(3)), words
    return None


@dataclass(frozen=True, slots=True)
class _Brace:
    place: int
    opens: bool
    indent: int
    begins_line: bool


def _braces(text: str) -> Iterator[_Brace]:
    """The braces outside of quoted texts and comments."""
    indent = line = len(text) - len(text.lstrip(" \t"))
    for found in _BRACE.finditer(text):
        if found[0][0] == "\n":
            indent, line = len(found[0]) - 1, found.end()
        elif found[0] in ("{", "}"):
            begins = found.start() == line
            yield _Brace(found.start(), found[0] == "{", indent, begins)
