"""The fast style's optimizer: few passes, and the values of the textbook style."""

import math
import re
import subprocess
import sys
import types
from functools import cache

import numpy as np
import pytest

import nndsl

_SPEC = """{formula}
network Net {{
    input     3
    {layers}
    dense     2
    loss      mean_squared_error
    train {{
        optimizer  {optimizer}
        precision  {precision}
        {setting}
    }}
}}
"""
BUILT_IN = [
    *("adam", "adamw", "adamax", "nadam", "radam", "adagrad", "adadelta", "rmsprop"),
    *("sgd", "lion", "rmsprop(momentum=0.9)", "sgd(momentum=0.9)"),
    "sgd(momentum=0.9, nesterov=yes)",
    "radam(beta2=0.7)",
    "nadam(momentum_decay=0)",
    "adam(beta1=0)",
    "adam(beta2=0)",
]
DECAYED = [
    f"{each[:-1]}, weight_decay=0.1)" if "(" in each else f"{each}(weight_decay=0.1)"
    for each in BUILT_IN
]

_HEAD = "optimizer own(learning_rate=0.01, beta=0.9 in 0..below(1), epsilon=1e-6)"
OWN = {
    "scalar state": """
        state total = 0
        state m = 0
        weight = weight - learning_rate * m / (1 + total)
        total = beta * total + 1
        m = beta * m + (1 - beta) / total * gradient + epsilon
    """,
    "choice by a number": """
        state m = 0
        state v = 0
        m = beta * m + (1 - beta) * gradient
        v = where(step > 3, beta * v + (1 - beta) * gradient^2, v)
        size = where(step > 10, sqrt(v / (step - 10)) + epsilon, 1)
        weight = weight - learning_rate * m / size
        weight = where(step < 5, weight, weight * (1 - epsilon) - epsilon * m / size)
    """,
    "nested choices": """
        size = where(step > 10, where(step > 20, abs(gradient), 2 * gradient^2), 1)
        more = where(step > 5, gradient, 0.5)
        weight = weight - learning_rate * (beta * size + epsilon * more)
        weight = weight - learning_rate * more * size
    """,
    "several assignments": """
        state m = 0
        d = gradient
        d = (1 - beta) * d + epsilon * weight
        m = m * beta + d
        d = m / (1 - beta^step)
        d = d / (abs(d) + epsilon)
        weight = weight - learning_rate * d
    """,
    "read before it is written": """
        state m = 0
        state v = 0
        old = (1 - beta) * m
        weight = weight - learning_rate * old
        v = beta * v - (1 - beta) * m * gradient
        m = (1 - beta) * gradient + beta * m
        weight = weight + learning_rate * (m - old) / sqrt(abs(v) + 0.1 + epsilon)
    """,
    "a state set twice": """
        state m = 0
        m = beta * m
        m = m + (1 - beta) * gradient
        weight = weight - learning_rate * m / (1 + epsilon)
    """,
    "a state that starts elsewhere": """
        state m = 1
        m = beta * m + (1 - beta) * gradient
        weight = (1 - epsilon) * weight - learning_rate * m - learning_rate * weight
    """,
    "not linear in the weight": """
        state m = 0.5
        m = beta * m + (1 - beta) * sin(m) + epsilon * gradient
        weight = beta * weight - learning_rate * tanh(weight) * m - learning_rate
    """,
    "signs": """
        state m = 0
        m = -beta * m - (1 - beta) * gradient
        weight = weight + learning_rate * sign(-m * epsilon) * max(m / 3, gradient / 3)
        weight = abs(-2 * weight) / 2 * sign(3 * weight)
    """,
    "a long formula": """
        state first_of_them = 0
        first_of_them = beta * first_of_them + (1 - beta) * (gradient + epsilon
            * sin(weight) * cos(gradient)) / (1 + epsilon * abs(first_of_them) + beta)
        weight = weight - learning_rate * first_of_them * sqrt(step + epsilon) / (1
            + beta^step + epsilon^step + sqrt(beta + epsilon)) / (2 + abs(gradient))
    """,
    "a whole number without bound": """
        weight = weight - learning_rate * gradient / (beta + 2^(2 * step))
        weight = weight - learning_rate * gradient / min(2^(2 * step) - 1, 5) * epsilon
        weight = weight - gradient / 4^step
    """,
}
NAMES = "w g vector start root scale epsilon_ array new factor decay change blocks v"


