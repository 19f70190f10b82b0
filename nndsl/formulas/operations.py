"""Every operation a formula may use: what it computes, its derivative, how it prints.

One entry is all there is to say about an operation; interpreter, differentiation,
printer and the in-place passes read this table.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nndsl.formulas.construct import (
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
from nndsl.formulas.elementary import Elementary
from nndsl.formulas.expression import Expression, Number
from nndsl.formulas.layout import (
    ADDED,
    CALL,
    COMPARED,
    CONDITIONAL,
    MULTIPLIED,
    RAISED,
    SIGNED,
    Layout,
    call,
    infix,
    template,
)
from nndsl.records import dataclass

Evaluate = Callable[..., Any]
Partial = Callable[..., Expression]
Differential = Callable[
    [Expression, tuple[Expression, ...], tuple[Expression, ...]], Expression
]


@dataclass(frozen=True, slots=True)
class OperationInfo:
    """One operation.

    `evaluate` takes the elementary functions, then the arguments.  A partial
    derivative takes the operation's own output, then its arguments; None stands for
    zero.  `differential`, where the sum of partials is not the best form, takes the
    output, the arguments and their derivatives.  `numpy` is how it prints over arrays,
    `scalar` over Python floats.  `ufunc` computes it in place (with `out=`), None where
    no single one does.  `helper` names the function of `helpers.py` that `numpy` calls.
    `mask`: the result is true or false.  `constant`: it has no arguments.
    """

    name: str
    arity: int
    evaluate: Evaluate
    partials: tuple[Partial | None, ...]
    numpy: Layout
    scalar: Layout
    ufunc: str | None = None
    differential: Differential | None = None
    helper: str | None = None
    mask: bool = False


def _quotient_rule(
    output: Expression,
    arguments: tuple[Expression, ...],
    derivatives: tuple[Expression, ...],
) -> Expression:
    numerator = subtract(derivatives[0], multiply(output, derivatives[1]))
    return divide(numerator, arguments[1])


def _of_logarithm(
    output: Expression,
    arguments: tuple[Expression, ...],
    derivatives: tuple[Expression, ...],
) -> Expression:
    return divide(derivatives[0], arguments[0])


def _of_where(
    output: Expression,
    arguments: tuple[Expression, ...],
    derivatives: tuple[Expression, ...],
) -> Expression:
    return where(arguments[0], derivatives[1], derivatives[2])


def _chosen_by(comparison: str) -> Differential:
    """The derivative of the first argument where it is chosen, else of the second."""

    def rule(
        output: Expression,
        arguments: tuple[Expression, ...],
        derivatives: tuple[Expression, ...],
    ) -> Expression:
        return where(apply(comparison, *arguments), *derivatives)

    return rule


def _comparison(
    name: str, symbol: str, holds: Callable[[Any, Any], bool]
) -> OperationInfo:
    def evaluate(f: Elementary, a: Any, b: Any) -> float:
        return 1.0 if holds(f.real(a), f.real(b)) else 0.0

    form = infix(symbol, COMPARED, left=ADDED, right=ADDED)
    return OperationInfo(
        name, 2, evaluate, (None, None), form, form, f"np.{name}", mask=True
    )


def _function(
    name: str,
    evaluate: Evaluate,
    partial: Partial | None,
    *,
    numpy: str | None = None,
    scalar: str | Layout | None = None,
    helper: bool = False,
) -> OperationInfo:
    """A function of one argument that NumPy (or a helper) computes in one call."""
    text = name if helper else numpy or f"np.{name}"
    plain = scalar if isinstance(scalar, Layout) else call(scalar or f"math.{name}", 1)
    return OperationInfo(
        name,
        1,
        evaluate,
        (partial,),
        call(text, 1),
        plain,
        None if helper else text,
        helper=name if helper else None,
    )


def _constant(
    name: str, evaluate: Evaluate, text: str, helper: str | None = None
) -> OperationInfo:
    form = template(text, CALL)
    return OperationInfo(name, 0, evaluate, (), form, form, helper=helper)


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
        _quotient_rule,
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
    _comparison("less", "<", lambda a, b: a < b),
    _comparison("less_equal", "<=", lambda a, b: a <= b),
    _comparison("greater", ">", lambda a, b: a > b),
    _comparison("greater_equal", ">=", lambda a, b: a >= b),
    _comparison("equal", "==", lambda a, b: a == b),
    _comparison("not_equal", "!=", lambda a, b: a != b),
    _function("exp", lambda f, x: f.exp(x), lambda y, x: y),
    OperationInfo(
        "log",
        1,
        lambda f, x: f.log(x),
        (lambda y, x: divide(ONE, x),),
        call("np.log", 1),
        call("math.log", 1),
        "np.log",
        _of_logarithm,
    ),
    _function("log1p", lambda f, x: f.log1p(x), lambda y, x: divide(ONE, add(ONE, x))),
    _function("expm1", lambda f, x: f.expm1(x), lambda y, x: apply("exp", x)),
    _function(
        "sqrt", lambda f, x: f.sqrt(x), lambda y, x: divide(ONE, multiply(TWO, y))
    ),
    _function(
        "abs",
        lambda f, x: x if f.real(x) >= 0 else -x,
        lambda y, x: apply("sign", x),
        scalar="abs",
    ),
    _function(
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
        _chosen_by("less"),
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
        _chosen_by("greater"),
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
        _of_where,
    ),
    OperationInfo(
        "mod",
        2,
        lambda f, a, b: a - b * f.floor(f.divide(a, b)),
        (lambda y, a, b: ONE, lambda y, a, b: negate(apply("floor", divide(a, b)))),
        call("np.mod", 2),
        infix("%", MULTIPLIED, left=MULTIPLIED, right=SIGNED),
        "np.mod",
    ),
    _function("floor", lambda f, x: f.floor(x), None),
    _function("sin", lambda f, x: f.sin(x), lambda y, x: apply("cos", x)),
    _function("cos", lambda f, x: f.cos(x), lambda y, x: negate(apply("sin", x))),
    _function(
        "tanh",
        lambda f, x: f.tanh(x),
        lambda y, x: subtract(ONE, apply("square", y)),
    ),
    _function(
        "sigmoid",
        _sigmoid,
        lambda y, x: multiply(y, subtract(ONE, y)),
        helper=True,
        scalar=template("0.5 + 0.5 * math.tanh(0.5 * {})", ADDED, SIGNED),
    ),
    _function(
        "softplus",
        _softplus,
        lambda y, x: apply("sigmoid", x),
        helper=True,
        scalar=template(
            "max({0}, 0) + math.log1p(math.exp(-abs({0})))", ADDED, CONDITIONAL
        ),
    ),
    _function(
        "normal_cdf",
        lambda f, x: f.erfc(-x / f.sqrt(2)) / 2,
        lambda y, x: apply("normal_pdf", x),
        helper=True,
        scalar=template("0.5 * math.erfc(-{} / math.sqrt(2))", MULTIPLIED, SIGNED),
    ),
    _function(
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
    _function(
        "times_normal_cdf",
        lambda f, x: x * f.erfc(-x / f.sqrt(2)) / 2,
        lambda y, x: add(apply("normal_cdf", x), multiply(x, apply("normal_pdf", x))),
        helper=True,
        scalar=template(
            "0.5 * {0} * math.erfc(-{0} / math.sqrt(2))", MULTIPLIED, SIGNED
        ),
    ),
    _constant("pi", lambda f: f.pi, "math.pi"),
    _constant("e", lambda f: f.e, "math.e"),
    _constant("largest", lambda f: 709.782712893384, "LARGEST", "LARGEST"),
    _constant("smallest", lambda f: 2.2250738585072014e-308, "SMALLEST", "SMALLEST"),
)

OPERATIONS: dict[str, OperationInfo] = {entry.name: entry for entry in _ENTRIES}
