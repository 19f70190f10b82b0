"""The rows of a file: what stands on each line of it, and how deep."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nndsl.fmt.breaking import WIDTH, Piece, broken, joined
from nndsl.fmt.gaps import RANKS, in_formula
from nndsl.fmt.roles import roles
from nndsl.fmt.settings import Setting, option_widths, read_setting, value_column
from nndsl.fmt.words import Note, Word
from nndsl.syntax.tree import Block, File, Line, Span, Statement

INDENT = 4


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the file; `depth` counts the blocks around its statement."""

    depth: int
    piece: Piece
    spaced: bool = False
    """Whether an empty line is above it."""


def rows_of(tree: File, words: Sequence[Word]) -> list[Row]:
    """The rows of a file, one statement a row where it fits."""
    layout = _Layout(tree, words)
    layout.lines(tree.lines, 0)
    layout.notes(words[-1].notes, 0)
    return layout.rows


class _Layout:
    """Rows, added from the first to the last."""

    def __init__(self, tree: File, words: Sequence[Word]) -> None:
        self.words = words
        self.starts = [word.start for word in words]
        self.roles = roles(tree, words)
        self.rows: list[Row] = []
        self.opening = True
        """Whether no row stands in the block yet; then none is spaced."""

    def lines(self, lines: Sequence[Line], depth: int) -> None:
        column = value_column(lines, depth * INDENT) if depth else 0
        settings = [column and self.setting(line, column, depth) for line in lines]
        widths = option_widths([each for each in settings if each])
        for line, setting in zip(lines, settings, strict=True):
            words = self.between(line.span)
            self.notes(words[0].notes, depth)
            match line:
                case Statement(block=block) if block is not None:
                    self.section(line, block, words, depth)
                    continue
                case _ if setting:
                    pieces = setting.pieces(widths[setting.name])
                case _:
                    rank = RANKS[type(line)]
                    indent = depth * INDENT
                    pieces = broken(words, self.roles, rank, indent, indent + INDENT)
            self.add(pieces, words[0].spaced, depth)

    def section(
        self, line: Statement, block: Block, words: Sequence[Word], depth: int
    ) -> None:
        indent = depth * INDENT
        spaced = words[0].spaced
        text = self.on_one_line(line) if self.may_be_one_line(block, words) else ""
        if text and indent + len(text) <= WIDTH:
            self.add([Piece(indent, text)], spaced, depth)
            return
        opening = bisect_left(self.starts, block.span.start) - self.index(line.span)
        head = words[: opening + 1]
        pieces = broken(head, self.roles, in_formula, indent, indent)
        self.add(pieces, spaced, depth)
        self.opening = True
        self.lines(block.lines, depth + 1)
        self.notes(words[-1].notes, depth + 1)
        self.add([Piece(indent, words[-1].text)], False, depth)

    def may_be_one_line(self, block: Block, words: Sequence[Word]) -> bool:
        """A block keeps its form; an empty one has no other."""
        is_one = block.span.line == block.span.end_line or not block.lines
        fits = len(words) <= WIDTH
        return is_one and fits and not any(word.notes for word in words[1:])

    def on_one_line(self, line: Line) -> str:
        if not isinstance(line, Statement) or line.block is None:
            return joined(self.between(line.span), self.roles)
        span = line.span
        before = replace(span, end=line.block.span.start)
        head = joined(self.between(before), self.roles)
        inner = "; ".join(self.on_one_line(each) for each in line.block.lines)
        return f"{head} {{ {inner} }}" if inner else f"{head} {{}}"

    def setting(self, line: Line, column: int, depth: int) -> Setting | None:
        words = self.between(line.span)
        return read_setting(line, words, self.roles, depth * INDENT, column)

    def between(self, span: Span) -> Sequence[Word]:
        return self.words[self.index(span) : bisect_left(self.starts, span.end)]

    def index(self, span: Span) -> int:
        return bisect_left(self.starts, span.start)

    def notes(self, notes: Sequence[Note], depth: int) -> None:
        """Comments between two statements, or at the end of a line."""
        for note in notes:
            if note.behind:
                last = self.rows[-1]
                self.rows[-1] = replace(
                    last, piece=replace(last.piece, comment=note.text)
                )
            else:
                self.add([Piece(depth * INDENT, "", note.text)], note.spaced, depth)

    def add(self, pieces: Sequence[Piece], spaced: bool, depth: int) -> None:
        spaced = spaced and not self.opening
        self.rows += [Row(depth, pieces[0], spaced)]
        self.rows += [Row(depth, piece) for piece in pieces[1:]]
        self.opening = False
