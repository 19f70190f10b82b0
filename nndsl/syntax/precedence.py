"""How tightly operators bind: a row of terms and operators becomes a tree."""

from collections.abc import Iterable

from lark import Token

from nndsl.diagnostics.record import Diagnostic
from nndsl.syntax.misread import Misread
from nndsl.syntax.spans import of, over
from nndsl.syntax.tree import Binary, Expression, Unary

COMPARES, ADDS, MULTIPLIES, SIGNS, RAISES = 1, 2, 3, 4, 5
TIGHTNESS = {
    "COMPARISON": COMPARES,
    "SIGN": ADDS,
    "STAR": MULTIPLIES,
    "SLASH": MULTIPLIES,
    "CARET": RAISES,
}


Waiting = tuple[Token, int]
"""An operator whose right side is not complete yet, and how tightly it binds."""


def build(row: Iterable[Token | Expression]) -> Expression:
    """The tree of `a + b * -c ^ d …`: `^` groups to the right and binds tighter than
    a sign, the other operators group to the left, comparisons do not chain.

    Raises `Misread` for a chain of comparisons.
    """
    done: list[Expression] = []
    waiting: list[Waiting] = []
    term_is_next = True
    for item in row:
        if not isinstance(item, str):
            done.append(item)
            term_is_next = False
        elif term_is_next:
            waiting.append((item, SIGNS))
        else:
            _push(item, done, waiting)
            term_is_next = True
    while waiting:
        _apply(*waiting.pop(), done)
    return done[0]


def _push(token: Token, done: list[Expression], waiting: list[Waiting]) -> None:
    tightness = TIGHTNESS[token.type]
    groups_right = tightness == RAISES
    while waiting and waiting[-1][1] >= tightness + groups_right:
        if tightness == COMPARES and waiting[-1][1] == COMPARES:
            label = "a second comparison in one formula"
            hint = "join two comparisons by multiplying them: `(a < b) * (b < c)`"
            raise Misread(Diagnostic("E026", of(token), label, hint))
        _apply(*waiting.pop(), done)
    waiting.append((token, tightness))


def _apply(operator: Token, tightness: int, done: list[Expression]) -> None:
    right = done.pop()
    if tightness == SIGNS:
        span = over(of(operator), right.span)
        done.append(Unary(str(operator), right, span))
    else:
        left = done.pop()
        span = over(left.span, right.span)
        done.append(Binary(str(operator), left, right, span))
