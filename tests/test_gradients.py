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
from reference.gradients import differences_of, redraw, worst_error_of
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

from nndsl.formulas.build.library import library_names
from nndsl.program.in_place import Style

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
