"""Read a spec: text to syntax tree, with every mistake of form."""

from collections.abc import Iterator
from functools import cache
from itertools import islice

from lark import Lark, Token, UnexpectedToken

from nndsl import limits
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Diagnostic, Source
from nndsl.resources import read
from nndsl.syntax.build import Builder
from nndsl.syntax.causes import causes
from nndsl.syntax.characters import refuse_characters
from nndsl.syntax.explain import explain
from nndsl.syntax.line_ends import statements
from nndsl.syntax.misread import Misread
from nndsl.syntax.other_formats import other_format
from nndsl.syntax.place import Place
from nndsl.syntax.spans import of
from nndsl.syntax.tree import Comment, File, Line
from nndsl.syntax.well_formed import malformed

END = Token("$END", "")
"""Behind the last word of every file; it stands on no line."""


def parse(source: Source) -> File:
    """The syntax tree of a spec.

    Raises `SpecError` with the mistakes of form, in the order of the file; a statement
    that cannot be read is skipped, so that the others are read in the same run.
    """
    refuse_characters(source)
    other = other_format(source.text)
    if other:
        raise SpecError(source, (other,))
    reading = _Reading(source.text)
    lines = reading.run()
    mistakes = reading.mistakes + malformed(source.text, lines)
    if mistakes:
        raise SpecError(source, tuple(causes(mistakes)[: limits.SYNTAX_ERRORS]))
    return File(lines, tuple(reading.comments))


@cache
def parser() -> Lark:
    """The parser of `grammar/nn.lark`, which builds the tree while it reads."""
    return Lark(
        read("grammar", "nn.lark"),
        parser="lalr",
        lexer="basic",
        start=["file", "unused"],
        maybe_placeholders=False,
        transformer=Builder(),
    )


def words(text: str) -> Iterator[Token]:
    """The words, marks, comments and line ends of a text, in their order."""
    reading = parser().parse_interactive(text, start="file")
    found: Iterator[Token] = reading.lexer_thread.lex(reading.parser_state)
    return found


class _Reading:
    """One pass over one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.comments: list[Comment] = []
        self.opened: list[Token] = []
        self.previous: Token | None = None
        self.earlier: Token | None = None
        self.mistakes: list[Diagnostic] = []
        self.parser = parser().parse_interactive(text, start="file")
        self.state = self.parser.parser_state
        self.line_starts = [1]
        """How high the stack is where a line may begin; one entry an open block."""

    def run(self) -> tuple[Line, ...]:
        """The file's lines, to be used only where there are no `mistakes`."""
        found = list(islice(words(self.text), limits.WORDS + 1))
        if len(found) > limits.WORDS:
            label = f"word {limits.WORDS + 1:,} of the file"
            hint = f"a spec has at most {limits.WORDS:,} words and marks"
            self.mistakes.append(Diagnostic("E014", of(found[-1]), label, hint))
            return ()
        skipping = False
        try:
            for token in statements(found, self.comments, self.opened):
                if skipping and token.type not in ("_END", "LBRACE", "RBRACE"):
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
        """Hand a word to the parser; whatever goes wrong is added to `mistakes`.

        Behind the last word, what the whole file was made into.
        """
        states = tuple(self.state.state_stack)
        try:
            lines: tuple[Line, ...] | None = self.parser.feed_token(token)
        except UnexpectedToken:
            # Lark may complete rules before it notices: ask what it accepted before.
            earlier = self.parser.copy(deepcopy_values=False)
            earlier.parser_state.state_stack[:] = states
            place = Place(
                self.text,
                token,
                self.previous,
                self.earlier,
                frozenset(earlier.accepts()),
                tuple(self.opened),
            )
            self.mistakes.append(explain(place))
        except Misread as mistake:
            self.mistakes.append(mistake.diagnostic)
        else:
            return lines
        return None

    def forget_statement(self, token: Token) -> None:
        """Let a statement of one word stand for the one that cannot be read."""
        height = self.line_starts[-1]
        stack, values = self.state.state_stack, self.state.value_stack
        if len(stack) < height:  # the statement was complete before this word
            self.parser.feed_token(Token.new_borrow_pos("_END", ";", token))
            self.line_starts[-1] = len(stack)
        else:
            del stack[height:]
            del values[height - 1 :]
        self.parser.feed_token(Token.new_borrow_pos("NAME", "_", token))
