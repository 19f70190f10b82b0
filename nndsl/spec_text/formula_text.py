"""Formulas as the language writes them: `max(x, 0)`, `1 - tanh(x)^2`."""

from collections.abc import Iterator

from nndsl.check.read.values import format_number
from nndsl.formulas.algebra.elementary import REAL
from nndsl.formulas.algebra.operations import OPERATIONS
from nndsl.formulas.build.convert import CONSTANTS, FUNCTIONS
from nndsl.formulas.expression import Expression, Number, Operation, Variable
from nndsl.syntax.precedence import ADDS, COMPARES, MULTIPLIES, RAISES, SIGNS

_ALONE = RAISES + 1
_INFIX: dict[str, tuple[str, int, tuple[int, ...]]] = {
    "add": ("{} + {}", ADDS, (ADDS, MULTIPLIES)),
    "subtract": ("{} - {}", ADDS, (ADDS, MULTIPLIES)),
    "multiply": ("{} * {}", MULTIPLIES, (MULTIPLIES, SIGNS)),
    "divide": ("{} / {}", MULTIPLIES, (MULTIPLIES, SIGNS)),
    "power": ("{}^{}", RAISES, (_ALONE, RAISES)),
    "negate": ("-{}", MULTIPLIES, (MULTIPLIES,)),
    "square": ("{}^2", RAISES, (_ALONE,)),
    "reciprocal": ("1 / {}", MULTIPLIES, (SIGNS,)),
    "less": ("{} < {}", COMPARES, (ADDS, ADDS)),
    "less_equal": ("{} <= {}", COMPARES, (ADDS, ADDS)),
    "greater": ("{} > {}", COMPARES, (ADDS, ADDS)),
    "greater_equal": ("{} >= {}", COMPARES, (ADDS, ADDS)),
    "equal": ("{} == {}", COMPARES, (ADDS, ADDS)),
    "not_equal": ("{} != {}", COMPARES, (ADDS, ADDS)),
    "times_normal_cdf": ("{0} * normal_cdf({0})", MULTIPLIES, (_ALONE,)),
}
"""How an operation is written, how tightly it binds, and what its parts need."""
_NAMES = {operation: name for name, (operation, _) in FUNCTIONS.items()}


def formula_text(expression: Expression) -> str:
    """The formula in the words of the language, on one line."""
    return _written(expression)[0]


def _written(node: Expression) -> tuple[str, int]:
    match node:
        case Number(value):
            return format_number(value), SIGNS if value < 0 else _ALONE
        case Variable(name):
            return name, _ALONE
        case Operation(name, arguments) if name in _INFIX:
            text, precedence, needs = _INFIX[name]
            return text.format(*_parts(arguments, needs)), precedence
        case Operation(name, ()):
            if name in CONSTANTS:
                return name, _ALONE
            return format_number(OPERATIONS[name].evaluate(REAL)), _ALONE
        case Operation(name, arguments):
            inner = ", ".join(_parts(arguments, (COMPARES,) * len(arguments)))
            return f"{_NAMES[name]}({inner})", _ALONE


def _parts(arguments: tuple[Expression, ...], needs: tuple[int, ...]) -> Iterator[str]:
    for argument, need in zip(arguments, needs, strict=True):
        text, precedence = _written(argument)
        yield text if precedence >= need else f"({text})"
