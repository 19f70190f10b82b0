"""Which line ends end a statement.

A line end ends one unless it stands inside parentheses, behind a comma or an operator
(`=` is one), or before a line that begins with an operator, a comma or `{`.
"""

from collections.abc import Iterable, Iterator

from lark import Token

from nndsl import limits
from nndsl.diagnostics.record import Diagnostic
from nndsl.syntax.misread import Misread
from nndsl.syntax.spans import of
from nndsl.syntax.tree import Comment

OPERATORS = frozenset(
    (
        *("EQUAL", "COMMA", "PIPE", "COLON", "DOTS"),
        *("SIGN", "STAR", "SLASH", "CARET", "COMPARISON"),
    )
)
_OPENERS = frozenset(("LPAR", "LBRACE"))
_CLOSERS = frozenset(("RPAR", "RBRACE"))
_CONTINUES = OPERATORS | {"LBRACE"}


def statements(
    tokens: Iterable[Token], comments: list[Comment], opened: list[Token]
) -> Iterator[Token]:
    """The words between which every remaining `_END` separates two statements.

    Comments are moved to `comments`; `opened` always holds the brackets that are open
    where the last word stands.  A line that cannot belong to an open parenthesis ends
    its statement, so that a missing `)` is noticed on its own line.

    Raises `Misread` where brackets are nested too deeply.
    """
    previous: Token | None = None
    end: Token | None = None
    for token in tokens:
        kind = token.type
        if kind == "COMMENT":
            comments.append(Comment(_words(token), of(token)))
            continue
        if kind == "_END":
            if end is None or end != ";":
                end = token
            continue
        if end is not None:
            if _ends_statement(end, previous, token, opened):
                yield end
                _forget_parentheses(opened)
            end = None
        yield token
        previous = token
        if kind in _OPENERS:
            _open(token, opened)
        elif kind in _CLOSERS:
            _close(kind, opened)


def _words(comment: Token) -> str:
    return comment[1:].removeprefix(" ").rstrip()


def _ends_statement(
    end: Token, previous: Token | None, following: Token, opened: list[Token]
) -> bool:
    if previous is None or previous.type == "LBRACE" or following.type == "RBRACE":
        return False
    if end == ";":
        return True
    if previous.type in OPERATORS or following.type in _CONTINUES:
        return False
    if opened and opened[-1].type == "LPAR":
        return (
            following.type == "NAME"
            and previous.type != "LPAR"
            and "in" not in (previous, following)
        )
    return True


def _open(token: Token, opened: list[Token]) -> None:
    if token.type == "LBRACE":
        _forget_parentheses(opened)
    if len(opened) == limits.NESTING:
        label = f"the {limits.NESTING + 1}st bracket inside one another"
        hint = f"nest at most {limits.NESTING} brackets; name a part of the formula"
        raise Misread(Diagnostic("E012", of(token), label, hint))
    opened.append(token)


def _close(kind: str, opened: list[Token]) -> None:
    if kind == "RBRACE":
        _forget_parentheses(opened)
        if opened:
            opened.pop()
    elif opened and opened[-1].type == "LPAR":
        opened.pop()


def _forget_parentheses(opened: list[Token]) -> None:
    while opened and opened[-1].type == "LPAR":
        opened.pop()
