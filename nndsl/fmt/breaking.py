"""A statement in lines of at most 90 columns, as far as it may be broken."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from nndsl.fmt.gaps import Rank, space
from nndsl.fmt.roles import Roles
from nndsl.fmt.words import Word

WIDTH = 90


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of a statement; `comment` ends it, or is all of it."""

    indent: int
    text: str
    comment: str = ""

    @property
    def end(self) -> int:
        return self.indent + len(self.text)


def joined(words: Sequence[Word], roles: Roles) -> str:
    """The words on one line."""
    texts = [word.text for word in words[:1]]
    for before, word in pairwise(words):
        texts += space(before, word, roles), word.text
    return "".join(texts)


def broken(
    words: Sequence[Word], roles: Roles, rank: Rank, first: int, base: int
) -> list[Piece]:
    """The words from column `first` on; lines that follow begin at `base`, or behind
    the parenthesis in which they stand.

    A line ends at a comment, and where it would be too long: at the gap of the lowest
    rank that it reaches, the last one of these.
    """
    pieces: list[Piece] = []
    opened: list[int] = []
    at, column = 0, first
    while at < len(words):
        end = _line_end(words, at, column, roles, rank, len(opened))
        text = joined(words[at:end], roles)
        pieces.append(Piece(column, text))
        _follow(words[at:end], roles, column, opened)
        column = opened[-1] if opened else base
        notes = words[end].notes if end < len(words) else ()
        for note in notes:
            if note.behind:
                pieces[-1] = Piece(pieces[-1].indent, pieces[-1].text, note.text)
            else:
                pieces.append(Piece(column, "", note.text))
        at = end
    return pieces


def _line_end(
    words: Sequence[Word], at: int, column: int, roles: Roles, rank: Rank, depth: int
) -> int:
    """The number of the first word that does not stand on the line any more."""
    end = column + len(words[at].text)
    best: tuple[int, int] | None = None
    depth += (words[at].kind == "LPAR") - (words[at].kind == "RPAR")
    for index in range(at + 1, len(words)):
        before, word = words[index - 1], words[index]
        if word.notes:
            return index if end <= WIDTH or best is None else best[1]
        if end > WIDTH and best is not None:
            return best[1]
        here = rank(before, word, roles, depth)
        if here is not None and (best is None or here <= best[0]):
            best = here, index
        end += len(space(before, word, roles)) + len(word.text)
        depth += (word.kind == "LPAR") - (word.kind == "RPAR")
    return len(words) if end <= WIDTH or best is None else best[1]


def _follow(
    words: Sequence[Word], roles: Roles, column: int, opened: list[int]
) -> None:
    """Keep account of the columns behind the parentheses that are open."""
    before: Word | None = None
    for word in words:
        column += len(word.text) + (len(space(before, word, roles)) if before else 0)
        if word.kind == "LPAR":
            opened.append(column)
        elif word.kind == "RPAR":
            opened.pop()
        before = word
