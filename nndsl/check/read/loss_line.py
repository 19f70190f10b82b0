"""`loss`: which one it is, and its arguments."""

from nndsl.check.definitions import Formulas
from nndsl.check.findings import Findings
from nndsl.check.read.formula_call import formula_arguments
from nndsl.check.read.named_use import known_use
from nndsl.check.read.parts import has_parts, one_group, too_many
from nndsl.check.read.placed import Placed
from nndsl.language.statements import STATEMENTS
from nndsl.network import LossUse
from nndsl.syntax.tree import Statement


def read_loss(
    findings: Findings, formulas: Formulas, statement: Statement
) -> Placed[LossUse] | None:
    """`loss NAME(…)`."""
    signature = STATEMENTS["loss"].signature
    hint = "for example `loss mean_squared_error`"
    label = "the name of the loss is missing"
    if not has_parts(findings, statement, signature, label, hint):
        return None
    place, *rest = one_group(findings, statement)
    too_many(findings, tuple(rest), f"write it as `{signature}`")
    expected = "the name of a loss is expected"
    known = formulas.names("loss")
    use = known_use(findings, "loss", place, known, expected, hint)
    formula = formulas.find("loss", use[0]) if use else None
    if use is None or formula is None:
        return None
    arguments = formula_arguments(findings, formula, use[1])
    return Placed(LossUse(formula.name, formula, arguments), place.span)
