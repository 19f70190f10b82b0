"""Which columns of a table are no inputs, and why."""

import re
from collections.abc import Callable, Sequence

import numpy as np

from nndsl import limits
from nndsl.data.errors import counted, shown
from nndsl.data.marks import marks_in
from nndsl.data.numbers import is_number
from nndsl.diagnostics.excerpt import visible
from nndsl.new.alike import alike
from nndsl.new.column import LABELS, Column
from nndsl.syntax.characters import unwritable

FEW_ROWS = 10
"""With fewer rows, columns are alike, in order or all different by chance."""
_MANY_ROWS = 200
"""From here on, whole numbers that never repeat are taken for identifiers."""
_FEW_LABELS = 10
"""With more of them, percentages and prices are numbers, not labels."""
_IDENTIFIER = re.compile(r"(.*[_ .-])?(id|uuid|guid|key|index|row|rownames)", re.I)
_CAMEL = re.compile(r".*[a-z]I[dD]")


def left_out(columns: Sequence[Column], target: Column) -> dict[Column, str]:
    """The columns that are no inputs, each with the reason."""
    reasons = {
        column: next(filter(None, (check(column) for check in _CHECKS)), "")
        for column in columns
        if column is not target
    }
    kept = [column for column, reason in reasons.items() if not reason]
    if len(target.codes) >= FEW_ROWS:
        for column, other in alike([target, *kept]):
            of = "the target" if other is target else visible_name(other.name)
            reasons[column] = f"says the same as {of}"
    return {column: reason for column, reason in reasons.items() if reason}


def _nameless(column: Column) -> str:
    return "" if column.name else "has no name"


def _unwritable(column: Column) -> str:
    if len(column.name) > limits.TEXT_LENGTH:
        return f"a name of more than {limits.TEXT_LENGTH} characters"
    if found := unwritable(column.name):
        return f"its name holds {found}"
    return ""


def _empty(column: Column) -> str:
    return "" if column.texts else "always missing"


def _constant(column: Column) -> str:
    if column.distinct > 1 or (column.n_missing and column.values is None):
        return ""
    return f"always {_short(column.texts[0])}"


def _nearly_constant(column: Column) -> str:
    """Labels all but one of which are too rare to learn from."""
    if column.values is not None:
        return ""
    least = rare(column)
    if column.counts.max() < least:
        return f"no label stands in {counted(least, 'row')}"
    rest = len(column.codes) - int(column.counts.max())
    if rest >= least:
        return ""
    return f"{_short(column.texts[int(column.counts.argmax())])} in all rows but {rest}"


def _date(column: Column) -> str:
    return "dates or times" if column.is_date else ""


def _identifier(column: Column) -> str:
    n = int(column.counts.sum())
    if column.distinct < n or column.values is None:
        return ""
    values, many = column.present, n >= FEW_ROWS and column.is_whole
    if many and (np.diff(np.sort(values)) == 1).all():
        return "numbers the rows"
    if _IDENTIFIER.fullmatch(column.name) or _CAMEL.fullmatch(column.name):
        return "an identifier: all different"
    if many and len({*np.sign(np.diff(values))}) == 1 and np.ptp(values) < 10 * n:
        return "whole numbers in order, all different"
    alike = len({len(text) for text in column.texts}) == 1
    if many and n >= _MANY_ROWS and alike:
        return "whole numbers of one length, all different"
    return ""


def _marked(column: Column) -> str:
    many = column.is_mostly_distinct or column.distinct > _FEW_LABELS
    if column.values is not None or not many:
        return ""
    return found + ": strip it to use them" if (found := with_marks(column)) else ""


def with_marks(column: Column) -> str:
    """What a column holds if it is numbers with marks, such as 12% or $1,000."""
    plain = column.values is not None
    if plain or not all(is_number(text) or marks_in(text) for text in column.texts):
        return ""
    example = next(filter(marks_in, column.texts), "")
    kind = marks_in(example)
    return f"numbers with {kind}, such as {_short(example)}" if kind else ""


def _text(column: Column) -> str:
    if column.values is not None or not column.is_mostly_distinct:
        return ""
    if odd := column.odd:
        found = f"numbers, but also {_short(odd[0])}"
        hint = "; if that means missing, say --missing-values"
        return found + hint * (len(odd) == 1)
    if any(len(text) > limits.TEXT_LENGTH for text in column.texts):
        return "long texts"
    if column.distinct > LABELS:
        return f"{column.distinct:,} different texts"
    return "texts that hardly repeat"


_CHECKS: tuple[Callable[[Column], str], ...] = (
    _nameless,
    _unwritable,
    _empty,
    _constant,
    _date,
    _identifier,
    _marked,
    _text,
    _nearly_constant,
)
"""Each says why a column is no input; nothing where it may be one."""


def rare(column: Column) -> int:
    """Labels in fewer rows than this are not learned one by one."""
    n = len(column.codes)
    least = max(min(5, n // 50), n // 1_000)
    return least if n < FEW_ROWS else max(2, least)


def visible_name(name: str) -> str:
    """A column's name as a comment shows it."""
    return visible(name if len(name) <= 40 else name[:39] + "…")


def _short(text: str) -> str:
    return visible(shown(text[:30]))
