"""The data of a program: from a table to its arrays, from its output to an answer.

    X ── filling ──▶ rows ── scaling ──▶ x ── forward ──▶ output ── decision ──▶ answer
    y ── labels and encoding, or target scaling ──▶ t

What the training rows teach (means, ranges, labels that no spec declares) is not here;
the records say what is learned, and how it is used.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from nndsl.layers.uses import Width


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table: `width` of them, and `names` where the spec gives them.

    Their values lie between `low` and `high`, both included; None is no limit.
    """

    width: Width
    names: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None

    @property
    def is_bounded(self) -> bool:
        return self.low is not None or self.high is not None


@dataclass(frozen=True, slots=True)
class Filling:
    """What becomes of a missing value of X.

    `mean`, `median`: that of the column's training values stands in, 0 where all are
    missing.  `drop`: `fit` leaves such rows out; elsewhere they are an error, as by
    `error` everywhere.
    """

    kind: Literal["error", "mean", "median", "drop"]

    @property
    def allows_missing(self) -> bool:
        return self.kind != "error"

    @property
    def fills(self) -> bool:
        return self.kind in ("mean", "median")

    @property
    def drops(self) -> bool:
        return self.kind == "drop"


@dataclass(frozen=True, slots=True)
class Scaling:
    """`(value - start) / spread` of every column.

    `standard`: the mean and the standard deviation; `minmax`: the least value and the
    range, of all columns from `low` to `high` where these are given, else of each
    column's training rows.  A column that is constant there has the spread 1.
    """

    kind: Literal["none", "standard", "minmax", "robust"]
    low: float | None = None
    high: float | None = None

    @property
    def scales(self) -> bool:
        return self.kind != "none"

    @property
    def learned(self) -> bool:
        return self.scales and not self.is_declared

    @property
    def is_standard(self) -> bool:
        return self.kind == "standard"

    @property
    def is_minmax(self) -> bool:
        return self.kind == "minmax"

    @property
    def is_declared(self) -> bool:
        return self.low is not None


LabelKind: TypeAlias = Literal["text", "integer", "float", "learned"]


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels that an answer is one of; the place of each is that of its output.

    `values` are those the spec declares, all of one `kind`; without any they are
    `learned`: the distinct values of y, sorted.  One output tells two labels apart,
    the first below the decision's threshold.
    """

    kind: LabelKind
    count: Width
    values: tuple[str | int | float, ...] = ()

    @property
    def declared(self) -> bool:
        return self.kind != "learned"


Encoding: TypeAlias = Literal["one_hot", "binary", "sign", "numbers", "input"]
"""How t is made.

Of a label's place: a row with 1 there and 0 elsewhere, its number, 0 or 1, or its sign,
-1 or 1.  Of `numbers`: themselves, through the target scaling.  `input`: t is x.
"""


@dataclass(frozen=True, slots=True)
class Decision:
    """How the output (n, outputs) becomes the answer.

    `argmax`: the label at the place of the row's largest output.  `threshold`: the
    second label where the only output is at least `threshold`, else the first.
    `multilabel`: 1 where an output is at least `threshold`, else 0 (n, outputs).
    `distribution`, `numbers`: the outputs, scaled back by the target scaling.
    The targets of a multilabel are 0 or 1, those of a distribution add up to 1.
    `probabilities`: the outputs are those of the labels, of the second label if one.
    """

    kind: Literal["argmax", "threshold", "multilabel", "distribution", "numbers"]
    threshold: float | None = None
    probabilities: bool = False

    @property
    def is_argmax(self) -> bool:
        return self.kind == "argmax"

    @property
    def is_threshold(self) -> bool:
        return self.kind == "threshold"

    @property
    def is_multilabel(self) -> bool:
        return self.kind == "multilabel"

    @property
    def is_distribution(self) -> bool:
        return self.kind == "distribution"


@dataclass(frozen=True, slots=True)
class Data:
    """How a table becomes arrays, and the output an answer.

    `targets` are the columns of y.  `target_scaling` is learned from the training
    targets, or with the encoding `input` the `scaling` of the inputs itself.
    """

    inputs: Columns
    filling: Filling
    scaling: Scaling
    targets: Columns
    labels: Labels | None
    encoding: Encoding
    target_scaling: Scaling
    decision: Decision

    @property
    def is_bounded(self) -> bool:
        return self.inputs.is_bounded or self.targets.is_bounded
