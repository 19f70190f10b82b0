"""Names and shapes that meet the compiler's own only by chance, in both styles."""

from __future__ import annotations

import ast
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nndsl.api import compile_text, module_of
from nndsl.diagnostics.error import SpecError

STYLES: list[Any] = ["textbook", "fast"]
X = np.random.RandomState(0).standard_normal((12, 2))
Y = np.array([0, 1] * 6)


def model(body: str, style: Any, optimizer: str = "") -> Any:
    used = "optimizer my; " if optimizer else ""
    text = f"{optimizer}network Own {{\ninput 2\n{body}\n"
    text += f"train {{ {used}precision float64 }}\n}}\n"
    return module_of(compile_text(text, style=style), f"own_{style}").Own()


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
def test_states_in_capitals_and_a_local_called_number(style: Any) -> None:
    own = model(NET, style, CAPITALS).build()
    expected = {name: a.copy() for name, a in own.parameters.items()}
    v = {name: np.zeros_like(a) for name, a in expected.items()}
    n = 1.0
    for step in (1, 2, 3):
        gradients = own.gradients(X, Y)
        n = n * 0.5 + step**0.5
        for name, gradient in gradients.items():
            v[name] = 0.9 * v[name] + gradient
            expected[name] -= 0.01 * v[name] / (np.abs(v[name]) + n)
        own.train_batch(X, Y)
        for name, array in own.parameters.items():
            assert np.allclose(array, expected[name], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("style", STYLES)
def test_a_number_that_is_set_again_as_an_array(style: Any) -> None:
    own = model(NET, style, AGAIN).build()
    before = {name: a.copy() for name, a in own.parameters.items()}
    gradients = own.gradients(X, Y)
    own.train_batch(X, Y)
    for name, array in own.parameters.items():
        expected = before[name] - 0.02 * np.tanh(gradients[name])
        assert np.allclose(array, expected, rtol=1e-14, atol=0)


@pytest.mark.parametrize("style", STYLES)
def test_two_layers_without_biases_learn(style: Any) -> None:
    body = "dense 3 tanh use_bias=no\ndense 1 use_bias=no\nloss mean_squared_error"
    own = model(body, style)
    own.epochs = 60
    own.fit(X, X[:, 0])
    assert own.history_["loss"][-1] < own.history_["loss"][0]


@pytest.mark.parametrize("style", STYLES)
def test_the_answers_of_a_layer_that_changes_nothing(style: Any) -> None:
    body = "linear\ndense 2 softmax\nloss categorical_crossentropy"
    own = model(body, style).build()
    seen = own.activations(X, "linear1")
    assert np.array_equal(seen, X)
    assert not np.shares_memory(seen, X)


@pytest.mark.parametrize("style", STYLES)
def test_a_seed_that_no_file_can_hold_is_refused(style: Any) -> None:
    own = model(NET, style)
    own.seed = 2**63
    with pytest.raises(ValueError, match="seed is 9223372036854775808"):
        own.fit(X, Y)


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
    p, q, learning_rate = 0.3, 1.7, 0.01
    text = MEETING.format(**dict(zip("pqcmld", names, strict=True)))
    for style in STYLES:
        try:
            own = model("dense 2 tanh\ndense 1\nloss log_cosh", style, text).build()
        except SpecError:
            assume(False)
        expected = {name: a.copy() for name, a in own.parameters.items()}
        m = {name: np.zeros_like(a) for name, a in expected.items()}
        c = 0.5
        for step in (1, 2, 3):
            gradients = own.gradients(X, X[:, 0])
            number = c + math.sqrt(p * step) + math.exp(c * p) ** 2
            c += q * number
            c = (math.tanh(c) + math.sin(c)) * math.exp(-q * number)
            for name, gradient in gradients.items():
                m[name] = p * m[name] + gradient * number
                d = m[name] / (np.abs(m[name]) + q * number * step)
                again = d * np.where(d > c / (p + q + c), c, p) + np.cos(d * q + c)
                change = d + again + np.sin(again) * math.exp(q * c + p)
                expected[name] -= learning_rate * change
            own.train_batch(X, X[:, 0])
            for name, array in own.parameters.items():
                np.testing.assert_allclose(array, expected[name], 1e-10, 1e-13)


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
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets += [node.target] if isinstance(node, ast.AnnAssign) else []
        found += [each.id for each in targets if isinstance(each, ast.Name)]
    return [name for name in found if name.isupper()]


def plenty(names: list[str], style: Any) -> str:
    parameters = ", ".join(f"{name}={0.1 + n}" for n, name in enumerate(names))
    total = " + ".join(names)
    return compile_text(PLENTY.format(parameters=parameters, total=total), style=style)


@pytest.mark.parametrize("style", STYLES)
def test_parameters_called_as_constants_of_the_module_are_refused(style: Any) -> None:
    settings = [name for name in bound(plenty(["k"], style)) if name.endswith("1")]
    names = [name.capitalize() for name in settings if not name.startswith("BETA")]
    assert {"L2_w1", "Max_norm_w1", "Norm_epsilon_layer_norm1"} <= {*names}
    for name in names:
        with pytest.raises(SpecError, match="the generated module needs itself"):
            plenty([name], style)


@pytest.mark.parametrize("style", STYLES)
def test_label_smoothing_under_another_name(style: Any) -> None:
    body = "dense 2 softmax\nloss categorical_crossentropy(label_smoothing=0.2)"
    text = f"network LABEL_SMOOTHING {{\ninput 2\n{body}\n}}\n"
    plain = model(body, style).build()
    own = module_of(compile_text(text, style=style), "own").LABEL_SMOOTHING().build()
    for name, wanted in plain.gradients(X, Y).items():
        np.testing.assert_allclose(own.gradients(X, Y)[name], wanted, 1e-5, 1e-6)