@cache
def module(optimizer: str, style: str, **more: str) -> types.ModuleType:
    """The module of a small network with this optimizer."""
    given = {"formula": "", "precision": "float64", "layers": "dense 4 tanh"}
    given |= {"setting": "", **more}
    text = nndsl.compile_text(
        _SPEC.format(optimizer=optimizer, **given), "n.nn", style=style
    )
    made = types.ModuleType(f"net_{style}")
    made.text = text  # type: ignore[attr-defined]
    sys.modules[made.__name__] = made
    exec(compile(text, "n.py", "exec"), made.__dict__)
    return made


def run(made: types.ModuleType, steps: int = 50, blocks: int | None = None):
    """The parameters after some steps with gradients that are always the same."""
    if blocks is not None:
        made.BLOCK = blocks  # type: ignore[attr-defined]
    rng = np.random.default_rng(3)
    widths = (
        {"n_features": 5} if "n_features" in made.initialize.__annotations__ else {}
    )
    p = made.initialize(np.random.default_rng(1), **widths)
    optimizer = class_of(made)(p, 0.05)
    for _ in range(steps):
        drawn = [rng.normal(size=w.shape).astype(w.dtype) for w in p]
        optimizer.update(p, made.Parameters(*drawn))
    assert all(w.dtype == made.DTYPE for w in p)
    return p


def class_of(made: types.ModuleType) -> type:
    return next(
        v for v in vars(made).values() if hasattr(v, "update") and v.__class__ is type
    )


def assert_alike(optimizer: str, precision: str = "float64", **more: str) -> None:
    expected, found = (
        run(module(optimizer, style, precision=precision, **more))
        for style in ("textbook", "fast")
    )
    near = 1e-12 if precision == "float64" else 1e-5
    for a, b in zip(expected, found, strict=True):
        assert np.isfinite(a).all()
        np.testing.assert_allclose(b, a, rtol=near, atol=near)


def update_of(made: types.ModuleType) -> str:
    found = re.search(r"    def update\(.*?\n\n\n", made.text, re.DOTALL)
    assert found is not None
    return found[0]


@pytest.mark.one_in(2)
@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("optimizer", BUILT_IN + DECAYED)
def test_the_library_agrees_with_the_textbook_style(optimizer, precision):
    if (optimizer, precision) == ("adam(beta2=0, weight_decay=0.1)", "float32"):
        pytest.skip("it divides by single gradients, which are sums that may be near 0")
    assert_alike(optimizer, precision)


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("case", OWN)
def test_own_optimizers_agree_with_the_textbook_style(case, precision):
    assert_alike("own", precision, formula=f"{_HEAD} {{{OWN[case]}}}")


@pytest.mark.parametrize("name", NAMES.split())
def test_locals_and_states_may_have_any_name(name):
    body = f"""
        state {name}s = 0
        {name} = gradient / (1 + epsilon) + epsilon * weight
        {name}s = beta * {name}s + (1 - beta) * {name}^2
        size = sqrt({name}s + epsilon)
        weight = weight - learning_rate / (1 - beta^step) * {name} / size
    """
    assert_alike("own", formula=f"{_HEAD} {{{body}}}")
    body = f"""
        state {name} = 0
        {name} = beta * {name} + (1 - beta) * gradient
        weight = weight - learning_rate / (1 - beta^step) * {name} / sqrt(2 + epsilon)
    """
    assert_alike("own", formula=f"{_HEAD} {{{body}}}")


