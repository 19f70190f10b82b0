"""From a table to a spec that trains on it as it stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nndsl.data.dialect import Dialect
from nndsl.data.errors import DataError, counted, explained, shown
from nndsl.diagnostics.excerpt import visible
from nndsl.new.alike import gives_away
from nndsl.new.column import Column, in_rows
from nndsl.new.findings import left_out, visible_name
from nndsl.new.misspelt import on_misspelt
from nndsl.new.plan import plan_for
from nndsl.new.reading import Columns, read_columns
from nndsl.new.spec import spec_text
from nndsl.new.target import CLASSES, choose_target, labels_of
from nndsl.spec_text.texts import column as column_text


@dataclass(frozen=True, slots=True)
class New:
    """A spec, and what was decided on the way to it."""

    text: str
    n_inputs: int
    target: str
    left_out: tuple[str, ...]


_CODES = 3
"""The most columns that may be codes whose line is shown."""


def new_spec(path: str, target_name: str | None, dialect: Dialect | None = None) -> New:
    """A spec for the table in the file `path`.

    Raises DataError for a file that is no table, and where there is nothing to learn or
    nothing to learn from.
    """
    table = read_columns(path, dialect or Dialect())
    with explained(table.hint):
        target = choose_target(path, table.columns, target_name)
    learned = target.column.codes >= 0
    columns = [in_rows(column, learned) for column in table.columns]
    answers = columns[table.columns.index(target.column)]
    found = left_out(columns, answers)
    inputs = [each for each in columns if each is not answers and each not in found]
    notes = [
        (visible_name(column.name) or f"column {place}", found[column])
        for place, column in enumerate(columns, 1)
        if column in found
    ]
    if not inputs:
        name, reason = notes[0]
        raise DataError(
            f"{path}: no column is left to learn {shown(target.column.name)} from; "
            f"{name}: {reason}"
        )
    names = {column.name for column in inputs} | {target.column.name}
    labelled = [column for column in table.columns if column.name in names]
    remarks = [*_remarks(inputs, answers, guessed=target_name is None)]
    remarks += on_misspelt(labelled)
    plan = plan_for(int(target.column.counts.sum()))
    text = spec_text(path, _rows(table), inputs, target, notes, plan, remarks)
    return New(text, len(inputs), target.column.name, tuple(name for name, _ in notes))


def _rows(table: Columns) -> str:
    rows = counted(table.n_rows, "row")
    return rows if table.whole else f"its first {rows}"


def _remarks(
    inputs: Sequence[Column], answers: Column, *, guessed: bool
) -> Iterator[str]:
    if guessed:
        yield "The target is the last column; --target COLUMN names another."
    codes = [column for column in inputs if _may_be_code(column)]
    for column in codes[:_CODES]:
        line = f"{column_text(column.name)}: {' | '.join(map(str, labels_of(column)))}"
        yield (
            f"{visible_name(column.name)} is taken as a number; if it is a code, write "
            f"`input {visible(line)}`."
        )
    if len(codes) > _CODES:
        yield f"{_names(codes[_CODES:])} may be codes, too."
    if clear := [c for c in inputs if gives_away(c, answers)]:
        yield (
            f"Nearly says what the target is: {_names(clear)}. Leave out what is not "
            "known before it."
        )


def _may_be_code(column: Column) -> bool:
    """Few whole numbers, which are no counts: those begin at 0."""
    few = column.is_whole and 3 <= column.distinct <= CLASSES
    return few and bool(column.present.min() > 0)


def _names(columns: Sequence[Column]) -> str:
    few = ", ".join(visible_name(column.name) for column in columns[:3])
    return few + f" and {len(columns) - 3} more" * (len(columns) > 3)
