"""A word that cannot stand where it does, and what surrounds it."""

from dataclasses import dataclass

from lark import Token

from nndsl.syntax.situations import ENDS, situation
from nndsl.syntax.spans import at, behind, of
from nndsl.syntax.tree import Span
from nndsl.syntax.wrong_words import quoted


@dataclass(frozen=True, slots=True)
class Place:
    """Where the parser stopped; `accepted` are the kinds of words it would have read.

    `previous` is the word before, `earlier` the one before that.
    """

    text: str
    found: Token
    previous: Token | None
    earlier: Token | None
    accepted: frozenset[str]
    opened: tuple[Token, ...]

    @property
    def situation(self) -> str:
        return situation(self.accepted)

    @property
    def name(self) -> str:
        """The word as messages say it."""
        match self.found.type:
            case "$END":
                return "the end of the file"
            case "_END" if self.found != ";":
                return "the end of the line"
            case _:
                return quoted(self.found)

    @property
    def before(self) -> str:
        return quoted(self.previous) if self.previous else "the beginning"

    @property
    def span(self) -> Span:
        """The word, or where something is missing: right after the word before."""
        if self.found.type in ENDS and self.previous:
            return behind(self.text, of(self.previous))
        if self.found.type == "$END":
            return at(self.text, len(self.text), len(self.text))
        return of(self.found)

    @property
    def parenthesis(self) -> Token | None:
        """The innermost open bracket, if it is a parenthesis."""
        if self.opened and self.opened[-1].type == "LPAR":
            return self.opened[-1]
        return None

    def touches(self, kind: str) -> bool:
        """Whether a word of this kind stands right before, without a space."""
        word = self.previous
        return (
            word is not None
            and word.type == kind
            and of(word).end == of(self.found).start
        )

    @property
    def line_before(self) -> str:
        """What stands before the word on its line."""
        start = of(self.found).start
        return self.text[self.text.rfind("\n", 0, start) + 1 : start]

    @property
    def rest(self) -> str:
        """The line from the word on."""
        start = of(self.found).start
        end = self.text.find("\n", start)
        return self.text[start:] if end < 0 else self.text[start:end].rstrip("\r")
