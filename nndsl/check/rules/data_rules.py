"""Columns and labels of the target: whether they can be learned."""

from nndsl.check.findings import Findings
from nndsl.check.read.placed import Placed
from nndsl.check.read.target_line import TargetLine
from nndsl.check.rules.once import once
from nndsl.diagnostics.codes_checks import CONTRADICTION, LABELS
from nndsl.diagnostics.record import Related
from nndsl.network import Inputs, Target
from nndsl.syntax.tree import Span


def target_of(findings: Findings, line: TargetLine) -> Target | None:
    """The target; None where something is doubled or there is nothing to decide."""
    if not line.columns:
        return Target("input")
    columns = tuple(column.value for column in line.columns)
    if not line.labels:
        unique = once(findings, "column", "named", line.columns)
        return Target("columns", columns) if unique else None
    if len(line.labels) < 2:
        findings.add(
            LABELS,
            line.labels[0].span,
            "one label alone leaves nothing to decide",
            "list at least two, separated by `|`; or leave the `:` out for numbers",
        )
        return None
    if not once(findings, "label", "listed", line.labels):
        return None
    return Target("classes", columns, tuple(label.value for label in line.labels))


def judge_columns(
    findings: Findings, inputs: Inputs, target: Target, first: Span, span: Span
) -> None:
    """A finding where the answer is among the inputs, or they cannot be the answer."""
    if inputs.groups and target.kind == "input":
        findings.add(
            CONTRADICTION,
            span,
            "only inputs that are numbers, all treated alike, can be restored",
            "write one `input` line without labels, or name another target",
            related=(Related(first, "the inputs"),),
        )
    shared = [each for each in target.columns if each in (inputs.columns or ())]
    if shared:
        findings.add(
            CONTRADICTION,
            span,
            f"the column `{shared[0]}` is also an input",
            "a network that is given the answer learns nothing else",
            related=(Related(first, "the inputs"),),
        )


def judge_weight(
    findings: Findings,
    weight: Placed[str],
    inputs: Inputs | None,
    target: Target | None,
) -> None:
    """A finding where the column of weights is an input or the target."""
    for what, columns in (
        ("an input", inputs.columns if inputs else None),
        ("the target", target.columns if target else None),
    ):
        if weight.value in (columns or ()):
            findings.add(
                CONTRADICTION,
                weight.span,
                f"the column `{weight.value}` is {what}, too",
                "a row's weight says how much it counts; the network does not see it",
            )
