"""How each operation is written in C; `render/expressions/forms.py` is for Python."""

import math

from nndsl.render.expressions.forms import (
    ADDED,
    CALL,
    COMPARED,
    MULTIPLIED,
    RAISED,
    SIGNED,
    Layout,
    call,
    infix,
    template,
)

COMPARISONS = {
    "less": "<",
    "less_equal": "<=",
    "greater": ">",
    "greater_equal": ">=",
    "equal": "==",
    "not_equal": "!=",
}
HELPERS = (
    "squared",
    "sign",
    "minimum",
    "maximum",
    "clipped",
    "modulo",
    "sigmoid",
    "softplus",
    "normal_cdf",
    "normal_pdf",
)
"""The functions of `templates/c/functions/` that formulas call."""

FORMS: dict[str, Layout] = {
    "add": infix("+", ADDED, left=ADDED, right=MULTIPLIED),
    "subtract": infix("-", ADDED, left=ADDED, right=MULTIPLIED),
    "multiply": infix("*", MULTIPLIED, left=MULTIPLIED, right=SIGNED),
    "divide": infix("/", MULTIPLIED, left=MULTIPLIED, right=SIGNED),
    "negate": template("-{}", SIGNED, RAISED),
    "reciprocal": template("1.0 / {}", MULTIPLIED, SIGNED),
    "power": call("pow", 2),
    "square": call("squared", 1),
    "exp": call("exp", 1),
    "log": call("log", 1),
    "log1p": call("log1p", 1),
    "expm1": call("expm1", 1),
    "sqrt": call("sqrt", 1),
    "abs": call("fabs", 1),
    "sign": call("sign", 1),
    "minimum": call("minimum", 2),
    "maximum": call("maximum", 2),
    "clip": call("clipped", 3),
    "mod": call("modulo", 2),
    "floor": call("floor", 1),
    "sin": call("sin", 1),
    "cos": call("cos", 1),
    "tanh": call("tanh", 1),
    "sigmoid": call("sigmoid", 1),
    "softplus": call("softplus", 1),
    "normal_cdf": call("normal_cdf", 1),
    "normal_pdf": call("normal_pdf", 1),
    "times_normal_cdf": template("{0} * normal_cdf({0})", MULTIPLIED, SIGNED),
    "pi": template(repr(math.pi), CALL),
    "e": template(repr(math.e), CALL),
    "largest": template("709.782712893384", CALL),
    "smallest": template("2.2250738585072014e-308", CALL),
}
FORMS |= {
    name: template(f"({{}} {symbol} {{}} ? 1.0 : 0.0)", CALL, ADDED, ADDED)
    for name, symbol in COMPARISONS.items()
}
"""By operation; `where` and its condition have a syntax of their own."""
CONDITION = {
    name: infix(symbol, COMPARED, left=ADDED, right=ADDED)
    for name, symbol in COMPARISONS.items()
}
