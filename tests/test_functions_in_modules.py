"""Every function of the language, in every kind of formula, as modules compute it.

A few steps of training are compared with plain floats, which are given the module's
own gradients.  The network has no function but the formula's, so that none lends it its
imports and helpers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import numpy as np
import pytest
from reference.modules import STYLES, Run
from test_formulas_in_modules import hidden

from nndsl.formulas.build.convert import CONSTANTS, FUNCTIONS
from nndsl.program.in_place import Style

RATE = 0.01
X = np.random.RandomState(0).standard_normal((24, 2))
T = np.abs(X[:, :1]) + 0.3
Function = Callable[[float], float]


def phi(u: float) -> float:
    return math.erfc(-u / math.sqrt(2)) / 2


VALUES: dict[str, Function] = {
    "abs(u - 1)": lambda u: abs(u - 1),
    "clip(u, 0.2, 0.6)": lambda u: min(max(u, 0.2), 0.6),
    "cos(u)": math.cos,
    "exp(u)": math.exp,
    "expm1(-u)": lambda u: math.expm1(-u),
    "u * floor(3 * u)": lambda u: u * math.floor(3 * u),
    "log(u)": math.log,
    "log1p(u)": math.log1p,
    "max(u, 0.5)": lambda u: max(u, 0.5),
    "min(u, 0.5)": lambda u: min(u, 0.5),
    "mod(u, 0.3)": lambda u: u % 0.3,
    "normal_cdf(u)": phi,
    "u * normal_cdf(u)": lambda u: u * phi(u),
    "normal_pdf(u)": lambda u: math.exp(-u * u / 2) / math.sqrt(2 * math.pi),
    "sigmoid(u)": lambda u: 1 / (1 + math.exp(-u)),
    "u * sign(u - 0.45)": lambda u: math.copysign(u, u - 0.45),
    "sin(u)": math.sin,
    "softplus(u)": lambda u: math.log1p(math.exp(u)),
    "sqrt(u)": math.sqrt,
    "tanh(u)": math.tanh,
    "where(u > 0.5, u, 2 * u)": lambda u: u if u > 0.5 else 2 * u,
    "pi * u": lambda u: math.pi * u,
    "e ^ u": math.exp,
    "u ^ e": lambda u: u**math.e,
}
WITH_HELPERS = ("exp", "normal", "sigmoid", "softplus")


def test_every_function_is_judged() -> None:
    text = " ".join(VALUES)
    assert not [name for name in FUNCTIONS if f"{name}(" not in text]
    assert not [name for name in CONSTANTS if f"{name} " not in text]


def network(formula: str, style: Style, precision: str, **parts: str) -> Run:
    part = {"layer": "", "loss": "mean_squared_error", "optimizer": "sgd(0.01)"} | parts
    text = (
        f"{formula}\nnetwork Net {{ input 2; dense 3 {part['layer']}; dense 1\n"
        f"loss {part['loss']}\ntrain {{ optimizer {part['optimizer']} }} }}"
    )
    return Run(text, style, (f"train.precision={precision}",))


def over(function: Function, array: np.ndarray) -> np.ndarray:
    values = [float(function(each)) for each in array.ravel().tolist()]
    return np.reshape(values, array.shape)


def agrees_with_steps(
    run: Run, change: Callable[[int, np.ndarray], np.ndarray], tolerance: float
) -> None:
    """`change`: what a step (from 1) takes off a parameter, by its gradient."""
    x, t = X.astype(run.p.w1.dtype), T.astype(run.p.w1.dtype)
    for step in range(1, 4):
        gradients = run.gradients(x, t)
        before = [array.copy() for array in run.p]
        run.step(x, t)
        for old, g, array in zip(before, gradients, run.p, strict=True):
            wanted = old - change(step, g.astype(float))
            np.testing.assert_allclose(array, wanted, tolerance, tolerance)


def as_activation(text: str, f: Function, style: Style, precision: str) -> None:
    formula = f"activation own(x, k=0.25) = {inserted(text, 'abs(x) * k + 0.1')}"
    run = network(formula, style, precision, layer="own")
    x, t = X.astype(run.p.w1.dtype), T.astype(run.p.w1.dtype)
    wanted = over(lambda x: f(abs(x) * 0.25 + 0.1), x @ run.p.w1 + run.p.b1)
    tolerance = bar(precision)
    np.testing.assert_allclose(hidden(run, x), wanted, tolerance, tolerance)
    run.step(x, t)


def as_loss(text: str, f: Function, style: Style, precision: str) -> None:
    argument = "abs(prediction - target) * k + 0.1"
    formula = f"loss own(prediction, target, k=0.25) = {inserted(text, argument)}"
    run = network(formula, style, precision, loss="own")
    x, t = X.astype(run.p.w1.dtype), T.astype(run.p.w1.dtype)
    wanted = over(lambda d: f(abs(d) * 0.25 + 0.1), run.outputs(x)[-1] - t).mean()
    assert run.loss(x, t) == pytest.approx(wanted, rel=bar(precision))
    run.step(x, t)


def as_schedule(text: str, f: Function, style: Style, precision: str) -> None:
    value = inserted(text, "0.2 * step + k")
    formula = f"schedule own(step, learning_rate=1, k=0.1) = learning_rate * {value}"
    run = network(formula, style, precision, optimizer="sgd(own(0.01))")
    agrees_with_steps(
        run, lambda step, g: RATE * f(0.2 * step + 0.1) * g, bar(precision)
    )


def as_optimizer(text: str, f: Function, style: Style, precision: str) -> None:
    value = inserted(text, "abs(gradient) * k + 0.1")
    formula = (
        f"optimizer own(learning_rate=0.01, k=0.25) {{\n"
        f"weight = weight - learning_rate * {value}\n}}"
    )
    agrees_with_steps(
        network(formula, style, precision, optimizer="own"),
        lambda step, g: RATE * over(lambda each: f(abs(each) * 0.25 + 0.1), g),
        bar(precision),
    )


def as_number_of_an_optimizer(
    text: str, f: Function, style: Style, precision: str
) -> None:
    formula = (
        f"optimizer own(learning_rate=0.01, k=0.1) {{\nstate s = 0.3\n"
        f"s = 0.5 * s + {inserted(text, 'abs(s) * k + 0.1 * step')}\n"
        f"weight = weight - learning_rate * s * gradient\n}}"
    )
    run = network(formula, style, precision, optimizer="own")
    states = [0.3]
    for step in range(1, 4):
        s = states[-1]
        states.append(0.5 * s + f(abs(s) * 0.1 + 0.1 * step))
    agrees_with_steps(run, lambda step, g: RATE * states[step] * g, bar(precision))


def inserted(text: str, argument: str) -> str:
    return re.sub(r"\bu\b", f"({argument})", f"({text})")


def bar(precision: str) -> float:
    return 1e-11 if precision == "float64" else 2e-4


KINDS = (as_activation, as_loss, as_schedule, as_optimizer, as_number_of_an_optimizer)


@pytest.mark.one_in(2)
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("judge", KINDS)
@pytest.mark.parametrize("text", VALUES)
def test_a_function(
    text: str, judge: Callable[[str, Function, Style, str], None], style: Style
) -> None:
    judge(text, VALUES[text], style, "float64")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("judge", KINDS)
@pytest.mark.parametrize("text", [t for t in VALUES if t.startswith(WITH_HELPERS)])
def test_a_function_in_float32(
    text: str, judge: Callable[[str, Function, Style, str], None], style: Style
) -> None:
    judge(text, VALUES[text], style, "float32")
