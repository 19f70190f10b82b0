"""Whether the metrics fit what is learned."""

from collections.abc import Sequence

from nndsl.check.findings import Findings
from nndsl.check.read.placed import Placed
from nndsl.check.rules.once import once
from nndsl.diagnostics.codes_checks import METRIC
from nndsl.language.metric_table import METRICS
from nndsl.layers.uses import Width
from nndsl.network import Metric, Task

_TASKS: dict[Task, str] = {
    "classes": "classes",
    "binary": "two classes",
    "labels": "several labels",
    "margin": "two classes",
    "distribution": "a distribution",
    "numbers": "numbers",
}


def judge_metrics(
    findings: Findings,
    metrics: Sequence[Placed[Metric]],
    task: Task | None,
    n_outputs: Width | None,
) -> None:
    """A finding for each metric that is there twice or does not fit the task."""
    once(findings, "metric", "named", [Placed(m.value.name, m.span) for m in metrics])
    if task is None:
        return
    for placed in {each.value.name: each for each in reversed(metrics)}.values():
        metric, span = placed.value, placed.span
        if task not in METRICS[metric.name].tasks:
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
