"""Names and shapes that meet the compiler's own only by chance, in both styles."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nndsl.api import compile_text, module_of

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
