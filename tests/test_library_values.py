"""Built-in activations and losses: values, gradients, no warnings, both precisions."""

from __future__ import annotations

import cmath
import math

import mpmath
import numpy as np
import pytest
from reference.printed import run_printed, ulps

from nndsl.formulas.algebra.construct import multiply
from nndsl.formulas.algebra.differentiate import differentiate
from nndsl.formulas.algebra.elementary import Elementary
from nndsl.formulas.algebra.evaluate import evaluate, evaluate_over
from nndsl.formulas.algebra.simplify import simplify
from nndsl.formulas.build.library import library_formula, library_names
from nndsl.formulas.expression import Formula, Variable

ACTIVATIONS = library_names("activation")
LOSSES = library_names("loss")
KINKS = {
    "relu": (0,),
    "leaky_relu": (0,),
    "relu6": (0, 6),
    "elu": (0,),
    "celu": (0,),
    "selu": (0,),
    "softsign": (0,),
    "hard_sigmoid": (-3, 3),
    "hard_tanh": (-1, 1),
    "hard_swish": (-3, 3),
    "step": (0,),
}
ANALYTIC = ("exponential", "sigmoid", "silu", "softplus", "tanh", "mish", "linear")
POSITIVE = ("categorical_crossentropy", "binary_crossentropy", "poisson")


def _no_complex(*arguments: complex) -> complex:
    raise ValueError("not analytic")


# For complex steps: f(x + ih) gives the derivative without cancellation.
COMPLEX = Elementary(
    exp=cmath.exp,
    log=cmath.log,
    log1p=lambda z: cmath.log(1 + z),
    expm1=lambda z: cmath.exp(z) - 1,
    sqrt=cmath.sqrt,
    sin=cmath.sin,
    cos=cmath.cos,
    tanh=cmath.tanh,
    erfc=_no_complex,
    power=lambda a, b: a**b,
    divide=lambda a, b: a / b,
    floor=_no_complex,
    real=lambda z: complex(z).real,
    pi=math.pi,
    e=math.e,
)


def mp(x: float) -> mpmath.mpf:
    return mpmath.mpf(x)


def normal_cdf(x: float) -> mpmath.mpf:
    return mpmath.erfc(-mp(x) / mpmath.sqrt(2)) / 2


def logistic(x: float) -> mpmath.mpf:
    return 1 / (1 + mpmath.exp(-mp(x)))


def softplus(x: float) -> mpmath.mpf:
    return mpmath.log1p(mpmath.exp(mp(x)))


SCALE, ALPHA = (
    mp("1.0507009873554804934193349852946"),
    mp("1.6732632423543772848170429916717"),
)
# From the papers, independent of the library's text.
EXACT = {
    "linear": mp,
    "step": lambda x: mp(1 if x > 0 else 0),
    "relu": lambda x: mp(max(x, 0)),
    "leaky_relu": lambda x: mp(x) if x > 0 else mp(0.01) * mp(x),
    "relu6": lambda x: mp(min(max(x, 0), 6)),
    "elu": lambda x: mp(x) if x > 0 else mpmath.expm1(x),
    "selu": lambda x: SCALE * (mp(x) if x > 0 else ALPHA * mpmath.expm1(x)),
    "celu": lambda x: mp(x) if x > 0 else mpmath.expm1(x),
    "gelu": lambda x: mp(x) * normal_cdf(x),
    "silu": lambda x: mp(x) * logistic(x),
    "mish": lambda x: mp(x) * mpmath.tanh(softplus(x)),
    "softplus": softplus,
    "softsign": lambda x: mp(x) / (1 + abs(mp(x))),
    "sigmoid": logistic,
    "hard_sigmoid": lambda x: min(max((mp(x) + 3) / 6, mp(0)), mp(1)),
    "tanh": lambda x: mpmath.tanh(mp(x)),
    "hard_tanh": lambda x: mp(min(max(x, -1), 1)),
    "hard_swish": lambda x: mp(x) * min(max((mp(x) + 3) / 6, mp(0)), mp(1)),
    "exponential": lambda x: mpmath.exp(mp(x)),
}
BARS = {"gelu": 4, "mish": 4}


