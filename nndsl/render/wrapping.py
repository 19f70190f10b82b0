"""Long lines of Python, wrapped as the formatter would.

A line is split at its last pair of brackets: what stands between them goes on a line of
its own or, where that is too long or a list, one item a line.
"""

import re
from collections.abc import Iterator

from nndsl.render.lines import WIDTH

_PIECE = re.compile(r"""[A-Za-z]*"(?:[^"\\]|\\.)*"|[A-Za-z]*'(?:[^'\\]|\\.)*'|.""")
"""A string literal, or one character of code."""
_PAIRS = {")": "(", "]": "[", "}": "{"}


def wrapped(text: str) -> str:
    """`text` with every line of code that is too long on several lines."""
    lines: list[str] = []
    inside = False
    for line in text.split("\n"):
        quotes = line.count('"""')
        if inside or quotes or line.lstrip().startswith("#") or len(line) <= WIDTH:
            lines.append(line)
        else:
            lines += _wrapped(line)
        inside ^= quotes % 2 == 1
    return "\n".join(lines)


def _wrapped(line: str) -> list[str]:
    if len(line) <= WIDTH:
        return [line]
    found = _last_pair(line)
    if found is None:
        return [line]
    start, end = found
    head, body, tail = line[: start + 1], line[start + 1 : end], line[end:]
    indent = line[: len(line) - len(line.lstrip())]
    inner = indent + "    "
    items = list(_items(body))
    call = start > 0 and (line[start - 1].isalnum() or line[start - 1] in "_])")
    alone = line[start] == "(" and (call or len(items) == 1)
    if alone and len(inner + body) <= WIDTH:
        return [head, inner + body, indent + tail]
    comma = "" if len(items) == 1 and " for " in body else ","
    rows = (part for item in items for part in _wrapped(f"{inner}{item}{comma}"))
    return [head, *rows, indent + tail]


def _pieces(line: str) -> Iterator[tuple[int, str]]:
    """The characters of code with their places; strings are one piece."""
    return ((match.start(), match[0]) for match in _PIECE.finditer(line))


def _last_pair(line: str) -> tuple[int, int] | None:
    """Where the last brackets that stand in no others, and hold something, are."""
    opened: list[int] = []
    found = None
    for at, piece in _pieces(line):
        if piece in _PAIRS.values():
            opened.append(at)
        elif piece in _PAIRS and opened:
            start = opened.pop()
            if not opened and at > start + 1:
                found = start, at
    return found


def _items(body: str) -> Iterator[str]:
    """What commas separate."""
    depth, start = 0, 0
    for at, piece in _pieces(body):
        if piece in _PAIRS.values():
            depth += 1
        elif piece in _PAIRS:
            depth -= 1
        elif piece == "," and depth == 0:
            yield body[start:at].strip()
            start = at + 1
    if body[start:].strip():
        yield body[start:].strip()
