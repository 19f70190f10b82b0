"""Optimizers of one's own: the fast style computes what the textbook style computes."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nndsl.api import compile_text, module_of

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


def modules(body: str) -> list[ModuleType]:
    text = (
        f"optimizer own(learning_rate=0.1) {{\n{body}\n}}\n"
        "network Own {\ninput 3\ndense 2 tanh\ndense 1\nloss mean_squared_error\n"
        "train { optimizer own; precision float64 }\n}\n"
    )
    return [
        module_of(compile_text(text, "own.nn", style=style), "own.nn")
        for style in ("textbook", "fast")
    ]


def after_steps(module: ModuleType, steps: int) -> list[dict[str, Any]]:
    """Weights, and what the optimizer remembers, after each step."""
    model = module.Own().build()
    random = np.random.RandomState(4)
    seen = []
    for _ in range(steps):
        x, t = random.standard_normal((7, 3)), random.standard_normal((7, 1))
        model._train(x, t, 1 / 7)
        arrays = dict(model._state())
        if hasattr(model, "_optimizer_arrays"):
            arrays |= model._optimizer_arrays()
        seen.append({name: np.copy(array) for name, array in arrays.items()})
    return seen


def assert_styles_agree(body: str) -> None:
    pairs = zip(*(after_steps(m, 8) for m in modules(body)), strict=True)
    for textbook, fast in pairs:
        assert textbook.keys() == fast.keys()
        for name, array in textbook.items():
            assert np.allclose(fast[name], array, rtol=1e-9, atol=1e-9), name


@pytest.mark.parametrize("name", BODIES)
def test_styles_agree_on_an_own_optimizer(name: str) -> None:
    assert_styles_agree(BODIES[name])


def test_a_scalar_condition_stops_the_updates() -> None:
    """By the formula itself: nothing changes from the fifth step on."""
    seen = after_steps(modules(BODIES["a scalar chooses to stop"])[1], 8)
    weights = [state["dense1.weights"] for state in seen]
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


def test_steps_of_a_scalar_state_are_no_part_of_the_memory() -> None:
    body = """
        state k = 1
        k = tanh(k + 0.25 * step) / (1 + tanh(k + 0.25 * step)^2) + 0.1 * k
        weight = weight - learning_rate * k * gradient"""
    model = modules(body)[1].Own().build()
    model._train(np.ones((2, 3)), np.ones((2, 1)), 0.5)
    assert len(model._memory) == 1
    assert_styles_agree(body)
