"""Weights of classes, and what happens to a gradient before and after the step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from reference.gradients import all_differences, copied, errors_of, redraw
from reference.modules import STYLES, Run, loss_function, model_class
from reference.networks import INPUTS, spec, targets

from nndsl.program.in_place import Style

ROWS = 5


def expect_weighted(run: Run, x: np.ndarray, t: np.ndarray, each: np.ndarray) -> None:
    """The loss is the mean of `each` when weighted, whose slopes the gradients are."""
    weights = run.module.class_weights(t)
    loss = loss_function(run.module)
    for found in (
        run.loss(x, t, weights),
        loss(run.outputs(x)[-1], t, weights),
        run.module.measure(run.p, x, t, weights)["loss"],
    ):
        assert found == pytest.approx(each.mean(), rel=1e-12)
    expected = all_differences(run.p._asdict(), lambda: run.loss(x, t, weights))
    errors = errors_of(expected, run.gradients(x, t, weights))
    assert max(errors.values()) <= 1, errors


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("words", ["balanced", "a=2.0 b=0.5"])
def test_class_weights_multiply_the_rows_losses(words: str, style: Style) -> None:
    text = spec(train=f"class_weights {words}", target="target k: a | b | c")
    run, random = Run(text, style), np.random.RandomState(8)
    redraw(run, random)
    x = random.standard_normal((12, INPUTS))
    y = np.array([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2])
    counts = np.array([6, 4, 2])
    given = 12 / (3 * counts) if words == "balanced" else np.array([2.0, 0.5, 1.0])
    weights = given / (given[y].mean())
    plain = -np.log(run.outputs(x)[-1][np.arange(12), y])
    t = np.eye(3)[y]
    assert run.module.class_weights(t) == pytest.approx(weights, rel=1e-12)
    expect_weighted(run, x, t, weights[y] * plain)
    assert run.module.measure(run.p, x, t)["loss"] == pytest.approx(plain.mean())
    before = type(run.p)(*(array.copy() for array in run.p))
    other = copied(run, Run(text, style))
    run.step(x, t, run.module.class_weights(t))
    other.optimizer.update(other.p, other.gradients(x, t, weights))
    for mine, theirs, old in zip(run.p, other.p, before, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-12)
        assert (mine != old).all()


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("words", ["balanced", "no=2.0 yes=0.5"])
@pytest.mark.parametrize(
    ("last", "loss"), [("1 sigmoid", "binary_crossentropy"), ("1", "hinge")]
)
def test_class_weights_of_two_labels(
    last: str, loss: str, words: str, style: Style
) -> None:
    train, target = f"class_weights {words}", "target k: no | yes"
    run = Run(spec(last=last, loss=loss, train=train, target=target), style)
    random = np.random.RandomState(9)
    redraw(run, random)
    x, y = random.standard_normal((8, INPUTS)), np.array([1, 0, 0, 0, 0, 0, 1, 0])
    a = run.outputs(x)[-1][:, 0]
    given = np.array([1 / 6, 1 / 2]) if words == "balanced" else np.array([2, 0.5])
    weights = given[y] / given[y].mean()
    if loss == "hinge":
        t, each = 2 * y - 1, np.maximum(1 - (2 * y - 1) * a, 0)
    else:
        t, each = y, -np.log(np.where(y == 1, a, 1 - a))
    expect_weighted(run, x, t[:, None].astype(float), weights * each)


@pytest.mark.parametrize("style", STYLES)
def test_class_weights_of_several_labels(style: Style) -> None:
    """Balanced: positives and negatives of a label weigh the same in all."""
    train = "class_weights balanced"
    run = Run(spec(last="2 sigmoid", loss="binary_crossentropy", train=train), style)
    random = np.random.RandomState(9)
    redraw(run, random)
    x = random.standard_normal((8, INPUTS))
    y = np.array([[1, 1], [0, 1], [0, 1], [0, 1], [0, 0], [0, 0], [0, 1], [0, 1]])
    share = y.mean(axis=0)
    weights = np.where(y == 1, 0.5 / share, 0.5 / (1 - share))
    a = run.outputs(x)[-1]
    each = -np.where(y == 1, np.log(a), np.log(1 - a))
    expect_weighted(run, x, y.astype(float), weights * each)


@pytest.mark.parametrize("style", STYLES)
def test_fit_weighs_classes_as_they_stand_in_the_training_rows(style: Style) -> None:
    train = "class_weights balanced; split 50% / 50% / 0%; precision float64; epochs 1"
    text = spec(train=train, target="target k: a | b | c")
    random = np.random.RandomState(0)
    x, y = random.standard_normal((40, INPUTS)), random.randint(0, 3, 40) // 2
    y[:3] = 0, 1, 2
    model = model_class(Run(text, style).module)().fit(x, np.array([*"abc"])[y])
    train_rows, validation = model.split_
    each = -np.log(model.predict_proba(x)[np.arange(40), y])
    weights = 1 / np.maximum(np.bincount(y[train_rows], minlength=3), 1)[y]
    weights = weights / weights[train_rows].mean()
    expected = (weights * each)[train_rows].mean()
    assert model.history_["loss"] == [pytest.approx(expected, rel=1e-9)]
    plain = each[validation].mean()
    assert model.history_["val_loss"] == [pytest.approx(plain, rel=1e-9)]


def step_of(text: str, style: Style) -> tuple[Any, Any]:
    """What one step of sgd at rate 1 takes off each parameter, and the gradients."""
    run, random = Run(text, style, rate=1.0), np.random.RandomState(10)
    redraw(run, random)
    x = random.standard_normal((ROWS, INPUTS))
    t = targets("classes", ROWS, 3, random)
    gradients = run.gradients(x, t)
    before = [array.copy() for array in run.p]
    run.step(x, t)
    return [old - new for old, new in zip(before, run.p, strict=True)], gradients


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("norm", [0.05, 1e6])
def test_clipping_by_norm_scales_all_gradients_together(
    norm: float, style: Style
) -> None:
    train = f"optimizer sgd; clip_gradients norm={norm}"
    steps, gradients = step_of(spec(train=train), style)
    length = np.sqrt(sum((g**2).sum() for g in gradients))
    for step, gradient in zip(steps, gradients, strict=True):
        expected = gradient * min(1, norm / (length + 1e-6))
        np.testing.assert_allclose(step, expected, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("style", STYLES)
def test_clipping_by_value_bounds_each_gradient(style: Style) -> None:
    train = "optimizer sgd; clip_gradients value=0.02"
    steps, gradients = step_of(spec(train=train), style)
    clipped = 0
    for step, gradient in zip(steps, gradients, strict=True):
        expected = np.maximum(np.minimum(gradient, 0.02), -0.02)
        clipped += int((expected != gradient).sum())
        np.testing.assert_allclose(step, expected, rtol=1e-9, atol=1e-14)
    assert 0 < clipped < sum(g.size for g in gradients)


@pytest.mark.parametrize("style", STYLES)
def test_max_norm_bounds_the_columns_after_a_step(style: Style) -> None:
    layers = "dense 6 tanh max_norm=1; dense 6 tanh"
    run = Run(spec(layers, train="optimizer sgd"), style, rate=0.1)
    plain = spec(layers.replace(" max_norm=1", ""), train="optimizer sgd")
    free, random = Run(plain, style, rate=0.1), np.random.RandomState(11)
    redraw(run, random)
    copied(run, free)
    x = random.standard_normal((ROWS, INPUTS))
    t = targets("classes", ROWS, 3, random)
    run.step(x, t)
    free.step(x, t)
    for name, array in free.p._asdict().items():
        expected = array
        if name == "w1":
            length = np.sqrt((array**2).sum(axis=0))
            assert 0 < (length > 1).sum() < 6
            expected = array * np.minimum(1, 1 / length)
        np.testing.assert_allclose(getattr(run.p, name), expected, rtol=1e-12)
