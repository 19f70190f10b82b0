"""Numbers of a spec: constants, and arithmetic with constants."""

import math

from nndsl.check.findings import Findings
from nndsl.diagnostics.codes_checks import WRONG_VALUE
from nndsl.syntax.tree import Binary, Expression, Name, Number, Percent, Unary

_NAMED = {"pi": math.pi, "e": math.e}


def constant(
    findings: Findings, value: Expression, what: str, kind: str = "a number"
) -> float | None:
    """The number an expression stands for; None after a finding.

    `what` names the option in messages, `kind` says what it takes.
    """
    if isinstance(value, Percent):
        share = repr(value.value / 100)
        findings.add(
            WRONG_VALUE,
            value.span,
            f"`{what}` needs a plain number, not a percentage",
            f"write `{share}`",
            fix=share,
        )
        return None
    culprit = _not_constant(value)
    if isinstance(culprit, Unary):
        label, hint = "two signs in a row", "write one sign or none"
        findings.add(WRONG_VALUE, culprit.span, label, hint)
        return None
    if culprit is not None:
        findings.add(
            WRONG_VALUE,
            culprit.span,
            f"`{what}` needs {kind}",
            f"for example `{'10' if 'whole' in kind else '0.01'}`",
        )
        return None
    try:
        number = _evaluate(value)
    except (ArithmeticError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        findings.add(
            WRONG_VALUE,
            value.span,
            f"`{what}` needs a finite number",
            "this has no value, or one too large for a computer's numbers",
        )
        return None
    return number


def _not_constant(value: Expression) -> Expression | None:
    """The first part of an expression that is no number."""
    match value:
        case Number():
            return None
        case Name(text=text) if text in _NAMED:
            return None
        case Unary(operand=Unary()):
            return value
        case Unary():
            return _not_constant(value.operand)
        case Binary(operator="+" | "-" | "*" | "/" | "^"):
            return _not_constant(value.left) or _not_constant(value.right)
        case _:
            return value


def _evaluate(value: Expression) -> float:
    match value:
        case Number():
            return float(value.value)
        case Name():
            return _NAMED[value.text]
        case Unary():
            operand = _evaluate(value.operand)
            return -operand if value.operator == "-" else operand
        case Binary():
            return _arithmetic(
                value.operator, _evaluate(value.left), _evaluate(value.right)
            )
        case _:
            raise ValueError(value)


def _arithmetic(operator: str, left: float, right: float) -> float:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return left / right
        case _:
            return math.pow(left, right)
