"""The page: everything about a trained model in one HTML text."""

import platform
from datetime import datetime

import numpy as np

from nndsl.diagnostics.excerpt import visible
from nndsl.report.drawing import network_drawing
from nndsl.report.figures import figures_section, learning_section, words_of
from nndsl.report.held import columns_section
from nndsl.report.html import HTML
from nndsl.report.influence import influence_section
from nndsl.report.predictions import predictions_section
from nndsl.report.subject import Subject
from nndsl.report.view import Cell, Grid
from nndsl.report.words import count, figure, listed, shown
from nndsl.version import __version__

MARK = "<!doctype html><!-- a report of nndsl -->"
"""How every report begins."""


def report_page(subject: Subject, model_file: str) -> str:
    """The HTML text of a report; `model_file` is the name of the model's file."""
    sections = (
        figures_section(subject),
        learning_section(subject),
        predictions_section(subject),
        influence_section(subject),
        columns_section(subject),
    )
    page = HTML.get_template("report/page.html.jinja").render(
        name=subject.checked.network.name,
        summary=_summary(subject),
        headlines=_headlines(subject),
        sections=[section for section in sections if section is not None],
        network=network_drawing(subject),
        spec="\n".join(map(visible, subject.checked.source.text.splitlines())),
        made=_made(subject, model_file),
    )
    return f"{MARK}\n{page}"


def _summary(subject: Subject) -> str:
    table, parts = subject.table, subject.parts
    learned = listed(table.targets, 4) if table.targets else "the target"
    goal = "its own input" if table.y is None else learned
    columns = count(len(subject.columns.columns), "column")
    rows = parts[0].rows
    on = "evaluated on" if rows is None else f"trained on {count(len(rows), 'row')} of"
    return f"Predicts {goal} from {columns}; {on} {subject.file_name}."


def _headlines(subject: Subject) -> list[tuple[str, str]]:
    """A few figures in large type, each with what it is."""
    part = subject.shown
    plain = {n: v for n, v in part.figures.items() if not np.ndim(v)}
    first = [name for name in plain if name != "loss"][:1]
    where = "this table" if part.name == "this table" else f"{part.name} rows"
    cards = [
        (figure(plain[name]), f"{words_of(name)}, {where}") for name in [*first, "loss"]
    ]
    epochs = f"epoch kept, of {len(subject.history['loss']):,}"
    return [
        *cards,
        (f"{subject.n_parameters:,}", "parameters"),
        (f"{subject.kept_epoch:,}", epochs),
    ]


def _made(subject: Subject, model_file: str) -> Grid:
    rows = {
        "model file": shown(model_file, 60),
        "table": f"{subject.file_name}, {count(len(subject.table.lines), 'row')}",
        "seed": str(subject.checked.network.train.seed),
        "written": f"{datetime.now().astimezone():%Y-%m-%d %H:%M %Z}",
        "nndsl": __version__,
        "NumPy": np.__version__,
        "Python": f"{platform.python_version()} on {platform.system()}",
    }
    return Grid((), tuple((Cell(n, "soft"), Cell(v)) for n, v in rows.items()))
