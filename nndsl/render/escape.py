"""Text that may stand in a generated module, and the only ways to make it."""

import keyword
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 88


@dataclass(frozen=True, slots=True)
class Code:
    """Text that is safe to print into a module as it stands."""

    text: str


def code(text: str) -> Code:
    """Text of our own printers."""
    return Code(text)


def name(text: str) -> Code:
    """An identifier: ASCII, no keyword, no dunder; ValueError otherwise."""
    plain = re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,63}", text)
    if not plain or keyword.iskeyword(text) or text.startswith("__"):
        raise ValueError(f"{text!r} cannot be a name of a generated module")
    return Code(text)


def _escaped(character: str) -> str:
    point = ord(character)
    if point > 0xFFFF:
        return f"\\U{point:08x}"
    return f"\\u{point:04x}" if point > 0xFF else f"\\x{point:02x}"


def _is_plain(character: str) -> bool:
    """Whether a character shows as itself and neither ends a line nor hides."""
    return character.isprintable() and not "\ud800" <= character <= "\udfff"


def literal(text: str) -> Code:
    """A string literal in double quotes, ASCII and printable characters as they are."""
    inside = "".join(
        f"\\{c}" if c in '"\\' else c if _is_plain(c) else _escaped(c) for c in text
    )
    if inside.count('\\"') > inside.count("'"):  # as a formatter would write it
        return Code("'" + inside.replace('\\"', '"').replace("'", "\\'") + "'")
    return Code(f'"{inside}"')


def number(value: float) -> Code:
    """A number literal; ValueError for NaN and the infinities."""
    if not math.isfinite(value):
        raise ValueError(f"{value!r} has no literal")
    return Code(repr(value))


def value(item: str | float) -> Code:
    return literal(item) if isinstance(item, str) else number(item)


_LONGEST_HEADING = 66
"""What may follow on the line: an indent, `, backward`, a colon."""


def comment(text: str) -> Code:
    """`text` as comment lines: nothing in it can end a comment early.

    Lines end at "\\n" alone (or "\\r\\n"); every other character that is not
    printable, tabs excepted, is written as an escape.
    """
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    shown = (f"# {_visible(line)}".rstrip() for line in lines)
    return Code("\n".join(part for line in shown for part in _folded(line)))


def heading(text: str) -> str:
    """A line of the spec as one comment over the lines it became, cut where long."""
    line = f"# {_visible(text)}"
    return line if len(line) <= _LONGEST_HEADING else f"{line[: _LONGEST_HEADING - 1]}…"


def _folded(line: str) -> list[str]:
    """A comment line, cut at spaces into lines that fit; later ones stand deeper."""
    parts = []
    deeper = line[: len(line) - len(line[1:].lstrip())] + "    "
    while len(line) > WIDTH:
        place = line.rfind(" ", len(deeper), WIDTH + 1)
        if place < 0:
            break
        parts.append(line[:place].rstrip())
        line = deeper + line[place:].lstrip()
    return [*parts, line]


def prose(text: str) -> Code:
    """`text` on one line of a docstring."""
    return Code(_visible(text).replace("\\", "\\\\").replace('"', '\\"'))


def _visible(line: str) -> str:
    expanded = line.expandtabs(4)
    return "".join(c if _is_plain(c) else _escaped(c) for c in expanded)


def listing(items: Sequence[Code], indent: int, before: int = 0) -> Code:
    """`[a, b, c]` on one line where it fits, else one item a line.

    `indent` is the column of the statement, `before` what stands on its line before
    the bracket, as a formatter counts.
    """
    line = "[" + ", ".join(item.text for item in items) + "]"
    if indent + before + len(line) <= WIDTH:
        return Code(line)
    inner = " " * (indent + 4)
    rows = "".join(f"{inner}{item.text},\n" for item in items)
    return Code(f"[\n{rows}{' ' * indent}]")
