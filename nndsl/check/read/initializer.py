"""Which numbers weights and biases start from."""

from __future__ import annotations

from nndsl.check.findings import Findings
from nndsl.check.read.options import call_arguments, callee, fill
from nndsl.check.read.values import found
from nndsl.diagnostics.codes_checks import WRONG_VALUE
from nndsl.language.initializers import INITIALIZERS
from nndsl.layers.uses import Initializer
from nndsl.syntax.tree import Call, Expression, Name


def initializer(findings: Findings, value: Expression, what: str) -> Initializer | None:
    """An initializer with its arguments; `what` is `weights` or `biases`."""
    if not isinstance(value, Name | Call):
        findings.add(
            WRONG_VALUE,
            value.span,
            f"{found(value)} where `{what}` takes an initializer",
            f"for example `{what}=normal(0.01)` or `{what}=zeros`",
        )
        return None
    name = callee(value)
    entry = INITIALIZERS.get(name.text)
    if entry is None:
        findings.unknown("initializer", name, INITIALIZERS)
        return None
    given = call_arguments(findings, value)
    options = fill(findings, f"of {entry.name}", entry.options, given, value.span)
    return Initializer(entry.name, options.arguments(entry.options))
