"""The statements of a network beside its layers, and of a file."""

from nndsl.language.entry import Entry, Option, table

SCALES = "none", "standard", "minmax", "robust"
FILLS = "error", "mean", "median", "drop"

STATEMENTS = table(
    Entry(
        "input",
        "input WIDTH | COLUMN, …[: LABEL | LABEL … | any] | any [in LOW..HIGH]",
        "What the network is given: a width, any width, or columns of numbers or "
        "labels, on one line or several.",
        options=(
            Option("scale", "word", "How columns of numbers are scaled.", words=SCALES),
            Option(
                "missing",
                "fill",
                "What becomes of missing values; a label stands for missing labels.",
                words=FILLS,
            ),
        ),
    ),
    Entry(
        "target",
        "target COLUMN[: LABEL | LABEL …] | COLUMN, … | input",
        "What is learned: a column of labels or numbers, several, or the input.",
    ),
    Entry(
        "weight",
        "weight COLUMN",
        "How much each row counts: a column of numbers from 0; 2 counts a row twice.",
    ),
    Entry("loss", "loss NAME[(ARGUMENTS)]", "What training minimises."),
    Entry("metrics", "metrics NAME, …", "What is reported beside the loss."),
    Entry("train", "train { SETTINGS }", "How the network is trained."),
)

DEFINITIONS = table(
    Entry("network", "network NAME { … }", "A network, one a file."),
    Entry(
        "activation",
        "activation NAME(x[, PARAMETER=NUMBER …]) = FORMULA",
        "An activation of your own, a formula of `x`.",
    ),
    Entry(
        "loss",
        "loss NAME(prediction, target[, PARAMETER=NUMBER …]) = FORMULA",
        "A loss of your own, a formula of `prediction` and `target`.",
    ),
    Entry(
        "schedule",
        "schedule NAME([epoch, …] [PARAMETER=NUMBER …]) = FORMULA",
        "A learning rate that changes, a formula of `epoch` or `step`.",
    ),
    Entry(
        "optimizer",
        "optimizer NAME(learning_rate=NUMBER[, …]) { … }",
        "An optimizer of your own: how `weight` follows from `gradient`.",
    ),
)
