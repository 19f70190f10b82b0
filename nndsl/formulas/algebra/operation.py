"""What there is to say about one operation, and the common ways to say it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from nndsl.formulas.algebra.construct import apply, divide, multiply, subtract, where
from nndsl.formulas.algebra.elementary import Elementary
from nndsl.formulas.expression import Expression

Evaluate: TypeAlias = Callable[..., Any]
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
    output, the arguments and their derivatives.  `mask`: the result is true or false.
    `composite`: array libraries do not compute it in one call.
    """

    name: str
    arity: int
    evaluate: Evaluate
    partials: tuple[Partial | None, ...]
    differential: Differential | None = None
    mask: bool = False
    composite: bool = False


def quotient_rule(
    output: Expression,
    arguments: tuple[Expression, ...],
    derivatives: tuple[Expression, ...],
) -> Expression:
    numerator = subtract(derivatives[0], multiply(output, derivatives[1]))
    return divide(numerator, arguments[1])


def of_logarithm(
    output: Expression,
    arguments: tuple[Expression, ...],
    derivatives: tuple[Expression, ...],
) -> Expression:
    return divide(derivatives[0], arguments[0])


def of_where(
    output: Expression,
    arguments: tuple[Expression, ...],
    derivatives: tuple[Expression, ...],
) -> Expression:
    return where(arguments[0], derivatives[1], derivatives[2])


def chosen_by(comparison: str) -> Differential:
    """The derivative of the first argument where it is chosen, else of the second."""

    def rule(
        output: Expression,
        arguments: tuple[Expression, ...],
        derivatives: tuple[Expression, ...],
    ) -> Expression:
        return where(apply(comparison, *arguments), *derivatives)

    return rule


def comparison(name: str, holds: Callable[[Any, Any], bool]) -> OperationInfo:
    def evaluate(f: Elementary, a: Any, b: Any) -> float:
        return 1.0 if holds(f.real(a), f.real(b)) else 0.0

    return OperationInfo(name, 2, evaluate, (None, None), mask=True)


def function(
    name: str, evaluate: Evaluate, partial: Partial | None, *, composite: bool = False
) -> OperationInfo:
    """A function of one argument."""
    return OperationInfo(name, 1, evaluate, (partial,), composite=composite)


def constant(name: str, evaluate: Evaluate) -> OperationInfo:
    return OperationInfo(name, 0, evaluate, ())
