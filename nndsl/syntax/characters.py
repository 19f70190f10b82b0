"""From bytes to text, and the characters that no spec may hold.

What is refused anywhere, comments included, could make a reader and a program see
different lines: control characters, a carriage return alone, Unicode's line separators
and the marks that reverse the direction of writing.
"""

import re
import unicodedata

from nndsl import limits
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Diagnostic, Source
from nndsl.syntax.spans import at

_REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff]|\r(?!\n)|(?<!^)\ufeff"
)
_BYTE_ORDER_MARKS = {
    b"\xff\xfe\0\0": "UTF-32",
    b"\0\0\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
"""Longer ones first."""
_NO_TEXT = "this is not text"


def decode(data: bytes, name: str) -> Source:
    """The text of a file; a byte order mark in front of it is dropped.

    Raises `SpecError` for a file above 1 MiB or one that is not UTF-8.
    """
    if len(data) > limits.SPEC_BYTES:
        raise SpecError(Source(name, ""), (_too_large(len(data)),))
    text, start, label = "", 0, _unlike_text(data)
    if not label:
        try:
            return Source(name, data.decode("utf-8-sig"))
        except UnicodeDecodeError as mistake:
            label = _NO_TEXT
            if 0 not in data:
                text = data.decode("utf-8", "replace")
                start = len(data[: mistake.start].decode("utf-8", "replace"))
                label = f"byte 0x{data[mistake.start]:02x} is not UTF-8"
    place = at(text, start, min(start + 1, len(text)))
    hint = "a spec is text; save it as UTF-8"
    raise SpecError(Source(name, text), (Diagnostic("E001", place, label, hint),))


def _unlike_text(data: bytes) -> str:
    """What to call a file that is not UTF-8 text at all; empty for any other."""
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return f"{encoding} is not UTF-8"
    zeros = sorted((data[::2].count(0), data[1::2].count(0)))
    if sum(zeros) * 4 <= len(data):
        return ""
    return _NO_TEXT if zeros[0] else "UTF-16 is not UTF-8"


def refuse_characters(source: Source) -> None:
    """Raises `SpecError` for a text that is too long or holds a refused character."""
    text = source.text
    if len(text) * 4 > limits.SPEC_BYTES:
        size = len(text.encode("utf-8", "surrogatepass"))
        if size > limits.SPEC_BYTES:
            raise SpecError(Source(source.name, ""), (_too_large(size),))
    if _REFUSED.search(text):
        found = tuple(
            Diagnostic("E003", at(text, *match.span()), *_describe(match[0]))
            for match, _ in zip(
                _REFUSED.finditer(text), range(limits.SYNTAX_ERRORS), strict=False
            )
        )
        raise SpecError(source, found)


def unwritable(text: str) -> str:
    """The name of the first character that no spec may hold; empty without one."""
    found = _REFUSED.search(text)
    return name_of(found[0]) if found else ""


def name_of(character: str) -> str:
    """`U+00A0 NO-BREAK SPACE`; control characters have no name."""
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X} {name}".rstrip()


def _describe(character: str) -> tuple[str, str]:
    if character == "\r":
        return (
            "a carriage return without a line feed",
            "end lines with a line feed (or both)",
        )
    half = "\ud800" <= character <= "\udfff"
    kind = "half of a character" if half else "a character that cannot be seen"
    return f"{name_of(character)}, {kind}", "remove it"


def _too_large(size: int) -> Diagnostic:
    return Diagnostic(
        "E002",
        at("", 0, 0),
        f"{size:,} bytes",
        f"a spec has at most {limits.SPEC_BYTES:,} bytes",
    )
