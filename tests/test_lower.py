"""Programs of formulas that are easy to get wrong, trained in both styles."""

from __future__ import annotations

import numpy as np
import pytest
from reference.gradients import worst_error
from reference.modules import STYLES, Run, load

import nndsl
from nndsl.program.in_place import Style

OPTIMIZERS = {
    "a local that copies a state": """
        state m = 0
        old = m
        m = 0.9 * m + gradient
        weight = weight - learning_rate * (m + 0.5 * old)""",
    "two states that change places": """
        state a = 1
        state b = 2
        old = a
        a = b
        b = old + gradient
        weight = weight - learning_rate * a * gradient""",
    "a scalar state that an array state reads": """
        state k = 1
        state m = 0.5
        k = k * 0.9
        m = m * k + gradient
        weight = weight - learning_rate * m""",
    "a local that is one of two arrays": """
        state m = 0
        old = where(step > 2, m, gradient)
        m = 0.9 * m + gradient
        weight = weight - learning_rate * (m + 0.5 * old)""",
    "a scalar state read before it changes": """
        state k = 1
        used = gradient * k
        k = k * 0.5
        weight = weight - learning_rate * used""",
}


def reference(name: str, gradients: list[float], rate: float) -> list[float]:
    """The weight after every step, by the formula's words in plain Python."""
    weight, weights = 0.0, []
    m, a, b, k = (0.5 if "array state" in name else 0.0), 1.0, 2.0, 1.0
    for step, gradient in enumerate(gradients, 1):
        if name == "a local that is one of two arrays":
            old, m = m if step > 2 else gradient, 0.9 * m + gradient
            weight -= rate * (m + 0.5 * old)
        elif name == "a local that copies a state":
            old, m = m, 0.9 * m + gradient
            weight -= rate * (m + 0.5 * old)
        elif name == "two states that change places":
            a, b = b, a + gradient
            weight -= rate * a * gradient
        elif name == "a scalar state that an array state reads":
            k *= 0.9
            m = m * k + gradient
            weight -= rate * m
        else:
            weight -= rate * gradient * k
            k *= 0.5
        weights.append(weight)
    return weights


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizers_lines_run_in_order(name: str, style: Style) -> None:
    spec = f"""optimizer own(learning_rate=0.1) {{{OPTIMIZERS[name]}
    }}
    network Line {{ input 1; dense 1 use_bias=no weights=zeros
        loss mean_squared_error; train {{ optimizer own }} }}"""
    run = Run(spec, style, rate=0.1)
    gradients, weights = [], []
    for target in np.random.RandomState(1).standard_normal(6):
        x, t = np.ones((1, 1)), np.full((1, 1), target)
        gradients.append(run.gradients(x, t).w1.item())
        run.step(x, t)
        weights.append(run.p.w1.item())
    assert weights == pytest.approx(reference(name, gradients, 0.1), rel=1e-12)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("formula", ["x * beta", "beta * x + 1", "x - beta"])
def test_an_activation_with_a_constant_slope(formula: str, style: Style) -> None:
    spec = f"""activation line(x, beta=2) = {formula}
    network Lines {{ input 2; dense 3 line(beta=3); dense 1
        loss mean_squared_error }}"""
    x = np.random.RandomState(2).standard_normal((5, 2))
    assert worst_error(Run(spec, style), x, x[:, :1]) <= 1


@pytest.mark.parametrize("style", STYLES)
def test_an_autoencoder_of_any_width(style: Style) -> None:
    spec = """network AnyWidth { input any; dense 2 tanh; dense features; target input
        loss mean_squared_error; train { precision float64; epochs 2 } }"""
    x = np.random.RandomState(3).standard_normal((6, 5))
    model = load(spec, style).AnyWidth().fit(x)
    error = np.square(model.predict(x) - x).mean()
    assert model.evaluate(x)["loss"] == pytest.approx(error, rel=1e-12)
    assert model.history_["loss"][-1] == pytest.approx(error, rel=1e-12)


@pytest.mark.parametrize(
    "spec",
    [
        """loss slope(prediction, target) = prediction - target
        network A { input 1; dense 1; loss slope }""",
        """activation dead(x) = sign(x)
        network A { input 1; dense 2 step(surrogate=dead); dense 1
            loss mean_squared_error }""",
        """network A { input 1; dense 1; loss mean_squared_error
            train { optimizer sgd(nesterov=yes) } }""",
    ],
)
def test_what_could_not_learn_is_refused(spec: str) -> None:
    with pytest.raises(nndsl.SpecError):
        nndsl.compile_text(spec)
