"""Read a spec: text to syntax tree, with every mistake of form."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from nndsl import limits
from nndsl.diagnostics.record import Diagnostic, Source, SpecError
from nndsl.syntax.accepts import accepted
from nndsl.syntax.characters import decode, refuse_characters
from nndsl.syntax.grammar import grammar
from nndsl.syntax.lines import statements, too_many
from nndsl.syntax.measure import measure
from nndsl.syntax.misread import Misread
from nndsl.syntax.tree import Comment, File, Line

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
        interactive = grammar().parse_interactive(text)
        self.state = interactive.parser_state
        lexer: Any = interactive.lexer_thread
        self.tokens: Iterator[Token] = lexer.lex(self.state)
        self.line_starts = [1]
        """How high the stack is where a line may begin; one entry an open block."""

    def run(self) -> tuple[Line, ...]:
        """The file's lines, to be used only where there are no `mistakes`."""
        from lark import Token

        tokens = list(islice(self.tokens, limits.WORDS + 1))
        if len(tokens) > limits.WORDS:
            self.mistakes.append(too_many(tokens[-1]))
            return ()
        words = statements(tokens, self.comments, self.opened)
        skipping = False
        try:
            for token in words:
                if skipping and token.type not in ("_END", "LBRACE", "RBRACE"):
                    continue
                skipping = not self.take(token)
                self.previous, self.earlier = token, self.previous
                if len(self.mistakes) >= limits.SYNTAX_ERRORS:
                    return ()
        except Misread as mistake:
            self.mistakes.append(mistake.diagnostic)
            return ()
        return self.feed(Token("$END", "")) or ()

    def take(self, token: Token) -> bool:
        """Read one word; False when the rest of its statement must be skipped."""
        mistakes = len(self.mistakes)
        self.feed(token)
        if len(self.mistakes) > mistakes:
            self.forget_statement(token)
            if token.type not in ("_END", "LBRACE", "RBRACE"):
                return False
            if token.type == "RBRACE" and len(self.line_starts) == 1:
                return False
            self.feed(token)
        match token.type:
            case "LBRACE":
                self.line_starts.append(len(self.state.state_stack))
            case "RBRACE":
                self.line_starts.pop()
            case "_END":
                self.line_starts[-1] = len(self.state.state_stack)
        return True

    def feed(self, token: Token) -> tuple[Line, ...] | None:
        """Hand a word to the parser; whatever goes wrong is added to `mistakes`."""
        from lark import UnexpectedToken

        stack = tuple(self.state.state_stack)
        try:
            lines: tuple[Line, ...] | None = self.state.feed_token(
                token, token.type == "$END"
            )
        except UnexpectedToken:
            from nndsl.syntax.messages import Place, explain

            could = accepted(self.state.parse_conf, stack)
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
        from lark import Token

        height = self.line_starts[-1]
        stack, values = self.state.state_stack, self.state.value_stack
        if len(stack) < height:  # the statement was complete before this word
            self.state.feed_token(Token.new_borrow_pos("_END", ";", token))
            self.line_starts[-1] = len(stack)
        else:
            del stack[height:]
            del values[height - 1 :]
        self.state.feed_token(Token.new_borrow_pos("NAME", "_", token))
