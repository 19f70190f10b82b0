"""Spans of words, of what lies between two of them, and of places in plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nndsl.syntax.tree import Span

if TYPE_CHECKING:
    from lark import Token


def of_token(token: Token) -> Span:
    """Where a word stands."""
    start, end = token.start_pos, token.end_pos
    line, column = token.line, token.column
    end_line, end_column = token.end_line, token.end_column
    assert start is not None and end is not None
    assert line is not None and column is not None
    assert end_line is not None and end_column is not None
    return Span(start, end, line, column, end_line, end_column)


def over(first: Span, last: Span) -> Span:
    """From the beginning of `first` to the end of `last`."""
    return Span(
        first.start,
        last.end,
        first.line,
        first.column,
        last.end_line,
        last.end_column,
    )


def at(text: str, start: int, end: int) -> Span:
    """The stretch from offset `start` to `end`; lines are counted by line feeds."""
    line = text.count("\n", 0, start) + 1
    column = start - text.rfind("\n", 0, start)
    end_line = line + text.count("\n", start, end)
    end_column = end - text.rfind("\n", 0, end)
    return Span(start, end, line, column, end_line, end_column)
