"""Every operation a formula may use: what it computes and its derivative.

How operations are written in Python is said in `render/expressions/forms.py`.
"""

from typing import Any

from nndsl.formulas.algebra.construct import (
    ONE,
    TWO,
    ZERO,
    add,
    apply,
    divide,
    multiply,
    negate,
    power,
    subtract,
    where,
)
from nndsl.formulas.algebra.elementary import Elementary
from nndsl.formulas.algebra.operation import (
    OperationInfo,
    chosen_by,
    comparison,
    constant,
    function,
    of_logarithm,
    of_where,
    quotient_rule,
)
from nndsl.formulas.expression import Expression, Number


def _sigmoid(f: Elementary, x: Any) -> Any:
    if f.real(x) >= 0:
        return 1 / (1 + f.exp(-x))
    grown = f.exp(x)
    return grown / (1 + grown)


def _softplus(f: Elementary, x: Any) -> Any:
    return f.log1p(f.exp(x)) if f.real(x) <= 0 else x + f.log1p(f.exp(-x))


def _normal_pdf(f: Elementary, x: Any) -> Any:
    return f.exp(-x * x / 2) / f.sqrt(2 * f.pi)


def _clip(f: Elementary, x: Any, low: Any, high: Any) -> Any:
    raised = x if f.real(x) > f.real(low) else low
    return raised if f.real(raised) < f.real(high) else high


def _inside(
    output: Expression, x: Expression, low: Expression, high: Expression
) -> Expression:
    return multiply(apply("greater", x, low), apply("less", x, high))


def _sign(f: Elementary, x: Any) -> float:
    value = f.real(x)
    return 1.0 if value > 0 else (-1.0 if value < 0 else 0.0)


_ENTRIES = (
    OperationInfo(
        "add", 2, lambda f, a, b: a + b, (lambda y, a, b: ONE, lambda y, a, b: ONE)
    ),
    OperationInfo(
        "subtract",
        2,
        lambda f, a, b: a - b,
        (lambda y, a, b: ONE, lambda y, a, b: Number(-1.0)),
    ),
    OperationInfo(
        "multiply", 2, lambda f, a, b: a * b, (lambda y, a, b: b, lambda y, a, b: a)
    ),
    OperationInfo(
        "divide",
        2,
        lambda f, a, b: f.divide(a, b),
        (lambda y, a, b: divide(ONE, b), lambda y, a, b: negate(divide(y, b))),
        differential=quotient_rule,
    ),
    OperationInfo(
        "power",
        2,
        lambda f, a, b: f.power(a, b),
        (
            lambda y, a, b: multiply(b, power(a, subtract(b, ONE))),
            lambda y, a, b: multiply(y, apply("log", a)),
        ),
    ),
    OperationInfo("negate", 1, lambda f, a: -a, (lambda y, a: Number(-1.0),)),
    OperationInfo("square", 1, lambda f, a: a * a, (lambda y, a: multiply(TWO, a),)),
    OperationInfo(
        "reciprocal",
        1,
        lambda f, a: f.divide(1, a),
        (lambda y, a: negate(apply("square", y)),),
    ),
    comparison("less", lambda a, b: a < b),
    comparison("less_equal", lambda a, b: a <= b),
    comparison("greater", lambda a, b: a > b),
    comparison("greater_equal", lambda a, b: a >= b),
    comparison("equal", lambda a, b: a == b),
    comparison("not_equal", lambda a, b: a != b),
    function("exp", lambda f, x: f.exp(x), lambda y, x: y),
    OperationInfo(
        "log",
        1,
        lambda f, x: f.log(x),
        (lambda y, x: divide(ONE, x),),
        differential=of_logarithm,
    ),
    function("log1p", lambda f, x: f.log1p(x), lambda y, x: divide(ONE, add(ONE, x))),
    function("expm1", lambda f, x: f.expm1(x), lambda y, x: apply("exp", x)),
    function(
        "sqrt", lambda f, x: f.sqrt(x), lambda y, x: divide(ONE, multiply(TWO, y))
    ),
    function(
        "abs", lambda f, x: x if f.real(x) >= 0 else -x, lambda y, x: apply("sign", x)
    ),
    function("sign", _sign, None),
    OperationInfo(
        "minimum",
        2,
        lambda f, a, b: a if f.real(a) < f.real(b) else b,
        (
            lambda y, a, b: apply("less", a, b),
            lambda y, a, b: apply("greater_equal", a, b),
        ),
        differential=chosen_by("less"),
    ),
    OperationInfo(
        "maximum",
        2,
        lambda f, a, b: a if f.real(a) > f.real(b) else b,
        (
            lambda y, a, b: apply("greater", a, b),
            lambda y, a, b: apply("less_equal", a, b),
        ),
        differential=chosen_by("greater"),
    ),
    OperationInfo(
        "clip",
        3,
        _clip,
        (
            _inside,
            lambda y, x, low, high: apply("less_equal", x, low),
            lambda y, x, low, high: apply("greater_equal", x, high),
        ),
    ),
    OperationInfo(
        "where",
        3,
        lambda f, c, a, b: a if f.real(c) != 0 else b,
        (
            None,
            lambda y, c, a, b: where(c, ONE, ZERO),
            lambda y, c, a, b: where(c, ZERO, ONE),
        ),
        differential=of_where,
    ),
    OperationInfo(
        "mod",
        2,
        lambda f, a, b: a - b * f.floor(f.divide(a, b)),
        (lambda y, a, b: ONE, lambda y, a, b: negate(apply("floor", divide(a, b)))),
    ),
    function("floor", lambda f, x: f.floor(x), None),
    function("sin", lambda f, x: f.sin(x), lambda y, x: apply("cos", x)),
    function("cos", lambda f, x: f.cos(x), lambda y, x: negate(apply("sin", x))),
    function(
        "tanh", lambda f, x: f.tanh(x), lambda y, x: subtract(ONE, apply("square", y))
    ),
    function(
        "sigmoid", _sigmoid, lambda y, x: multiply(y, subtract(ONE, y)), composite=True
    ),
    function("softplus", _softplus, lambda y, x: apply("sigmoid", x), composite=True),
    function(
        "normal_cdf",
        lambda f, x: f.erfc(-x / f.sqrt(2)) / 2,
        lambda y, x: apply("normal_pdf", x),
        composite=True,
    ),
    function(
        "normal_pdf", _normal_pdf, lambda y, x: negate(multiply(x, y)), composite=True
    ),
    function(
        "times_normal_cdf",
        lambda f, x: x * f.erfc(-x / f.sqrt(2)) / 2,
        lambda y, x: add(apply("normal_cdf", x), multiply(x, apply("normal_pdf", x))),
        composite=True,
    ),
    constant("pi", lambda f: f.pi),
    constant("e", lambda f: f.e),
    constant("largest", lambda f: 709.782712893384),
    constant("smallest", lambda f: 2.2250738585072014e-308),
)

OPERATIONS: dict[str, OperationInfo] = {entry.name: entry for entry in _ENTRIES}
