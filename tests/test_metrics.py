"""Metrics of generated modules, against scikit-learn's, and at their edges."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from reference.modules import STYLES, load
from sklearn import metrics

RNG = np.random.default_rng(1)
N = 80
ALL = "accuracy, precision, recall, f1, auc"


def measured(last: str, loss: str, names: str, a: Any, t: Any, style: Any) -> Any:
    """The metrics of outputs `a` for targets `t`: the network hands its input on."""
    k = a.shape[1]
    text = f"network Net {{ input {k}; dense {k}{last}; loss {loss}; metrics {names} }}"
    module = load(text, style, ("train.precision=float64",))
    original = module.forward
    module.forward = lambda p, x: (x,)
    try:
        return module.measure(module.initialize(np.random.default_rng(0)), a, t)
    finally:
        module.forward = original


def softmax(z: Any) -> Any:
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("missing", [None, 2])
def test_several_classes(missing: int | None, style: Any) -> None:
    true = RNG.integers(0, 4, N)
    if missing is not None:
        true[true == missing] = 0  # a class that is only predicted
    a = softmax(RNG.normal(size=(N, 4)) + 2 * np.eye(4)[true])
    names = f"{ALL}, top_k_accuracy(2)"
    found = measured(
        " softmax", "categorical_crossentropy", names, a, np.eye(4)[true], style
    )
    said = a.argmax(axis=1)
    given = {"average": "macro", "zero_division": 0}
    assert found["accuracy"] == metrics.accuracy_score(true, said)
    assert found["precision"] == pytest.approx(
        metrics.precision_score(true, said, **given)
    )
    assert found["recall"] == pytest.approx(metrics.recall_score(true, said, **given))
    assert found["f1"] == pytest.approx(metrics.f1_score(true, said, **given))
    top = metrics.top_k_accuracy_score(true, a, k=2, labels=range(4))
    assert found["top_k_accuracy"] == pytest.approx(top)
    classes = sorted({*true.tolist()})
    areas = [metrics.roc_auc_score(true == c, a[:, c]) for c in classes]
    assert found["auc"] == pytest.approx(np.mean(areas))
    logs = metrics.log_loss(true, a, labels=range(4))
    assert found["loss"] == pytest.approx(logs, rel=1e-9)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("last", [" sigmoid", " softmax"])
def test_two_classes_are_judged_by_the_second(last: str, style: Any) -> None:
    true = RNG.integers(0, 2, N)
    p = np.round(RNG.uniform(0.01, 0.99, N) * 0.7 + 0.3 * true, 1)  # with ties
    p = np.clip(p, 0.05, 0.95)
    if last == " sigmoid":
        a, t, loss = p[:, None], true[:, None], "binary_crossentropy"
    else:
        a, t = np.stack([1 - p, p], axis=1), np.eye(2)[true]
        loss = "categorical_crossentropy"
    found = measured(last, loss, ALL, a, t, style)
    said = p > 0.5
    assert found["precision"] == pytest.approx(metrics.precision_score(true, said))
    assert found["recall"] == pytest.approx(metrics.recall_score(true, said))
    assert found["f1"] == pytest.approx(metrics.f1_score(true, said))
    assert found["accuracy"] == pytest.approx(metrics.accuracy_score(true, said))
    assert found["auc"] == pytest.approx(metrics.roc_auc_score(true, p))


@pytest.mark.parametrize("style", STYLES)
def test_several_labels(style: Any) -> None:
    t = RNG.integers(0, 2, (N, 3))
    a = np.round(RNG.uniform(0.05, 0.95, (N, 3)) * 0.6 + 0.35 * t, 2)
    found = measured(" sigmoid", "binary_crossentropy", ALL, a, t, style)
    said = a >= 0.5
    given = {"average": "macro", "zero_division": 0}
    assert found["accuracy"] == pytest.approx(metrics.accuracy_score(t, said))
    assert found["precision"] == pytest.approx(
        metrics.precision_score(t, said, **given)
    )
    assert found["recall"] == pytest.approx(metrics.recall_score(t, said, **given))
    assert found["f1"] == pytest.approx(metrics.f1_score(t, said, **given))
    assert found["auc"] == pytest.approx(metrics.roc_auc_score(t, a))


@pytest.mark.parametrize("style", STYLES)
def test_numbers(style: Any) -> None:
    t, names = (
        RNG.normal(size=(N, 2)),
        "r2, mean_absolute_error, root_mean_squared_error",
    )
    a = t + 0.3 * RNG.normal(size=(N, 2))
    found = measured("", "mean_squared_error", names, a, t, style)
    assert found["r2"] == pytest.approx(metrics.r2_score(t, a))
    error = metrics.mean_absolute_error(t, a)
    assert found["mean_absolute_error"] == pytest.approx(error)
    root = metrics.mean_squared_error(t, a) ** 0.5
    assert found["root_mean_squared_error"] == pytest.approx(root)


@pytest.mark.parametrize("style", STYLES)
def test_edges(style: Any) -> None:
    equal = np.full((4, 3), 1 / 3)
    t = np.eye(3)[[0, 1, 2, 0]]
    names = "top_k_accuracy(1), auc"
    loss = "categorical_crossentropy"
    found = measured(" softmax", loss, names, equal, t, style)
    assert found["top_k_accuracy"] == 0
    assert found["auc"] == 0.5
    found = measured(" softmax", loss, "auc", equal, np.eye(3)[[0, 0, 0, 0]], style)
    assert math.isnan(found["auc"])
    constant = np.full((4, 1), 5.0)
    loss = "mean_squared_error"
    for a in (constant, constant + 1):
        assert measured("", loss, "r2", a, constant, style)["r2"] == 0
    large = 1e25 * RNG.normal(size=(9, 1))
    text = "network Net { input 1; dense 1; loss huber }"
    module = load(text, style)
    found = module.r2(np.zeros((9, 1), "f4"), large.astype("f4"))
    assert found == pytest.approx(metrics.r2_score(large, np.zeros(9)), rel=1e-5)
    assert found <= 0


@pytest.mark.parametrize("style", STYLES)
def test_errors_are_in_the_unit_of_the_target(style: Any) -> None:
    x = RNG.normal(size=(N, 2))
    y = 1000 + 50 * x[:, 0]
    text = """network Net { input 2; dense 1; loss mean_squared_error
        metrics mean_absolute_error, root_mean_squared_error, r2
        train { scale standard, target=standard; epochs 3; split 50% / 50% / 0% } }"""
    model = load(text, style).Net().fit(x, y)
    rows = model.split_[1]
    found, answer = model.evaluate(x[rows], y[rows]), model.predict(x[rows])
    error = metrics.mean_absolute_error(y[rows], answer)
    assert found["mean_absolute_error"] == pytest.approx(error, rel=1e-4)
    root = metrics.mean_squared_error(y[rows], answer) ** 0.5
    assert found["root_mean_squared_error"] == pytest.approx(root, rel=1e-4)
    assert found["r2"] == pytest.approx(metrics.r2_score(y[rows], answer), abs=1e-4)
    assert model.history_["val_mean_absolute_error"][-1] == found["mean_absolute_error"]
    unscaled = ((answer - y[rows]) ** 2).mean() / model.target_std_.item() ** 2
    assert found["loss"] == pytest.approx(unscaled, rel=1e-3)


@pytest.mark.parametrize("style", STYLES)
def test_confusion_matrix(style: Any) -> None:
    x, true = RNG.normal(size=(N, 2)), RNG.integers(0, 3, N)
    text = """network Net { input 2; dense 3 softmax; loss categorical_crossentropy
        metrics confusion_matrix; train { epochs 5 } }"""
    model = load(text, style).Net().fit(x, true)
    expected = metrics.confusion_matrix(true, model.predict(x))
    assert (model.evaluate(x, true)["confusion_matrix"] == expected).all()
    assert set(model.history_) == {"loss", "accuracy"}
