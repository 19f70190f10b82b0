"""The data of a program: from a table to its arrays, from its output to an answer.

    X ── filling ──▶ rows ── scaling ──▶ x ── forward ──▶ output ── decision ──▶ answer
         and labels become columns of 0 and 1
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
    column's training rows; `robust`: the median and the range of the middle half of the
    values, between the quartiles.  A spread of 0 is 1.
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
    def is_robust(self) -> bool:
        return self.kind == "robust"

    @property
    def is_declared(self) -> bool:
        return self.low is not None


@dataclass(frozen=True, slots=True)
class NumberColumns:
    """Columns of numbers that are treated alike; each becomes one input.

    Missing ones of them are filled, then they are scaled.  Their values lie between
    `low` and `high`, both included; None is no limit.
    """

    names: tuple[str, ...]
    filling: Filling
    scaling: Scaling
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class LabelColumn:
    """A column of labels, compared as text; each label becomes an input, 1 or 0.

    Two labels become one input, 1 for the second.  `labels` are those that the spec
    declares, with `other` at the end where `has_other`: that one stands for labels that
    are not known.  `learned`: those of the training rows, sorted, stand before it.
    A missing label counts as `fill` (which is one of the labels); without that, rows
    that miss it are left out where the column `drops` them, else they are an error.
    """

    name: str
    labels: tuple[str, ...]
    learned: bool
    has_other: bool
    fill: str | None
    drops: bool

    @property
    def width(self) -> int | None:
        """How many inputs it becomes; None where the training rows tell."""
        count = len(self.labels)
        return None if self.learned else count if count > 2 else 1


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

    The columns of X are treated alike, by `filling` and `scaling`, or are in these two:
    `number_columns` and `label_columns`.  The network's inputs then are the numbers and
    behind them the labels, in this order; `filling` says whether rows are left out, and
    `scaling` nothing.  `drops_targets`: rows without a target are left out.
    `targets` are the columns of y.  `target_scaling` is learned from the training
    targets, or with the encoding `input` the `scaling` of the inputs itself.
    `weight`: the column that says how much each row counts: in the loss, the figures
    and what `standard` scaling learns.  `complete`: the rows that are not learned are
    gone before anything else is done.
    """

    inputs: Columns
    filling: Filling
    scaling: Scaling
    targets: Columns
    labels: Labels | None
    encoding: Encoding
    target_scaling: Scaling
    decision: Decision
    weight: str | None = None
    number_columns: tuple[NumberColumns, ...] = ()
    label_columns: tuple[LabelColumn, ...] = ()
    drops_targets: bool = False
    complete: bool = False

    @property
    def leaves_out(self) -> bool:
        """Whether some rows are not learned: incomplete ones, or of weight 0."""
        drops = self.filling.drops or self.weight is not None
        return drops and not self.complete

    @property
    def has_columns(self) -> bool:
        """Whether columns are not all treated alike."""
        return bool(self.number_columns or self.label_columns)

    @property
    def is_bounded(self) -> bool:
        return self.inputs.is_bounded or self.targets.is_bounded
