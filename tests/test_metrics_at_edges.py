"""Metrics where classes are missing, outputs tie, or targets do not vary."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from reference.learning import module, net
from reference.modules import STYLES
from sklearn import metrics as judge

from nndsl.program.in_place import Style

NAMES = "accuracy, precision, recall, f1, auc"
TASKS = {
    "classes": "dense 4 softmax; loss categorical_crossentropy; "
    f"metrics {NAMES}, top_k_accuracy(2), confusion_matrix",
    "two": f"dense 2 softmax; loss categorical_crossentropy; metrics {NAMES}",
    "binary": f"dense 1 sigmoid; loss binary_crossentropy; metrics {NAMES}",
    "margin": f"dense 1; loss hinge; metrics {NAMES}, confusion_matrix",
    "labels": f"dense 3 sigmoid; loss binary_crossentropy; metrics {NAMES}",
    "numbers": "dense 2; loss mean_squared_error; "
    "metrics mean_absolute_error, root_mean_squared_error, r2",
}
RANDOM = np.random.RandomState(1)
X = RANDOM.standard_normal((50, 3))
TARGETS: dict[str, Any] = {
    "classes": RANDOM.randint(0, 4, 50),
    "two": RANDOM.randint(0, 2, 50),
    "binary": RANDOM.randint(0, 2, 50),
    "margin": RANDOM.randint(0, 2, 50),
    "labels": RANDOM.randint(0, 2, (50, 3)),
    "numbers": RANDOM.standard_normal((50, 2)) * 9,
}


def told(task: str, style: Style, x: np.ndarray, t: np.ndarray) -> dict[str, float]:
    """What is measured of a network of one layer whose output is its input x."""
    made = module("epochs 1", f"input {x.shape[1]}; {TASKS[task]}", style)
    p = made.initialize(np.random.default_rng(0))
    p.w1[...], p.b1[...] = np.eye(x.shape[1]), 0
    found: dict[str, float] = made.measure(p, x, t)
    return found


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    ("y", "said"),
    [
        ([0, 0, 1, 1, 0], [0, 2, 1, 0, 3]),  # 2 and 3 are only predicted
        ([0, 2, 3, 1, 0], [0, 0, 1, 1, 0]),  # 2 and 3 are never predicted
        ([1, 1, 1, 0, 1], [1, 1, 1, 1, 0]),  # 2 and 3 do not occur
        ([3, 3, 3, 2, 2], [0, 0, 1, 1, 0]),  # nothing is right
    ],
)
def test_classes_that_are_only_predicted_or_only_true(
    y: list[int], said: list[int], style: Style
) -> None:
    found = told("classes", style, 9.0 * np.eye(4)[said], np.eye(4)[y])
    options: dict[str, Any] = {"average": "macro", "zero_division": 0.0}
    assert found["precision"] == pytest.approx(
        judge.precision_score(y, said, **options)
    )
    assert found["recall"] == pytest.approx(judge.recall_score(y, said, **options))
    assert found["f1"] == pytest.approx(judge.f1_score(y, said, **options))


@pytest.mark.parametrize("style", STYLES)
def test_hinge_decides_at_zero(style: Style) -> None:
    x = np.array([[0.0], [-1e-6], [0.4], [-0.4]])
    found = told("margin", style, x, np.array([[1], [-1], [1], [-1]]))
    assert found["accuracy"] == 1
    head = f"input 1; {TASKS['margin']}"
    model = net("epochs 1", head, style)().fit(x, ["no", "yes", "no", "yes"])
    model.parameters_.w1[...], model.parameters_.b1[...] = 1, 0
    assert model.predict(x).tolist() == ["yes", "no", "yes", "no"]
    assert model.score(x, ["yes", "no", "yes", "no"]) == 1


@pytest.mark.parametrize("style", STYLES)
def test_a_probability_of_a_half_is_one_class_for_every_method(style: Style) -> None:
    x, y = np.zeros((4, 3)), np.array([0, 1, 1, 1])
    model = net("epochs 1", f"input 3; {TASKS['binary']}", style)().fit(x, y)
    for w in model.parameters_:
        w[...] = 0
    assert (model.predict_proba(x) == 0.5).all()
    assert model.score(x, y) == np.mean(model.predict(x) == y)


@pytest.mark.parametrize("task", ["classes", "two", "binary", "margin", "labels"])
def test_auc_of_one_class_is_nan_and_the_rest_is_defined(task: str) -> None:
    model = net("epochs 1", f"input 3; {TASKS[task]}")().fit(X, TARGETS[task])
    figures = model.evaluate(X[:1], TARGETS[task][:1])
    assert np.isnan(figures.pop("auc"))
    assert all(np.isfinite(value).all() for value in figures.values())


@pytest.mark.parametrize("style", STYLES)
def test_equal_outputs_are_no_hits_of_top_k(style: Style) -> None:
    t = np.eye(4)[[0, 1, 2, 3]]
    assert told("classes", style, np.zeros((4, 4)), t)["top_k_accuracy"] == 0
    two = np.array([[3.0, 3, 0, 0]] * 4)  # the first two share the places 1 and 2
    assert told("classes", style, two, t)["top_k_accuracy"] == 0.5


@pytest.mark.parametrize("style", STYLES)
def test_r2_of_a_constant_target_is_0(style: Style) -> None:
    x = np.random.RandomState(6).standard_normal((9, 2))
    t = np.column_stack([np.full(9, 0.1), x[:, 1]])
    assert told("numbers", style, x, t)["r2"] == pytest.approx(0.5)  # 0 and 1
    assert told("numbers", style, x, np.full((9, 2), 0.1))["r2"] == 0


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("target", ["none", "standard"])
def test_r2_of_huge_targets(target: str, style: Style) -> None:
    head = "input 3; dense 1; loss mean_absolute_error; metrics r2"
    y = 1e25 * np.random.RandomState(7).standard_normal(50)
    train = "epochs 60; optimizer adam(learning_rate=0.01); scale none"
    model = net(f"{train}, target={target}", head, style)().fit(X, y)
    figures, said = model.evaluate(X, y), model.predict(X)
    assert np.isfinite(list(figures.values())).all()
    assert abs(figures["r2"]) < 0.2
    assert figures["r2"] == pytest.approx(judge.r2_score(y, said), abs=1e-3)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.UndefinedMetricWarning")
@pytest.mark.parametrize("style", STYLES)
def test_r2_of_one_row_is_nan(style: Style) -> None:
    t, a = TARGETS["numbers"], X[:, :2]
    for n in (1, 2):
        expected = judge.r2_score(t[:n], a[:n])
        assert told("numbers", style, a[:n], t[:n])["r2"] == pytest.approx(
            expected, nan_ok=True
        )
    body = "input 2; weight w; dense 1; loss mean_squared_error; target y; metrics r2"
    model = net("epochs 1; seed 0", body, style)().fit(a, t[:, 0], np.ones(len(a)))
    assert np.isnan(model.evaluate(a[:2], t[:2, 0], [0, 1])["r2"])


@pytest.mark.parametrize("style", STYLES)
def test_r2_that_is_nan_cannot_be_monitored(style: Style) -> None:
    head = "input 3; dense 1; loss mean_squared_error; metrics r2"
    settings = (
        "epochs 3; split 90% / 10% / 0%; early_stopping patience=2 monitor=val_r2"
    )
    model = net(settings, head, style)()
    with pytest.raises(ValueError, match="val_r2 needs two rows or more"):
        model.fit(X[:10], X[:10, 0])
