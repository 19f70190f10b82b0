"""From words and rules of the grammar to the syntax tree."""

import math
import re
from dataclasses import replace
from typing import Any

from lark import Token, Transformer, v_args

from nndsl import limits
from nndsl.diagnostics.record import Diagnostic
from nndsl.syntax import precedence
from nndsl.syntax.misread import Misread
from nndsl.syntax.spans import of, over
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


@v_args(inline=True)
class Builder(Transformer[Token, tuple[Line, ...]]):
    """One method for each rule of the grammar and each kind of word with a value.

    Lark calls them with the pieces while it reads, bottom up and without recursion;
    nothing is kept between two calls.
    """

    def NAME(self, token: Token) -> Name:
        _refuse_long(token, len(token))
        return Name(str(token), of(token))

    def NUMBER(self, token: Token) -> Number:
        value = _finite(token, str(token))
        if token.replace("_", "").isdigit():
            return Number(str(token), int(token), of(token))
        return Number(str(token), value, of(token))

    def PERCENT(self, token: Token) -> Percent:
        return Percent(str(token), _finite(token, token[:-1]), of(token))

    def TEXT(self, token: Token) -> Text:
        def unescape(match: re.Match[str]) -> str:
            if match[1] not in _ESCAPED:
                label = f"`{match[0]}` has no meaning in a quoted text"
                hint = 'a quote is written `\\"`, a backslash `\\\\`'
                raise Misread(Diagnostic("E009", of(token), label, hint))
            return _ESCAPED[match[1]]

        value = _ESCAPE.sub(unescape, token[1:-1])
        _refuse_long(token, len(value))
        return Text(value, of(token))

    def file(self, *lines: Line) -> tuple[Line, ...]:
        return lines

    def block(self, opening: Token, *pieces: Any) -> Block:
        *lines, closing = pieces
        return Block(tuple(lines), over(of(opening), of(closing)))

    def statement(self, head: Name | Call, *groups: Group) -> Statement:
        last = groups[-1][-1] if groups else head
        return Statement(head, groups, None, over(head.span, last.span))

    def section(self, head: Name | Call, *pieces: Any) -> Statement:
        *groups, block = pieces
        return Statement(head, tuple(groups), block, over(head.span, block.span))

    def assignment(self, target: Name, value: Expression) -> Assignment:
        return Assignment(target, value, over(target.span, value.span))

    def definition(self, kind: Name, head: Call, value: Expression) -> Definition:
        return Definition(kind, head, value, over(kind.span, value.span))

    def group(self, *parts: Part) -> Group:
        return parts

    def mark(self, token: Token) -> Mark:
        return Mark(str(token), of(token))

    def option(self, key: Name, value: Expression) -> Option:
        return Option(key, value, over(key.span, value.span))

    def signed(self, sign: Token, word: Expression) -> Unary:
        return Unary(str(sign), word, over(of(sign), word.span))

    def call(self, name: Name, _opening: Token, *pieces: Any) -> Call:
        *arguments, closing = pieces
        return Call(name, tuple(arguments), over(name.span, of(closing)))

    def argument(self, value: Expression, limit: Limits | None = None) -> Argument:
        return Argument(None, value, limit, over(value.span, (limit or value).span))

    def named(
        self, key: Name, value: Expression, limit: Limits | None = None
    ) -> Argument:
        return Argument(key, value, limit, over(key.span, (limit or value).span))

    def limits(
        self, word: Name, low: Expression, _dots: Token, high: Expression
    ) -> Limits:
        return Limits(word, low, high, over(word.span, high.span))

    def formula(self, *row: Token | Expression) -> Expression:
        return precedence.build(row)

    def parenthesis(
        self, opening: Token, inner: Expression, closing: Token
    ) -> Expression:
        return replace(inner, span=over(of(opening), of(closing)))


def _refuse_long(token: Token, length: int) -> None:
    if length > limits.TEXT_LENGTH:
        hint = f"a word has at most {limits.TEXT_LENGTH} characters"
        raise Misread(Diagnostic("E011", of(token), f"{length} characters", hint))


def _finite(token: Token, digits: str) -> float:
    """The number; one that a float cannot hold (or only as 0) is refused."""
    _refuse_long(token, len(token))
    value = float(digits)
    lost = value == 0.0 and re.match(r"[0_.]*[1-9]", digits)
    if math.isinf(value) or lost:
        label = f"too {'small' if lost else 'large'} for a number here"
        hint = "numbers reach from 2.3e-308 to 1.7e308, and 0"
        raise Misread(Diagnostic("E010", of(token), label, hint))
    return value
