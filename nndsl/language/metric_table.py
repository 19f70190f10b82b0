"""What can be reported beside the loss."""

from dataclasses import dataclass

from nndsl.language.entry import Option
from nndsl.network import Task


@dataclass(frozen=True, slots=True)
class MetricEntry:
    """A metric: the tasks it fits, and which way it improves.

    `monitored`: one number, so that early stopping can watch it.
    """

    name: str
    signature: str
    documentation: str
    tasks: tuple[Task, ...]
    options: tuple[Option, ...] = ()
    larger_is_better: bool = True
    monitored: bool = True


_LABELS: tuple[Task, ...] = ("classes", "binary", "labels", "margin")
_NUMBERS: tuple[Task, ...] = ("numbers", "distribution")

METRICS = {
    entry.name: entry
    for entry in (
        MetricEntry(
            "accuracy",
            "accuracy",
            "The share of the rows that are predicted right, every label of them.",
            _LABELS,
        ),
        MetricEntry(
            "top_k_accuracy",
            "top_k_accuracy(k)",
            "The share of the rows whose class is among the k most probable.",
            ("classes",),
            (Option("k", "count", "How many classes count.", required=True, low=1),),
        ),
        MetricEntry(
            "precision",
            "precision",
            "The share of right ones among those predicted; a mean over the classes.",
            _LABELS,
        ),
        MetricEntry(
            "recall",
            "recall",
            "The share of a class that is found; a mean over the classes.",
            _LABELS,
        ),
        MetricEntry(
            "f1",
            "f1",
            "The harmonic mean of precision and recall; a mean over the classes.",
            _LABELS,
        ),
        MetricEntry(
            "auc",
            "auc",
            "The probability that a positive row scores above a negative one.",
            _LABELS,
        ),
        MetricEntry(
            "confusion_matrix",
            "confusion_matrix",
            "How many rows of each class (rows) were called each class (columns).",
            ("classes", "binary", "margin"),
            monitored=False,
        ),
        MetricEntry(
            "mean_absolute_error",
            "mean_absolute_error",
            "The mean size of the error, in the target's unit.",
            _NUMBERS,
            larger_is_better=False,
        ),
        MetricEntry(
            "root_mean_squared_error",
            "root_mean_squared_error",
            "The root of the mean squared error, in the target's unit.",
            _NUMBERS,
            larger_is_better=False,
        ),
        MetricEntry(
            "r2",
            "r2",
            "The share of the target's variance that is explained.",
            _NUMBERS,
        ),
    )
}