def points(precision: str) -> np.ndarray:
    random = np.random.RandomState(7)
    tiny = 1e-300 if precision == "float64" else 1e-37
    fixed = [0.0, 1000.0, -1000.0, tiny, -tiny, 709.5, 88.5, -708.0, -87.0, 1e-8, -1e-8]
    spread = np.concatenate(
        [
            random.standard_normal(300),
            random.uniform(-40, 40, 239),
            random.uniform(-745, 745, 100),
            random.choice([-1, 1], 150) * 10 ** random.uniform(-30, 2, 150),
        ]
    )
    return np.concatenate([fixed, spread]).astype(precision)


def defaults(formula: Formula) -> dict[str, float]:
    return {each.name: each.default for each in formula.parameters}


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation_is_accurate_to_the_last_places(name: str, precision: str) -> None:
    formula = library_formula("activation", name)
    x = points(precision)
    assert len(x) == 800
    result = run_printed(formula.value, {"x": x, **defaults(formula)}, precision)
    assert result.dtype == precision
    exact = [EXACT[name](float(each)) for each in x]
    worst = max(ulps(result, exact, precision))
    # NumPy's own float32 exp is within 2.6 units, its tanh within 2.
    bar = BARS.get(name, 2) if precision == "float64" else 6
    assert worst <= bar


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation_and_slope_warn_of_nothing(name: str, precision: str) -> None:
    formula = library_formula("activation", name)
    largest = 1e150 if precision == "float64" else 1e18
    steps = np.logspace(-300 if precision == "float64" else -37, np.log10(largest), 400)
    x = np.concatenate([-steps, [0.0], steps, points(precision)]).astype(precision)
    slope = simplify(multiply(Variable("da"), differentiate(formula.value, "x")))
    for expression in (formula.value, slope):
        given = {"x": x, "da": np.ones_like(x), **defaults(formula)}
        result = run_printed(expression, given, precision)
        if name != "step":
            assert result.dtype == precision
        assert np.isfinite(result).all()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slope_agrees_with_central_differences(name: str) -> None:
    formula = library_formula("activation", name)
    slope = differentiate(formula.value, "x")
    x = np.random.RandomState(3).uniform(-8, 8, 200)
    for kink in KINKS.get(name, ()):
        x = x[abs(x - kink) > 1e-2]
    exact, h = EXACT[name], 1e-15
    for each in x:
        difference = (exact(mp(each) + h) - exact(mp(each) - h)) / (2 * mp(h))
        value = evaluate(slope, {"x": each, **defaults(formula)})
        assert value == pytest.approx(float(difference), rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("name", ANALYTIC)
def test_slope_agrees_with_a_complex_step(name: str) -> None:
    formula = library_formula("activation", name)
    slope = differentiate(formula.value, "x")
    for x in np.random.RandomState(4).uniform(-8, 8, 50):
        stepped = evaluate_over(COMPLEX, formula.value, {"x": complex(x, 1e-150)})
        expected = stepped.imag / 1e-150
        assert evaluate(slope, {"x": x}) == pytest.approx(
            expected, rel=1e-12, abs=1e-14
        )


AT_KINKS = {
    "relu": {0.0: 0.0},
    "leaky_relu": {0.0: 0.01},
    "relu6": {0.0: 0.0, 6.0: 0.0},
    "elu": {0.0: 1.0},
    "hard_sigmoid": {-3.0: 0.0, 3.0: 0.0},
    "hard_tanh": {-1.0: 0.0, 1.0: 0.0},
    "softsign": {0.0: 1.0},
}


@pytest.mark.parametrize("name", AT_KINKS)
def test_slope_at_a_kink(name: str) -> None:
    formula = library_formula("activation", name)
    slope = differentiate(formula.value, "x")
    for x, expected in AT_KINKS[name].items():
        assert evaluate(slope, {"x": x, **defaults(formula)}) == expected
        given = {"x": np.array([x]), "da": np.array([1.0]), **defaults(formula)}
        printed = run_printed(simplify(multiply(Variable("da"), slope)), given)
        assert printed[0] == expected


def log_clipped(p: float) -> mpmath.mpf:
    return mpmath.log(min(max(mp(p), mp(1e-7)), 1 - mp(1e-7)))


def huber(p: float, t: float) -> mpmath.mpf:
    r = abs(mp(p) - t)
    return r * r / 2 if r <= 1 else r - mp(1) / 2


LOSS_EXACT = {
    "categorical_crossentropy": lambda p, t: -t * log_clipped(p),
    "binary_crossentropy": lambda p, t: (
        -t * log_clipped(p)
        - (1 - t) * mpmath.log(1 - min(max(mp(p), mp(1e-7)), 1 - mp(1e-7)))
    ),
    "hinge": lambda p, t: max(1 - mp(t) * mp(p), mp(0)),
    "squared_hinge": lambda p, t: max(1 - mp(t) * mp(p), mp(0)) ** 2,
    "poisson": lambda p, t: mp(p) - t * mpmath.log(mp(p) + mp(1e-8)),
    "kl_divergence": lambda p, t: t * mpmath.log(mp(t) / mp(p)) if t else mp(0),
    "mean_squared_error": lambda p, t: (mp(p) - t) ** 2,
    "mean_absolute_error": lambda p, t: abs(mp(p) - t),
    "huber": huber,
    "log_cosh": lambda p, t: mpmath.log(mpmath.cosh(mp(p) - t)),
}


def loss_points(name: str) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.RandomState(11)
    if name in ("categorical_crossentropy", "binary_crossentropy"):
        return random.uniform(0.001, 0.999, 400), random.randint(0, 2, 400) * 1.0
    if name == "kl_divergence":
        target = random.uniform(0, 1, 400)
        target[:20] = 0
        return random.uniform(0.001, 1, 400), target
    if name == "poisson":
        return random.uniform(0.01, 20, 400), random.randint(0, 30, 400) * 1.0
    if name in ("hinge", "squared_hinge"):
        return random.uniform(-3, 3, 400), random.choice([-1.0, 1.0], 400)
    return random.uniform(-5, 5, 400), random.uniform(-5, 5, 400)


@pytest.mark.parametrize("name", LOSSES)
def test_loss_and_slope_against_high_precision(name: str) -> None:
    formula = library_formula("loss", name)
    prediction, target = loss_points(name)
    given = {"prediction": prediction, "target": target, "outputs": 3}
    given |= defaults(formula)
    value = run_printed(formula.value, given)
    slope = run_printed(
        simplify(multiply(Variable("da"), differentiate(formula.value, "prediction"))),
        {**given, "da": np.ones_like(prediction)},
    )
    exact, h = LOSS_EXACT[name], mp("1e-20")
    for p, t, v, s in zip(prediction, target, value, slope, strict=True):
        largest = max(abs(p), abs(t), abs(t * math.log(abs(p) + 1e-8)), 1.0)
        assert abs(v - float(exact(p, t))) <= 4 * np.spacing(max(largest, abs(v)))
        difference = float((exact(mp(p) + h, t) - exact(mp(p) - h, t)) / (2 * h))
        assert s == pytest.approx(difference, rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("name", LOSSES)
def test_loss_and_slope_warn_of_nothing(name: str, precision: str) -> None:
    formula = library_formula("loss", name)
    top = 150 if precision == "float64" else 7
    steps = np.concatenate([[0.0], np.logspace(-2 * top, top, 300)])
    prediction = steps if name in POSITIVE else np.concatenate([-steps, steps])
    for t in (0.0, 1.0, -1.0, 0.3):
        given = {"prediction": prediction, "target": np.full_like(prediction, t)}
        given |= {"outputs": 3, "da": np.ones_like(prediction), **defaults(formula)}
        slope = differentiate(formula.value, "prediction")
        for expression in (formula.value, simplify(multiply(Variable("da"), slope))):
            result = run_printed(expression, given, precision)
            assert result.dtype == precision
            assert np.isfinite(result).all()


def test_label_smoothing_spreads_the_target() -> None:
    formula = library_formula("loss", "categorical_crossentropy")
    assert formula.summed and "outputs" in formula.inputs
    given = {"prediction": 0.2, "target": 1.0, "outputs": 4, "clip": 1e-7}
    value = evaluate(formula.value, {**given, "label_smoothing": 0.1})
    assert value == pytest.approx(-(0.9 + 0.1 / 4) * math.log(0.2), rel=1e-15)


def test_every_built_in_is_documented_and_has_an_independent_form() -> None:
    assert set(EXACT) == set(ACTIVATIONS)
    assert set(LOSS_EXACT) == set(LOSSES)
    for kind, names in (("activation", ACTIVATIONS), ("loss", LOSSES)):
        for name in names:
            assert library_formula(kind, name).documentation
