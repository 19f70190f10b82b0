"""Gradients against central differences, losses against NumPy, for every kind of part.

Each network is small, in float64, and drawn away from kinks; both styles are judged by
the same differences.
"""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest
from reference.gradients import (
    KinkError,
    copied,
    differences_of,
    errors_of,
    off_the_clip,
    redraw,
)
from reference.modules import STYLES, Run
from reference.networks import EACH, INPUTS, spec, targets

from nndsl.formulas.build.library import library_names
from nndsl.program.in_place import Style

ROWS = 5
WITH_OPTIONS = ("leaky_relu(slope=0.3)", "elu(alpha=0.5)", "celu(alpha=2.0)")


def drawn(
    text: str, task: str, spread: float = 1.0, deviation: float = 0.5
) -> tuple[Run, np.ndarray, np.ndarray, Any]:
    """A textbook network away from kinks, inputs, targets, the slopes of its loss."""
    run = Run(text)
    for seed in range(300):
        random = np.random.RandomState(seed)
        redraw(run, random, deviation)
        x = spread * random.standard_normal((ROWS, INPUTS))
        t = targets(task, ROWS, run.outputs(x)[-1].shape[1], random)
        if off_the_clip(run, x):
            try:
                return run, x, t, differences_of(run, x, t)
            except KinkError:
                continue
    raise AssertionError("every draw meets a kink")


def judge(text: str, task: str, **more: Any) -> tuple[Run, np.ndarray, np.ndarray]:
    """Check the gradients of both styles; the textbook network, x and t."""
    run, x, t, expected = drawn(text, task, **more)
    for style in STYLES:
        other = copied(run, Run(text, style))
        assert other.loss(x, t) == pytest.approx(run.loss(x, t), rel=1e-12)
        errors = errors_of(expected, other.gradients(x, t))
        assert max(errors.values()) <= 1, (style, errors)
        for mine, theirs in zip(run.p, other.p, strict=True):
            assert (mine == theirs).all()
    return run, x, t


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
    run, x, t = judge(spec(last=last, loss=loss), task)
    expected = each(run.outputs(x)[-1], t).mean()
    assert run.loss(x, t) == pytest.approx(expected, rel=1e-12)


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
    judge(spec("; ".join(layers), last, loss), task)


def test_penalties_of_the_train_block() -> None:
    """A layer's own setting wins; biases have only their own."""
    layers = "dense 6 tanh l2=0; dense 4 tanh bias_l1=0.3"
    run, x, t = judge(spec(layers, train="l1 0.05; l2 0.02"), "classes")
    p = run.p
    penalty = 0.3 * np.abs(p.b2).sum()
    for weights, l2 in ((p.w1, 0.0), (p.w2, 0.02), (p.w3, 0.02)):
        penalty += 0.05 * np.abs(weights).sum() + l2 * (weights**2).sum()
    crossentropy = -np.log((run.outputs(x)[-1] * t).sum(axis=1)).mean()
    assert run.loss(x, t) == pytest.approx(crossentropy + penalty, rel=1e-12)
    assert run.module.measure(p, x, t)["loss"] == pytest.approx(run.loss(x, t))


@pytest.mark.parametrize("style", STYLES)
def test_softmax_of_large_numbers_is_finite(style: Style) -> None:
    run = Run(spec(), style)
    run.p.b2[...] = [1e4, 1e4, -1e4]
    run.p.w2[...] = 0.0
    outputs = run.module.forward(run.p, np.zeros((2, INPUTS)))
    assert outputs[-1].tolist() == [[0.5, 0.5, 0.0]] * 2


@pytest.mark.parametrize("style", STYLES)
def test_gradients_do_not_depend_on_the_precision_but_for_rounding(
    style: Style,
) -> None:
    """float32 against float64, at the same parameters."""
    text = spec("dense 6 gelu; dense 6 mish")
    exact, single = Run(text, style), Run(text, style, ())
    assert single.p.w1.dtype == np.float32 and exact.p.w1.dtype == np.float64
    random = np.random.RandomState(12)
    redraw(exact, random)
    copied(exact, single)
    x = random.standard_normal((ROWS, INPUTS))
    t = targets("classes", ROWS, 3, random)
    x32, t32 = x.astype(np.float32), t.astype(np.float32)
    pairs = zip(exact.gradients(x, t), single.gradients(x32, t32), strict=True)
    for wanted, found in pairs:
        assert np.abs(found - wanted).max() <= 1e-5 * np.abs(wanted).max()
