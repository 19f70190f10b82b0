"""Symbolic derivatives, in the forms that stay accurate.

The rules are the operations' own (`operations.py`): many are written in the output
already computed, such as `s * (1 - s)` for the sigmoid, which therefore appears in the
derivative as one shared part.
"""

from nndsl.formulas.algebra.construct import ONE, ZERO, add, divide, multiply, subtract
from nndsl.formulas.algebra.operations import OPERATIONS
from nndsl.formulas.algebra.simplify import Simplifier
from nndsl.formulas.expression import Expression, Number, Operation, Variable
from nndsl.formulas.traverse import variables


def differentiate(expression: Expression, variable: str) -> Expression:
    """The derivative of `expression` by `variable`, simplified.

    At a kink: where `max` and `min` tie the second argument's, inside the bounds of
    `clip` only, 0 for `abs` at 0, 0 for `floor`, `sign` and comparisons everywhere.
    """
    simplify = Simplifier()
    expression = simplify(expression)
    known: dict[int, Expression] = {}

    def of(node: Expression) -> Expression:
        if id(node) not in known:
            known[id(node)] = simplify(_derivative(node))
        return known[id(node)]

    def _derivative(node: Expression) -> Expression:
        match node:
            case Number():
                return ZERO
            case Variable(name):
                return ONE if name == variable else ZERO
            case Operation("log", (Operation("divide", (above, below)),)):
                return subtract(divide(of(above), above), divide(of(below), below))
            case Operation(name, arguments):
                return _by_table(node, name, arguments)

    def _by_table(
        node: Expression, name: str, arguments: tuple[Expression, ...]
    ) -> Expression:
        operation = OPERATIONS[name]
        derivatives = tuple(map(of, arguments))
        if all(derivative == ZERO for derivative in derivatives):
            return ZERO
        if operation.differential is not None:
            return operation.differential(node, arguments, derivatives)
        total: Expression = ZERO
        for partial, derivative in zip(operation.partials, derivatives, strict=True):
            if partial is not None and derivative != ZERO:
                outer = partial(node, *arguments)
                constant = variable not in variables(derivative)
                factors = (derivative, outer) if constant else (outer, derivative)
                total = add(total, multiply(*factors))
        return total

    if variable not in variables(expression):
        return ZERO
    return simplify(of(expression))
