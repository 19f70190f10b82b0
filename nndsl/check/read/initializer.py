"""Which numbers weights and biases start from."""

from nndsl.check.findings import Findings
from nndsl.check.read.formula_call import callee
from nndsl.check.read.options import call_arguments, fill
from nndsl.check.read.values import found
from nndsl.diagnostics.codes_checks import CONTRADICTION, WRONG_VALUE
from nndsl.language.initializers import FOR_WEIGHTS_ONLY, INITIALIZERS
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
    if what == "biases" and entry.name in FOR_WEIGHTS_ONLY:
        findings.add(
            WRONG_VALUE,
            value.span,
            f"`{entry.name}` goes by both widths of a matrix; biases have one",
            "biases take `zeros`, `ones`, `constant`, `normal` or `uniform`",
        )
        return None
    options = fill(
        findings,
        f"of {entry.name}",
        entry.options,
        call_arguments(findings, value),
        value.span,
    )
    arguments = tuple(
        (each.name, float(options.values[each.name] or 0.0)) for each in entry.options
    )
    if entry.name == "uniform" and not arguments[0][1] < arguments[1][1]:
        findings.add(
            CONTRADICTION,
            value.span,
            "the low end is not below the high end",
            "write the smaller number first: `uniform(-0.05, 0.05)`",
        )
    return Initializer(entry.name, arguments)
