"""One error for one cause."""

from collections.abc import Sequence

from nndsl.diagnostics.record import Diagnostic

_BLOCKS = frozenset(("this block is not closed", "no block is open here"))


def causes(mistakes: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The mistakes in the order of the file, without those that follow from others.

    Of several on one line the first is reported.  Where a statement could not be read,
    a brace may have been skipped with it: whether all braces match is not judged then,
    nor a `)` after a parenthesis that was not closed.
    """
    others = any(each.label not in _BLOCKS for each in mistakes)
    kept: list[Diagnostic] = []
    for each in sorted(mistakes, key=lambda mistake: mistake.span.start):
        last = kept[-1] if kept else None
        if others and each.label in _BLOCKS:
            continue
        if last and last.span.line == each.span.line:
            continue
        if last and last.code == "E020" and each.code == "E022":
            continue
        kept.append(each)
    return kept
