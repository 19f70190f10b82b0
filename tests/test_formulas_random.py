"""Random formulas: derivatives, simplification and printing keep their promises."""

from __future__ import annotations

import math

import mpmath
import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from reference.printed import HIGH_PRECISION, run_printed

from nndsl.formulas.algebra.construct import apply
from nndsl.formulas.algebra.differentiate import differentiate
from nndsl.formulas.algebra.evaluate import evaluate, evaluate_over
from nndsl.formulas.algebra.simplify import simplify, variables
from nndsl.formulas.build.valueless import part_without_value
from nndsl.formulas.expression import Expression, Number, Variable
from nndsl.render.expressions.named_steps import print_steps

CONSTANTS = [-3, -2, -1, -0.5, 0, 0.3, 0.5, 1, 1.5, 2, 3, 7]
LEAVES = st.one_of(
    st.sampled_from([Variable("x"), Variable("x"), Variable("y"), Variable("beta")]),
    st.sampled_from(CONSTANTS).map(lambda value: Number(float(value))),
)
ONE = [
    *("exp", "log1p", "expm1", "sqrt", "abs", "sin", "cos", "tanh"),
    *("sigmoid", "softplus", "square", "negate", "normal_cdf"),
]
TWO = ["add", "subtract", "multiply", "divide", "minimum", "maximum", "add", "multiply"]
COMPARISONS = ["less", "less_equal", "greater", "greater_equal"]


def grow(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    comparison = st.builds(apply, st.sampled_from(COMPARISONS), inner, inner)
    return st.one_of(
        st.builds(apply, st.sampled_from(ONE), inner),
        st.builds(apply, st.sampled_from(TWO), inner, inner),
        st.builds(apply, st.sampled_from(TWO), inner, inner),
        st.builds(
            lambda base, exponent: apply("power", base, Number(float(exponent))),
            inner,
            st.sampled_from([-1, 0.5, 2, 3]),
        ),
        st.builds(lambda c, a, b: apply("where", c, a, b), comparison, inner, inner),
        st.builds(lambda x: apply("clip", x, Number(-1.0), Number(2.0)), inner),
        st.builds(
            lambda mask, factor: apply("multiply", mask, factor), comparison, inner
        ),
    )


FORMULAS = st.recursive(LEAVES, grow, max_leaves=9)
VALUES = st.floats(-3, 3).map(lambda value: round(value, 6))


def exact(expression: Expression, values: dict[str, float]) -> mpmath.mpf:
    """In sixty digits; assumes that it is real, finite and of moderate size."""
    try:
        value = evaluate_over(
            HIGH_PRECISION, expression, {k: mpmath.mpf(v) for k, v in values.items()}
        )
    except (ZeroDivisionError, ValueError, OverflowError, TypeError):
        assume(False)
    assume(not isinstance(value, mpmath.mpc))
    assume(mpmath.isfinite(value) and abs(value) < 1e12)
    return mpmath.mpf(value)


@settings(max_examples=200, deadline=None)
@given(FORMULAS, VALUES, VALUES, VALUES)
def test_derivative_agrees_with_central_differences(
    formula: Expression, x: float, y: float, beta: float
) -> None:
    assume("x" in variables(formula))
    # Beside the point: on a kink the slope is agreed, not found; two can even cancel.
    x, y, beta = x + 1.4e-9, y + 1.7e-9, beta + 2.2e-9
    values = {"x": x, "y": y, "beta": beta}
    slopes = []
    # Two widths that agree: no kink and no pole lies between them.
    for h in (1e-4, 1e-12):
        above = exact(formula, {**values, "x": mpmath.mpf(x) + h})
        below = exact(formula, {**values, "x": mpmath.mpf(x) - h})
        slopes.append((above - below) / (2 * mpmath.mpf(h)))
    wide, narrow = slopes
    middle = exact(formula, values)
    assume(abs(wide - narrow) <= 1e-4 * (1 + abs(narrow)))
    left, right = (middle - below) / h, (above - middle) / h
    assume(abs(left - right) <= 1e-6 * (1 + abs(narrow)))
    derivative = exact(differentiate(formula, "x"), values)
    # LARGEST plays no part; sixty digits leave no rounding.
    assert abs(derivative - narrow) <= 1e-9 * (1 + abs(narrow))


@settings(max_examples=300, deadline=None)
@given(FORMULAS, VALUES, VALUES, VALUES)
def test_simplify_keeps_the_value(
    formula: Expression, x: float, y: float, beta: float
) -> None:
    values = {"x": x, "y": y, "beta": beta}
    before = exact(formula, values)
    after = exact(simplify(formula), values)
    # Folded constants are rounded once each.
    assert abs(before - after) <= 1e-12 * (1 + abs(before))
    assert simplify(simplify(formula)) == simplify(formula)


@settings(max_examples=300, deadline=None)
@given(FORMULAS, st.lists(VALUES, min_size=3, max_size=3), VALUES, VALUES)
def test_printed_numpy_computes_the_formula(
    formula: Expression, xs: list[float], y: float, beta: float
) -> None:
    # The checker refuses numbers such as sqrt(beta) of a negative beta.
    assume(part_without_value(formula, {"beta": beta}) is None)
    x = np.array(xs)
    exacts = []
    for each in xs:
        values = {"x": each, "y": y, "beta": beta}
        exacts.append(float(exact(formula, values)))
        # Where floats themselves go astray printing is not to blame.
        plain = evaluate(formula, values)
        assume(math.isclose(plain, exacts[-1], rel_tol=1e-9, abs_tol=1e-9))
    try:
        given_values = {"x": x, "y": np.full(3, y), "beta": beta}
        result = run_printed(formula, given_values)
        narrow = run_printed(formula, given_values, "float32")
    except (RuntimeWarning, ArithmeticError, ValueError):
        assume(False)
    np.testing.assert_allclose(np.broadcast_to(result, 3), exacts, rtol=1e-9, atol=1e-9)
    if {"x", "y"} & variables(formula) and result.ndim:
        assert narrow.dtype == np.float32


@settings(max_examples=300, deadline=None)
@given(FORMULAS)
def test_steps_fit_their_width(formula: Expression) -> None:
    for line in print_steps(formula, "dz1", 84, None, {"beta"}):
        name, _, _ = line.partition(" = ")
        assert name.isidentifier()
        # Only a choice between two numbers cannot be divided.
        assert len(line) <= 84 or " if " in line
