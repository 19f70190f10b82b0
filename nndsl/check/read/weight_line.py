"""`weight`: the column that says how much each row counts."""

from nndsl.check.findings import Findings
from nndsl.check.read.columns import read_column
from nndsl.check.read.parts import has_parts, one_group
from nndsl.check.read.placed import Placed
from nndsl.language.statements import STATEMENTS
from nndsl.syntax.tree import Statement


def read_weight(findings: Findings, statement: Statement) -> Placed[str] | None:
    """`weight COLUMN`; None after a finding."""
    signature = STATEMENTS["weight"].signature
    label, hint = "`weight` names no column", "for example `weight persons`"
    if not has_parts(findings, statement, signature, label, hint):
        return None
    return read_column(findings, one_group(findings, statement))
