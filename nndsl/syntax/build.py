"""From words and rules of the grammar to the syntax tree.

`Builder` has one method for each rule and for each kind of word that carries a value;
the parser calls it with the pieces, bottom up and without recursion.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any

from nndsl import limits
from nndsl.syntax import precedence
from nndsl.syntax.misread import misread
from nndsl.syntax.spans import over
from nndsl.syntax.token import Token
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

_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {'"': '"', "\\": "\\", "n": "\n", "t": "\t"}

Group = tuple[Part, ...]


class Builder:
    """Makes tree nodes; keeps nothing between two calls."""

    def NAME(self, token: Token) -> Name:
        _refuse_long(token, len(token))
        return Name(str(token), token.span)

    def NUMBER(self, token: Token) -> Number:
        value = _finite(token, str(token))
        if token.isdigit() or token.replace("_", "").isdigit():
            return Number(str(token), int(token), token.span)
        return Number(str(token), value, token.span)

    def PERCENT(self, token: Token) -> Percent:
        return Percent(str(token), _finite(token, token[:-1]), token.span)

    def TEXT(self, token: Token) -> Text:
        def unescape(match: re.Match[str]) -> str:
            if match[1] not in _ESCAPED:
                raise misread(
                    "E009",
                    token.span,
                    f"`{match[0]}` has no meaning in a quoted text",
                    'a quote is written `\\"`, a backslash `\\\\`',
                )
            return _ESCAPED[match[1]]

        value = _ESCAPE.sub(unescape, token[1:-1])
        _refuse_long(token, len(value))
        return Text(value, token.span)

    def file(self, lines: list[Line]) -> tuple[Line, ...]:
        return tuple(lines)

    def block(self, pieces: list[Any]) -> Block:
        opening, *lines, closing = pieces
        return Block(tuple(lines), over(opening.span, closing.span))

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
        return Mark(str(pieces[0]), pieces[0].span)

    def option(self, pieces: list[Any]) -> Option:
        key, value = pieces
        return Option(key, value, over(key.span, value.span))

    def value(self, pieces: list[Any]) -> Expression:
        if len(pieces) == 1:
            only: Expression = pieces[0]
            return only
        sign, word = pieces
        return Unary(str(sign), word, over(sign.span, word.span))

    def call(self, pieces: list[Any]) -> Call:
        name, _opening, *arguments, closing = pieces
        return Call(name, tuple(arguments), over(name.span, closing.span))

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
        return precedence.build(row)

    def parenthesis(self, pieces: list[Any]) -> Expression:
        opening, inner, closing = pieces
        span = over(opening.span, closing.span)
        outer: Expression = replace(inner, span=span)
        return outer


def _refuse_long(token: Token, length: int) -> None:
    if length > limits.TEXT_LENGTH:
        raise misread(
            "E011",
            token.span,
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
            token.span,
            "too small for a number here" if lost else "too large for a number here",
            "numbers reach from 2.3e-308 to 1.7e308, and 0",
        )
    return value
