"""`metrics`: which figures are reported."""

from __future__ import annotations

from nndsl.check.findings import Findings
from nndsl.check.read.options import call_arguments, callee, fill
from nndsl.check.read.parts import no_block, no_call, too_many
from nndsl.check.read.placed import Placed
from nndsl.diagnostics.codes_checks import MISSING, WRONG_VALUE
from nndsl.language.metric_table import METRICS
from nndsl.language.statements import STATEMENTS
from nndsl.network import Metric
from nndsl.syntax.tree import Call, Name, Part, Statement


def read_metrics(
    findings: Findings, statement: Statement
) -> tuple[Placed[Metric], ...]:
    """`metrics NAME, NAME(…)`, each with its place."""
    signature = STATEMENTS["metrics"].signature
    no_block(findings, statement)
    if not no_call(findings, statement, signature):
        return ()
    if not statement.groups:
        findings.add(
            MISSING,
            statement.span,
            "`metrics` names no figure",
            "for example `metrics accuracy`, or leave the line out",
        )
    metrics = []
    for group in statement.groups:
        hint = "metrics are separated by commas: `metrics accuracy, f1`"
        too_many(findings, group[1:], hint)
        metric = _metric(findings, group[0])
        if metric is not None:
            metrics.append(Placed(metric, group[0].span))
    return tuple(metrics)


def _metric(findings: Findings, use: Part) -> Metric | None:
    if not isinstance(use, Name | Call):
        findings.add(
            WRONG_VALUE,
            use.span,
            "the name of a metric is expected here",
            "for example `metrics accuracy`",
        )
        return None
    name = callee(use)
    entry = METRICS.get(name.text)
    if entry is None:
        findings.unknown("metric", name, METRICS)
        return None
    given = call_arguments(findings, use)
    options = fill(findings, f"of {entry.name}", entry.options, given, use.span)
    return Metric(entry.name, options.arguments(entry.options))
