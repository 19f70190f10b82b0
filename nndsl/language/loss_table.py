"""What each loss asks of the last layer, and what it makes of y."""

from dataclasses import dataclass

from nndsl.network import Task


@dataclass(frozen=True, slots=True)
class LossEntry:
    """`last`: the activations the last layer may have; none: any.

    `one_output`: the last layer has one unit.  `formulas`: a user's own activation is
    taken at its word.
    """

    task: Task
    last: tuple[str, ...] = ()
    one_output: bool = False
    formulas: bool = False


ANY_LOSS = LossEntry("numbers")
"""mean_squared_error and its like, and every loss of a user's."""

LOSSES: dict[str, LossEntry] = {
    "categorical_crossentropy": LossEntry("classes", ("softmax",)),
    "binary_crossentropy": LossEntry("binary", ("sigmoid",)),
    "hinge": LossEntry("margin", ("linear", "tanh"), one_output=True),
    "squared_hinge": LossEntry("margin", ("linear", "tanh"), one_output=True),
    "poisson": LossEntry("numbers", ("exponential", "softplus"), formulas=True),
    "kl_divergence": LossEntry("distribution", ("softmax",)),
    "mean_squared_error": ANY_LOSS,
    "mean_absolute_error": ANY_LOSS,
    "huber": ANY_LOSS,
    "log_cosh": ANY_LOSS,
}

TASKS: dict[Task, str] = {
    "classes": "classes",
    "binary": "two classes",
    "labels": "several labels",
    "margin": "two classes by a margin",
    "distribution": "a distribution",
    "numbers": "numbers",
}
"""What a network of each task learns, in words."""
