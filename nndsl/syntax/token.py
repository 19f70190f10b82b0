"""A word of a spec, before the grammar makes something of it."""

from __future__ import annotations

from nndsl.syntax.tree import Span


class Token(str):
    """The text of a word or mark, its kind as `grammar/nn.lark` calls it, its place."""

    __slots__ = ("kind", "span")

    kind: str
    span: Span

    def __new__(cls, kind: str, text: str, span: Span) -> Token:
        made = super().__new__(cls, text)
        made.kind = kind
        made.span = span
        return made


END = Token("$END", "", Span(0, 0, 0, 0, 0, 0))
"""Behind the last word of every file; it stands on no line."""
