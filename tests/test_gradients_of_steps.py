"""Weights of classes, and what happens to a gradient before and after the step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from reference.data import STYLES
from reference.gradients import redraw, worst_error
from reference.networks import INPUTS, small, spec

from nndsl.program.in_place import Style

ROWS = 5


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("words", ["balanced", "a=2.0 b=0.5"])
def test_class_weights_multiply_the_rows_losses(words: str, style: Style) -> None:
    train = f"class_weights {words}; optimizer sgd(learning_rate=1e-12); epochs 1"
    text = spec(train=train, target="target k: a | b | c")
    model = small(text, style)
    random = np.random.RandomState(8)
    x = random.standard_normal((12, INPUTS))
    y = np.array([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2])
    model.fit(x, y)
    redraw(model, random)
    counts = np.array([6, 4, 2])
    given = 12 / (3 * counts) if words == "balanced" else np.array([2.0, 0.5, 1.0])
    weights = given / (given[y].mean())
    a = model.forward(x)
    expected = (weights[y] * -np.log(a[np.arange(12), y])).mean()
    assert model.loss(x, y) == pytest.approx(expected, rel=1e-6)
    assert worst_error(model, x, y) <= 1
    plain = -np.log(a[np.arange(12), y]).mean()
    assert model.evaluate(x, y)["loss"] == pytest.approx(plain, rel=1e-9)


@pytest.mark.parametrize("style", STYLES)
def test_class_weights_of_several_labels(style: Style) -> None:
    """Balanced: positives and negatives of a label weigh the same in all."""
    train = "class_weights balanced; optimizer sgd(learning_rate=1e-12); epochs 1"
    model = small(
        spec(last="2 sigmoid", loss="binary_crossentropy", train=train), style
    )
    random = np.random.RandomState(9)
    x = random.standard_normal((8, INPUTS))
    y = np.array([[1, 1], [0, 1], [0, 1], [0, 1], [0, 0], [0, 0], [0, 1], [0, 1]])
    model.fit(x, y)
    redraw(model, random)
    share = y.mean(axis=0)
    weights = np.where(y == 1, 0.5 / share, 0.5 / (1 - share))
    a = model.forward(x)
    each = -np.where(y == 1, np.log(a), np.log(1 - a))
    assert model.loss(x, y) == pytest.approx((weights * each).mean(), rel=1e-6)
    assert worst_error(model, x, y) <= 1


def step_of(text: str, style: Style) -> tuple[dict[str, np.ndarray], Any]:
    """What one step of sgd at rate 1 takes off each parameter, and the gradients."""
    model = small(text, style)
    random = np.random.RandomState(10)
    redraw(model, random)
    x, y = random.standard_normal((ROWS, INPUTS)), random.randint(0, 3, ROWS)
    gradients = model.gradients(x, y)
    before = {name: array.copy() for name, array in model.parameters.items()}
    model.train_batch(x, y)
    return {name: before[name] - model.parameters[name] for name in before}, gradients


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("norm", [0.05, 1e6])
def test_clipping_by_norm_scales_all_gradients_together(
    norm: float, style: Style
) -> None:
    train = f"optimizer sgd(learning_rate=1.0); clip_gradients norm={norm}"
    steps, gradients = step_of(spec(train=train), style)
    length = np.sqrt(sum((g**2).sum() for g in gradients.values()))
    for name, gradient in gradients.items():
        expected = gradient * min(1, norm / (length + 1e-6))
        np.testing.assert_allclose(steps[name], expected, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("style", STYLES)
def test_clipping_by_value_bounds_each_gradient(style: Style) -> None:
    train = "optimizer sgd(learning_rate=1.0); clip_gradients value=0.02"
    steps, gradients = step_of(spec(train=train), style)
    clipped = 0
    for name, gradient in gradients.items():
        expected = np.maximum(np.minimum(gradient, 0.02), -0.02)
        clipped += int((expected != gradient).sum())
        np.testing.assert_allclose(steps[name], expected, rtol=1e-9, atol=1e-14)
    assert 0 < clipped < sum(g.size for g in gradients.values())


@pytest.mark.parametrize("style", STYLES)
def test_max_norm_bounds_the_columns_after_a_step(style: Style) -> None:
    layers = "dense 6 tanh max_norm=1; dense 6 tanh"
    train = "optimizer sgd(learning_rate=0.1)"
    model = small(spec(layers, train=train), style)
    free = small(spec(layers.replace(" max_norm=1", ""), train=train), style)
    random = np.random.RandomState(11)
    redraw(model, random)
    for name, array in model.parameters.items():
        free.parameters[name][...] = array
    x, y = random.standard_normal((ROWS, INPUTS)), random.randint(0, 3, ROWS)
    model.train_batch(x, y)
    free.train_batch(x, y)
    for name, array in free.parameters.items():
        expected = array
        if name == "dense1.weights":
            length = np.sqrt((array**2).sum(axis=0))
            assert 0 < (length > 1).sum() < 6
            expected = array * np.minimum(1, 1 / length)
        np.testing.assert_allclose(model.parameters[name], expected, rtol=1e-12)