def test_adam_takes_few_passes():
    lines = [
        line.strip()
        for line in update_of(module("adam", "fast")).splitlines()
        if not line.strip().startswith("#")
    ]
    start = lines.index("root = math.sqrt((1 - BETA2) / (1 - BETA2**self.step))")
    assert lines[start : start + 9] == [
        "root = math.sqrt((1 - BETA2) / (1 - BETA2**self.step))",
        "scale = self.learning_rate * (1 - BETA1) / (1 - BETA1**self.step) / root",
        "epsilon = EPSILON / root",
        "w, g, m, v = to_vector(parameters), to_vector(gradients), self.m, self.v",
        "m *= BETA1",
        "m += g",
        "v *= BETA2",
        "v += g**2",
        "w -= scale * m / (np.sqrt(v) + epsilon)",
    ]


def test_what_differs_from_the_spec_is_explained():
    text = update_of(module("adam", "fast"))
    assert "# m and v are kept without their factors 1 - BETA1 and 1 - BETA2\n" in text
    assert "# w -= learning_rate * m_hat / (sqrt(v_hat) + EPSILON)\n" in text
    assert "#" not in update_of(module("sgd", "fast")).replace("# a copy", "")


def test_a_number_chooses_by_if():
    text = update_of(module("radam", "fast"))
    assert "        if length > 5:\n            w -= " in text
    assert "full_like" not in text


@pytest.mark.parametrize("block", [1, 7, 1000])
@pytest.mark.parametrize("norm", ["", "batch_norm"])
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_blocks_change_no_value(optimizer, norm, block):
    text = f"dense 4\n    {norm}\n    tanh"
    spec = _SPEC.replace("input     3", "input     any")
    expected, found = (open_width(spec, optimizer, text, style) for style in STYLES)
    assert "blocks(" in update_of(found)
    for a, b in zip(run(expected), run(found, blocks=block), strict=True):
        np.testing.assert_allclose(b, a, rtol=1e-12, atol=1e-12)


STYLES = ("textbook", "fast")


@cache
def open_width(spec: str, optimizer: str, layers: str, style: str):
    """A network whose number of parameters the data decide."""
    given = {"formula": "", "precision": "float64", "setting": ""}
    text = nndsl.compile_text(
        spec.format(optimizer=optimizer, layers=layers, **given), "n.nn", style=style
    )
    made = types.ModuleType(f"open_{style}")
    made.text = text  # type: ignore[attr-defined]
    sys.modules[made.__name__] = made
    exec(compile(text, "n.py", "exec"), made.__dict__)
    return made


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_running_statistics_are_left_alone(optimizer):
    made = module(optimizer, "fast", layers="dense 4\n    batch_norm\n    tanh")
    p = run(made)
    np.testing.assert_array_equal(p.mean1, 0)
    np.testing.assert_array_equal(p.variance1, 1)
    assert_alike(optimizer, layers="dense 4\n    batch_norm\n    tanh")


def test_parameters_that_are_no_views_are_written_back():
    made = module("adam", "fast")
    p = made.initialize(np.random.default_rng(1))
    copies = made.Parameters(*(w.copy() for w in p))
    gradients = made.Parameters(*(np.full_like(w, 0.3) for w in p))
    for parameters in (p, copies):
        class_of(made)(parameters, 0.1).update(parameters, gradients)
    for a, b in zip(p, copies, strict=True):
        np.testing.assert_array_equal(a, b)


