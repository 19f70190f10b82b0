"""`loss`: which one it is, and its arguments."""

from __future__ import annotations

from nndsl.check.definitions import Formulas
from nndsl.check.findings import Findings
from nndsl.check.read.formula_call import formula_arguments
from nndsl.check.read.options import call_arguments, callee
from nndsl.check.read.parts import no_block, no_call, one_group, too_many
from nndsl.check.read.placed import Placed
from nndsl.check.read.values import found
from nndsl.diagnostics.codes_checks import MISSING, WRONG_VALUE
from nndsl.language.statements import STATEMENTS
from nndsl.network import LossUse
from nndsl.syntax.tree import Call, Name, Statement


def read_loss(
    findings: Findings, formulas: Formulas, statement: Statement
) -> Placed[LossUse] | None:
    """`loss NAME(…)`."""
    signature = STATEMENTS["loss"].signature
    no_block(findings, statement)
    if not no_call(findings, statement, signature):
        return None
    parts = one_group(findings, statement)
    if not parts:
        findings.add(
            MISSING,
            statement.span,
            "the name of the loss is missing",
            "for example `loss mean_squared_error`",
        )
        return None
    use = parts[0]
    too_many(findings, parts[1:], f"write it as `{signature}`")
    if not isinstance(use, Name | Call):
        findings.add(
            WRONG_VALUE,
            use.span,
            f"{found(use)} where the name of a loss is expected",
            "for example `loss mean_squared_error`",
        )
        return None
    name = callee(use)
    if name.text not in formulas.names("loss"):
        findings.unknown("loss", name, formulas.names("loss"))
        return None
    formula = formulas.find("loss", name.text)
    if formula is None:
        return None
    arguments = formula_arguments(findings, formula, call_arguments(findings, use))
    return Placed(LossUse(name.text, formula, arguments), use.span)
