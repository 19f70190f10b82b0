"""Short names for the expressions the rules build: a rule reads like algebra."""

from nndsl.formulas.expression import Expression, Number, Operation

ZERO = Number(0.0)
ONE = Number(1.0)
TWO = Number(2.0)


def apply(name: str, *arguments: Expression) -> Operation:
    """The operation `name` over `arguments`."""
    return Operation(name, arguments)


def add(left: Expression, right: Expression) -> Operation:
    return apply("add", left, right)


def subtract(left: Expression, right: Expression) -> Operation:
    return apply("subtract", left, right)


def multiply(left: Expression, right: Expression) -> Operation:
    return apply("multiply", left, right)


def divide(left: Expression, right: Expression) -> Operation:
    return apply("divide", left, right)


def power(base: Expression, exponent: Expression) -> Operation:
    return apply("power", base, exponent)


def negate(argument: Expression) -> Operation:
    return apply("negate", argument)


def where(condition: Expression, then: Expression, otherwise: Expression) -> Operation:
    return apply("where", condition, then, otherwise)
