"""Networks written anew in plain NumPy: what a module answers, and its gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from reference.data import STYLES
from reference.gradients import all_differences, redraw, worst_error_of
from reference.networks import INPUTS, small, spec

from nndsl.program.in_place import Style

ROWS = 5


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def normalised(z: np.ndarray, mean: Any, variance: Any) -> np.ndarray:
    return (z - mean) / np.sqrt(variance + 1e-5)


@pytest.mark.parametrize("style", STYLES)
def test_batch_norm_is_what_ioffe_and_szegedy_say(style: Style) -> None:
    """Trained on a batch's own statistics, predicting with the running ones."""
    text = spec("dense 6; batch_norm; relu", train="optimizer sgd")
    model = small(text, style)
    random = np.random.RandomState(3)
    redraw(model, random)
    x, y = random.standard_normal((ROWS, INPUTS)), random.randint(0, 3, ROWS)

    def outputs(mean: np.ndarray | None = None, variance: Any = None) -> np.ndarray:
        p = model.parameters
        z = x @ p["dense1.weights"]
        mean = z.mean(axis=0) if mean is None else mean
        variance = z.var(axis=0) if variance is None else variance
        h = normalised(z, mean, variance)
        y1 = p["batch_norm1.scale"] * h + p["batch_norm1.shift"]
        z2 = np.maximum(y1, 0) @ p["dense2.weights"] + p["dense2.biases"]
        e = np.exp(z2)
        return e / e.sum(axis=1, keepdims=True)

    def loss() -> float:
        return float(-np.log(outputs()[np.arange(ROWS), y]).mean())

    assert "dense1.biases" not in model.parameters
    assert model.loss(x, y) == pytest.approx(loss(), rel=1e-12)
    expected = all_differences(model.parameters, loss)
    errors = worst_error_of(expected, model.gradients(x, y))
    assert max(errors.values()) <= 1, errors
    np.testing.assert_allclose(model.forward(x), outputs(0.0, 1.0), rtol=1e-12)
    z = x @ model.parameters["dense1.weights"]
    model.train_batch(x, y)
    mean, variance = 0.1 * z.mean(axis=0), 0.9 + 0.1 * z.var(axis=0, ddof=1)
    np.testing.assert_allclose(model.forward(x), outputs(mean, variance), rtol=1e-12)


@pytest.mark.parametrize("style", STYLES)
def test_layer_norm_standardises_each_row(style: Style) -> None:
    model = small(spec("dense 6; layer_norm; sigmoid"), style)
    random = np.random.RandomState(4)
    redraw(model, random)
    x, p = random.standard_normal((ROWS, INPUTS)), model.parameters
    z = x @ p["dense1.weights"] + p["dense1.biases"]
    h = normalised(z, z.mean(axis=1)[:, None], z.var(axis=1)[:, None])
    a = sigmoid(p["layer_norm1.scale"] * h + p["layer_norm1.shift"])
    e = np.exp(a @ p["dense2.weights"] + p["dense2.biases"])
    expected = e / e.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(model.forward(x), expected, rtol=1e-12)


@pytest.mark.parametrize("style", STYLES)
def test_dropout_multiplies_by_the_mask_of_its_stream(style: Style) -> None:
    """A step of plain sgd is the gradient under the mask; `loss` has no dropout."""
    train = "optimizer sgd(learning_rate=1.0); seed 5"
    last, loss = "2", "mean_squared_error"
    text = spec("dense 8 tanh; dropout 25%", last, loss, train)
    model = small(text, style)
    random = np.random.RandomState(6)
    redraw(model, random)
    x, t = random.standard_normal((ROWS, INPUTS)), random.standard_normal((ROWS, 2))
    p = {name: array.copy() for name, array in model.parameters.items()}
    sequence = np.random.SeedSequence((5, 2))
    stream = np.random.RandomState(np.random.MT19937(sequence))
    kept = stream.random_sample((ROWS, 8)) >= 0.25
    assert kept.any() and not kept.all()

    def squared_error(mask: Any) -> float:
        a1 = np.tanh(x @ p["dense1.weights"] + p["dense1.biases"]) * mask
        z2 = a1 @ p["dense2.weights"] + p["dense2.biases"]
        return float(((z2 - t) ** 2).mean())

    assert model.loss(x, t) == pytest.approx(squared_error(1.0), rel=1e-12)
    expected = all_differences(p, lambda: squared_error(1.0))
    errors = worst_error_of(expected, model.gradients(x, t))
    assert max(errors.values()) <= 1, errors
    mask = kept / 0.75
    trained = model.train_batch(x, t)
    assert trained == pytest.approx(squared_error(mask), rel=1e-12)
    steps = {name: p[name] - model.parameters[name] for name in p}
    expected = all_differences(p, lambda: squared_error(mask))
    errors = worst_error_of(expected, steps)
    assert max(errors.values()) <= 1, errors


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("forward", ["step", "relu", "hard_sigmoid"])
def test_surrogate_lends_its_derivative(forward: str, style: Style) -> None:
    layers = f"dense 6 {forward}(surrogate=tanh)"
    model = small(spec(layers, "2", "mean_squared_error"), style)
    random = np.random.RandomState(7)
    redraw(model, random)
    x, t = random.standard_normal((ROWS, INPUTS)), random.standard_normal((ROWS, 2))
    p = model.parameters
    z1 = x @ p["dense1.weights"] + p["dense1.biases"]
    a1 = {
        "step": (z1 > 0).astype(float),
        "relu": np.where(z1 > 0, z1, 0),
        "hard_sigmoid": np.minimum(np.maximum(z1 / 6 + 0.5, 0), 1),
    }[forward]
    error = 2 * (a1 @ p["dense2.weights"] + p["dense2.biases"] - t) / t.size
    dz1 = error @ p["dense2.weights"].T / np.cosh(z1) ** 2
    expected = {
        "dense1.weights": x.T @ dz1,
        "dense1.biases": dz1.sum(axis=0),
        "dense2.weights": a1.T @ error,
        "dense2.biases": error.sum(axis=0),
    }
    for name, gradient in model.gradients(x, t).items():
        np.testing.assert_allclose(gradient, expected[name], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("style", STYLES)
def test_gradient_at_a_kink_is_that_of_its_second_argument(style: Style) -> None:
    """All units of a row of zeros with zero biases stand exactly on relu's kink."""
    model = small(spec("dense 6 relu", "1", "mean_squared_error"), style)
    x, t = np.zeros((1, INPUTS)), np.array([[3.0]])
    gradients = model.gradients(x, t)
    assert not gradients["dense1.biases"].any()
    assert gradients["dense2.biases"].tolist() == [-6.0]
