"""What the network predicts, beside what is true."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from nndsl.report.charts import (
    POINTS,
    calibration_chart,
    residual_chart,
    roc_chart,
    true_chart,
)
from nndsl.report.classes import calibration, roc
from nndsl.report.matrix import hits_grid, matrix_grid
from nndsl.report.subject import Rows, Subject
from nndsl.report.view import Chart, Section
from nndsl.report.words import count, number, shown

ROWS = 50_000
CURVES = 8
"""The most labels with a curve of their own."""
TARGETS = 3
"""The most targets with charts of their own."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Answers:
    """`true` and `predicted` are places of labels (n,), or 0 and 1 for each of several
    labels, or numbers (n, k).  `probabilities` has a column for each of `names`."""

    names: tuple[object, ...]
    true: NDArray[Any]
    predicted: NDArray[Any]
    probabilities: Floats | None


def predictions_section(subject: Subject) -> Section:
    """Confusion, ROC and calibration of labels; predicted against true numbers."""
    decision = subject.program.data.decision
    has_labels = subject.program.data.labels is not None
    several = decision.is_multilabel
    rows = subject.rows_shown(ROWS if has_labels or several else POINTS)
    about = f"On {_rows_text(subject, rows)}."
    if has_labels:
        answers = _label_answers(subject, rows)
        return Section(
            "Predictions", about, (matrix_grid(answers),), tuple(_curves(answers))
        )
    answers = _number_answers(subject, rows)
    if several:
        return Section(
            "Predictions", about, (hits_grid(answers),), tuple(_curves(answers))
        )
    if len(answers.names) > TARGETS:
        about += f" The first {TARGETS} of {len(answers.names)} outputs are drawn."
    return Section("Predictions", about, charts=tuple(_number_charts(answers)))


def _rows_text(subject: Subject, rows: Rows) -> str:
    part = subject.shown
    assert part.rows is not None
    name = "row" if part.name == "this table" else f"{part.name} row"
    end = " of this table" if part.name == "this table" else ""
    if len(rows) < len(part.rows):
        drawn = f"{len(rows):,} rows drawn at random from"
        return f"{drawn} the {count(len(part.rows), name)}{end}"
    return f"the {count(len(rows), name)}{end}"


def _label_answers(subject: Subject, rows: Rows) -> Answers:
    model, y = subject.model, subject.table.y
    assert y is not None
    x = subject.columns.rows(rows).for_model()
    labels = model.classes_.tolist()
    places = {label: place for place, label in enumerate(labels)}
    shares = model.predict_proba(x) if hasattr(model, "predict_proba") else None
    return Answers(
        tuple(labels),
        np.array([places[label] for label in y[rows].tolist()], np.intp),
        np.array([places[label] for label in model.predict(x).tolist()], np.intp),
        None if shares is None else np.asarray(shares, np.float64),
    )


def _number_answers(subject: Subject, rows: Rows) -> Answers:
    model, table = subject.model, subject.table
    columns = subject.columns.rows(rows)
    x = columns.for_model()
    true = np.asarray(x if table.y is None else table.y[rows], np.float64)
    true = true.reshape(len(rows), -1)
    predicted = np.asarray(model.predict(x), np.float64).reshape(len(rows), -1)
    names: tuple[object, ...] = table.features if table.y is None else table.targets
    if len(names) != true.shape[1]:
        names = tuple(range(1, true.shape[1] + 1))
    shares = model.predict_proba(x) if hasattr(model, "predict_proba") else None
    return Answers(
        names, true, predicted, None if shares is None else np.asarray(shares, float)
    )


def _curves(answers: Answers) -> Iterator[Chart]:
    """ROC and calibration, where there are probabilities."""
    shares, true = answers.probabilities, answers.true
    if shares is None:
        return
    one_of_many = true.ndim == 1 and shares.shape[1] > 2
    holds = (
        true[:, None] == np.arange(shares.shape[1]) if true.ndim == 1 else true > 0.5
    )
    places = np.array([1])
    if true.ndim > 1 or one_of_many:
        places = np.sort(np.argsort(-holds.sum(axis=0), kind="stable")[:CURVES])
    labels = [(shown(answers.names[p], 18), holds[:, p], shares[:, p]) for p in places]
    found = [(name, roc(held, share)) for name, held, share in labels]
    drawn = [(name, curve) for name, curve in found if curve is not None]
    if drawn:
        yield Chart(
            "ROC",
            Markup(roc_chart("roc", drawn)),
            "Lower the threshold and more rows are found, at the price of more false "
            "alarms: the closer a curve comes to the top left corner, the better; the "
            "dashed diagonal is guessing.",
        )
    if one_of_many:
        right = answers.predicted == true
        labels = [("", right, shares.max(axis=1))]
        axes = "probability of the predicted label", "share that was right"
    else:
        name = labels[0][0] if len(labels) == 1 else "the label"
        axes = f"predicted probability of {name}", f"share that was {name}"
    binned = [(name, calibration(held, share)) for name, held, share in labels]
    yield Chart(
        "Calibration",
        Markup(calibration_chart("calibration", binned, *axes)),
        "Of the rows given 80%, about 80% should come true: points under the dashed "
        "diagonal mean that the network is too sure. Larger points hold more rows.",
    )


def _number_charts(answers: Answers) -> Iterator[Chart]:
    for place, name in enumerate(answers.names[:TARGETS]):
        true, predicted = answers.true[:, place], answers.predicted[:, place]
        half, most = np.quantile(abs(true - predicted), [0.5, 0.9])
        word = shown(name, 24)
        yield Chart(
            f"Predicted {word}",
            Markup(true_chart(f"true{place}", word, true, predicted)),
            "Each point is a row; on the dashed line the prediction is right. Half of "
            f"the predictions are off by at most {number(half)}, nine in ten by at "
            f"most {number(most)}.",
        )
        yield Chart(
            f"Residuals of {word}",
            Markup(residual_chart(f"residual{place}", word, true, predicted)),
            "What the network missed: points should lie around 0 without a pattern; a "
            "bend or a funnel is something that it has not learned.",
        )
