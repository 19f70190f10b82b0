"""States of optimizers that fade are kept where processors compute fast."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from nndsl.api import compile_text, module_of
from nndsl.program.in_place import Style

FORMULAS = """
optimizer own(learning_rate=0.001, beta=0.9 in 0..1) {
    state m = 0
    m      = beta * m + (1 - beta) * gradient
    weight = weight - learning_rate * sign(m)
}
optimizer ratio(learning_rate=0.001, beta=0.9 in 0..1) {
    state m = 0
    m      = beta * m + (1 - beta) * abs(gradient)
    weight = weight - learning_rate * gradient / m
}
optimizer jump(learning_rate=0.001, beta=0.9 in 0..1) {
    state m = 0
    m      = beta * m + (1 - beta) * gradient
    weight = weight - learning_rate * where(m > 0, 1, 0)
}
optimizer square_root(learning_rate=0.001, beta=0.9 in 0..1) {
    state m = 0
    m      = beta * m + (1 - beta) * gradient
    weight = weight - learning_rate / (m + 1)
}
"""
FADING = {
    "adam": {"m", "v"},
    "adamw": {"m", "v"},
    "nadam": {"m", "v"},
    "radam": {"m", "v"},
    "adamax": {"m"},
    "adadelta": {"v", "size"},
    "rmsprop": {"v"},
    "rmsprop(momentum=0.9)": {"v", "velocity"},
    "sgd(momentum=0.9)": {"velocity"},
    "sgd(momentum=0.9, nesterov=yes)": {"velocity"},
    "lion": {"m"},
    "own": {"m"},
    "sgd": set(),
    "adagrad": set(),
    "own(beta=1)": set(),
    "adam(epsilon=1e-20)": set(),
    "ratio": set(),
    "jump": set(),
    "square_root": set(),
}
"""What may be kept away from 0: it decays, and nothing jumps or divides near 0."""


def text_of(optimizer: str, style: Style = "fast", precision: str = "float32") -> str:
    spec = (
        f"{FORMULAS}network Fade {{ input 6; dense 5 relu; dense 3 softmax\n"
        "loss categorical_crossentropy\n"
        f"train {{ optimizer {optimizer}; precision {precision} }} }}"
    )
    return compile_text(spec, style=style)


def module(optimizer: str, style: Style = "fast", precision: str = "float32") -> Any:
    return module_of(text_of(optimizer, style, precision), "fade")


def rows(n: int = 8) -> tuple[Any, Any]:
    random = np.random.RandomState(4)
    return random.standard_normal((n, 6)), random.randint(0, 3, n)


def with_dead_unit(optimizer: str, style: Style, precision: str, steps: int) -> Any:
    """A model one of whose units learns for a while and then never again."""
    model = module(optimizer, style, precision).Fade(seed=2).build()
    for step in range(steps):
        model.train_batch(*rows())
        if step == 20:
            model.parameters["dense1.biases"][1] = -1e4
    return model


@pytest.mark.parametrize("optimizer", FADING)
def test_which_states_are_kept_away_from_zero(optimizer: str) -> None:
    kept = re.findall(r"^ +keep_from_zero\((\w+)\)$", text_of(optimizer), re.MULTILINE)
    assert set(kept) == FADING[optimizer]
    assert len(kept) == len(FADING[optimizer])


@pytest.mark.parametrize(
    ("precision", "least"), [("float32", 1e-37), ("float64", 1e-300)]
)
@pytest.mark.parametrize("optimizer", [o for o, held in FADING.items() if held])
def test_no_state_becomes_subnormal(
    optimizer: str, precision: str, least: float
) -> None:
    steps = 9_000 if precision == "float64" else 1_500
    if precision == "float64" and optimizer not in ("adam", "sgd(momentum=0.9)"):
        steps = 1_500
    model = with_dead_unit(optimizer, "fast", precision, steps)
    for memory in model._memory.values():
        if isinstance(memory, np.ndarray):
            sizes = np.abs(memory[memory != 0])
            assert sizes.min() > least


@pytest.mark.parametrize("optimizer", [o for o, held in FADING.items() if held])
def test_the_weights_are_those_of_the_textbook(optimizer: str) -> None:
    fast = with_dead_unit(optimizer, "fast", "float64", 400)
    plain = with_dead_unit(optimizer, "textbook", "float64", 400)
    for name, array in plain.parameters.items():
        apart = np.abs(array - fast.parameters[name]).max()
        assert apart <= 1e-9 * np.abs(array).max()


def test_signs_and_zeros_are_kept() -> None:
    made = module("lion")
    state = np.array([0.0, 1e-45, -1e-40, 1e-29, -2.0], dtype=np.float32)
    made.keep_from_zero(state)
    expected = np.array([0.0, 1e-30, -1e-30, 1e-29, -2.0], dtype=np.float32)
    assert np.array_equal(state, expected)