def test_parameters_in_any_memory_are_updated():
    """Views of something larger, arrays of different owners."""
    made = module("adam", "fast")
    p = made.initialize(np.random.default_rng(1))
    first = np.zeros(p[0].size + 5)[5:].reshape(p[0].shape)
    first[:] = p[0]
    gradients = made.Parameters(*(np.full_like(w, 0.3) for w in p))
    other = p._replace(**{p._fields[0]: first})
    own = made.Parameters(*(w.copy() for w in p))
    for parameters in (other, own):
        class_of(made)(parameters, 0.1).update(parameters, gradients)
    for a, b in zip(other, own, strict=True):
        np.testing.assert_array_equal(a, b)


def gradients(steps: int = 30) -> np.ndarray:
    return np.random.default_rng(5).normal(size=(steps, 4))


def ours(optimizer: str, given: np.ndarray, rate: float) -> np.ndarray:
    """The first bias after steps with these gradients, starting at 0."""
    made = module(optimizer, "fast")
    p = made.initialize(np.random.default_rng(1))
    update = class_of(made)(p, rate).update
    for row in given:
        slopes = [np.zeros_like(w) for w in p]
        slopes[1][:] = row
        update(p, made.Parameters(*slopes))
    return p.b1.copy()


def test_adam_is_that_of_pytorch():
    """torch.optim.Adam's loop for one tensor."""
    w, m, v = np.zeros(4), np.zeros(4), np.zeros(4)
    for step, g in enumerate(gradients(), 1):
        m += (g - m) * (1 - 0.9)
        v = v * 0.999 + (1 - 0.999) * g * g
        size = 0.01 / (1 - 0.9**step)
        w -= size * m / (np.sqrt(v) / math.sqrt(1 - 0.999**step) + 1e-8)
    np.testing.assert_allclose(ours("adam", gradients(), 0.01), w, rtol=1e-12)


def test_adam_is_that_of_scikit_learn():
    """AdamOptimizer of sklearn.neural_network, whose epsilon is beside v unscaled."""
    w, m, v = np.zeros(4), np.zeros(4), np.zeros(4)
    for step, g in enumerate(gradients(), 1):
        m = 0.9 * m + (1 - 0.9) * g
        v = 0.999 * v + (1 - 0.999) * g**2
        rate = 0.01 * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
        w += -rate * m / (np.sqrt(v) + 1e-8)
    np.testing.assert_allclose(ours("adam", gradients(), 0.01), w, rtol=1e-5)


def test_nesterov_is_that_of_pytorch_and_of_scikit_learn():
    w, buffer = np.zeros(4), np.zeros(4)
    other, velocity = np.zeros(4), np.zeros(4)
    for g in gradients():
        buffer = 0.9 * buffer + g
        w -= 0.01 * (g + 0.9 * buffer)
        velocity = 0.9 * velocity - 0.01 * g
        other += 0.9 * velocity - 0.01 * g
    found = ours("sgd(momentum=0.9, nesterov=yes)", gradients(), 0.01)
    np.testing.assert_allclose(found, w, rtol=1e-12)
    np.testing.assert_allclose(found, other, rtol=1e-12)


def test_modules_are_formatted_and_typed(tmp_path):
    """Once for all of them, as ruff and mypy start slowly."""
    cases = [(optimizer, {}) for optimizer in (*BUILT_IN, *DECAYED)]
    cases += [("own", {"formula": f"{_HEAD} {{{body}}}"}) for body in OWN.values()]
    norm = {"layers": "dense 4\n    batch_norm\n    tanh"}
    cases += [
        (optimizer, norm) for optimizer in ("adam", "sgd", "rmsprop(momentum=0.9)")
    ]
    for number, (optimizer, more) in enumerate(cases):
        text = module(optimizer, "fast", **more).text  # type: ignore[attr-defined]
        (tmp_path / f"module_{number}.py").write_text(text, encoding="utf-8")
        assert (
            max(map(len, update_of(module(optimizer, "fast", **more)).split("\n")))
            <= 88
        )
    for command in (("ruff", "format", "--check", "--diff", "--isolated"), ("mypy",)):
        done = subprocess.run(
            [sys.executable, "-m", *command, "."],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-500:]
