"""Which plain numbers Python may compute as integers, which have no largest value."""

from collections.abc import Collection

from nndsl.formulas.algebra.comparisons import MIRRORED
from nndsl.formulas.expression import Expression, Number, Operation, Variable

_WHOLE = frozenset({"floor", "sign", *MIRRORED})
_OF_INTEGERS = frozenset(
    {"add", "subtract", "multiply", "mod", "power", "negate", "square", "abs"}
)
_CHOICES = frozenset({"minimum", "maximum", "clip"})


def may_be_integer(expression: Expression, integers: Collection[str]) -> bool:
    """Whether the printed number may be a Python integer; `integers` name some."""
    match expression:
        case Number(value):
            return value.is_integer()
        case Variable(name):
            return name in integers
        case Operation("where", (_, then, otherwise)):
            return any(may_be_integer(part, integers) for part in (then, otherwise))
        case Operation(name, arguments):
            parts = [may_be_integer(argument, integers) for argument in arguments]
            if name in _OF_INTEGERS:
                return all(parts)
            return name in _WHOLE or (name in _CHOICES and any(parts))
