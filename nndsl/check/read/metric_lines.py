"""`metrics`: which figures are reported."""

from nndsl.check.findings import Findings
from nndsl.check.read.named_use import known_use
from nndsl.check.read.options import fill
from nndsl.check.read.parts import has_parts, too_many
from nndsl.check.read.placed import Placed
from nndsl.language.metric_table import METRICS
from nndsl.language.statements import STATEMENTS
from nndsl.network import Metric
from nndsl.syntax.tree import Part, Statement


def read_metrics(
    findings: Findings, statement: Statement
) -> tuple[Placed[Metric], ...]:
    """`metrics NAME, NAME(…)`, each with its place."""
    signature = STATEMENTS["metrics"].signature
    label = "`metrics` names no figure"
    hint = "for example `metrics accuracy`, or leave the line out"
    if not has_parts(findings, statement, signature, label, hint):
        return ()
    metrics = []
    for group in statement.groups:
        hint = "metrics are separated by commas: `metrics accuracy, f1`"
        too_many(findings, group[1:], hint)
        metric = _metric(findings, group[0])
        if metric is not None:
            metrics.append(Placed(metric, group[0].span))
    return tuple(metrics)


def _metric(findings: Findings, part: Part) -> Metric | None:
    hint = "for example `metrics accuracy`"
    expected = "the name of a metric is expected"
    use = known_use(findings, "metric", part, METRICS, expected, hint)
    if use is None:
        return None
    name, given = use
    options = METRICS[name].options
    values = fill(findings, f"of {name}", options, given, part.span)
    return Metric(name, values.arguments(options))
