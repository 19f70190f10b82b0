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
    tasks: tuple[Task, ...]
    documentation: str
    options: tuple[Option, ...] = ()
    larger_is_better: bool = True
    monitored: bool = True

    @property
    def signature(self) -> str:
        names = ", ".join(option.name for option in self.options)
        return f"{self.name}({names})" if names else self.name


_LABELS: tuple[Task, ...] = ("classes", "binary", "labels", "margin")
_NUMBERS: tuple[Task, ...] = ("numbers", "distribution")

_METRICS = (
    MetricEntry(
        "accuracy",
        _LABELS,
        "The share of rows that are predicted right, with all their labels.",
    ),
    MetricEntry(
        "top_k_accuracy",
        ("classes",),
        "The share of the rows whose class is among the k most probable.",
        (Option("k", "count", "How many classes count.", required=True, low=1),),
    ),
    MetricEntry(
        "precision",
        _LABELS,
        "The share of the predictions of a class that are right; a mean over classes.",
    ),
    MetricEntry(
        "recall",
        _LABELS,
        "The share of the rows of a class that are found; a mean over classes.",
    ),
    MetricEntry(
        "f1",
        _LABELS,
        "The harmonic mean of precision and recall; a mean over classes.",
    ),
    MetricEntry(
        "auc",
        _LABELS,
        "The probability that a positive row scores above a negative one.",
    ),
    MetricEntry(
        "confusion_matrix",
        ("classes", "binary", "margin"),
        "How many rows of each class (row) are predicted as each class (column).",
        monitored=False,
    ),
    MetricEntry(
        "mean_absolute_error",
        _NUMBERS,
        "The mean absolute error, in the target's unit.",
        larger_is_better=False,
    ),
    MetricEntry(
        "root_mean_squared_error",
        _NUMBERS,
        "The root of the mean squared error, in the target's unit.",
        larger_is_better=False,
    ),
    MetricEntry(
        "r2", _NUMBERS, "The share of the target's variance that is explained."
    ),
)
METRICS = {entry.name: entry for entry in _METRICS}
