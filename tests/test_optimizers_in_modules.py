"""Optimizers and schedules as modules run them, against the published formulas.

The reference is told the module's own gradients, so that it judges the update alone.
Two hidden layers of the same shape would show a state that they share.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from reference.modules import FLOAT64, STYLES, Run, load
from reference.networks import INPUTS, spec
from reference.optimizers import OPTIMIZERS, one_cycle

from nndsl.formulas.build.library import library_names
from nndsl.program.in_place import Style

LAYERS = "dense 5 tanh; dense 5 tanh; dense 5 sigmoid"
STEPS = 20
USES: list[tuple[str, dict[str, Any]]] = [
    ("sgd", {}),
    ("sgd", {"lr": 0.1, "momentum": 0.9}),
    ("sgd", {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    ("sgd", {"lr": 0.1, "weight_decay": 0.1}),
    ("sgd", {"lr": 0.1, "momentum": 0.8, "nesterov": True, "weight_decay": 0.2}),
    ("adam", {}),
    ("adam", {"lr": 0.05, "beta1": 0.8, "beta2": 0.9, "epsilon": 0.01}),
    ("adam", {"weight_decay": 0.1}),
    ("adam", {"beta1": 0.0}),
    ("adamw", {}),
    ("adamw", {"lr": 0.05, "weight_decay": 0.5}),
    ("adamw", {"weight_decay": 0.0}),
    ("nadam", {}),
    ("nadam", {"lr": 0.05, "weight_decay": 0.1, "momentum_decay": 0.1}),
    ("radam", {}),
    ("radam", {"lr": 0.05, "beta2": 0.9, "weight_decay": 0.1}),
    ("adamax", {}),
    ("adamax", {"lr": 0.05, "weight_decay": 0.1, "epsilon": 0.01}),
    ("adagrad", {}),
    ("adagrad", {"lr": 0.1, "weight_decay": 0.1}),
    ("rmsprop", {}),
    ("rmsprop", {"momentum": 0.9, "weight_decay": 0.1}),
    ("rmsprop", {"alpha": 0.5, "epsilon": 0.1}),
    ("adadelta", {}),
    ("adadelta", {"lr": 0.5, "rho": 0.5, "weight_decay": 0.1}),
    ("lion", {}),
    ("lion", {"lr": 0.01, "weight_decay": 0.5}),
]


RATES = {
    **{"sgd": 0.001, "adam": 0.001, "adamw": 0.001, "nadam": 0.002, "radam": 0.001},
    **{"adamax": 0.002, "adagrad": 0.01, "rmsprop": 0.01, "adadelta": 1, "lion": 1e-4},
}
"""The published defaults."""


def written(name: str, options: dict[str, Any]) -> str:
    """The optimizer as a spec has it."""
    words = {True: "yes", False: "no"}
    parts = [
        f"{'learning_rate' if key == 'lr' else key}="
        + (words[value] if isinstance(value, bool) else repr(value))
        for key, value in options.items()
    ]
    return f"{name}({', '.join(parts)})" if parts else name


def test_every_optimizer_is_judged() -> None:
    assert {name for name, _ in USES} == set(library_names("optimizer"))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(("name", "options"), USES, ids=[written(*u) for u in USES])
def test_twenty_steps(name: str, options: dict[str, Any], style: Style) -> None:
    text = spec(LAYERS, "5", "huber", f"optimizer {written(name, options)}")
    rate = options.get("lr", RATES[name])
    run = Run(text, style, rate=rate)
    random = np.random.RandomState(1)
    for w in run.p:
        w[:] = random.standard_normal(w.shape)
    start = [w.copy() for w in run.p]
    expected = [w.ravel().tolist() for w in run.p]
    moved = [[OPTIMIZERS[name](**options) for _ in values] for values in expected]
    for number in range(STEPS):
        x = random.standard_normal((4, INPUTS))
        t = random.standard_normal((4, 5)) * 10.0 ** (number % 3 - 1)
        gradients = [g.copy() for g in run.gradients(x, t)]
        run.step(x, t)
        for values, steps, gradient in zip(expected, moved, gradients, strict=True):
            pairs = zip(steps, values, gradient.ravel().tolist(), strict=True)
            values[:] = [step(theta, g) for step, theta, g in pairs]
    for w, before, values in zip(run.p, start, expected, strict=True):
        distance = np.abs(w - before).max()
        assert distance > 0
        wanted = np.array(values).reshape(w.shape)
        np.testing.assert_allclose(w, wanted, rtol=0, atol=1e-11 * (1 + distance))


# Schedules: what one step of plain sgd takes off, over its gradient

EPOCHS, BATCHES = 7, 3
Rate = Callable[[int, int], float]
"""The rate of a step (from 0, over the whole run) in an epoch (from 0)."""
TOTAL = EPOCHS * BATCHES
SCHEDULES: dict[str, Rate] = {
    "0.25": lambda step, epoch: 0.25,
    "constant(0.25)": lambda step, epoch: 0.25,
    "constant(0.25, warmup=4)": lambda step, epoch: 0.25 * min(1, (epoch + 1) / 4),
    "step_decay(0.5, factor=0.1, every=2)": lambda step, epoch: (
        0.5 * 0.1 ** (epoch // 2)
    ),
    "exponential_decay(0.5, factor=0.9)": lambda step, epoch: 0.5 * 0.9**epoch,
    "inverse_time(0.5, decay=0.1)": lambda step, epoch: 0.5 / (1 + 0.1 * step),
    "polynomial(0.5, power=2, end=0.1)": lambda step, epoch: (
        0.1 + 0.4 * (1 - epoch / EPOCHS) ** 2
    ),
    "cosine(0.5)": lambda step, epoch: 0.25 * (1 + np.cos(np.pi * epoch / EPOCHS)),
    "cosine(0.5, end=0.1, warmup=3)": lambda step, epoch: (
        (0.1 + 0.2 * (1 + np.cos(np.pi * epoch / EPOCHS))) * min(1, (epoch + 1) / 3)
    ),
    "one_cycle(0.5)": lambda step, epoch: one_cycle(0.5, step, TOTAL),
    "one_cycle(0.5, rising=0.6, start=10, end=100)": lambda step, epoch: one_cycle(
        0.5, step, TOTAL, 0.6, 10, 100
    ),
}


def rates_seen(rate: str, style: Style, epochs: int = EPOCHS) -> list[float]:
    """The learning rate of every step of a fit.

    The network is y = b and the loss abs(b - t) with a large t: the gradient is -1.
    """
    text = (
        "network Small {\ninput 1\ndense 1 weights=zeros\nloss mean_absolute_error\n"
        f"train {{ optimizer sgd(learning_rate={rate}); shuffle no\n"
        f"epochs {epochs}; batch_size 4 }}\n}}\n"
    )
    module = load(text, style, FLOAT64)
    x, t = np.zeros((4 * BATCHES - 1, 1)), np.full((4 * BATCHES - 1, 1), 1e3)
    found: list[float] = []
    step = module.train_batch

    def watched(p: Any, *others: Any) -> None:
        before = p.b1.item()
        step(p, *others)
        found.append(p.b1.item() - before)

    module.train_batch = watched
    try:
        module.Small().fit(x, t)
    finally:
        module.train_batch = step
    return found


def test_every_schedule_is_judged() -> None:
    judged = {use.partition("(")[0] for use in SCHEDULES}
    assert judged - {"0.25"} == set(library_names("schedule"))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("use", SCHEDULES)
def test_schedule(use: str, style: Style) -> None:
    found = rates_seen(use, style)
    expected = [SCHEDULES[use](step, step // BATCHES) for step in range(TOTAL)]
    np.testing.assert_allclose(found, expected, rtol=1e-9)


@pytest.mark.parametrize("style", STYLES)
def test_plateau_lowers_the_rate_when_nothing_improves(style: Style) -> None:
    """PyTorch's rule: after more than `patience` epochs without an improvement."""
    rates = rates_seen("plateau(1e-9, factor=0.5, patience=2)", style, epochs=10)
    # the first epoch is the best; 3 bad ones lower the rate, and again after 3 more
    expected = [1.0] * 4 + [0.5] * 3 + [0.25] * 3
    np.testing.assert_allclose(np.array(rates[::BATCHES]) / 1e-9, expected, rtol=1e-3)


@pytest.mark.parametrize("style", STYLES)
def test_train_batch_counts_steps_and_stays_in_epoch_0(style: Style) -> None:
    train = "optimizer sgd(learning_rate=inverse_time(0.5, decay=1.0))"
    text = spec(last="1", loss="mean_squared_error", train=train)
    run = Run(text, style, rate=0.5)
    random = np.random.RandomState(0)
    x, t = random.standard_normal((6, INPUTS)), random.standard_normal((6, 1))
    for step in range(4):
        before = run.p.b2.item()
        gradient = run.gradients(x, t).b2.item()
        run.step(x, t)
        taken = before - run.p.b2.item()
        assert taken / gradient == pytest.approx(0.5 / (1 + step), rel=1e-9)
