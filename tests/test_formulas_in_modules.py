"""Formulas of one's own in generated modules: comparisons, constants, whole optimizers.

Values and slopes come from plain Python over floats and from central differences.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import numpy as np
import pytest
from reference.gradients import worst_error
from reference.modules import STYLES, Run

from nndsl.diagnostics.error import SpecError
from nndsl.program.in_place import Style

X = np.random.RandomState(0).standard_normal((23, 2)) * 2
T = X[:, :1] + 0.3


def phi(x: float) -> float:
    return math.erfc(-x / math.sqrt(2)) / 2


def each(formula: Callable[..., float], *arrays: np.ndarray) -> np.ndarray:
    """A formula of plain floats for every element."""
    rows = zip(*(array.ravel().tolist() for array in arrays), strict=True)
    return np.reshape([float(formula(*row)) for row in rows], arrays[0].shape)


def model(text: str, style: Style, layer: str = "tanh", more: str = "") -> Run:
    layers = f"input 2; dense 3 {layer}; dense 1; loss {more or 'log_cosh'}"
    network = f"network Net {{ {layers} }}"
    return Run(f"{text}\n{network}", style)


def with_optimizer(text: str, style: Style) -> Run:
    network = (
        "network Net { input 2; dense 3 tanh; dense 1; loss log_cosh\n"
        "train { optimizer own } }"
    )
    return Run(f"{text}\n{network}", style)


def hidden(run: Run, x: np.ndarray = X) -> np.ndarray:
    """The outputs of the layer before the last, which is made to pick each in turn."""
    *_, w, b = run.p
    before, columns = (w.copy(), b.copy()), []
    b[...] = 0
    for unit in range(len(w)):
        w[...] = np.arange(len(w))[:, None] == unit
        columns.append(run.module.forward(run.p, x)[-1][:, 0].copy())
    w[...], b[...] = before
    return np.stack(columns, axis=1)


ACTIVATIONS: dict[str, Callable[[float], float]] = {
    "max(x, 0) + max(x - 1, 0)": lambda x: max(x, 0) + max(x - 1, 0),
    "clip(x, -1, 1) + clip(x, -2, 2)": lambda x: (
        min(max(x, -1), 1) + min(max(x, -2), 2)
    ),
    "max(x + 1, 0) - max(x - 1, 0)": lambda x: max(x + 1, 0) - max(x - 1, 0),
    "x * ((x > 0) + (x > 1))": lambda x: x * ((x > 0) + (x > 1)),
    "x * ((x > 0) - (x > 1))": lambda x: x * ((x > 0) - (x > 1)),
    "exp(x > 0) * x": lambda x: math.exp(x > 0) * x,
    "abs(-(x > 0)) + x": lambda x: (x > 0) + x,
    "min(-max(1, x + 0.5), tanh(x))": lambda x: min(-max(1, x + 0.5), math.tanh(x)),
    "normal_cdf(2 * x)": lambda x: phi(2 * x),
    "x * normal_cdf(3 * x + 1)": lambda x: x * phi(3 * x + 1),
    "x * (-mod(0.7, 2))": lambda x: -0.7 * x,
    "x * sigmoid(-mod(3.5, 2))": lambda x: x / (1 + math.exp(1.5)),
    "max(x, exp(1))": lambda x: max(x, math.e),
    "x / (exp(1) + x^2)": lambda x: x / (math.e + x * x),
    "where(x > exp(1), x, 0.1 * x)": lambda x: x if x > math.e else 0.1 * x,
    "where(normal_cdf(1) > 1, x ^ e, x)": lambda x: x,
    "x + where(0.5 < min(e, 2), 2.5, log(x))": lambda x: x + 2.5,
    "x * -((e / 2 > 0) * pi)": lambda x: -math.pi * x,
    "where((pi > e) * (exp(1) >= e), x, sqrt(x))": lambda x: x,
    "0.7 * (tanh(2) + x)": lambda x: 0.7 * (math.tanh(2) + x),
}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("formula", ACTIVATIONS)
def test_an_activation(formula: str, style: Style) -> None:
    net = model(f"activation own(x) = {formula}", style, "own")
    wanted = each(ACTIVATIONS[formula], X @ net.p.w1 + net.p.b1)
    np.testing.assert_allclose(hidden(net), wanted, 1e-12, 1e-14)
    assert worst_error(net, X, T) <= 1


LOSSES: dict[str, Callable[[float, float], float]] = {
    "max(prediction - target, 0) + max(prediction - target - 1, 0)": lambda p, t: (
        max(p - t, 0) + max(p - t - 1, 0)
    ),
    "(prediction - target)^2 * sigmoid(mod(0.5, 2))": lambda p, t: (
        (p - t) ** 2 / (1 + math.exp(-0.5))
    ),
    "(target - prediction)^2 + 0.1 * -((e / 2 > 0) * pi)": lambda p, t: (
        (t - p) ** 2 - 0.1 * math.pi
    ),
    "where(cos(pi) > 0, log(prediction), (prediction - target)^2)": lambda p, t: (
        (p - t) ** 2
    ),
    "where(tanh(0.5) > 0, prediction^2, (prediction - target)^2)": lambda p, t: p * p,
    "normal_cdf(2 * prediction - target)": lambda p, t: phi(2 * p - t),
    "((prediction > target) - (prediction < target)) * (prediction - target)": (
        lambda p, t: abs(p - t)
    ),
}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("formula", LOSSES)
def test_a_loss(formula: str, style: Style) -> None:
    net = model(f"loss own(prediction, target) = {formula}", style, more="own")
    wanted = each(LOSSES[formula], net.outputs(X)[-1], T).mean()
    assert net.loss(X, T) == pytest.approx(wanted, rel=1e-12)
    assert worst_error(net, X, T) <= 1


STEPS: dict[str, Callable[[float, int], float]] = {
    "(gradient > 0) + (gradient > 0.1)": lambda g, step: (g > 0) + (g > 0.1),
    "(gradient > 0) - (gradient < 0)": lambda g, step: (g > 0) - (g < 0),
    "normal_cdf(2 * gradient)": lambda g, step: phi(2 * g),
    "gradient * (-mod(step, 3))": lambda g, step: -g * (step % 3),
    "where(gradient <= 0.0001, gradient, -mod(0.001, 2))": lambda g, step: (
        g if g <= 0.0001 else -0.001
    ),
}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("formula", STEPS)
def test_an_optimizer(formula: str, style: Style) -> None:
    text = (
        "optimizer own(learning_rate=0.01) {\n"
        f"    weight = weight - learning_rate * ({formula})\n}}\n"
    )
    net = with_optimizer(text, style)
    for step in range(1, 6):
        before = [array.copy() for array in net.p]
        gradients = net.gradients(X, T)
        net.step(X, T)
        for old, g, array in zip(before, gradients, net.p, strict=True):
            steps = np.full(array.shape, step)
            wanted = old - 0.01 * each(STEPS[formula], g, steps)
            np.testing.assert_allclose(array, wanted, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("style", STYLES)
def test_an_optimizer_with_a_number_of_its_own(style: Style) -> None:
    text = (
        "optimizer own(learning_rate=0.01, o=0.5) {\n    state s = 1\n"
        "    l = s * (o - 1)\n    s = tanh(where(0 >= o, gradient, o))\n"
        "    weight = weight - learning_rate * (gradient + l + s)\n}\n"
    )
    net = with_optimizer(text, style)
    before = [array.copy() for array in net.p]
    gradients = net.gradients(X, T)
    net.step(X, T)
    for old, g, array in zip(before, gradients, net.p, strict=True):
        wanted = old - 0.01 * (g - 0.5 + math.tanh(0.5))
        np.testing.assert_allclose(array, wanted, rtol=1e-12)


@pytest.mark.parametrize("style", STYLES)
def test_a_linear_layer_may_have_a_surrogate(style: Style) -> None:
    lent = model("", style, "linear(surrogate=tanh)").gradients(X, T)
    plain = model("", style, "linear")
    z1 = hidden(plain)
    da1 = np.tanh(plain.outputs(X)[-1] - T) / len(X) @ plain.p.w2.T
    wanted = X.T @ (da1 * (1 - np.tanh(z1) ** 2))
    np.testing.assert_allclose(lent.w1, wanted, rtol=1e-12)


@pytest.mark.parametrize("formula", ["0 * x", "where(0.5 > 0.1, 0.5, x)", "1 + 0 * x"])
def test_an_activation_that_is_constant_is_refused(formula: str) -> None:
    with pytest.raises(SpecError, match="gives the same number for every x"):
        model(f"activation own(x) = {formula}", "fast", "own")


@pytest.mark.parametrize("style", STYLES)
def test_a_number_of_an_optimizer_stays_a_float(style: Style) -> None:
    text = (
        "optimizer own(learning_rate=0.01) {\n"
        "    state a = 1\n    state b = 2\n    state c = 0\n    state d = 1\n"
        "    n = floor(a)\n    a = floor(a * 3 / 2) + n\n    b = max(b * b, 3)\n"
        "    c = step + sign(c)\n    d = where(d > 2, step^2, 3)\n"
        "    weight = weight - learning_rate * gradient * (a + c + d + 1 / b)\n}\n"
    )
    net = with_optimizer(text, style)
    a, b, c, d = 1.0, 2.0, 0.0, 1.0
    for step in range(1, 9):
        a, c = math.floor(a * 3 / 2) + math.floor(a), step + (c > 0)
        b, d = max(b * b, 3.0), step**2.0 if d > 2 else 3.0
        before = [array.copy() for array in net.p]
        gradients = net.gradients(X, T)
        net.step(X, T)
        numbers = [getattr(net.optimizer, name) for name in "abcd"]
        assert numbers == [a, b, c, d]
        assert {type(each) for each in numbers} == {float}
        for old, g, array in zip(before, gradients, net.p, strict=True):
            wanted = old - 0.01 * (a + c + d + 1 / b) * g
            np.testing.assert_allclose(array, wanted, rtol=1e-12, atol=1e-15)


TIES = [
    ("max(x, 2 * x)", 0, 2),
    ("max(2 * x, x)", 0, 1),
    ("max(x, 1)", 1, 0),
    ("max(1, x)", 1, 1),
    ("min(x, 2 * x)", 0, 2),
    ("min(2 * x, x)", 0, 1),
    ("min(x, 1)", 1, 0),
    ("min(1, x)", 1, 1),
    ("clip(x, -1, 2)", -1, 0),
    ("clip(x, -1, 2)", -0.5, 1),
    ("clip(x, -1, 2)", 2, 0),
    ("clip(2, x, 3 * x)", 2, 1),
    ("abs(x)", 0, 0),
]
"""A formula of x, a kink of it, and the slope there as docs/language.md has it."""


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(("formula", "point", "slope"), TIES)
def test_the_slope_of_an_activation_on_its_kink(
    formula: str, point: float, slope: float, style: Style
) -> None:
    net = model(f"activation own(x) = {formula} + 3 * x", style, "own")
    net.p.w1[...] = 0
    net.p.b1[...] = point
    outer = (np.tanh(net.outputs(X)[-1] - T) / len(X)).sum(axis=0)
    wanted = outer * net.p.w2[:, 0] * (slope + 3)
    got = net.gradients(X, T).b1
    np.testing.assert_allclose(got, wanted, rtol=1e-12)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(("formula", "point", "slope"), TIES)
def test_the_slope_of_a_loss_on_its_kink(
    formula: str, point: float, slope: float, style: Style
) -> None:
    value = re.sub(r"\bx\b", "prediction", formula)
    text = f"loss own(prediction, target) = {value} + 3 * prediction + 0 * target"
    net = model(text, style, more="own")
    net.p.w2[...] = 0
    net.p.b2[...] = point
    assert net.gradients(X, T).b2 == pytest.approx([slope + 3], rel=1e-12)


def celu(x: float, alpha: float) -> float:
    return max(0.0, x) + min(0.0, alpha * math.expm1(x / alpha))


def elu(x: float, alpha: float) -> float:
    return x if x > 0 else alpha * math.expm1(x)


def leaky_relu(x: float, slope: float) -> float:
    return x if x > 0 else slope * x


BENT: dict[str, Callable[[float], float]] = {
    "celu(alpha=0.5)": lambda x: celu(x, 0.5),
    "celu(alpha=2)": lambda x: celu(x, 2),
    "elu(alpha=0.5)": lambda x: elu(x, 0.5),
    "elu(alpha=2)": lambda x: elu(x, 2),
    "leaky_relu(slope=0.2)": lambda x: leaky_relu(x, 0.2),
}
"""As Barron (2017), Clevert et al. (2015) and Maas et al. (2013) have them."""


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", BENT)
def test_a_built_in_activation_with_another_parameter(name: str, style: Style) -> None:
    net = model("", style, name)
    wanted = each(BENT[name], X @ net.p.w1 + net.p.b1)
    np.testing.assert_allclose(hidden(net), wanted, 1e-12, 1e-14)
    assert worst_error(net, X, T) <= 1


def distributions(rows: int) -> np.ndarray:
    made = np.abs(np.random.RandomState(1).standard_normal((rows, 3))) + 0.01
    return np.asarray(made / made.sum(axis=1, keepdims=True))


def deep(last: str, loss: str, style: Style, text: str = "") -> Run:
    """Three layers; the first output of the last is below 1e-30."""
    network = (
        f"{text}\nnetwork Net {{ input 2; dense 3 exponential; dense 3 exponential;"
        f" dense 3 {last}; loss {loss} }}"
    )
    net = Run(network, style)
    for weights in (net.p.w1, net.p.w2, net.p.w3):
        weights *= 0.1
    net.p.b3[...] = [-90, 0, 0]
    return net


@pytest.mark.parametrize("style", STYLES)
def test_kl_divergence_behind_softmax_follows_prediction_minus_target(
    style: Style,
) -> None:
    net, t = deep("softmax", "kl_divergence", style), distributions(len(X))
    p = net.p
    a2 = np.exp(np.exp(X @ p.w1 + p.b1) @ p.w2 + p.b2)
    powers = np.exp(a2 @ p.w3 + p.b3)
    error = (powers / powers.sum(axis=1, keepdims=True) - t) / len(X)
    gradients = net.gradients(X, t)
    np.testing.assert_allclose(gradients.b3, error.sum(axis=0), 1e-11)
    wanted = a2.T @ error
    np.testing.assert_allclose(gradients.w3, wanted, 1e-11)


@pytest.mark.parametrize("style", STYLES)
def test_a_divergence_that_is_flat_where_outputs_vanish_has_no_slope_there(
    style: Style,
) -> None:
    value = "sum(target * log(max(target, 1e-30) / max(prediction, 1e-30)))"
    text = f"loss own(prediction, target) = {value}"
    net, t = deep("exponential", "own", style, text), distributions(len(X))
    assert (net.outputs(X)[-1][:, 0] < 1e-30).all()
    gradients = net.gradients(X, t)
    assert worst_error(net, X, t) <= 1
    assert gradients.b3[0] == 0
    wanted = -t[:, 1:].mean(axis=0)
    np.testing.assert_allclose(gradients.b3[1:], wanted, rtol=1e-12)
