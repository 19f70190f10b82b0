"""The settings of the train block, with their defaults."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from nndsl.language.entry import Option

Form: TypeAlias = Literal["value", "options", "call", "split", "scale", "weights"]
"""How a setting is written: one value, options, a call, or in a way of its own."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the train block.

    A setting of form `value` has one option, its value; others may have several.
    """

    name: str
    form: Form
    signature: str
    documentation: str
    options: tuple[Option, ...] = ()


def _value(
    name: str, documentation: str, signature: str, option: Option
) -> tuple[str, Setting]:
    return name, Setting(name, "value", signature, documentation, (option,))


def _options(
    name: str, documentation: str, signature: str, *options: Option
) -> tuple[str, Setting]:
    return name, Setting(name, "options", signature, documentation, options)


SETTINGS: dict[str, Setting] = dict(
    (
        (
            "optimizer",
            Setting(
                "optimizer",
                "call",
                "optimizer NAME[(ARGUMENTS)]",
                "How a step follows from the gradient.",
                (Option("optimizer", "word", "Its name.", "adam"),),
            ),
        ),
        _value(
            "epochs",
            "How many times the training rows are learned.",
            "epochs COUNT",
            Option("epochs", "count", "The count.", 100, low=1, high=10**9),
        ),
        _value(
            "batch_size",
            "How many rows make one step.",
            "batch_size COUNT | all",
            Option("batch_size", "count", "The count.", 32, 1, 10**9, words=("all",)),
        ),
        _value(
            "shuffle",
            "Whether the rows come in a new order every epoch.",
            "shuffle yes | no",
            Option("shuffle", "switch", "Yes or no.", True),
        ),
        _value(
            "seed",
            "The number all chance is drawn from.",
            "seed NUMBER",
            Option("seed", "count", "The number.", 0, low=0, high=2**32 - 1),
        ),
        _value(
            "precision",
            "The kind of number the network computes with.",
            "precision float32 | float64",
            Option(
                "precision",
                "word",
                "The kind.",
                "float32",
                words=("float32", "float64"),
            ),
        ),
        (
            "split",
            Setting(
                "split",
                "split",
                "split TRAIN% [/ VALIDATION% / TEST%] [stratified]",
                "The shares of the rows for training, validation and test.",
                (
                    Option("split", "word", "The shares.", "100%"),
                    Option(
                        "stratified",
                        "word",
                        "Every share has the classes in the same proportion.",
                    ),
                ),
            ),
        ),
        (
            "scale",
            Setting(
                "scale",
                "scale",
                "scale none | standard | minmax[, target=standard]",
                "How the inputs are scaled, by the training rows.",
                (
                    Option(
                        "scale",
                        "word",
                        "`standard`: mean 0, deviation 1; `minmax`: from 0 to 1.",
                        "none",
                        words=("none", "standard", "minmax"),
                    ),
                    Option(
                        "target",
                        "word",
                        "How the target is scaled; predictions are scaled back.",
                        "none",
                        words=("none", "standard"),
                    ),
                ),
            ),
        ),
        _value(
            "missing",
            "What becomes of missing values.",
            "missing error | mean | median | drop",
            Option(
                "missing",
                "word",
                "An error, a column's mean or median, or the row is dropped.",
                "error",
                words=("error", "mean", "median", "drop"),
            ),
        ),
        _value(
            "l1",
            "Adds l1 · sum(abs(w)) for the weights of every dense layer to the loss.",
            "l1 NUMBER",
            Option("l1", "number", "The factor.", 0.0, low=0),
        ),
        _value(
            "l2",
            "Adds l2 · sum(w²) for the weights of every dense layer to the loss.",
            "l2 NUMBER",
            Option("l2", "number", "The factor.", 0.0, low=0),
        ),
        (
            "class_weights",
            Setting(
                "class_weights",
                "weights",
                "class_weights none | balanced | LABEL=WEIGHT …",
                "How much the rows of a class count in the loss.",
                (
                    Option(
                        "class_weights",
                        "word",
                        "`balanced`: every class counts the same.",
                        "none",
                        words=("none", "balanced"),
                    ),
                ),
            ),
        ),
        _options(
            "clip_gradients",
            "Keeps gradients small, all together or each number of them.",
            "clip_gradients norm=NUMBER | value=NUMBER",
            Option(
                "norm",
                "number",
                "The longest all gradients together may be.",
                low=0,
                low_open=True,
            ),
            Option(
                "value",
                "number",
                "The largest size of any number of a gradient.",
                low=0,
                low_open=True,
            ),
        ),
        _options(
            "early_stopping",
            "Stops when a figure no longer improves and restores the best weights.",
            "early_stopping patience=EPOCHS [monitor=FIGURE] [min_delta=NUMBER]",
            Option(
                "patience",
                "count",
                "The epochs to wait for something better.",
                low=1,
                high=10**9,
                required=True,
            ),
            Option("monitor", "name", "The figure to watch.", "val_loss"),
            Option(
                "min_delta",
                "number",
                "An improvement is more than this.",
                0.0,
                low=0,
            ),
        ),
        _options(
            "checkpoint",
            "Saves everything needed to go on, while training.",
            "checkpoint every=EPOCHS",
            Option(
                "every",
                "count",
                "The epochs between two files.",
                low=1,
                high=10**9,
                required=True,
            ),
        ),
    )
)

WARMUP = Option(
    "warmup",
    "count",
    "Over this many epochs the learning rate rises to its full size.",
    0,
    low=0,
    high=10**9,
)

PLATEAU = (
    Option(
        "learning_rate",
        "number",
        "The rate to begin with.",
        0.001,
        low=0,
        low_open=True,
    ),
    Option(
        "factor",
        "number",
        "What the rate is multiplied by when nothing improves.",
        0.1,
        low=0,
        high=1,
        low_open=True,
        high_open=True,
    ),
    Option("patience", "count", "The epochs to wait for something better.", 10, low=0),
    Option(
        "threshold",
        "number",
        "An improvement is more than this share of the best loss.",
        1e-4,
        low=0,
        high=1,
        high_open=True,
    ),
)
"""`plateau`, the schedule that is no formula: it lowers the rate when the loss of the
validation rows (of the training rows where there are none) stops improving."""
