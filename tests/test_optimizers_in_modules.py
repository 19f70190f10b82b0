"""Optimizers and schedules as modules run them, against the published formulas.

The reference is told the module's own gradients, so that it judges the update alone.
Two hidden layers of the same shape would show a state that they share.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from reference.data import STYLES
from reference.gradients import redraw
from reference.networks import INPUTS, small, spec
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
    model = small(text, style)
    random = np.random.RandomState(1)
    redraw(model, random)
    expected = {key: array.ravel().tolist() for key, array in model.parameters.items()}
    moved = {
        key: [OPTIMIZERS[name](**options) for _ in values]
        for key, values in expected.items()
    }
    start = {key: array.copy() for key, array in model.parameters.items()}
    for number in range(STEPS):
        x = random.standard_normal((4, INPUTS))
        y = random.standard_normal((4, 5)) * 10.0 ** (number % 3 - 1)
        gradients = model.gradients(x, y)
        model.train_batch(x, y)
        for key, steps in moved.items():
            values = zip(expected[key], gradients[key].ravel().tolist(), strict=True)
            pairs = zip(steps, values, strict=True)
            expected[key] = [step(theta, g) for step, (theta, g) in pairs]
    for key, array in model.parameters.items():
        wanted = np.array(expected[key]).reshape(array.shape)
        distance = np.abs(array - start[key]).max()
        assert distance > 0
        np.testing.assert_allclose(array, wanted, rtol=0, atol=1e-11 * (1 + distance))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", library_names("optimizer"))
def test_build_forgets_the_steps_before(name: str, style: Style) -> None:
    model = small(spec(LAYERS, "5", "huber", f"optimizer {name}"), style)
    random = np.random.RandomState(2)
    x, y = random.standard_normal((4, INPUTS)), random.standard_normal((4, 5))
    results = []
    for _ in range(2):
        model.build()
        for _ in range(3):
            model.train_batch(x, y)
        results.append({key: array.copy() for key, array in model.parameters.items()})
    for key, array in results[0].items():
        assert array.tobytes() == results[1][key].tobytes()


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
    model = small(text, style)
    x, t = np.zeros((4 * BATCHES - 1, 1)), np.full((4 * BATCHES - 1, 1), 1e3)
    found: list[float] = []
    train = model._train

    def watched(*arguments: Any) -> Any:
        before = model.parameters["dense1.biases"].item()
        result = train(*arguments)
        after = model.parameters["dense1.biases"].item()
        found.append(after - before)
        return result

    model._train = watched
    model.fit(x, t)
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
    model = small(spec(last="1", loss="mean_squared_error", train=train), style)
    random = np.random.RandomState(0)
    x, t = random.standard_normal((6, INPUTS)), random.standard_normal((6, 1))
    for step in range(4):
        before = model.parameters["dense2.biases"].item()
        gradient = model.gradients(x, t)["dense2.biases"].item()
        model.train_batch(x, t)
        taken = before - model.parameters["dense2.biases"].item()
        assert taken / gradient == pytest.approx(0.5 / (1 + step), rel=1e-9)
