"""The settings of the train block, with their defaults."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from nndsl.language.entry import Option
from nndsl.language.statements import FILLS, SCALES

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


def _word(name: str, documentation: str, *words: str) -> Option:
    """An option that takes one of the words, the first of them by default."""
    return Option(name, "word", documentation, words[0], words=words)


def _epochs(name: str, documentation: str) -> Option:
    return Option(name, "count", documentation, None, 1, 10**9, required=True)


def _above_0(name: str, documentation: str, default: float | None = None) -> Option:
    return Option(name, "number", documentation, default, low=0, low_open=True)


def _value(signature: str, documentation: str, option: Option) -> Setting:
    return Setting(option.name, "value", signature, documentation, (option,))


def _penalty(name: str, formula: str) -> Setting:
    return _value(
        f"{name} NUMBER",
        f"Adds {name} · {formula} for the weights of every dense layer to the loss.",
        Option(name, "number", "The factor.", 0.0, low=0),
    )


_SETTINGS = (
    Setting(
        "optimizer",
        "call",
        "optimizer NAME[(ARGUMENTS)]",
        "How the weights follow from the gradients.",
        (Option("optimizer", "word", "Its name.", "adam"),),
    ),
    _value(
        "epochs COUNT",
        "How many times training goes through its rows.",
        Option("epochs", "count", "The count.", 100, low=1, high=10**9),
    ),
    _value(
        "batch_size COUNT | all",
        "How many rows make one step.",
        Option("batch_size", "count", "The count.", 32, 1, 10**9, words=("all",)),
    ),
    _value(
        "shuffle yes | no",
        "Whether the rows come in a new order every epoch.",
        Option("shuffle", "switch", "Yes or no.", True),
    ),
    _value(
        "seed NUMBER",
        "The seed of all random numbers.",
        Option("seed", "count", "The number.", 0, low=0, high=2**32 - 1),
    ),
    _value(
        "precision float32 | float64",
        "The type of the numbers the network computes with.",
        _word("precision", "The type.", "float32", "float64"),
    ),
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
    Setting(
        "scale",
        "scale",
        "scale none | standard | minmax | robust[, target=standard]",
        "How the inputs are scaled, by the training rows.",
        (
            _word(
                "scale",
                "`standard`: mean 0, deviation 1; `minmax`: from 0 to 1; `robust`: "
                "median 0, interquartile range 1.",
                *SCALES,
            ),
            _word(
                "target",
                "How the target is scaled; predictions are scaled back.",
                *("none", "standard"),
            ),
        ),
    ),
    _value(
        "missing error | mean | median | drop",
        "What happens to missing values.",
        _word(
            "missing",
            "An error, the column's mean or median, or the row is left out.",
            *FILLS,
        ),
    ),
    _penalty("l1", "sum(abs(w))"),
    _penalty("l2", "sum(w²)"),
    Setting(
        "class_weights",
        "weights",
        "class_weights none | balanced | LABEL=WEIGHT …",
        "How much the rows of a class count in the loss.",
        (
            _word(
                "class_weights",
                "`balanced`: every class counts the same.",
                *("none", "balanced"),
            ),
        ),
    ),
    Setting(
        "clip_gradients",
        "options",
        "clip_gradients norm=NUMBER | value=NUMBER",
        "Limits the gradients, all together or each number.",
        (
            _above_0("norm", "The largest norm of all gradients together."),
            _above_0("value", "The largest absolute value of a number."),
        ),
    ),
    Setting(
        "early_stopping",
        "options",
        "early_stopping patience=EPOCHS [monitor=FIGURE] [min_delta=NUMBER]",
        "Stops when a figure no longer improves and restores the best weights.",
        (
            _epochs("patience", "The epochs to wait for something better."),
            Option("monitor", "name", "The figure to watch.", "val_loss"),
            Option("min_delta", "number", "An improvement is more than this.", 0.0, 0),
        ),
    ),
    Setting(
        "checkpoint",
        "options",
        "checkpoint every=EPOCHS",
        "Saves the best parameters so far while training.",
        (_epochs("every", "The epochs from one file to the next."),),
    ),
)
SETTINGS = {setting.name: setting for setting in _SETTINGS}

WARMUP = Option(
    "warmup",
    "count",
    "Over this many epochs the learning rate rises to its full size.",
    0,
    low=0,
    high=10**9,
)

PLATEAU = (
    _above_0("learning_rate", "The rate to begin with.", 0.001),
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
