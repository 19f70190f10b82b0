"""When training stops, what it keeps, and when the learning rate falls.

The figures of every epoch are random numbers here; the rules are written out in Python.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from reference.learning import module, net
from reference.modules import STYLES

from nndsl.program.in_place import Style

X = np.random.RandomState(1).standard_normal((40, 2))
CLASSES = (
    "input 2; dense 3 softmax; loss categorical_crossentropy; "
    "metrics accuracy, f1, top_k_accuracy(2)"
)
NUMBERS = (
    "input 2; dense 1; loss mean_squared_error; "
    "metrics r2, mean_absolute_error, root_mean_squared_error"
)
UPWARD = ("accuracy", "f1", "top_k_accuracy", "r2")
SPLIT = "split 50% / 30% / 20%"
EPOCHS = 30
Figures = dict[str, list[float]]


@contextmanager
def figures_told(made: Any, validates: bool, seed: int) -> Iterator[Figures]:
    """Let the module measure random numbers, the same from the same seed."""
    random, original = np.random.RandomState(seed), made.measure
    told: Figures = {}
    calls = [0]

    def measure(*given: Any) -> dict[str, float]:
        prefix = "val_" if validates and calls[0] % 2 else ""
        calls[0] += 1
        found = {
            name: round(float(random.uniform(1, 3)), 1) for name in original(*given)
        }
        for name, value in found.items():
            told.setdefault(prefix + name, []).append(value)
        return found

    made.measure = measure
    try:
        yield told
    finally:
        made.measure = original


def expected(values: list[float], upward: bool, patience: int, delta: float) -> Any:
    """The best epoch, counted from 1, and the one that ends training, if any."""
    best, best_epoch = values[0], 1
    for epoch, value in enumerate(values[1:], 2):
        if (value - best if upward else best - value) > delta:
            best, best_epoch = value, epoch
        if epoch - best_epoch == patience:
            return best_epoch, epoch
    return best_epoch, None


def monitors(head: str) -> list[str]:
    names = ["loss", *head.split("metrics ")[1].replace("(2)", "").split(", ")]
    return names + [f"val_{name}" for name in names]


WATCHED = [(head, name) for head in (CLASSES, NUMBERS) for name in monitors(head)]


@pytest.mark.parametrize("delta", [0.0, 0.35])
@pytest.mark.parametrize(("head", "monitor"), WATCHED)
def test_early_stopping_watches_one_figure_in_its_direction(
    head: str, monitor: str, delta: float
) -> None:
    stopping = f"early_stopping patience=4 monitor={monitor} min_delta={delta}"
    settings = f"epochs {EPOCHS}; {stopping}; {SPLIT}"
    made, model = module(settings, head), net(settings, head)
    y = np.arange(40) % 3
    ends = set()
    for seed in range(4):
        with figures_told(made, True, seed) as told:
            fitted = model(seed=seed).fit(X, y)
        values = fitted.history_[monitor]
        assert values == told[monitor][: len(values)]
        upward = monitor.removeprefix("val_") in UPWARD
        best, last = expected(values, upward, 4, delta)
        assert fitted.best_epoch_ == best
        assert len(values) == (last or EPOCHS)
        ends.add(len(values))
    assert min(ends) < EPOCHS


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("patience", [2, 3])
def test_the_parameters_of_the_best_epoch_are_kept(patience: int, style: Style) -> None:
    stopping = f"early_stopping patience={patience} monitor=val_accuracy"
    settings = f"epochs {EPOCHS}; {stopping}; {SPLIT}"
    made = module(settings, CLASSES, style)
    seen: list[Any] = []
    model = net(settings, CLASSES, style)()
    train_batch = made.train_batch

    def recorded(p: Any, *given: Any) -> None:
        train_batch(p, *given)
        seen.append([w.copy() for w in p])

    made.train_batch = recorded
    try:
        with figures_told(made, True, 7):
            model.fit(X, np.arange(40) % 3)
    finally:
        made.train_batch = train_batch
    assert len(seen) == len(model.history_["loss"])  # one batch an epoch
    assert 1 < model.best_epoch_ < len(seen)
    for mine, then in zip(model.parameters_, seen[model.best_epoch_ - 1], strict=True):
        assert mine.tobytes() == then.tobytes()


@pytest.mark.parametrize("style", STYLES)
def test_test_rows_are_judged_once_by_the_best_parameters(style: Style) -> None:
    settings = f"epochs 60; early_stopping patience=3; {SPLIT}"
    optimizer = "optimizer adam(learning_rate=0.3)"
    model = net(f"{settings}; {optimizer}", CLASSES, style)()
    y = np.random.RandomState(2).randint(0, 3, 40)
    model.fit(X, y)
    assert model.best_epoch_ < len(model.history_["loss"])
    for rows, figures in (
        (model.split_[2], model.test_),
        (model.split_[1], figures_at(model, "val_")),
        (model.split_[0], figures_at(model, "")),
    ):
        assert model.evaluate(X[rows], y[rows]) == figures


def figures_at(model: Any, prefix: str) -> dict[str, float]:
    """The history at the best epoch."""
    return {
        name.removeprefix(prefix): values[model.best_epoch_ - 1]
        for name, values in model.history_.items()
        if name.startswith("val_") == bool(prefix)
    }


def rates_of_torch(
    losses: list[float], rate: float, factor: float, patience: int
) -> Any:
    """ReduceLROnPlateau of PyTorch: mode min, threshold 1e-4, relative, no cooldown."""
    best, bad, rates = np.inf, 0, []
    for loss in losses:
        if loss < best * (1 - 1e-4):
            best, bad = loss, 0
        else:
            bad += 1
        if bad > patience:
            rate, bad = rate * factor, 0
        rates.append(rate)
    return rates


@pytest.mark.parametrize("head", [CLASSES, NUMBERS])
@pytest.mark.parametrize("split", [SPLIT, "split 70% / 30% / 0%", "split 100%"])
def test_plateau_watches_the_validation_loss_if_there_is_one(
    split: str, head: str
) -> None:
    rate = "plateau(0.5, factor=0.1, patience=2)"
    settings = f"epochs {EPOCHS}; optimizer sgd(learning_rate={rate}); {split}"
    made = module(settings, head)
    rates: list[float] = []
    original = made.Plateau

    class Recorded(original):  # type: ignore[misc, valid-type]
        def __init__(self, optimizer: Any) -> None:
            super().__init__(optimizer)
            self.watched = optimizer

        def update(self, loss: float) -> None:
            super().update(loss)
            rates.append(self.watched.learning_rate)

    made.Plateau = Recorded
    validates = "100%" not in split
    try:
        with figures_told(made, validates, 3) as told:
            net(settings, head)().fit(X, np.arange(40) % 3)
    finally:
        made.Plateau = original
    losses = told["val_loss" if validates else "loss"][:EPOCHS]
    wanted = rates_of_torch(losses, 0.5, 0.1, 2)
    assert rates == pytest.approx(wanted, rel=1e-12)
    assert len(set(wanted)) > 3
    if validates:
        other = rates_of_torch(told["loss"][:EPOCHS], 0.5, 0.1, 2)
        assert other != pytest.approx(wanted)


def test_plateau_by_the_threshold() -> None:
    rate = "plateau(1.0, factor=0.5, patience=1)"
    made = module(f"optimizer sgd(learning_rate={rate})")
    optimizer = made.SGD(made.initialize(np.random.default_rng(0)), 1.0)
    plateau, rates = made.Plateau(optimizer), []
    losses = [1.0, 0.5, 0.49999, 0.6, 0.4, 0.5, 0.5, 0.5, 0.5]
    for loss in losses:
        plateau.update(loss)
        rates.append(optimizer.learning_rate)
    assert rates == [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.125]
    assert rates == rates_of_torch(losses, 1.0, 0.5, 1)


@pytest.mark.parametrize("answer", [True, np.True_, 1])
def test_a_true_answer_of_the_callback_stops(answer: Any) -> None:
    y, heard = np.arange(40) % 3, []

    def callback(epoch: int, log: dict[str, float]) -> Any:
        heard.append((epoch, log["loss"]))
        return answer if epoch == 3 else None

    for settings in ("epochs 9", f"epochs 9; {SPLIT}; early_stopping patience=9"):
        heard.clear()
        model = net(settings, CLASSES)().fit(X, y, callback=callback)
        assert [epoch for epoch, _ in heard] == [1, 2, 3]
        assert [loss for _, loss in heard] == model.history_["loss"]


def test_an_interrupt_keeps_the_last_whole_epoch() -> None:
    def interrupt(epoch: int, log: dict[str, float]) -> None:
        if epoch == 2:
            raise KeyboardInterrupt

    y = np.arange(40) % 3
    model = net("epochs 10", CLASSES)()
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, y, callback=interrupt)
    two = net("epochs 10", CLASSES)(epochs=2).fit(X, y)
    assert model.predict_proba(X).tobytes() == two.predict_proba(X).tobytes()
    assert model.history_ == two.history_


@pytest.mark.parametrize("style", STYLES)
def test_a_watched_auc_needs_both_classes(style: Style) -> None:
    """It is nan where one class alone is there, and nan is never the best."""
    text = "input 2; dense 1 sigmoid; loss binary_crossentropy; metrics auc"
    stops = "early_stopping patience=3 monitor=val_auc"
    model = net(f"epochs 5; split 50% / 50% / 0%; {stops}", text, style)
    y = np.array([0, 1, 0, 0, 0, 0])
    refused = 0
    for seed in range(12):
        try:
            trained = model(seed=seed).fit(X[:6], y)
        except ValueError as error:
            assert "val_auc needs rows of both classes" in str(error)
            refused += 1
        else:
            assert 1 in trained.split_[1]
    assert 0 < refused < 12
