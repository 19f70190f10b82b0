"""Every operation a formula may use: what it computes, its derivative, how it prints.

One entry is all there is to say about an operation; interpreter, differentiation,
printer and the in-place passes read this table.
"""

from __future__ import annotations

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
from nndsl.render.expressions.form import (
    ADDED,
    CALL,
    COMPARED,
    CONDITIONAL,
    MULTIPLIED,
    RAISED,
    SIGNED,
    call,
    infix,
    template,
)


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
        "add",
        2,
        lambda f, a, b: a + b,
        (lambda y, a, b: ONE, lambda y, a, b: ONE),
        infix("+", ADDED, left=ADDED, right=MULTIPLIED),
        infix("+", ADDED, left=ADDED, right=MULTIPLIED),
        "np.add",
    ),
    OperationInfo(
        "subtract",
        2,
        lambda f, a, b: a - b,
        (lambda y, a, b: ONE, lambda y, a, b: Number(-1.0)),
        infix("-", ADDED, left=ADDED, right=MULTIPLIED),
        infix("-", ADDED, left=ADDED, right=MULTIPLIED),
        "np.subtract",
    ),
    OperationInfo(
        "multiply",
        2,
        lambda f, a, b: a * b,
        (lambda y, a, b: b, lambda y, a, b: a),
        infix("*", MULTIPLIED, left=MULTIPLIED, right=SIGNED),
        infix("*", MULTIPLIED, left=MULTIPLIED, right=SIGNED),
        "np.multiply",
    ),
    OperationInfo(
        "divide",
        2,
        lambda f, a, b: f.divide(a, b),
        (lambda y, a, b: divide(ONE, b), lambda y, a, b: negate(divide(y, b))),
        infix("/", MULTIPLIED, left=MULTIPLIED, right=SIGNED),
        infix("/", MULTIPLIED, left=MULTIPLIED, right=SIGNED),
        "np.divide",
        quotient_rule,
    ),
    OperationInfo(
        "power",
        2,
        lambda f, a, b: f.power(a, b),
        (
            lambda y, a, b: multiply(b, power(a, subtract(b, ONE))),
            lambda y, a, b: multiply(y, apply("log", a)),
        ),
        infix("**", RAISED, left=CALL, right=SIGNED),
        infix("**", RAISED, left=CALL, right=SIGNED),
        "np.power",
    ),
    OperationInfo(
        "negate",
        1,
        lambda f, a: -a,
        (lambda y, a: Number(-1.0),),
        template("-{}", SIGNED, MULTIPLIED),
        template("-{}", SIGNED, MULTIPLIED),
        "np.negative",
    ),
    OperationInfo(
        "square",
        1,
        lambda f, a: a * a,
        (lambda y, a: multiply(TWO, a),),
        template("{}**2", RAISED, CALL),
        template("{}**2", RAISED, CALL),
        "np.square",
    ),
    OperationInfo(
        "reciprocal",
        1,
        lambda f, a: f.divide(1, a),
        (lambda y, a: negate(apply("square", y)),),
        template("1 / {}", MULTIPLIED, SIGNED),
        template("1 / {}", MULTIPLIED, SIGNED),
        "np.reciprocal",
    ),
    comparison("less", "<", lambda a, b: a < b),
    comparison("less_equal", "<=", lambda a, b: a <= b),
    comparison("greater", ">", lambda a, b: a > b),
    comparison("greater_equal", ">=", lambda a, b: a >= b),
    comparison("equal", "==", lambda a, b: a == b),
    comparison("not_equal", "!=", lambda a, b: a != b),
    function("exp", lambda f, x: f.exp(x), lambda y, x: y),
    OperationInfo(
        "log",
        1,
        lambda f, x: f.log(x),
        (lambda y, x: divide(ONE, x),),
        call("np.log", 1),
        call("math.log", 1),
        "np.log",
        of_logarithm,
    ),
    function("log1p", lambda f, x: f.log1p(x), lambda y, x: divide(ONE, add(ONE, x))),
    function("expm1", lambda f, x: f.expm1(x), lambda y, x: apply("exp", x)),
    function(
        "sqrt", lambda f, x: f.sqrt(x), lambda y, x: divide(ONE, multiply(TWO, y))
    ),
    function(
        "abs",
        lambda f, x: x if f.real(x) >= 0 else -x,
        lambda y, x: apply("sign", x),
        scalar="abs",
    ),
    function(
        "sign",
        _sign,
        None,
        scalar=template("({0} > 0) - ({0} < 0)", ADDED, ADDED),
    ),
    OperationInfo(
        "minimum",
        2,
        lambda f, a, b: a if f.real(a) < f.real(b) else b,
        (
            lambda y, a, b: apply("less", a, b),
            lambda y, a, b: apply("greater_equal", a, b),
        ),
        call("np.minimum", 2),
        call("min", 2),
        "np.minimum",
        chosen_by("less"),
    ),
    OperationInfo(
        "maximum",
        2,
        lambda f, a, b: a if f.real(a) > f.real(b) else b,
        (
            lambda y, a, b: apply("greater", a, b),
            lambda y, a, b: apply("less_equal", a, b),
        ),
        call("np.maximum", 2),
        call("max", 2),
        "np.maximum",
        chosen_by("greater"),
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
        call("np.clip", 3),
        template("min(max({}, {}), {})", CALL, CONDITIONAL, CONDITIONAL, CONDITIONAL),
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
        call("np.where", 3),
        template("{1} if {0} else {2}", CONDITIONAL, COMPARED, COMPARED, COMPARED),
        None,
        of_where,
    ),
    OperationInfo(
        "mod",
        2,
        lambda f, a, b: a - b * f.floor(f.divide(a, b)),
        (lambda y, a, b: ONE, lambda y, a, b: negate(apply("floor", divide(a, b)))),
        call("np.mod", 2),
        infix("%", ADDED, left=MULTIPLIED, right=SIGNED),
        "np.mod",
    ),
    function("floor", lambda f, x: f.floor(x), None),
    function("sin", lambda f, x: f.sin(x), lambda y, x: apply("cos", x)),
    function("cos", lambda f, x: f.cos(x), lambda y, x: negate(apply("sin", x))),
    function(
        "tanh",
        lambda f, x: f.tanh(x),
        lambda y, x: subtract(ONE, apply("square", y)),
    ),
    function(
        "sigmoid",
        _sigmoid,
        lambda y, x: multiply(y, subtract(ONE, y)),
        helper=True,
        scalar=template("0.5 + 0.5 * math.tanh(0.5 * {})", ADDED, SIGNED),
    ),
    function(
        "softplus",
        _softplus,
        lambda y, x: apply("sigmoid", x),
        helper=True,
        scalar=template(
            "max({0}, 0) + math.log1p(math.exp(-abs({0})))", ADDED, CONDITIONAL
        ),
    ),
    function(
        "normal_cdf",
        lambda f, x: f.erfc(-x / f.sqrt(2)) / 2,
        lambda y, x: apply("normal_pdf", x),
        helper=True,
        scalar=template("0.5 * math.erfc(-{} / math.sqrt(2))", MULTIPLIED, SIGNED),
    ),
    function(
        "normal_pdf",
        _normal_pdf,
        lambda y, x: negate(multiply(x, y)),
        helper=True,
        scalar=template(
            "math.exp(-0.5 * ({}) ** 2) / math.sqrt(2 * math.pi)",
            MULTIPLIED,
            CONDITIONAL,
        ),
    ),
    function(
        "times_normal_cdf",
        lambda f, x: x * f.erfc(-x / f.sqrt(2)) / 2,
        lambda y, x: add(apply("normal_cdf", x), multiply(x, apply("normal_pdf", x))),
        helper=True,
        scalar=template(
            "0.5 * {0} * math.erfc(-{0} / math.sqrt(2))", MULTIPLIED, SIGNED
        ),
    ),
    constant("pi", lambda f: f.pi, "math.pi"),
    constant("e", lambda f: f.e, "math.e"),
    constant("largest", lambda f: 709.782712893384, "LARGEST", "LARGEST"),
    constant("smallest", lambda f: 2.2250738585072014e-308, "SMALLEST", "SMALLEST"),
)

OPERATIONS: dict[str, OperationInfo] = {entry.name: entry for entry in _ENTRIES}
