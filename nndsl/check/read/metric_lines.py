"""`metrics`: which figures are reported, and whether they fit what is learned."""

from nndsl.check.findings import Findings
from nndsl.check.read.formula_call import callee
from nndsl.check.read.options import call_arguments, fill
from nndsl.check.read.parts import no_block, no_call, too_many
from nndsl.diagnostics.codes_checks import DUPLICATE, METRIC, MISSING, WRONG_VALUE
from nndsl.diagnostics.record import Related
from nndsl.language.metric_table import METRICS
from nndsl.language.statements import STATEMENTS
from nndsl.layers.uses import Width
from nndsl.network import Metric, Task
from nndsl.syntax.tree import Call, Name, Span, Statement

_TASKS: dict[Task, str] = {
    "classes": "classes",
    "binary": "two classes",
    "labels": "several labels",
    "margin": "two classes",
    "distribution": "a distribution",
    "numbers": "numbers",
}

Placed = tuple[Metric, Span]


def read_metrics(findings: Findings, statement: Statement) -> tuple[Placed, ...]:
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
    chosen: dict[str, Placed] = {}
    for group in statement.groups:
        placed = _metric(findings, group[0])
        hint = "metrics are separated by commas: `metrics accuracy, f1`"
        too_many(findings, group[1:], hint)
        if placed is None:
            continue
        name = placed[0].name
        if name in chosen:
            findings.add(
                DUPLICATE,
                placed[1],
                f"`{name}` is named a second time",
                "every metric is named once",
                related=(Related(chosen[name][1], "named here first"),),
            )
            continue
        chosen[name] = placed
    return tuple(chosen.values())


def _metric(findings: Findings, use: object) -> Placed | None:
    assert hasattr(use, "span")
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
    where = f"of {entry.name}"
    given = call_arguments(findings, use)
    options = fill(findings, where, entry.options, given, use.span)
    arguments = tuple(
        (each.name, float(options.values[each.name] or 0.0)) for each in entry.options
    )
    return Metric(entry.name, arguments), use.span


def check_metrics(
    findings: Findings, metrics: tuple[Placed, ...], task: Task, n_outputs: Width
) -> None:
    """A finding for each metric that does not fit the task."""
    for metric, span in metrics:
        entry = METRICS[metric.name]
        if task not in entry.tasks:
            fitting = [each.name for each in METRICS.values() if task in each.tasks]
            findings.add(
                METRIC,
                span,
                f"`{metric.name}` does not fit: the loss learns {_TASKS[task]}",
                f"these fit: {', '.join(fitting)}",
            )
        elif metric.name == "top_k_accuracy" and isinstance(n_outputs, int):
            k = int(metric.arguments[0][1])
            if k > n_outputs:
                findings.add(
                    METRIC,
                    span,
                    f"the {k} best of {n_outputs} classes",
                    f"`k` is at most {n_outputs}",
                )
