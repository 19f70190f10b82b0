"""Spans of words, of what lies between two of them, and of places in plain text."""

from typing import Any

from lark import Token

from nndsl.syntax.tree import Span


def of(token: Token) -> Span:
    """Where a word of the file stands."""
    word: Any = (
        token  # by its types, a word may have been made by hand and stand nowhere
    )
    return Span(
        word.start_pos,
        word.end_pos,
        word.line,
        word.column,
        word.end_line,
        word.end_column,
    )


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


def before(text: str, span: Span) -> Span:
    """The empty stretch right before another."""
    return at(text, span.start, span.start)


def behind(text: str, span: Span) -> Span:
    """The empty stretch right behind another."""
    return at(text, span.end, span.end)
