"""One error for one cause."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from nndsl.diagnostics.codes_checks import (
    DUPLICATE,
    MISSING,
    UNEXPECTED,
    UNKNOWN_NAME,
)
from nndsl.diagnostics.record import Diagnostic
from nndsl.syntax.tree import File, Line, Statement


def causes(errors: Sequence[Diagnostic], tree: File) -> tuple[Diagnostic, ...]:
    """The errors in the order of the file, without those that follow from others."""
    starts = sorted(start for line in tree.lines for start in _starts(line))
    kept: list[Diagnostic] = []
    for each in errors:
        number = bisect_right(starts, each.span.start)
        if not any(_follows(each, number, other, starts) for other in kept[-8:]):
            kept.append(each)
    return tuple(kept)


def _starts(line: Line) -> Iterator[int]:
    """Where each statement begins."""
    yield line.span.start
    if isinstance(line, Statement) and line.block:
        for inner in line.block.lines:
            yield from _starts(inner)


def _follows(
    error: Diagnostic, number: int, other: Diagnostic, starts: Sequence[int]
) -> bool:
    """Whether an error of one statement follows from an earlier one.

    Words that are left over may have lost their place to a word that is wrong, and
    what follows them is read in the wrong place.  Several things said twice on one
    line are one line said twice.  A value that is missing may stand on the next line.
    """
    before = bisect_right(starts, other.span.start)
    if before == number:
        if UNEXPECTED in (error.code, other.code):
            return True
        return error.code == other.code == DUPLICATE
    begins = number > 0 and error.span.start == starts[number - 1]
    unread = error.code in (UNKNOWN_NAME, UNEXPECTED)
    return other.code == MISSING and before == number - 1 and begins and unread
