"""Gradients against central differences, losses against NumPy, for every kind of part.

Each network is small, in float64, and drawn away from kinks; both styles are judged by
the same differences.
"""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest
from reference.data import STYLES
from reference.gradients import (
    all_differences,
    differences_of,
    redraw,
    worst_error,
    worst_error_of,
)
from reference.kinks import NEAR_A_KINK, smooth
from reference.networks import (
    EACH,
    FLOAT64,
    INPUTS,
    as_seen,
    loss_kinks,
    small,
    small_module,
    spec,
    targets,
)

from nndsl.formulas.library import library_names
from nndsl.program.inplace import Style

ROWS = 5
WITH_OPTIONS = ("leaky_relu(slope=0.3)", "elu(alpha=0.5)", "celu(alpha=2.0)")


def drawn(
    text: str, task: str, loss: str = "", spread: float = 1.0, deviation: float = 0.5
) -> tuple[Any, np.ndarray, np.ndarray]:
    """A textbook model away from kinks, inputs and targets."""
    away_from_kinks = smooth(text, small_module(text))
    model = small(text)
    for seed in range(300):
        random = np.random.RandomState(seed)
        redraw(model, random, deviation)
        x = spread * random.standard_normal((ROWS, INPUTS))
        a = model.forward(x)
        y = targets(task, ROWS, a.shape[1], random)
        t = as_seen(task, y, a.shape[1])
        far = loss_kinks(loss, a, t).min() > NEAR_A_KINK
        if away_from_kinks(model, x) and far:
            return model, x, y
    raise AssertionError("every draw meets a kink")


def same(model: Any, text: str, style: Style) -> Any:
    """A model of the spec in another style with the same parameters."""
    other = small(text, style)
    for name, array in model.parameters.items():
        other.parameters[name][...] = array
    return other


def judge(text: str, task: str, *how: Any, **more: Any) -> Any:
    """Check the gradients of both styles; the textbook model, x and y."""
    model, x, y = drawn(text, task, *how, **more)
    before = {name: array.copy() for name, array in model.parameters.items()}
    expected = differences_of(model, x, y)
    for style in STYLES:
        other = same(model, text, style)
        assert other.loss(x, y) == pytest.approx(model.loss(x, y), rel=1e-12)
        errors = worst_error_of(expected, other.gradients(x, y))
        assert max(errors.values()) <= 1, (style, errors)
        for name, array in other.parameters.items():
            np.testing.assert_allclose(array, before[name], rtol=1e-9)
    return model, x, y


@pytest.mark.parametrize(
    "activation",
    [a for a in (*library_names("activation"), *WITH_OPTIONS) if a != "step"],
)
def test_hidden_activation(activation: str) -> None:
    judge(spec(f"dense 6 {activation}"), "classes", spread=2.0)


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "tanh", "gelu"])
def test_activation_on_a_line_of_its_own(activation: str) -> None:
    judge(spec(f"dense 6; layer_norm; {activation}; dense 4 tanh"), "classes")


@pytest.mark.parametrize("activation", ["softmax", "sigmoid", "elu", "tanh", "mish"])
def test_last_activation_without_a_rewrite(activation: str) -> None:
    text = spec(last=f"3 {activation}", loss="mean_squared_error")
    judge(text, "numbers")


def test_every_loss_is_judged() -> None:
    judged = {loss.partition("(")[0] for loss in EACH}
    assert judged == set(library_names("loss"))


@pytest.mark.parametrize("loss", EACH)
def test_loss(loss: str) -> None:
    task, last, each = EACH[loss]
    model, x, y = judge(spec(last=last, loss=loss), task, loss)
    a = model.forward(x)
    expected = each(a, as_seen(task, y, a.shape[1])).mean()
    assert model.loss(x, y) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    "layers",
    [
        "dense 6; batch_norm; tanh",
        "batch_norm; dense 6 tanh; batch_norm; dense 4 relu",
        "dense 6 sigmoid; batch_norm momentum=0.3 epsilon=1e-3",
        "dense 6; layer_norm; relu",
        "layer_norm; dense 6 tanh; layer_norm",
        "dense 6 relu use_bias=no; dense 4 tanh use_bias=no",
        "dense 6 tanh l1=0.1 l2=0.2 bias_l1=0.3 bias_l2=0.4; dense 4 relu l2=0.5",
        "dense 6 tanh biases=uniform(-1, 1); dense 6 tanh; dense 6 tanh",
        "dense 1 tanh; dense 1 sigmoid",
        "dense 40 relu; dense 33 tanh",
    ],
)
def test_layers(layers: str) -> None:
    judge(spec(layers), "classes")


