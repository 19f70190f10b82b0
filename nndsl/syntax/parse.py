"""Read a spec: bytes to text, text to syntax tree, with every mistake of form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nndsl import limits
from nndsl.diagnostics.record import Diagnostic, Source, SpecError
from nndsl.syntax.characters import decode, refuse_characters
from nndsl.syntax.grammar import grammar
from nndsl.syntax.lines import statements
from nndsl.syntax.measure import measure
from nndsl.syntax.misread import Misread
from nndsl.syntax.tree import Comment, File

if TYPE_CHECKING:
    from lark import Token

__all__ = ["decode", "parse"]


def parse(source: Source) -> File:
    """The syntax tree of a spec.

    Raises `SpecError` with the mistakes of form, in the order of the file; a statement
    that cannot be read is skipped, so that the others are read in the same run.
    """
    refuse_characters(source)
    reading = _Reading(source.text)
    try:
        lines = reading.run()
        if not reading.mistakes:
            reading.mistakes += measure(source.text, lines)
    except Misread as mistake:
        reading.mistakes.append(mistake.diagnostic)
    if reading.mistakes:
        raise SpecError(source, tuple(reading.mistakes[: limits.SYNTAX_ERRORS]))
    return File(lines, tuple(reading.comments))


class _Reading:
    """One pass over one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.comments: list[Comment] = []
        self.opened: list[Token] = []
        self.mistakes: list[Diagnostic] = []
        self.state = grammar().parse_interactive("").parser_state
        self.line_starts = [1]
        """How high the stack is where a line may begin, one entry an open block."""

    def run(self) -> Any:
        """The file's lines; what they are is unspecified where there are mistakes.

        Raises `Misread` where reading on makes no sense.
        """
        from lark import Token

        skipping = False
        last: Token | None = None
        for token in statements(
            grammar().lex(self.text), self.comments, self.opened
        ):
            last = token
            if skipping and token.type not in ("_END", "LBRACE", "RBRACE"):
                continue
            skipping = not self.take(token)
            if len(self.mistakes) >= limits.SYNTAX_ERRORS:
                return ()
        end = Token.new_borrow_pos("$END", "", last) if last else Token("$END", "", 0)
        return self.feed_end(end)

    def take(self, token: Token) -> bool:
        """Feed one word; False when the rest of its statement must be skipped."""
        ...
