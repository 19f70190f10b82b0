"""Names of a spec's own formulas, chosen so that they meet: the numbers stay right."""

from __future__ import annotations

import ast
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from reference.modules import STYLES, Run

from nndsl.api import compile_text
from nndsl.diagnostics.error import SpecError
from nndsl.program.in_place import Style

X = np.random.default_rng(0).normal(size=(12, 2))
T = np.eye(2)[[0, 1] * 6]


def run(body: str, style: Style, optimizer: str = "") -> Run:
    used = "train { optimizer my }\n" if optimizer else ""
    return Run(f"{optimizer}network Own {{\ninput 2\n{body}\n{used}}}\n", style)


NET = "dense 2 tanh\ndense 2 softmax\nloss categorical_crossentropy"
CAPITALS = """optimizer my(learning_rate=0.01) {
    state V = 0
    state N = 1
    N = N * 0.5 + sqrt(step)
    V = 0.9 * V + gradient
    number = V / (abs(V) + N)
    weight = weight - learning_rate * number
}
"""
AGAIN = """optimizer my(learning_rate=0.01) {
    a = 1 / sqrt(step)
    a = a * tanh(gradient)
    b = 2 * a
    weight = weight - learning_rate * b
}
"""


@pytest.mark.parametrize("style", STYLES)
def test_states_in_capitals_and_a_local_called_number(style: Style) -> None:
    own = run(NET, style, CAPITALS)
    expected = [w.copy() for w in own.p]
    v = [np.zeros_like(w) for w in own.p]
    n = 1.0
    for step in (1, 2, 3):
        gradients = own.gradients(X, T)
        n = n * 0.5 + step**0.5
        for i, gradient in enumerate(gradients):
            v[i] = 0.9 * v[i] + gradient
            expected[i] -= 0.01 * v[i] / (np.abs(v[i]) + n)
        own.step(X, T)
        for w, wanted in zip(own.p, expected, strict=True):
            assert np.allclose(w, wanted, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("style", STYLES)
def test_a_number_that_is_set_again_as_an_array(style: Style) -> None:
    own = run(NET, style, AGAIN)
    before = [w.copy() for w in own.p]
    gradients = own.gradients(X, T)
    own.step(X, T)
    for w, old, gradient in zip(own.p, before, gradients, strict=True):
        assert np.allclose(w, old - 0.02 * np.tanh(gradient), rtol=1e-14, atol=0)


@pytest.mark.parametrize("style", STYLES)
def test_two_layers_without_biases_learn(style: Style) -> None:
    body = "dense 3 tanh use_bias=no\ndense 1 use_bias=no\nloss mean_squared_error"
    model = run(body, style).module.Own(epochs=60).fit(X, X[:, 0])
    assert model.history_["loss"][-1] < model.history_["loss"][0]


BASES = [
    *("beta", "s", "k", "root", "rate", "number", "memory", "part", "start", "name"),
    *("p", "b", "if", "print", "power", "sigmoid", "block", "rows", "l2", "own"),
]
FORMS = ["{}", "{}_", "_{}", "{}_2", "own_{}", "my_{}", "new_{}", "{}_before", "{}_exp"]
CASES = (str, str.upper, str.capitalize)


@st.composite
def related_names(draw: st.DrawFn) -> list[str]:
    """Six names made of one or two words."""
    words = draw(st.lists(st.sampled_from(BASES), min_size=1, max_size=2))
    made = {case(form.format(w)) for w in words for form in FORMS for case in CASES}
    names = st.sampled_from(sorted(made))
    return draw(st.lists(names, min_size=6, max_size=6, unique=True))


MEETING = """optimizer my(learning_rate=0.01, {p}=0.3, {q}=1.7) {{
    state {c} = 0.5
    state {m} = 0
    {l} = {c} + sqrt({p} * step) + exp({c} * {p}) * exp({c} * {p})
    {m} = {p} * {m} + gradient * {l}
    {d} = {m} / (abs({m}) + {q} * {l} * step)
    {c} = {c} + {q} * {l}
    {c} = tanh({c}) * exp(-{q} * {l}) + sin({c}) * exp(-{q} * {l})
    {l} = {d} * where({d} > {c} / ({p} + {q} + {c}), {c}, {p}) + cos({d} * {q} + {c})
    weight = weight - learning_rate * ({d} + {l} + sin({l}) * exp({q} * {c} + {p}))
}}
"""


@settings(max_examples=25, deadline=None, derandomize=True)
@given(related_names())
def test_names_that_meet_where_capitals_or_endings_are_put_to_them(
    names: list[str],
) -> None:
    p, q, t = 0.3, 1.7, X[:, :1]
    text = MEETING.format(**dict(zip("pqcmld", names, strict=True)))
    for style in STYLES:
        try:
            own = run("dense 2 tanh\ndense 1\nloss log_cosh", style, text)
        except SpecError:
            assume(False)
        expected = [w.copy() for w in own.p]
        m = [np.zeros_like(w) for w in own.p]
        c = 0.5
        for step in (1, 2, 3):
            gradients = own.gradients(X, t)
            number = c + math.sqrt(p * step) + math.exp(c * p) ** 2
            c += q * number
            c = (math.tanh(c) + math.sin(c)) * math.exp(-q * number)
            for i, gradient in enumerate(gradients):
                m[i] = p * m[i] + gradient * number
                d = m[i] / (np.abs(m[i]) + q * number * step)
                again = d * np.where(d > c / (p + q + c), c, p) + np.cos(d * q + c)
                change = d + again + np.sin(again) * math.exp(q * c + p)
                expected[i] -= 0.01 * change
            own.step(X, t)
            for w, wanted in zip(own.p, expected, strict=True):
                np.testing.assert_allclose(w, wanted, 1e-10, 1e-13)


PLENTY = """
loss own(prediction, target, {parameters}) = (prediction - target)^2 * ({total})
network Own {{
    input 2
    dense 8 tanh l2=0.1 l1=0.2 max_norm=3
    batch_norm epsilon=0.01
    dense 8 tanh l2=0.3 l1=0.1 max_norm=2
    layer_norm
    dense 1
    loss own
    train {{ optimizer adam(learning_rate=cosine(0.1, warmup=3)); clip_gradients norm=1
    precision float64; missing mean }}
}}
"""


def bound(text: str) -> list[str]:
    """The names in capitals that a module binds, as often as it does."""
    found = []
    for node in ast.parse(text).body:
        for target in node.targets if isinstance(node, ast.Assign) else []:
            found += [n.id for n in ast.walk(target) if isinstance(n, ast.Name)]
    return [name for name in found if name.isupper()]


def plenty(names: list[str], style: Style) -> str:
    parameters = ", ".join(f"{name}={0.1 + n}" for n, name in enumerate(names))
    total = " + ".join(names)
    return compile_text(PLENTY.format(parameters=parameters, total=total), style=style)


@pytest.mark.parametrize("style", STYLES)
def test_parameters_called_as_constants_of_the_module(style: Style) -> None:
    """Each is refused, or another name in the module: none is bound twice."""
    settings = bound(plenty(["k"], style))
    assert {"L1_W1", "MAX_NORM_W2", "WARMUP", "CLIP_NORM"} <= {*settings}
    refused = set()
    for name in settings:
        try:
            text = plenty([name.capitalize()], style)
        except SpecError as error:
            assert "the generated module needs itself" in str(error)
            refused.add(name)
        else:
            names = bound(text)
            assert len(names) == len({*names})
    assert {"CLIP_NORM", "WARMUP", "NORM_EPSILON_BATCH_NORM1"} <= refused


@pytest.mark.parametrize("style", STYLES)
def test_label_smoothing_under_another_name(style: Style) -> None:
    body = "dense 2 softmax\nloss categorical_crossentropy(label_smoothing=0.2)"
    text = f"network LABEL_SMOOTHING {{\ninput 2\n{body}\n}}\n"
    plain, own = run(body, style), Run(text, style)
    for mine, wanted in zip(own.gradients(X, T), plain.gradients(X, T), strict=True):
        np.testing.assert_allclose(mine, wanted, 1e-12, 1e-14)
