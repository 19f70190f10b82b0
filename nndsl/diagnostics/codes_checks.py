"""The mistakes the checker finds, by code: a title and how serious it is."""

from __future__ import annotations

from nndsl.diagnostics.record import Severity

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

CHECK_CODES: dict[str, tuple[str, Severity]] = {
    UNKNOWN_NAME: ("unknown name", "error"),
    NOT_THERE: ("not in nndsl", "error"),
    WRONG_PLACE: ("in the wrong place", "error"),
    DUPLICATE: ("said twice", "error"),
    MISSING: ("something is missing", "error"),
    UNEXPECTED: ("a word too many", "error"),
    WRONG_VALUE: ("wrong kind of value", "error"),
    OUT_OF_RANGE: ("value out of range", "error"),
    UNFIT_NAME: ("unusable name", "error"),
    CONTRADICTION: ("two settings disagree", "error"),
    NETWORKS: ("not exactly one network", "error"),
    COLUMNS: ("unclear columns", "error"),
    LABELS: ("unclear labels", "error"),
    WIDTH: ("widths do not fit", "error"),
    DROPOUT_PLACE: ("dropout after the output", "error"),
    STEP: ("step blocks learning", "error"),
    SOFTMAX_PLACE: ("softmax inside the network", "error"),
    LAST_LAYER: ("loss needs another output", "error"),
    TARGET: ("loss and target disagree", "error"),
    METRIC: ("metric does not fit", "error"),
    SPLIT: ("split does not add up", "error"),
    MONITOR: ("nothing to monitor", "error"),
    TOO_LARGE: ("network too large", "error"),
    USELESS_BIAS: ("biases before batch_norm", "error"),
    LINEAR_LAYERS: ("two linear layers in a row", "warning"),
    SOFTMAX_SQUARED: ("softmax with squared error", "warning"),
    UNUSED: ("defined but not used", "warning"),
}
