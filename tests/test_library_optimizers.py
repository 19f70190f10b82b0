"""Built-in optimizers against twenty steps written from the published formulas."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import pytest

from nndsl.formulas.algebra.evaluate import evaluate
from nndsl.formulas.build.library import library_names, library_optimizer
from nndsl.formulas.expression import OptimizerFormula

STEPS = 20
Rule = Callable[..., Iterator[float]]


def gradient(w: float, t: int) -> float:
    """A bowl with a wobble; it changes sign, and is exactly 0 once."""
    return 0.0 if t == 7 else 1.7 * (w - 0.3) + 0.8 * math.sin(3.1 * t)


def follow(optimizer: OptimizerFormula, given: dict[str, float]) -> list[float]:
    values = {each.name: each.default for each in optimizer.parameters} | given
    values |= {state.name: state.start for state in optimizer.states}
    values["weight"] = 1.25
    weights = []
    for t in range(1, STEPS + 1):
        values |= {"step": t, "gradient": gradient(values["weight"], t)}
        for step in optimizer.steps:
            values[step.target] = evaluate(step.value, values)
        weights.append(values["weight"])
    return weights


def sgd(lr: float, momentum=0.0, nesterov=False, decay=0.0) -> list[float]:
    w, v, path = 1.25, 0.0, []
    for t in range(1, STEPS + 1):
        g = gradient(w, t) + decay * w
        v = momentum * v + g
        w -= lr * (g + momentum * v if nesterov else v)
        path.append(w)
    return path


def adam(lr=0.001, b1=0.9, b2=0.999, eps=1e-8, decay=0.0, decoupled=False):
    w, m, v, path = 1.25, 0.0, 0.0, []
    for t in range(1, STEPS + 1):
        g = gradient(w, t)
        if decoupled:
            w *= 1 - lr * decay
        else:
            g += decay * path[-1] if path else decay * 1.25
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g * g
        rate = lr / (1 - b1**t)
        w -= rate * m / (math.sqrt(v) / math.sqrt(1 - b2**t) + eps)
        path.append(w)
    return path


def adagrad(lr=0.01, eps=1e-10, decay=0.0):
    w, total, path = 1.25, 0.0, []
    for t in range(1, STEPS + 1):
        g = gradient(w, t) + decay * w
        total += g * g
        w -= lr * g / (math.sqrt(total) + eps)
        path.append(w)
    return path


def rmsprop(lr=0.01, alpha=0.99, eps=1e-8, momentum=0.0, decay=0.0):
    w, v, buffer, path = 1.25, 0.0, 0.0, []
    for t in range(1, STEPS + 1):
        g = gradient(w, t) + decay * w
        v = alpha * v + (1 - alpha) * g * g
        buffer = momentum * buffer + g / (math.sqrt(v) + eps)
        w -= lr * buffer
        path.append(w)
    return path


def adadelta(lr=1.0, rho=0.9, eps=1e-6, decay=0.0):
    w, squares, changes, path = 1.25, 0.0, 0.0, []
    for t in range(1, STEPS + 1):
        g = gradient(w, t) + decay * w
        squares = rho * squares + (1 - rho) * g * g
        change = math.sqrt(changes + eps) / math.sqrt(squares + eps) * g
        changes = rho * changes + (1 - rho) * change * change
        w -= lr * change
        path.append(w)
    return path


def adamax(lr=0.002, b1=0.9, b2=0.999, eps=1e-8, decay=0.0):
    w, m, u, path = 1.25, 0.0, 0.0, []
    for t in range(1, STEPS + 1):
        g = gradient(w, t) + decay * w
        m = b1 * m + (1 - b1) * g
        u = max(b2 * u, abs(g) + eps)
        w -= lr / (1 - b1**t) * m / u
        path.append(w)
    return path


def nadam(lr=0.002, b1=0.9, b2=0.999, eps=1e-8, decay=0.0, momentum_decay=0.004):
    w, m, v, product, path = 1.25, 0.0, 0.0, 1.0, []
    for t in range(1, STEPS + 1):
        g = gradient(w, t) + decay * w
        mu = b1 * (1 - 0.5 * 0.96 ** (t * momentum_decay))
        mu_next = b1 * (1 - 0.5 * 0.96 ** ((t + 1) * momentum_decay))
        product *= mu
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g * g
        root = math.sqrt(v / (1 - b2**t)) + eps
        w -= lr * (1 - mu) / (1 - product) * g / root
        w -= lr * mu_next / (1 - product * mu_next) * m / root
        path.append(w)
    return path


def radam(lr=0.001, b1=0.9, b2=0.999, eps=1e-8, decay=0.0):
    w, m, v, path = 1.25, 0.0, 0.0, []
    for t in range(1, STEPS + 1):
        g = gradient(w, t) + decay * w
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g * g
        corrected = m / (1 - b1**t)
        limit = 2 / (1 - b2) - 1
        rho = limit - 2 * t * b2**t / (1 - b2**t)
        if rho > 5:
            adaptive = math.sqrt(1 - b2**t) / (math.sqrt(v) + eps)
            trust = math.sqrt(
                (rho - 4) * (rho - 2) * limit / ((limit - 4) * (limit - 2) * rho)
            )
            w -= lr * corrected * adaptive * trust
        else:
            w -= lr * corrected
        path.append(w)
    return path


def lion(lr=1e-4, b1=0.9, b2=0.99, decay=0.0):
    w, m, path = 1.25, 0.0, []
    for t in range(1, STEPS + 1):
        g = gradient(w, t)
        w *= 1 - lr * decay
        mixed = b1 * m + (1 - b1) * g
        w -= lr * ((mixed > 0) - (mixed < 0))
        m = b2 * m + (1 - b2) * g
        path.append(w)
    return path


D = {"weight_decay": 0.1}
CASES = [
    ("sgd", {}, sgd(0.001)),
    ("sgd", {"learning_rate": 0.05}, sgd(0.05)),
    ("sgd", {"learning_rate": 0.05, "momentum": 0.9}, sgd(0.05, 0.9)),
    (
        "sgd",
        {"learning_rate": 0.05, "momentum": 0.9, "nesterov": 1.0, **D},
        sgd(0.05, 0.9, True, 0.1),
    ),
    ("adam", {}, adam()),
    ("adam", {"learning_rate": 0.05, **D}, adam(0.05, decay=0.1)),
    ("adam", {"epsilon": 0.01}, adam(eps=0.01)),
    ("adamw", {}, adam(decay=0.01, decoupled=True)),
    (
        "adamw",
        {"learning_rate": 0.05, **D},
        adam(0.05, decay=0.1, decoupled=True),
    ),
    ("adagrad", {}, adagrad()),
    ("adagrad", D, adagrad(decay=0.1)),
    ("rmsprop", {}, rmsprop()),
    ("rmsprop", {"momentum": 0.9, **D}, rmsprop(momentum=0.9, decay=0.1)),
    ("adadelta", {}, adadelta()),
    ("adadelta", D, adadelta(decay=0.1)),
    ("adamax", {}, adamax()),
    ("adamax", D, adamax(decay=0.1)),
    ("nadam", {}, nadam()),
    ("nadam", D, nadam(decay=0.1)),
    ("radam", {}, radam()),
    ("radam", D, radam(decay=0.1)),
    ("radam", {"beta2": 0.8}, radam(b2=0.8)),
    ("lion", {}, lion()),
    ("lion", {"learning_rate": 0.01, **D}, lion(0.01, decay=0.1)),
]


@pytest.mark.parametrize(("name", "given", "expected"), CASES)
def test_twenty_steps(
    name: str, given: dict[str, float], expected: list[float]
) -> None:
    assert follow(library_optimizer(name), given) == pytest.approx(expected, rel=1e-12)


def test_every_optimizer_has_a_reference() -> None:
    assert {name for name, _, _ in CASES} == set(library_names("optimizer"))
    for name in library_names("optimizer"):
        assert library_optimizer(name).documentation


def test_only_nadams_momentum_product_is_one_number() -> None:
    scalar = [
        (name, state.name)
        for name in library_names("optimizer")
        for state in library_optimizer(name).states
        if state.scalar
    ]
    assert scalar == [("nadam", "product")]


def test_limits_and_switches_are_part_of_the_parameters() -> None:
    parameters = {each.name: each for each in library_optimizer("sgd").parameters}
    assert parameters["nesterov"].switch
    assert parameters["momentum"].high == 1 and parameters["momentum"].high_open
    assert (
        parameters["learning_rate"].low == 0
        and parameters["learning_rate"].high is None
    )
