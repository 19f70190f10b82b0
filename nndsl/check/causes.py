"""One error for one cause."""

from collections.abc import Iterator, Sequence

from nndsl.diagnostics.codes_checks import UNEXPECTED
from nndsl.diagnostics.record import Diagnostic
from nndsl.syntax.tree import File, Line, Statement


def causes(errors: Sequence[Diagnostic], tree: File) -> tuple[Diagnostic, ...]:
    """The errors in the order of the file, without those that follow from others.

    Words that are left over in a statement are no error of their own where another word
    of the statement is wrong: that one may have taken their place.
    """
    heads = [head for line in tree.lines for head in _statements(line)]
    kept: list[Diagnostic] = []
    wrong: set[int] = set()
    for each in errors:
        number = _statement(heads, each)
        if each.code == UNEXPECTED and number in wrong:
            continue
        wrong.add(number)
        kept.append(each)
    return tuple(kept)


def _statements(line: Line) -> Iterator[int]:
    """Where each statement begins, in the order of the file."""
    yield line.span.start
    if isinstance(line, Statement) and line.block:
        for inner in line.block.lines:
            yield from _statements(inner)


def _statement(starts: list[int], error: Diagnostic) -> int:
    """Where the statement begins that an error stands in."""
    return max((start for start in starts if start <= error.span.start), default=0)
