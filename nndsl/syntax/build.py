"""From words and rules of the grammar to the syntax tree.

`Builder` has one method for each rule and for each kind of word that carries a value;
the parser calls it with the pieces, bottom up and without recursion.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nndsl import limits
from nndsl.syntax import formula
from nndsl.syntax.misread import misread
from nndsl.syntax.spans import of_token, over
from nndsl.syntax.tree import (
    Argument,
    Assignment,
    Block,
    Call,
    Definition,
    Expression,
    Limits,
    Line,
    Mark,
    Name,
    Number,
    Option,
    Part,
    Percent,
    Statement,
    Text,
    Unary,
)

if TYPE_CHECKING:
    from lark import Token

_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {'"': '"', "\\": "\\", "n": "\n", "t": "\t"}

Group = tuple[Part, ...]


class Builder:
    """Makes tree nodes; keeps nothing between two calls."""

    def NAME(self, token: Token) -> Name:
        _refuse_long(token, len(token))
        return Name(str(token), of_token(token))

    def NUMBER(self, token: Token) -> Number:
        value = _finite(token, str(token))
        if token.isdigit() or token.replace("_", "").isdigit():
            return Number(str(token), int(token), of_token(token))
        return Number(str(token), value, of_token(token))

    def PERCENT(self, token: Token) -> Percent:
        return Percent(str(token), _finite(token, token[:-1]), of_token(token))

    def TEXT(self, token: Token) -> Text:
        def unescape(match: re.Match[str]) -> str:
            if match[1] not in _ESCAPED:
                raise misread(
                    "E009",
                    of_token(token),
                    f"`{match[0]}` has no meaning in a quoted text",
                    'a quote is written `\\"`, a backslash `\\\\`',
                )
            return _ESCAPED[match[1]]

        value = _ESCAPE.sub(unescape, token[1:-1])
        _refuse_long(token, len(value))
        return Text(value, of_token(token))

    def file(self, lines: list[Line]) -> tuple[Line, ...]:
        return tuple(lines)

    def block(self, pieces: list[Any]) -> Block:
        opening, *lines, closing = pieces
        return Block(tuple(lines), over(of_token(opening), of_token(closing)))

    def statement(self, pieces: list[Any]) -> Statement:
        head, *rest = pieces
        block = rest.pop() if rest and isinstance(rest[-1], Block) else None
        last = block or (rest[-1][-1] if rest else head)
        return Statement(head, tuple(rest), block, over(head.span, last.span))

    def assignment(self, pieces: list[Any]) -> Assignment:
        target, value = pieces
        return Assignment(target, value, over(target.span, value.span))

    def definition(self, pieces: list[Any]) -> Definition:
        kind, head, value = pieces
        return Definition(kind, head, value, over(kind.span, value.span))

    def group(self, parts: list[Part]) -> Group:
        return tuple(parts)

    def mark(self, pieces: list[Token]) -> Mark:
        return Mark(str(pieces[0]), of_token(pieces[0]))

    def option(self, pieces: list[Any]) -> Option:
        key, value = pieces
        return Option(key, value, over(key.span, value.span))

    def value(self, pieces: list[Any]) -> Expression:
        if len(pieces) == 1:
            only: Expression = pieces[0]
            return only
        sign, word = pieces
        return Unary(str(sign), word, over(of_token(sign), word.span))

    def call(self, pieces: list[Any]) -> Call:
        name, _opening, *arguments, closing = pieces
        return Call(name, tuple(arguments), over(name.span, of_token(closing)))

    def argument(self, pieces: list[Any]) -> Argument:
        limit = pieces.pop() if isinstance(pieces[-1], Limits) else None
        value = pieces.pop()
        key = pieces.pop() if pieces else None
        span = over((key or value).span, (limit or value).span)
        return Argument(key, value, limit, span)

    def limits(self, pieces: list[Any]) -> Limits:
        word, low, _dots, high = pieces
        return Limits(word, low, high, over(word.span, high.span))

    def formula(self, row: list[Token | Expression]) -> Expression:
        return formula.build(row)

    def parenthesis(self, pieces: list[Any]) -> Expression:
        opening, inner, closing = pieces
        span = over(of_token(opening), of_token(closing))
        outer: Expression = replace(inner, span=span)
        return outer


def _refuse_long(token: Token, length: int) -> None:
    if length > limits.TEXT_LENGTH:
        raise misread(
            "E011",
            of_token(token),
            f"{length} characters",
            f"a word has at most {limits.TEXT_LENGTH} characters",
        )


def _finite(token: Token, digits: str) -> float:
    """The number; one that a float cannot hold (or only as 0) is refused."""
    _refuse_long(token, len(token))
    value = float(digits)
    lost = value == 0.0 and re.match(r"[0_.]*[1-9]", digits)
    if math.isinf(value) or lost:
        raise misread(
            "E010",
            of_token(token),
            "too small for a number here" if lost else "too large for a number here",
            "numbers reach from 2.3e-308 to 1.7e308, and 0",
        )
    return value
