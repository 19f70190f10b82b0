"""Which brace is missing, judged by how far the lines are indented."""

import re

from nndsl.syntax.spans import at
from nndsl.syntax.tree import Span

_BRACE = re.compile(r'"(?:[^"\\\r\n]|\\[^\r\n])*"|#[^\r\n]*|[{}]')
_HEAD = re.compile(r"([ \t]*)[A-Za-z_]\w*(?: +[A-Za-z_]\w*)?(:?)[ \t]*(?:#.*)?", re.A)


def not_closed(text: str) -> Span | None:
    """The `{` whose `}` is missing.

    A `}` that begins a line less indented than the line of the innermost open `{`
    closes a block further out: the inner one is the one that was forgotten.  Without
    such a line it is the last one that is still open.
    """
    opened: list[tuple[int, int]] = []
    for brace in _BRACE.finditer(text):
        if brace[0] == "{":
            opened.append((brace.start(), _indent(text, brace.start())[0]))
        elif brace[0] == "}" and opened:
            indent, begins_line = _indent(text, brace.start())
            if begins_line and indent < opened[-1][1]:
                break
            opened.pop()
    return at(text, opened[-1][0], opened[-1][0] + 1) if opened else None


def not_opened(text: str, end: int) -> tuple[Span, Span] | None:
    """The line before offset `end` that lacks its `{`: where it is missing, the line.

    Such a line holds one or two names, and the next is indented further.
    """
    lines = text[:end].split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    below = len(lines[-1]) - len(lines[-1].lstrip())
    inside = False
    for number in reversed(range(len(lines) - 1)):
        line = lines[number].rstrip("\r")
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        indent = len(line) - len(line.lstrip())
        if indent > below:
            inside = True
            continue
        head = _HEAD.fullmatch(line)
        if head is None or indent != below or not inside:
            return None
        start = starts[number]
        stop = start + (head.start(2) if head[2] else len(line.split("#")[0].rstrip()))
        return at(text, stop, stop + len(head[2])), at(text, start + indent, stop)
    return None


def _indent(text: str, offset: int) -> tuple[int, bool]:
    """How far the line of an offset is indented, and whether nothing is before it."""
    start = text.rfind("\n", 0, offset) + 1
    line = text[start:offset]
    indent = len(line) - len(line.lstrip())
    return indent, indent == len(line)
