"""The reference interpreter: what a formula is worth, one number at a time."""

from collections.abc import Mapping
from typing import Any

from nndsl.formulas.algebra.elementary import REAL, Elementary
from nndsl.formulas.algebra.operations import OPERATIONS
from nndsl.formulas.expression import Expression, Number, Operation, Variable


def evaluate(expression: Expression, values: Mapping[str, float]) -> float:
    """The value of `expression` where the names have `values`.

    As in NumPy, what has no value is nan or infinite.  A branch of `where` that is not
    taken is not computed.  Raises KeyError for a name without a value.
    """
    return float(evaluate_over(REAL, expression, values))


def evaluate_over(
    elementary: Elementary, expression: Expression, values: Mapping[str, Any]
) -> Any:
    """The same over another kind of number, with its own elementary functions."""
    known: dict[int, Any] = {}

    def of(node: Expression) -> Any:
        if id(node) not in known:
            known[id(node)] = _value(node)
        return known[id(node)]

    def _value(node: Expression) -> Any:
        match node:
            case Number(value):
                return value
            case Variable(name):
                return values[name]
            case Operation("where", (condition, then, otherwise)):
                return of(then if elementary.real(of(condition)) != 0 else otherwise)
            case Operation(name, arguments):
                return OPERATIONS[name].evaluate(elementary, *map(of, arguments))

    return of(expression)
