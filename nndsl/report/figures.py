"""The figures of each part, and how they changed from epoch to epoch."""

from collections.abc import Iterator
from itertools import islice

import numpy as np
from markupsafe import Markup

from nndsl.language.metric_table import METRICS
from nndsl.report.charts import curve_chart
from nndsl.report.subject import Subject
from nndsl.report.view import Cell, Chart, Grid, Section, numbers
from nndsl.report.words import count, figure

CURVES = 5
"""The most charts of the learning."""


def figures_section(subject: Subject) -> Section:
    """The loss and the metrics of each part."""
    names = [n for n, value in subject.shown.figures.items() if not np.ndim(value)]
    rows = tuple(
        (
            Cell(part.name, "name"),
            *numbers("–" if part.rows is None else f"{len(part.rows):,}"),
            *numbers(*(figure(part.figures.get(name, np.nan)) for name in names)),
        )
        for part in subject.parts
    )
    head = Cell("rows"), *numbers("how many", *map(words_of, names))
    return Section("Figures", _about(subject), (Grid(head, rows),))


def _about(subject: Subject) -> str:
    known = {
        "training": "The network was fitted to the training rows.",
        "validation": "Validation rows were watched while it learned.",
        "test": "Test rows were not looked at until the end: they show best what to "
        "expect of new data.",
        "this table": f"This table is {subject.file_name}; the other figures were "
        "kept when the model was trained.",
    }
    said = [known[part.name] for part in subject.parts]
    if not subject.is_held_out and subject.shown.name == "training":
        said.append(
            "All rows were trained on, so new data may fare worse; a split in the "
            "spec keeps rows back."
        )
    return " ".join(said)


def learning_section(subject: Subject) -> Section:
    epochs = len(subject.history["loss"])
    kept = (
        f"epoch {subject.best_epoch} was the best and was kept"
        if subject.best_epoch
        else "the last one was kept"
    )
    text = (
        f"{count(epochs, 'epoch')}, of which {kept}. Figures are measured after each "
        "epoch, on the network as it then predicts."
    )
    charts = tuple(islice(_curves(subject), CURVES))
    return Section("Learning", text, charts=charts)


def _curves(subject: Subject) -> Iterator[Chart]:
    history, kept = subject.history, subject.kept_epoch
    for place, name in enumerate(n for n in history if not n.startswith("val_")):
        curves = {"training": history[name]}
        if validation := history.get(f"val_{name}"):
            curves["validation"] = validation
        drawn = curve_chart(f"curve{place}", words_of(name), curves, kept)
        yield Chart(
            words_of(name)[:1].upper() + words_of(name)[1:],
            Markup(drawn),
            _how_to_read(name, len(curves) > 1),
        )


def _how_to_read(name: str, compares: bool) -> str:
    if entry := METRICS.get(name):
        better = "Higher" if entry.larger_is_better else "Lower"
        return f"{entry.documentation} {better} is better."
    if compares:
        return (
            "Lower is better. Where the validation curve turns upwards, the network "
            "is overfitting: it learns its training rows by heart."
        )
    return "Lower is better. If it still falls at the end, more epochs may help."


def words_of(name: str) -> str:
    """`mean_absolute_error` as words."""
    plain = {"r2": "r²", "auc": "AUC", "f1": "F1"}
    return plain.get(name, name.replace("_", " "))
