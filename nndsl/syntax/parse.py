"""Read a spec: text to syntax tree, with every mistake of form."""

from __future__ import annotations

from itertools import islice

from nndsl import limits
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Diagnostic, Source
from nndsl.syntax.accepts import accepted
from nndsl.syntax.automaton import Automaton, Unexpected
from nndsl.syntax.build import Builder
from nndsl.syntax.characters import decode, refuse_characters
from nndsl.syntax.lex import tokens
from nndsl.syntax.line_ends import statements, too_many
from nndsl.syntax.measure import measure
from nndsl.syntax.misread import Misread
from nndsl.syntax.tables import tables
from nndsl.syntax.token import END, Token
from nndsl.syntax.tree import Comment, File, Line

__all__ = ["decode", "parse"]


def parse(source: Source) -> File:
    """The syntax tree of a spec.

    Raises `SpecError` with the mistakes of form, in the order of the file; a statement
    that cannot be read is skipped, so that the others are read in the same run.
    """
    refuse_characters(source)
    reading = _Reading(source.text)
    lines = reading.run()
    mistakes = reading.mistakes + measure(source.text, lines)
    if mistakes:
        in_order = sorted(mistakes, key=lambda mistake: mistake.span.start)
        raise SpecError(source, tuple(in_order[: limits.SYNTAX_ERRORS]))
    return File(lines, tuple(reading.comments))


class _Reading:
    """One pass over one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.comments: list[Comment] = []
        self.opened: list[Token] = []
        self.previous: Token | None = None
        self.earlier: Token | None = None
        self.mistakes: list[Diagnostic] = []
        self.tables = tables()
        self.parser = Automaton(self.tables, Builder())
        self.line_starts = [1]
        """How high the stack is where a line may begin; one entry an open block."""

    def run(self) -> tuple[Line, ...]:
        """The file's lines, to be used only where there are no `mistakes`."""
        found = list(islice(tokens(self.text, self.tables), limits.WORDS + 1))
        if len(found) > limits.WORDS:
            self.mistakes.append(too_many(found[-1]))
            return ()
        words = statements(found, self.comments, self.opened)
        skipping = False
        try:
            for token in words:
                if skipping and token.kind not in ("_END", "LBRACE", "RBRACE"):
                    continue
                skipping = not self.take(token)
                self.previous, self.earlier = token, self.previous
                if len(self.mistakes) >= limits.SYNTAX_ERRORS:
                    return ()
        except Misread as mistake:
            self.mistakes.append(mistake.diagnostic)
            return ()
        return self.feed(END) or ()

    def take(self, token: Token) -> bool:
        """Read one word; False when the rest of its statement must be skipped."""
        mistakes = len(self.mistakes)
        self.feed(token)
        if len(self.mistakes) > mistakes:
            self.forget_statement(token)
            if token.kind not in ("_END", "LBRACE", "RBRACE"):
                return False
            if token.kind == "RBRACE" and len(self.line_starts) == 1:
                return False
            self.feed(token)
        match token.kind:
            case "LBRACE":
                self.line_starts.append(len(self.parser.states))
            case "RBRACE":
                self.line_starts.pop()
            case "_END":
                self.line_starts[-1] = len(self.parser.states)
        return True

    def feed(self, token: Token) -> tuple[Line, ...] | None:
        """Hand a word to the parser; whatever goes wrong is added to `mistakes`."""
        stack = tuple(self.parser.states)
        try:
            lines: tuple[Line, ...] | None = self.parser.feed(token)
        except Unexpected:
            from nndsl.syntax.messages import Place, explain

            could = accepted(self.tables, stack)
            brackets = tuple(self.opened)
            before = self.previous, self.earlier
            place = Place(self.text, token, *before, could, brackets)
            self.mistakes.append(explain(place))
        except Misread as mistake:
            self.mistakes.append(mistake.diagnostic)
        else:
            return lines
        return None

    def forget_statement(self, token: Token) -> None:
        """Let a statement of one word stand for the one that cannot be read."""
        height = self.line_starts[-1]
        stack, values = self.parser.states, self.parser.values
        if len(stack) < height:  # the statement was complete before this word
            self.parser.feed(Token("_END", ";", token.span))
            self.line_starts[-1] = len(stack)
        else:
            del stack[height:]
            del values[height - 1 :]
        self.parser.feed(Token("NAME", "_", token.span))
