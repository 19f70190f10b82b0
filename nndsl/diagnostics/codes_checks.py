"""The errors the checker finds, by code: a title and how serious it is."""

from nndsl.diagnostics.code import Code

UNKNOWN_NAME = "E101"
NOT_THERE = "E102"
WRONG_PLACE = "E103"
DUPLICATE = "E104"
MISSING = "E105"
UNEXPECTED = "E106"
WRONG_VALUE = "E107"
OUT_OF_RANGE = "E108"
UNFIT_NAME = "E109"
CONTRADICTION = "E110"
NETWORKS = "E111"
COLUMNS = "E120"
LABELS = "E121"
WIDTH = "E122"
DROPOUT_PLACE = "E123"
STEP = "E124"
SOFTMAX_PLACE = "E125"
LAST_LAYER = "E126"
TARGET = "E127"
METRIC = "E128"
SPLIT = "E129"
MONITOR = "E130"
TOO_LARGE = "E131"
USELESS_BIAS = "E132"

LINEAR_LAYERS = "W101"
SOFTMAX_SQUARED = "W102"
UNUSED = "W103"
BOUNDED_OUTPUT = "W104"

CHECKS: dict[str, Code] = {
    UNKNOWN_NAME: Code(
        "unknown name", "Statements, settings, options and formulas have fixed names."
    ),
    NOT_THERE: Code(
        "not in nndsl", "Some things that other libraries have do not exist in nndsl."
    ),
    WRONG_PLACE: Code(
        "in the wrong place",
        "A statement belongs to the file, the network or the train block.",
    ),
    DUPLICATE: Code("said twice", "A statement, a setting or an option is given once."),
    MISSING: Code(
        "something is missing",
        "A network has an input, a layer that learns and a loss.",
    ),
    UNEXPECTED: Code(
        "a word too many", "Every word of a spec must have a meaning; none is ignored."
    ),
    WRONG_VALUE: Code(
        "wrong kind of value",
        "An option needs the kind of value its documentation names.",
    ),
    OUT_OF_RANGE: Code(
        "value out of range", "An option's value lies within its limits."
    ),
    UNFIT_NAME: Code(
        "unusable name", "Names of networks, layers and formulas become Python names."
    ),
    CONTRADICTION: Code(
        "two settings disagree", "Two parts of a spec must not contradict each other."
    ),
    NETWORKS: Code("not exactly one network", "A file describes one network."),
    COLUMNS: Code("unclear columns", "A column is a plain word, or text in quotes."),
    LABELS: Code(
        "unclear labels",
        "Labels are words, numbers or text in quotes, separated by `|`.",
    ),
    WIDTH: Code(
        "widths do not fit", "The last layer is as wide as loss and target say."
    ),
    DROPOUT_PLACE: Code(
        "dropout after the output",
        "Dropout must come before the last dense: outputs are not dropped.",
    ),
    STEP: Code(
        "step blocks learning",
        "The derivative of step is 0; a surrogate gives it another.",
    ),
    SOFTMAX_PLACE: Code(
        "softmax inside the network",
        "Softmax is for the outputs of the last layer.",
    ),
    LAST_LAYER: Code(
        "loss needs another output", "Some losses are defined for certain outputs only."
    ),
    TARGET: Code(
        "loss and target disagree",
        "The loss decides what the target may be.",
    ),
    METRIC: Code("metric does not fit", "A metric fits labels or numbers, not both."),
    SPLIT: Code("split does not add up", "The shares of the rows add up to 100 %."),
    MONITOR: Code(
        "nothing to monitor", "The figure that is monitored must be measured."
    ),
    TOO_LARGE: Code(
        "network too large", "A network has at most 10,000 layers and 10^8 parameters."
    ),
    USELESS_BIAS: Code(
        "biases before batch_norm",
        "`batch_norm` would subtract the biases of the layer before it.",
    ),
    LINEAR_LAYERS: Code(
        "two linear layers in a row",
        "Two linear layers in a row compute no more than one does.",
        severity="warning",
    ),
    SOFTMAX_SQUARED: Code(
        "softmax with squared error",
        "After softmax the squared error learns slowly where it is largest.",
        severity="warning",
    ),
    UNUSED: Code(
        "defined but not used",
        "A definition that nothing uses is probably a mistake.",
        severity="warning",
    ),
    BOUNDED_OUTPUT: Code(
        "last layer cannot reach the target",
        "A standardised target has values on both sides of 0, most within 3 of it.",
        severity="warning",
    ),
}
