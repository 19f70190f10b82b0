"""How each operation is written in Python: a template and what binds tighter."""

from dataclasses import dataclass

# How tightly a text holds together; the gaps are Python's own levels.
CONDITIONAL = 1
COMPARED = 2
ADDED = 3
MULTIPLIED = 4
SIGNED = 5
RAISED = 6
CALL = 7


@dataclass(frozen=True, slots=True)
class Layout:
    """`needs[i]`: an argument that binds less tightly stands in parentheses."""

    text: str
    precedence: int
    needs: tuple[int, ...]


def template(text: str, precedence: int, *needs: int) -> Layout:
    """A text with `{}` holes for the arguments."""
    return Layout(text, precedence, needs)


def infix(symbol: str, precedence: int, *, left: int, right: int) -> Layout:
    """`left symbol right`."""
    return Layout(f"{{}} {symbol} {{}}", precedence, (left, right))


def call(name: str, arity: int) -> Layout:
    """`name(argument, …)`."""
    return Layout(f"{name}({', '.join(['{}'] * arity)})", CALL, (CONDITIONAL,) * arity)


@dataclass(frozen=True, slots=True)
class Form:
    """`numpy` is how an operation prints over arrays, `scalar` over Python floats.

    `ufunc` computes it in place (with `out=`), None where no single one does.
    """

    numpy: Layout
    scalar: Layout
    ufunc: str | None = None


def _same(layout: Layout, ufunc: str | None = None) -> Form:
    """An operation that is written alike over arrays and over floats."""
    return Form(layout, layout, ufunc)


def _comparison(symbol: str, ufunc: str) -> Form:
    return _same(infix(symbol, COMPARED, left=ADDED, right=ADDED), ufunc)


def _function(ufunc: str, scalar: str | Layout, arity: int = 1) -> Form:
    """A function that NumPy computes in one call."""
    plain = scalar if isinstance(scalar, Layout) else call(scalar, arity)
    return Form(call(ufunc, arity), plain, ufunc)


FORMS: dict[str, Form] = {
    "add": _same(infix("+", ADDED, left=ADDED, right=MULTIPLIED), "np.add"),
    "subtract": _same(infix("-", ADDED, left=ADDED, right=MULTIPLIED), "np.subtract"),
    "multiply": _same(
        infix("*", MULTIPLIED, left=MULTIPLIED, right=SIGNED), "np.multiply"
    ),
    "divide": _same(infix("/", MULTIPLIED, left=MULTIPLIED, right=SIGNED), "np.divide"),
    "power": _same(infix("**", RAISED, left=CALL, right=SIGNED), "np.power"),
    "negate": _same(template("-{}", SIGNED, MULTIPLIED), "np.negative"),
    "square": _same(template("{}**2", RAISED, CALL), "np.square"),
    "reciprocal": _same(template("1 / {}", MULTIPLIED, SIGNED), "np.reciprocal"),
    "less": _comparison("<", "np.less"),
    "less_equal": _comparison("<=", "np.less_equal"),
    "greater": _comparison(">", "np.greater"),
    "greater_equal": _comparison(">=", "np.greater_equal"),
    "equal": _comparison("==", "np.equal"),
    "not_equal": _comparison("!=", "np.not_equal"),
    "exp": _function("np.exp", "math.exp"),
    "log": _function("np.log", "math.log"),
    "log1p": _function("np.log1p", "math.log1p"),
    "expm1": _function("np.expm1", "math.expm1"),
    "sqrt": _function("np.sqrt", "math.sqrt"),
    "abs": _function("np.abs", "abs"),
    "sign": _function("np.sign", template("({0} > 0) - ({0} < 0)", ADDED, ADDED)),
    "minimum": _function("np.minimum", "min", 2),
    "maximum": _function("np.maximum", "max", 2),
    "clip": Form(
        call("np.clip", 3),
        template("min(max({}, {}), {})", CALL, CONDITIONAL, CONDITIONAL, CONDITIONAL),
    ),
    "where": Form(
        call("np.where", 3),
        template("{1} if {0} else {2}", CONDITIONAL, COMPARED, COMPARED, COMPARED),
    ),
    "mod": _function("np.mod", infix("%", ADDED, left=MULTIPLIED, right=SIGNED), 2),
    "floor": _function("np.floor", "math.floor"),
    "sin": _function("np.sin", "math.sin"),
    "cos": _function("np.cos", "math.cos"),
    "tanh": _function("np.tanh", "math.tanh"),
    "sigmoid": Form(
        call("sigmoid", 1),
        template("1 / (1 + math.exp(min(-{}, 709.7)))", MULTIPLIED, SIGNED),
    ),
    "softplus": Form(
        call("softplus", 1),
        template("max({0}, 0) + math.log1p(math.exp(-abs({0})))", ADDED, CONDITIONAL),
    ),
    "normal_cdf": Form(
        call("normal_cdf", 1),
        template("0.5 * math.erfc(-{} / math.sqrt(2))", MULTIPLIED, SIGNED),
    ),
    "normal_pdf": Form(
        call("normal_pdf", 1),
        template(
            "math.exp(-0.5 * ({}) ** 2) / math.sqrt(2 * math.pi)",
            MULTIPLIED,
            CONDITIONAL,
        ),
    ),
    "times_normal_cdf": Form(
        call("times_normal_cdf", 1),
        template("0.5 * {0} * math.erfc(-{0} / math.sqrt(2))", MULTIPLIED, SIGNED),
    ),
    "pi": _same(template("math.pi", CALL)),
    "e": _same(template("math.e", CALL)),
    "largest": _same(template("LARGEST", CALL)),
    "smallest": _same(template("SMALLEST", CALL)),
}
"""By operation, as `OPERATIONS` names them."""

HELPERS_OF = {"largest": "LARGEST", "smallest": "SMALLEST"}
HELPERS_OF |= {
    name: name
    for name in ("sigmoid", "softplus", "normal_cdf", "normal_pdf", "times_normal_cdf")
}
"""The function or constant of `helpers.py` that an operation needs in a module."""
