"""Which columns the predictions rest on."""

from math import isfinite

from markupsafe import Markup

from nndsl.report.figures import words_of
from nndsl.report.importance import REPEATS, Importance, importances, rows_for
from nndsl.report.subject import Subject
from nndsl.report.view import Cell, Grid, Section, named, numbers
from nndsl.report.words import figure, shown

SHOWN = 30


def influence_section(subject: Subject) -> Section | None:
    """The permutation importance of the columns; None where the input is learned, or
    there is nothing that could be lost."""
    y, train = subject.table.y, subject.checked.network.train
    if y is None:
        return None
    rows = subject.rows_shown(
        rows_for(len(subject.columns.columns), subject.n_parameters)
    )
    columns = subject.columns.rows(rows)
    score = subject.model.score
    baseline = float(score(columns.for_model(), y[rows]))
    if not isfinite(baseline):
        return None
    found = importances(score, columns, y[rows], train.seed)
    labels = subject.program.data.labels is not None
    measure = "accuracy" if labels or _is_multilabel(subject) else words_of("r2")
    which = "rows of this table" if subject.shown.rows is None else subject.shown.name
    where = "rows of this table" if which == "this table" else f"{which} rows"
    text = (
        f"How much {measure} is lost when the values of one column are shuffled among "
        f"the rows, so that they say nothing any more: the mean of {REPEATS} shuffles "
        f"and, as a thin line, their standard deviation, on {len(rows):,} {where}, "
        f"where {measure} is {figure(baseline)}."
    )
    if subject.shown.name == "training":
        text += " These rows were trained on; there are no others."
    note = (
        "A column near 0 is hardly used. Columns that say the same share their "
        "importance, so each of them looks small."
    )
    if len(found) > SHOWN:
        note = f"The {SHOWN} largest of {len(found):,} columns. {note}"
    grid = Grid(_HEAD, tuple(_rows(found[:SHOWN])), "influence", note)
    return Section("Which columns matter", text, (grid,))


_HEAD = (Cell("column", "name"), Cell("", "drawing"), *numbers("mean ± deviation"))


def _is_multilabel(subject: Subject) -> bool:
    return subject.program.data.decision.is_multilabel


def _rows(found: list[Importance]) -> list[tuple[Cell, ...]]:
    low = min(0.0, *(each.mean - each.deviation for each in found), 0.0)
    high = max(0.0, *(each.mean + each.deviation for each in found), 0.0)
    spread = high - low or 1.0
    return [
        (
            named(shown(each.column)),
            Cell("", "drawing", drawing=_bar(each, low, spread)),
            *numbers(f"{figure(each.mean)} ± {figure(each.deviation)}"),
        )
        for each in found
    ]


def _bar(each: Importance, low: float, spread: float) -> Markup:
    """A bar from 0 to the mean, and a line over twice the deviation."""

    def at(value: float) -> float:
        return 200 * (value - low) / spread

    left, right = sorted((at(0), at(each.mean)))
    begin, end = at(each.mean - each.deviation), at(each.mean + each.deviation)
    return Markup(
        '<svg viewBox="0 0 200 12" preserveAspectRatio="none" aria-hidden="true">'
        '<rect x="{:.1f}" y="1" width="{:.1f}" height="10"/>'
        '<path d="M{:.1f} 6H{:.1f}"/></svg>'
    ).format(left, max(right - left, 0.8), begin, end)