@pytest.mark.parametrize("norm", ["batch_norm", "layer_norm"])
def test_chain_of_twenty_layers(norm: str) -> None:
    kinds = ("tanh", "softplus", "sigmoid", "elu", "gelu")
    layers = "; ".join(f"dense 4 {kinds[i % 5]}" for i in range(20))
    judge(spec(f"dense 4; {norm}; {layers}"), "classes", deviation=1.0)


PARTS = ("batch_norm", "layer_norm", "dense 4", "dense 5 use_bias=no", "dropout 20%")
OPTIONS = ("", " l2=0.1", " l1=0.1 bias_l2=0.2", " max_norm=2", " use_bias=no")
RANDOM, SOME = 100, 12


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A fixed few of the random networks, or all of them with `--all`."""
    if "network" in metafunc.fixturenames:
        everyone = metafunc.config.getoption("--all")
        metafunc.parametrize("network", range(RANDOM if everyone else SOME))


def test_random_network(network: int) -> None:
    """Up to four layers and activations in any order under any loss."""
    random = Random(network)
    activations = [name for name in library_names("activation") if name != "step"]
    layers = []
    for _ in range(random.randint(1, 4)):
        activation = random.choice(activations)
        width, options = random.randint(2, 6), random.choice(OPTIONS)
        dense = f"dense {width} {activation}{options}"
        layers.append(random.choice([dense, activation, random.choice(PARTS)]))
    loss = random.choice([*EACH])
    task, last, _ = EACH[loss]
    judge(spec("; ".join(layers), last, loss), task, loss)


def test_penalties_of_the_train_block() -> None:
    """A layer's own setting wins; biases have only their own."""
    layers = "dense 6 tanh l2=0; dense 4 tanh bias_l1=0.3"
    text = spec(layers, train="l1 0.05; l2 0.02")
    model, x, y = judge(text, "classes")
    p = model.parameters
    penalty = 0.0
    for name, l2 in (("dense1", 0.0), ("dense2", 0.02), ("dense3", 0.02)):
        weights = p[f"{name}.weights"]
        penalty += 0.05 * np.abs(weights).sum() + l2 * (weights**2).sum()
    penalty += 0.3 * np.abs(p["dense2.biases"]).sum()
    a = model.forward(x)
    crossentropy = -np.log(a[np.arange(ROWS), y]).mean()
    assert model.loss(x, y) == pytest.approx(crossentropy + penalty, rel=1e-12)


@pytest.mark.parametrize("style", STYLES)
def test_softmax_of_large_numbers_is_finite(style: Style) -> None:
    model = small(spec(), style)
    redraw(model, np.random.RandomState(5))
    model.parameters["dense2.biases"][...] = [1e4, 1e4, -1e4]
    x = np.zeros((2, INPUTS))
    model.parameters["dense2.weights"][...] = 0.0
    assert model.forward(x).tolist() == [[0.5, 0.5, 0.0]] * 2


# Networks written anew in plain NumPy


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


# Weights of classes, and what happens to a gradient before and after the step


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


def test_gradients_do_not_depend_on_the_precision_but_for_rounding() -> None:
    """float32 against float64, at the same parameters."""
    text = spec("dense 6 gelu; dense 6 mish")
    exact, single = small(text), small(text, settings=())
    assert FLOAT64 and single.parameters["dense1.weights"].dtype == np.float32
    random = np.random.RandomState(12)
    redraw(exact, random)
    for name, array in exact.parameters.items():
        single.parameters[name][...] = array
    x, y = random.standard_normal((ROWS, INPUTS)), random.randint(0, 3, ROWS)
    for name, gradient in exact.gradients(x, y).items():
        error = np.abs(single.gradients(x, y)[name] - gradient).max()
        assert error <= 1e-5 * np.abs(gradient).max()
