"""Built-in schedules against closed forms and PyTorch's published algorithm."""

from __future__ import annotations

import math

import pytest

from nndsl.formulas.algebra.evaluate import evaluate
from nndsl.formulas.build.library import library_formula, library_names
from nndsl.render.expressions.printer import print_scalar


def value(name: str, **given: float) -> float:
    """The rate; as the reference interpreter and as the printed code have it."""
    formula = library_formula("schedule", name)
    values = {each.name: each.default for each in formula.parameters} | given
    rate = evaluate(formula.value, values)
    printed = eval(print_scalar(formula.value), {"math": math, **values})
    assert printed == pytest.approx(rate, rel=1e-13, abs=1e-18)
    return rate


def one_cycle(step: int, steps: int, top: float, rising=0.3, start=25.0, end=1e4):
    """torch.optim.lr_scheduler.OneCycleLR with cosine annealing, step from 1."""
    first, last = rising * steps - 1, steps - 1
    initial = top / start
    lowest = initial / end
    number = step - 1
    if number <= first:
        a, b, share = initial, top, number / first
    else:
        a, b, share = top, lowest, (number - first) / (last - first)
    return b + (a - b) / 2 * (math.cos(math.pi * share) + 1)


CLOSED = {
    "constant": lambda e: 0.02,
    "step_decay": lambda e: 0.02 * 0.1 ** (e // 4),
    "exponential_decay": lambda e: 0.02 * 0.9**e,
    "inverse_time": lambda e: 0.02 / (1 + 0.05 * e),
    "polynomial": lambda e: 0.02 * (1 - e / 20) ** 2,
    "cosine": lambda e: 0.001 + (0.02 - 0.001) * (1 + math.cos(math.pi * e / 20)) / 2,
    "one_cycle": lambda e: one_cycle(e + 1, 20, 0.02),
}
GIVEN = {
    "step_decay": {"factor": 0.1, "every": 4},
    "exponential_decay": {"factor": 0.9},
    "inverse_time": {"decay": 0.05},
    "polynomial": {"power": 2},
    "cosine": {"end": 0.001},
}


@pytest.mark.parametrize("name", library_names("schedule"))
def test_schedule_against_its_closed_form(name: str) -> None:
    given = GIVEN.get(name, {})
    for each in range(20):
        clock = {"epoch": each, "epochs": 20, "step": each + 1, "steps": 20}
        rate = value(name, learning_rate=0.02, **given, **clock)
        assert rate == pytest.approx(CLOSED[name](each), rel=1e-9)
    assert library_formula("schedule", name).documentation


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 5, 7, 10, 100, 1000])
def test_one_cycle_of_any_length(steps: int) -> None:
    for step in range(1, steps + 1):
        rate = value("one_cycle", step=step, steps=steps, learning_rate=0.1)
        assert rate == pytest.approx(one_cycle(step, steps, 0.1), rel=1e-9)


def test_schedules_are_given_only_what_they_name() -> None:
    inputs = {name: library_formula("schedule", name).inputs for name in CLOSED}
    assert inputs == {
        "constant": (),
        "step_decay": ("epoch",),
        "exponential_decay": ("epoch",),
        "inverse_time": ("step",),
        "polynomial": ("epoch", "epochs"),
        "cosine": ("epoch", "epochs"),
        "one_cycle": ("step", "steps"),
    }
