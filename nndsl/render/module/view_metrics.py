"""Which metrics a module has, and how they are called."""

from dataclasses import dataclass

from nndsl.network import Metric, Network
from nndsl.program.data import Data
from nndsl.render.escape import WIDTH, Code, code, literal

OF_WHOLE_BATCHES = frozenset(
    {"precision", "recall", "f1", "auc", "root_mean_squared_error", "r2"}
)
"""Metrics of all rows together that are not the mean of the rows' own."""


@dataclass(frozen=True, slots=True)
class Metrics:
    decides: bool
    decide_template: str
    metric_templates: tuple[str, ...]
    gathers: bool
    metrics_dict: Code
    and_metrics: Code
    and_metrics_of_outputs: Code
    averages_batches: bool
    averaged: Code
    threshold: Code
    score: Code
    score_name: Code
    counts_confusion: bool
    evaluation: Code


def metrics(network: Network, data: Data) -> Metrics:
    labelled = _decides(data)
    used = [metric.name for metric in network.metrics]
    reported = [m for m in network.metrics if m.name != "confusion_matrix"]
    confusion = "confusion_matrix" in used
    averages = {
        "argmax": "a mean over the classes",
        "multilabel": "a mean over the labels",
    }
    gathers = _gathers(data, reported)
    return Metrics(
        decides=labelled,
        decide_template=f"decide/{_DECIDE.get(data.encoding, 'labels')}.py.jinja",
        metric_templates=tuple(
            f"metrics/{template}.py.jinja" for template in _templates(network, data)
        ),
        gathers=gathers,
        metrics_dict=_calls(reported),
        and_metrics=_more(reported, gathers, "a, t, weights"),
        and_metrics_of_outputs=_more(reported, gathers, "outputs, t"),
        averages_batches=any(m.name in OF_WHOLE_BATCHES for m in reported),
        averaged=code(averages.get(data.decision.kind, "of the second class")),
        threshold=code("0" if data.encoding == "sign" else "0.5"),
        score=code("accuracy" if labelled else "r2"),
        score_name=code(
            "accuracy" if labelled else "share of the variance that is explained, r2"
        ),
        counts_confusion=confusion,
        evaluation=code("_evaluation" if confusion else "_figures"),
    )


def _decides(data: Data) -> bool:
    """Whether an answer is a choice: labels, or 1 and 0, and no numbers."""
    return data.decision.kind in ("argmax", "threshold", "multilabel")


_DECIDE = {"one_hot": "classes", "binary": "binary", "sign": "margin"}


def _templates(network: Network, data: Data) -> list[str]:
    """The functions that the metrics need, in the order of the table."""
    several = data.decision.kind == "multilabel"
    used = {metric.name for metric in network.metrics}
    used.add("accuracy" if _decides(data) else "r2")
    families = {"argmax": "hits_of_classes", "multilabel": "hits_of_labels"}
    order = {
        "accuracy": "accuracy_of_labels" if several else "accuracy",
        "top_k_accuracy": "top_k_accuracy",
        "hits": families.get(data.decision.kind, "hits_of_two"),
        "precision": "precision",
        "recall": "recall",
        "f1": "f1",
        "auc": "auc",
        "confusion_matrix": "confusion_matrix",
        "mean_absolute_error": "mean_absolute_error",
        "root_mean_squared_error": "root_mean_squared_error",
        "r2": "r2",
    }
    if used & {"precision", "recall", "f1"}:
        used.add("hits")
    return [template for name, template in order.items() if name in used]


def metric_names(network: Network) -> list[str]:
    """What the metrics of every epoch go by in `history_`."""
    return _names([m for m in network.metrics if m.name != "confusion_matrix"])


def _names(reported: list[Metric]) -> list[str]:
    several = sum(metric.name == "top_k_accuracy" for metric in reported) > 1
    return [
        f"{m.name}({int(dict(m.arguments)['k'])})"
        if m.arguments and several
        else m.name
        for m in reported
    ]


def _calls(reported: list[Metric]) -> Code:
    """A dictionary of every metric's value, on one line where that fits."""
    items = []
    for key, metric in zip(_names(reported), reported, strict=True):
        before = f", {int(dict(metric.arguments)['k'])}" if metric.arguments else ""
        items.append(f"{literal(key).text}: {metric.name}(a, t{before}, weights)")
    line = "{" + ", ".join(items) + "}"
    if len("        return ") + len(line) <= WIDTH:
        return code(line)
    rows = "".join(f"            {item},\n" for item in items)
    return code(f"{{\n{rows}        }}")


def _gathers(data: Data, reported: list[Metric]) -> bool:
    """Whether a method of its own computes the metrics, for there is more to do."""
    in_units = data.target_scaling.scales or data.encoding == "input"
    of_batches = any(metric.name in OF_WHOLE_BATCHES for metric in reported)
    with_arguments = any(metric.arguments for metric in reported)
    return len(reported) > 1 or (
        bool(reported) and (in_units or of_batches or with_arguments)
    )


def _more(reported: list[Metric], gathers: bool, given: str) -> Code:
    """What follows the loss in a dictionary of figures."""
    if gathers:
        return code(f", **self._metrics({given})")
    return code("".join(f', "{m.name}": {m.name}({given})' for m in reported))
