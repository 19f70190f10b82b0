"""Optimizers of one's own: the fast style computes what the textbook style computes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference.modules import STYLES, Run

from nndsl.program.in_place import Style

BODIES = {
    "a scalar chooses to stop": """
        weight = where(step < 5, weight - learning_rate * gradient, weight)""",
    "a scalar chooses the first value": """
        state m = 0
        m = where(step == 1, gradient, 0.9 * m + 0.1 * gradient)
        weight = weight - learning_rate * m""",
    "a scalar chooses a number": """
        state m = 0
        m = where(mod(step, 2) == 0, 0, m + gradient)
        weight = weight - learning_rate * m""",
    "neither branch in the target": """
        state m = 0
        state n = 1
        n = 0.5 * n + gradient * gradient
        m = where(n > m, n * m, m - n) + where(step > 3, m, n) / (3 + m * m)
        weight = weight - learning_rate * m""",
    "one comparison used twice": """
        state m = 0
        m = where(gradient > 0, m + gradient, m * m - gradient)
        weight = weight - learning_rate * where(m > 0, 1, 2) * where(m > 0, m, 1)""",
    "a branch without a value elsewhere": """
        state m = 0
        m = where(step > 1, m / (step - 1) + gradient, gradient)
        weight = weight - learning_rate * m""",
    "a scalar state in a product": """
        state k = 1
        state m = 0.5
        k = k * 0.9
        m = m * k + gradient
        weight = weight - learning_rate * m""",
    "a scalar state in a condition": """
        state k = 1
        state m = 0.5
        k = k * 0.9
        m = where(k < 0.5, m * (1 - k), m / step + gradient)
        weight = weight - learning_rate * m""",
}


def after_steps(body: str, style: Style, steps: int = 8) -> list[list[np.ndarray]]:
    """The parameters, and what the optimizer remembers in order, after each step."""
    text = (
        f"optimizer own(learning_rate=0.1) {{\n{body}\n}}\n"
        "network Net {\ninput 3\ndense 2 tanh\ndense 1\nloss mean_squared_error\n"
        "train { optimizer own }\n}\n"
    )
    run, random, seen = Run(text, style, rate=0.1), np.random.RandomState(4), []
    for _ in range(steps):
        run.step(random.standard_normal((7, 3)), random.standard_normal((7, 1)))
        states = [
            value for name, value in vars(run.optimizer).items() if len(name) == 1
        ]
        found = [flat(state) for state in states]
        seen.append([*(array.copy() for array in run.p), *found])
    return seen


def flat(state: Any) -> np.ndarray:
    """A state of one number, of an array for each parameter, or of one vector."""
    parts = state if isinstance(state, list) else [state]
    return np.concatenate([np.ravel(part) for part in parts])


def assert_styles_agree(body: str) -> None:
    pairs = zip(*(after_steps(body, style) for style in STYLES), strict=True)
    for textbook, fast in pairs:
        for one, other in zip(textbook, fast, strict=True):
            assert np.allclose(one, other, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", BODIES)
def test_styles_agree_on_an_own_optimizer(name: str) -> None:
    assert_styles_agree(BODIES[name])


def test_a_scalar_condition_stops_the_updates() -> None:
    """By the formula itself: nothing changes from the fifth step on."""
    seen = after_steps(BODIES["a scalar chooses to stop"], "fast")
    weights = [arrays[0] for arrays in seen]
    assert not np.array_equal(weights[2], weights[3])
    for later in weights[4:]:
        assert np.array_equal(later, weights[3])


ARRAYS = st.sampled_from(["gradient", "weight", "m", "q"])
NUMBERS = st.sampled_from(["0.5", "0.9", "2", "k", "1 / step", "learning_rate"])
SCALAR_CONDITIONS = st.sampled_from(
    ["step < 4", "step == 1", "mod(step, 2) == 0", "k < 0.8", "1 - k > 0.3"]
)


def _grown(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Formulas of bounded growth over `parts`."""
    return st.one_of(
        st.builds("({} + {})".format, parts, parts),
        st.builds("({} - {})".format, parts, parts),
        st.builds("({} * {})".format, NUMBERS, parts),
        st.builds("tanh({})".format, parts),
        st.builds("(tanh({}) * tanh({}))".format, parts, parts),
        st.builds("max({}, {})".format, parts, parts),
        st.builds("sqrt(1 + tanh({})^2)".format, parts),
        st.builds("where({}, {}, {})".format, SCALAR_CONDITIONS, parts, parts),
        st.builds("where({} > {}, {}, {})".format, parts, parts, parts, parts),
        st.builds("where({} > 0, 0.5, -2)".format, parts),
    )


FORMULAS = st.recursive(ARRAYS | NUMBERS, _grown, max_leaves=7)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(FORMULAS, FORMULAS, FORMULAS, FORMULAS)
def test_styles_agree_on_random_optimizers(a: str, b: str, c: str, d: str) -> None:
    """Whatever is chosen, overwritten and used twice, in eight steps."""
    assert_styles_agree(
        f"""
        state k = 1
        state m = 0
        state q = 0.5
        k = 0.9 * k
        part = tanh({a})
        m = 0.5 * tanh({b} + part + m)
        q = tanh({c} - part)
        weight = 0.9 * weight - learning_rate * tanh(gradient + m + q + {d})"""
    )


def test_a_scalar_state_of_several_steps() -> None:
    assert_styles_agree(
        """
        state k = 1
        k = tanh(k + 0.25 * step) / (1 + tanh(k + 0.25 * step)^2) + 0.1 * k
        weight = weight - learning_rate * k * gradient"""
    )
