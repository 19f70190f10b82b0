"""The words of a spec with the comments that stand between them."""

from dataclasses import dataclass

from nndsl.syntax import parse


@dataclass(frozen=True, slots=True)
class Note:
    """A comment; `behind` says that it ends a line on which something else stands."""

    text: str
    behind: bool
    spaced: bool
    """Whether an empty line is above it."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word or mark of the grammar; `notes` are the comments since the one before."""

    kind: str
    text: str
    start: int
    notes: tuple[Note, ...]
    spaced: bool
    """Whether an empty line is above it, or above it and under its last comment."""


END = "$END"
"""The kind of the word of no letters that stands behind every file."""


def read_words(text: str) -> list[Word]:
    """All words of a text that can be parsed, and `END`; line ends are left out."""
    words: list[Word] = []
    notes: list[Note] = []
    line = 0
    for token in parse.words(text):
        if token.type == "_END":
            continue
        begins, ends = token.line or 0, token.end_line or 0
        spaced = begins - line > 1
        if token.type == "COMMENT":
            notes.append(Note(_spelt(token), begins == line, spaced))
        else:
            start = token.start_pos or 0
            words.append(Word(token.type, str(token), start, tuple(notes), spaced))
            notes.clear()
        line = ends
    return [*words, Word(END, "", len(text), tuple(notes), spaced=False)]


def _spelt(comment: str) -> str:
    """The comment with a space behind its `#`, unless a mark stands there."""
    words = comment[1:].rstrip()
    return f"#{words}" if words[:1] in ("", " ", "\t", "#", "!") else f"# {words}"
