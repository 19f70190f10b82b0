"""Networks written anew in plain NumPy: what a module answers, and its gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from reference.gradients import all_differences, errors_of, redraw
from reference.modules import STYLES, Run
from reference.networks import INPUTS, spec, targets

from nndsl.program.in_place import Style

ROWS = 5


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def normalised(z: np.ndarray, mean: Any, variance: Any) -> np.ndarray:
    return (z - mean) / np.sqrt(variance + 1e-5)


def drawn(text: str, style: Style, seed: int, task: str) -> tuple[Run, Any, Any]:
    run, random = Run(text, style, rate=1.0), np.random.RandomState(seed)
    redraw(run, random)
    x = random.standard_normal((ROWS, INPUTS))
    return run, x, targets(task, ROWS, run.outputs(x)[-1].shape[1], random)


@pytest.mark.parametrize("style", STYLES)
def test_batch_norm_is_what_ioffe_and_szegedy_say(style: Style) -> None:
    """Trained on a batch's own statistics, predicting with the running ones."""
    text = spec("dense 6; batch_norm; relu", train="optimizer sgd")
    run, x, t = drawn(text, style, 3, "classes")

    def outputs(mean: Any = None, variance: Any = None) -> np.ndarray:
        p = run.p
        z = x @ p.w1
        mean = z.mean(axis=0) if mean is None else mean
        variance = z.var(axis=0) if variance is None else variance
        y1 = p.scale1 * normalised(z, mean, variance) + p.shift1
        z2 = np.maximum(y1, 0) @ p.w2 + p.b2
        e = np.exp(z2)
        return e / e.sum(axis=1, keepdims=True)

    def loss() -> float:
        return float(-np.log((outputs() * t).sum(axis=1)).mean())

    assert run.p._fields[-2:] == ("mean1", "variance1") and "b1" not in run.p._fields
    assert run.loss(x, t) == pytest.approx(loss(), rel=1e-12)
    expected = all_differences(run.p._asdict(), loss)
    errors = errors_of(expected, run.gradients(x, t))
    assert max(errors.values()) <= 1, errors
    predicted = run.module.forward(run.p, x)[-1]
    np.testing.assert_allclose(predicted, outputs(0.0, 1.0), rtol=1e-12)
    z = x @ run.p.w1
    run.step(x, t)
    mean, variance = 0.1 * z.mean(axis=0), 0.9 + 0.1 * z.var(axis=0, ddof=1)
    predicted = run.module.forward(run.p, x)[-1]
    np.testing.assert_allclose(predicted, outputs(mean, variance), rtol=1e-12)
    with pytest.raises(ValueError, match="two rows"):
        run.step(x[:1], t[:1])


@pytest.mark.parametrize("style", STYLES)
def test_layer_norm_standardises_each_row(style: Style) -> None:
    run, x, _ = drawn(spec("dense 6; layer_norm; sigmoid"), style, 4, "classes")
    p = run.p
    z = x @ p.w1 + p.b1
    h = normalised(z, z.mean(axis=1)[:, None], z.var(axis=1)[:, None])
    e = np.exp(sigmoid(p.scale1 * h + p.shift1) @ p.w2 + p.b2)
    expected = e / e.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(run.outputs(x)[-1], expected, rtol=1e-12)


@pytest.mark.parametrize("style", STYLES)
def test_dropout_multiplies_by_its_mask(style: Style) -> None:
    """Each unit is dropped for itself, in training only; the others are scaled up."""
    text = spec("dense 8 tanh; dropout 25%", "2", "mean_squared_error", "optimizer sgd")
    run, x, t = drawn(text, style, 6, "numbers")
    p = type(run.p)(*(array.copy() for array in run.p))

    def squared_error(mask: Any) -> float:
        a1 = np.tanh(x @ p.w1 + p.b1) * mask
        return float(((a1 @ p.w2 + p.b2 - t) ** 2).mean())

    measured = run.module.measure(run.p, x, t)["loss"]
    assert measured == pytest.approx(squared_error(1.0), rel=1e-12)
    rows = np.tile(x[:1], (20_000, 1))
    dropped = run.module.forward(run.p, rows, np.random.default_rng(0))
    mask = mask_of(dropped, 8)
    assert set(mask.flat) == {0, 1 / 0.75}
    assert (mask == 0).mean(axis=0) == pytest.approx(0.25, abs=0.015)
    assert np.abs(np.corrcoef(mask.T) - np.eye(8)).max() < 0.03
    mask = mask_of(run.outputs(x), 8)
    assert run.loss(x, t) == pytest.approx(squared_error(mask), rel=1e-12)
    expected = all_differences(p._asdict(), lambda: squared_error(mask))
    errors = errors_of(expected, run.gradients(x, t))
    assert max(errors.values()) <= 1, errors
    run.dropout = np.random.default_rng(9)
    run.step(x, t)
    steps = {name: getattr(p, name) - array for name, array in run.p._asdict().items()}
    errors = errors_of(expected, steps)
    assert max(errors.values()) <= 1, errors


def mask_of(outputs: Any, width: int) -> np.ndarray:
    """The mask among the outputs of `forward`."""
    return next(a for a in outputs if len(set(a.flat)) == 2 and a.shape[1] == width)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("forward", ["step", "relu", "hard_sigmoid"])
def test_surrogate_lends_its_derivative(forward: str, style: Style) -> None:
    text = spec(f"dense 6 {forward}(surrogate=tanh)", "2", "mean_squared_error")
    run, x, t = drawn(text, style, 7, "numbers")
    p = run.p
    z1 = x @ p.w1 + p.b1
    a1 = {
        "step": (z1 > 0).astype(float),
        "relu": np.where(z1 > 0, z1, 0),
        "hard_sigmoid": np.minimum(np.maximum(z1 / 6 + 0.5, 0), 1),
    }[forward]
    error = 2 * (a1 @ p.w2 + p.b2 - t) / t.size
    dz1 = error @ p.w2.T / np.cosh(z1) ** 2
    expected = (x.T @ dz1, dz1.sum(axis=0), a1.T @ error, error.sum(axis=0))
    for found, wanted in zip(run.gradients(x, t), expected, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("style", STYLES)
def test_gradient_at_a_kink_is_that_of_its_second_argument(style: Style) -> None:
    """All units of a row of zeros with zero biases stand exactly on relu's kink."""
    run = Run(spec("dense 6 relu", "1", "mean_squared_error"), style)
    gradients = run.gradients(np.zeros((1, INPUTS)), np.array([[3.0]]))
    assert not gradients.b1.any()
    assert gradients.b2.tolist() == [-6.0]
