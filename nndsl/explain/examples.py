"""The example of each code: a spec that has the mistake, and the same spec corrected.

They are files of `examples/`, `E122.nn` and `E122.fixed.nn`.  A comment at the
beginning of the first says why it is a mistake.  What no file should hold is written as
`<1000 times x>`, `<U+202E>` or `<byte E9>`; people see these words, the compiler sees
what they stand for.
"""

import re
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).resolve().parent / "examples"
_STANDS_FOR = re.compile(
    r"<(?:(?P<count>\d+) times (?P<part>[^>]+)"
    r"|U\+(?P<point>[0-9A-F]{4,6})|byte (?P<byte>[0-9A-F]{2}))>"
)


@dataclass(frozen=True, slots=True)
class Example:
    """`why` is one paragraph, or nothing where the rule of the code says it all."""

    why: str
    spec: str
    mended: str


def example_of(code: str) -> Example:
    """The example of a code of `nndsl/diagnostics/`."""
    text = (_FOLDER / f"{code}.nn").read_text(encoding="utf-8")
    mended = (_FOLDER / f"{code}.fixed.nn").read_text(encoding="utf-8")
    why: list[str] = []
    lines = text.splitlines(keepends=True)
    while lines and lines[0].startswith("# Why: " if not why else "#"):
        why.append(lines.pop(0).removeprefix("# Why:").strip("# \n"))
    return Example(" ".join(why), "".join(lines).lstrip("\n"), mended)


def expanded(text: str) -> bytes:
    """The bytes of the spec that an example stands for."""
    done, place = b"", 0
    for match in _STANDS_FOR.finditer(text):
        done += text[place : match.start()].encode() + _meaning(match)
        place = match.end()
    return done + text[place:].encode()


def _meaning(match: re.Match[str]) -> bytes:
    if match["count"]:
        return (match["part"] * int(match["count"])).encode()
    if match["point"]:
        return chr(int(match["point"], 16)).encode()
    return bytes.fromhex(match["byte"])
