"""The metrics of generated modules against scikit-learn's."""

from __future__ import annotations

import functools
import types
from typing import Any

import numpy as np
import pytest
from sklearn import metrics as judge

from nndsl import compile_text

NAMES = "accuracy, precision, recall, f1, auc"
TASKS = {
    "classes": "dense 4 softmax; loss categorical_crossentropy; "
    f"metrics {NAMES}, top_k_accuracy(2), confusion_matrix",
    "binary": f"dense 1 sigmoid; loss binary_crossentropy; metrics {NAMES}",
    "margin": f"dense 1; loss hinge; metrics {NAMES}, confusion_matrix",
    "labels": f"dense 3 sigmoid; loss binary_crossentropy; metrics {NAMES}",
    "numbers": "dense 2; loss mean_squared_error; "
    "metrics mean_absolute_error, root_mean_squared_error, r2",
}
RANDOM = np.random.RandomState(1)
X = RANDOM.standard_normal((50, 3))
WEIGHTS = RANDOM.random_sample(50)
TARGETS: dict[str, Any] = {
    "classes": RANDOM.randint(0, 4, 50),
    "binary": RANDOM.randint(0, 2, 50),
    "margin": RANDOM.randint(0, 2, 50),
    "labels": RANDOM.randint(0, 2, (50, 3)),
    "numbers": RANDOM.standard_normal((50, 2)) * 9,
}


@functools.cache
def model(task: str) -> Any:
    text = f"network Net {{ input 3; {TASKS[task]}; train {{ epochs 1 }} }}"
    made = types.ModuleType("made")
    exec(compile(compile_text(text, "made.nn"), "made.py", "exec"), made.__dict__)
    return made.__dict__["Net"]().fit(X, TARGETS[task])


def expected(task: str, weights: Any) -> dict[str, Any]:
    """The figures by scikit-learn, from the model's own answers."""
    fitted, y = model(task), TARGETS[task]
    said, given = fitted.predict(X), {"sample_weight": weights}
    if task == "numbers":
        mean = judge.mean_squared_error(y, said, **given)
        return {
            "mean_absolute_error": judge.mean_absolute_error(y, said, **given),
            "root_mean_squared_error": np.sqrt(mean),
            "r2": judge.r2_score(y, said, **given),
        }
    averaged = {"average": "binary" if task in ("binary", "margin") else "macro"}
    options = {**averaged, **given, "zero_division": 0.0}
    scores = fitted.forward(X.astype(np.float32))
    scores = scores[:, 0] if task in ("binary", "margin") else scores
    one_hot = np.eye(4)[y] if task == "classes" else y
    figures = {
        "accuracy": judge.accuracy_score(y, said, **given),
        "precision": judge.precision_score(y, said, **options),
        "recall": judge.recall_score(y, said, **options),
        "f1": judge.f1_score(y, said, **options),
        "auc": judge.roc_auc_score(one_hot, scores, **given),
    }
    if task == "classes":
        figures["top_k_accuracy"] = judge.top_k_accuracy_score(y, scores, k=2, **given)
    if task in ("classes", "margin"):
        figures["confusion_matrix"] = judge.confusion_matrix(y, said, **given)
    return figures


@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["alike", "weighted"])
@pytest.mark.parametrize("task", TASKS)
def test_figures_agree_with_scikit_learn(task: str, weights: Any) -> None:
    figures = model(task).evaluate(X, TARGETS[task], sample_weight=weights)
    wanted = expected(task, weights)
    assert list(figures) == ["loss", *[name for name in figures if name in wanted]]
    assert set(figures) == {"loss", *wanted}
    for name, value in wanted.items():
        np.testing.assert_allclose(figures[name], value, rtol=2e-5, err_msg=name)


@pytest.mark.parametrize("task", TASKS)
def test_history_has_every_metric_but_the_matrix(task: str) -> None:
    names = set(model(task).evaluate(X, TARGETS[task])) - {"confusion_matrix"}
    assert set(model(task).history_) == names


@pytest.mark.parametrize("task", TASKS)
def test_the_score_is_accuracy_or_r2(task: str) -> None:
    figures = model(task).evaluate(X, TARGETS[task])
    name = "r2" if task == "numbers" else "accuracy"
    assert model(task).score(X, TARGETS[task]) == figures[name]


def test_figures_of_one_row_and_one_class_are_defined() -> None:
    for task in TASKS:
        figures = model(task).evaluate(X[:1], TARGETS[task][:1])
        assert all(np.isfinite(value).all() for value in figures.values())
