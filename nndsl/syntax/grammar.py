"""The parser, made from `grammar/nn.lark` when the first spec is read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from nndsl.resources import read
from nndsl.syntax.build import Builder

if TYPE_CHECKING:
    from lark import Lark, Token

MISTAKES = (
    "BAD_POWER",
    "BAD_EQUALS",
    "BAD_NUMBER",
    "BAD_WORD",
    "BAD_TEXT",
    "BAD_QUOTE",
    "BAD_CHARACTER",
)
"""The kinds of words that no rule of the grammar uses."""


class _KeepMistakes:
    """Has the lexer keep the kinds of words that only messages and comments use."""

    always_accept = ("COMMENT", *MISTAKES)

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        return stream


@cache
def grammar() -> Lark:
    """The parser for whole files; tree nodes are made while it reads."""
    from lark import Lark

    return Lark(
        read("grammar", "nn.lark"),
        parser="lalr",
        lexer="basic",
        start="file",
        transformer=Builder(),
        postlex=_KeepMistakes(),
        maybe_placeholders=False,
    )
