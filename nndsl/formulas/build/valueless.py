"""Finds the numbers of a formula that do not exist: `sqrt(beta)` where beta is -1."""

import math
from collections.abc import Mapping

from nndsl.formulas.algebra.evaluate import evaluate
from nndsl.formulas.expression import Expression, Operation
from nndsl.formulas.traverse import rebuild, variables

_SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "power": "^"}


def part_without_value(
    expression: Expression, values: Mapping[str, float]
) -> str | None:
    """The first part that is made of `values` and constants alone, or divides by such
    a part, and is no finite number, as a spec writes it; None if there is none.

    Of a `where` whose condition is a constant only the branch it takes counts.
    """
    known = frozenset(values)
    found: list[str] = []

    def look(node: Expression) -> Expression:
        if found or not isinstance(node, Operation):
            return node
        if node.name == "where" and variables(node.arguments[0]) <= known:
            condition, then, otherwise = node.arguments
            return then if evaluate(condition, values) else otherwise
        divides = node.name == "divide" and variables(node.arguments[1]) <= known
        if variables(node) <= known:
            if not math.isfinite(evaluate(node, values)):
                found.append(_written(node, values))
        elif divides and evaluate(node.arguments[1], values) == 0:
            found.append("1 / 0")
        return node

    rebuild(expression, look)
    return found[0] if found else None


def _written(node: Operation, values: Mapping[str, float]) -> str:
    numbers = [f"{evaluate(argument, values):.6g}" for argument in node.arguments]
    if node.name in _SIGNS:
        return f" {_SIGNS[node.name]} ".join(numbers)
    return f"{node.name}({', '.join(numbers)})"
