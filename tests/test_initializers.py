"""What parameters start from: the moments of the formulas, the streams of the seeds."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from reference.modules import FLOAT64, STYLES, load
from reference.networks import spec

from nndsl.language.initializers import INITIALIZERS
from nndsl.program.in_place import Style

N_IN, N_OUT = 5, 4000
COUNT = N_IN * N_OUT
NORMAL = {
    "normal": 0.01,
    "normal(0.5)": 0.5,
    "glorot_normal": math.sqrt(2 / (N_IN + N_OUT)),
    "he_normal": math.sqrt(2 / N_IN),
    "lecun_normal": math.sqrt(1 / N_IN),
}
UNIFORM = {
    "uniform": (-0.05, 0.05),
    "uniform(-1, 3)": (-1.0, 3.0),
    "glorot_uniform": (-math.sqrt(6 / (N_IN + N_OUT)), math.sqrt(6 / (N_IN + N_OUT))),
    "he_uniform": (-math.sqrt(6 / N_IN), math.sqrt(6 / N_IN)),
    "lecun_uniform": (-math.sqrt(3 / N_IN), math.sqrt(3 / N_IN)),
}
FIXED = {"zeros": 0.0, "ones": 1.0, "constant(0.25)": 0.25}
SIGMAS = 4.5


def weights(initializer: str, width: int = N_OUT, style: Style = "textbook") -> Any:
    layers = f"dense {width} tanh weights={initializer}"
    return start(spec(layers), style).w1


def start(text: str, style: Style = "textbook", seed: int = 0) -> Any:
    """The parameters of the network `text` before training."""
    return load(text, style, FLOAT64).initialize(np.random.default_rng(seed))


def test_every_initializer_is_judged() -> None:
    judged = {use.partition("(")[0] for use in (*NORMAL, *UNIFORM, *FIXED)}
    assert judged | {"orthogonal"} == set(INITIALIZERS)


@pytest.mark.parametrize(("initializer", "deviation"), NORMAL.items())
def test_normal(initializer: str, deviation: float) -> None:
    """Mean, variance, and the fourth moment, which tells a normal distribution."""
    w = weights(initializer) / deviation
    assert abs(w.mean()) < SIGMAS / math.sqrt(COUNT)
    assert abs((w**2).mean() - 1) < SIGMAS * math.sqrt(2 / COUNT)
    assert abs((w**4).mean() - 3) < SIGMAS * math.sqrt(96 / COUNT)
    assert np.abs(w).max() > 3, "not truncated"


@pytest.mark.parametrize(("initializer", "bounds"), UNIFORM.items())
def test_uniform(initializer: str, bounds: tuple[float, float]) -> None:
    low, high = bounds
    w = (weights(initializer) - low) / (high - low)
    assert 0 <= w.min() < 0.001 and 0.999 < w.max() <= 1
    assert abs(w.mean() - 1 / 2) < SIGMAS * math.sqrt(1 / 12 / COUNT)
    assert abs((w**2).mean() - 1 / 3) < SIGMAS * math.sqrt(4 / 45 / COUNT)


@pytest.mark.parametrize(("initializer", "value"), FIXED.items())
def test_fixed(initializer: str, value: float) -> None:
    assert (weights(initializer, 7) == value).all()


@pytest.mark.parametrize("width", [2, 5, 9])
def test_orthogonal(width: int) -> None:
    """Orthonormal rows or columns, whichever are fewer, and of either sign."""
    w = weights("orthogonal", width)
    assert w.shape == (N_IN, width)
    product = w @ w.T if width > N_IN else w.T @ w
    np.testing.assert_allclose(product, np.eye(min(N_IN, width)), atol=1e-12)
    assert (w > 0).any() and (w < 0).any()


ACTIVATIONS = "relu leaky_relu relu6 elu celu gelu silu mish softplus hard_swish"
GLOROT = f"{ACTIVATIONS} tanh sigmoid softsign hard_tanh"
DEFAULTS = dict.fromkeys(GLOROT.split(), math.sqrt(2 / (N_IN + N_OUT)))
DEFAULTS["selu"] = math.sqrt(1 / N_IN)


@pytest.mark.one_in(3)
@pytest.mark.parametrize(("activation", "deviation"), DEFAULTS.items())
@pytest.mark.parametrize("between", ["", "batch_norm;", "dropout 50%; layer_norm;"])
def test_default_goes_by_the_activation_that_follows(
    activation: str, deviation: float, between: str
) -> None:
    """Also through normalisation and dropout; biases start at 0."""
    layers = f"dense {N_OUT}; {between} {activation}"
    if not between:
        layers = f"dense {N_OUT} {activation}"
    p = start(spec(layers))
    assert abs(p.w1.std() / deviation - 1) < 0.03
    assert not getattr(p, "b1", np.zeros(1)).any()
    assert not p.b2.any()


@pytest.mark.parametrize("style", STYLES)
def test_parameters_are_drawn_in_their_order(style: Style) -> None:
    layers = "dense 3 relu biases=normal(0.2); dense 2 tanh weights=normal(0.3)"
    p = start(spec(layers, "2 softmax"), style, seed=42)
    rng = np.random.default_rng(42)
    wide, narrow = math.sqrt(6 / 8), math.sqrt(6 / 4)
    expected = {
        "w1": rng.uniform(-wide, wide, (5, 3)),
        "b1": 0.2 * rng.standard_normal(3),
        "w2": 0.3 * rng.standard_normal((3, 2)),
        "b2": np.zeros(2),
        "w3": rng.uniform(-narrow, narrow, (2, 2)),
        "b3": np.zeros(2),
    }
    assert list(p._asdict()) == list(expected)
    for name, array in expected.items():
        np.testing.assert_allclose(getattr(p, name), array, rtol=1e-15)


@pytest.mark.parametrize("style", STYLES)
def test_seed_decides_and_the_global_state_is_left_alone(style: Style) -> None:
    before = np.random.get_state()[1].copy()
    train = "optimizer adam; epochs 2; split 60% / 20% / 20%"
    text = spec("dense 6 relu; dropout 20%", "1", "mean_squared_error", train)
    random = np.random.RandomState(0)
    x, t = random.standard_normal((40, 5)), random.standard_normal((40, 1))
    results = []
    for seed in (1, 1, 2):
        model = load(text, style, FLOAT64).Small(seed=seed).fit(x, t)
        results.append((model.parameters_.w1.tobytes(), model.split_))
    assert results[0][0] == results[1][0] != results[2][0]
    assert (results[0][1][0] == results[1][1][0]).all()
    assert (results[0][1][0] != results[2][1][0]).any()
    assert (np.random.get_state()[1] == before).all()
