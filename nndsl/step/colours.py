"""Lines of text in pieces, each with the kind of word that it is."""

import dataclasses
import io
import keyword
import tokenize
from collections.abc import Iterator

from nndsl.diagnostics.excerpt import visible
from nndsl.syntax.tree import (
    Call,
    Definition,
    File,
    Number,
    Option,
    Percent,
    Span,
    Statement,
    Text,
)

Piece = tuple[str, str]
"""A kind (`comment`, `text`, `number`, `word`, `name` or none) and the text."""
_KINDS = {
    tokenize.COMMENT: "comment",
    tokenize.STRING: "text",
    tokenize.NUMBER: "number",
}
_Mark = tuple[int, int, str]


def coloured_module(text: str) -> list[list[Piece]]:
    """The lines of a Python module."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    marks: list[_Mark] = []
    before = ""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        kind = _KINDS.get(token.type, "")
        if token.type == tokenize.NAME:
            kind = "word" if keyword.iskeyword(token.string) else ""
            kind = "name" if before in ("def", "class") else kind
        if kind:
            (row, column), (end_row, end_column) = token.start, token.end
            start, end = starts[row - 1] + column, starts[end_row - 1] + end_column
            marks.append((start, end, kind))
        before = token.string
    return _pieces(text, marks)


def coloured_spec(text: str, tree: File) -> list[list[Piece]]:
    """The lines of a spec; characters that hide are written as escapes."""
    marks = [(span.start, span.end, kind) for span, kind in _words(tree)]
    marks += [(c.span.start, c.span.end, "comment") for c in tree.comments]
    lines = _pieces(text, sorted(marks))
    return [[(kind, visible(part)) for kind, part in line] for line in lines]


def _words(node: object) -> Iterator[tuple[Span, str]]:
    match node:
        case Number() | Percent():
            yield node.span, "number"
        case Text():
            yield node.span, "text"
        case Statement(head=head):
            yield (head.name if isinstance(head, Call) else head).span, "word"
        case Definition(kind=kind, head=Call(name=name)):
            yield kind.span, "word"
            yield name.span, "name"
        case Option(key=key):
            yield key.span, "name"
    if isinstance(node, tuple):
        for part in node:
            yield from _words(part)
    elif dataclasses.is_dataclass(node) and not isinstance(node, Span):
        for field in dataclasses.fields(node):
            yield from _words(getattr(node, field.name))


def _pieces(text: str, marks: list[_Mark]) -> list[list[Piece]]:
    """The lines of a text, cut at marks, which do not overlap and are in order."""
    lines: list[list[Piece]] = [[]]

    def add(kind: str, part: str) -> None:
        for number, line in enumerate(part.split("\n")):
            if number:
                lines.append([])
            if line:
                lines[-1].append((kind, line))

    at = 0
    for start, end, kind in marks:
        if start >= at:
            add("", text[at:start])
            add(kind, text[start:end])
            at = end
    add("", text[at:])
    return lines if lines[-1] else lines[:-1]
