"""The network: what a spec means, with every default filled in and every name resolved.

It knows no Python names and no arrays.  Widths are numbers, or one of the words
`features` and `outputs` where only the data can tell.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from nndsl.formulas.expression import Formula, OptimizerFormula
from nndsl.layers.layer import Layer
from nndsl.layers.uses import Arguments, Width

Scale: TypeAlias = Literal["none", "standard", "minmax", "robust"]
Missing: TypeAlias = Literal["error", "mean", "median", "drop"]

OTHER = "other"
"""The label that stands for all that are not known."""


@dataclass(frozen=True, slots=True)
class ColumnGroup:
    """The columns of one `input` line, and what holds for each of them.

    Columns of numbers (`labels` is None) lie between `low` and `high` and are scaled by
    `scale`.  Columns of labels hold one of the `labels`, compared as text, or those of
    the training rows where `learned`; with `other`, labels that are not known count as
    one more.  A `missing` label is an error, leaves its row out, or is a `label`: then
    it counts as the label `fill`.
    """

    columns: tuple[str, ...]
    labels: tuple[str, ...] | None = None
    learned: bool = False
    other: bool = False
    missing: Missing | Literal["label"] = "error"
    fill: str | None = None
    scale: Scale = "none"
    low: float | None = None
    high: float | None = None

    @property
    def all_labels(self) -> tuple[str, ...]:
        """The labels that a spec declares, `other` at the end."""
        return (*(self.labels or ()), *(OTHER,) * self.other)

    @property
    def width(self) -> int | None:
        """How many inputs each column becomes; None where the training rows tell."""
        if self.labels is None:
            return 1
        count = len(self.all_labels)
        return None if self.learned else count if count > 2 else 1


@dataclass(frozen=True, slots=True)
class Inputs:
    """`columns` is None where the spec names none; `width` is None for `input any`.

    `groups`: the columns by what holds for them, in the order of the spec, where that
    differs from column to column; else there are none, and the train block says it.
    `width` counts the network's inputs: the columns of numbers, then for each column of
    labels one for each of its labels, or one alone for two labels.
    """

    width: int | None
    columns: tuple[str, ...] | None = None
    low: float | None = None
    high: float | None = None
    groups: tuple[ColumnGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """What is learned.

    kind `given`: whatever `y` is; `columns`: the named columns as numbers or 0/1
    labels; `classes`: one column with the declared `labels` in their order (all int,
    all float, or all text); `input`: the input itself.
    """

    kind: Literal["given", "columns", "classes", "input"]
    columns: tuple[str, ...] = ()
    labels: tuple[str | int | float, ...] = ()


Task: TypeAlias = Literal[
    "classes", "binary", "labels", "margin", "distribution", "numbers"
]
"""What the loss makes of y (see the table in `docs/language.md`).

`classes`: softmax with crossentropy, or numbers with declared labels; `binary`: one
sigmoid output; `labels`: several sigmoid outputs; `margin`: hinge, y is -1/+1;
`distribution`: kl_divergence; `numbers`: regression, rates, reconstruction.
"""


@dataclass(frozen=True, slots=True)
class LossUse:
    name: str
    formula: Formula
    arguments: Arguments


@dataclass(frozen=True, slots=True)
class Metric:
    """`arguments`: `top_k_accuracy(3)` has (("k", 3.0),)."""

    name: str
    arguments: Arguments = ()


@dataclass(frozen=True, slots=True)
class LearningRate:
    """The schedule, called for every epoch or step; `constant` for a plain number.

    `formula` is None for the operation `plateau`.  `rate` is the number that the
    constructor's `learning_rate` replaces: the parameter `learning_rate` of the
    schedule; None where a user's schedule has no parameter of that name.
    `warmup`: over the first `warmup` epochs the rate is multiplied by
    (epoch + 1) / warmup, at most 1; 0 is none.
    """

    name: str
    formula: Formula | None
    arguments: Arguments
    rate: float | None
    warmup: int = 0


@dataclass(frozen=True, slots=True)
class OptimizerUse:
    """`arguments` hold every parameter; the learning rate has a record of its own."""

    name: str
    formula: OptimizerFormula
    arguments: Arguments
    learning_rate: LearningRate


@dataclass(frozen=True, slots=True)
class Split:
    """Shares that add up to 1."""

    train: float
    validation: float
    test: float
    stratified: bool = False


@dataclass(frozen=True, slots=True)
class EarlyStopping:
    """`monitor` is `loss`, a metric, or `val_` and one of them.

    `larger_is_better` says which way the monitored figure improves.
    """

    patience: int
    monitor: str
    min_delta: float
    larger_is_better: bool


ClassWeights: TypeAlias = (
    Literal["balanced"] | tuple[tuple[str | int | float, float], ...] | None
)


@dataclass(frozen=True, slots=True)
class Train:
    """The train block.  `batch_size` None is `all`."""

    optimizer: OptimizerUse
    epochs: int
    batch_size: int | None
    shuffle: bool
    seed: int
    precision: Literal["float32", "float64"]
    split: Split
    scale: Scale
    scale_target: bool
    missing: Missing
    class_weights: ClassWeights
    clip_norm: float | None
    clip_value: float | None
    early_stopping: EarlyStopping | None
    checkpoint_every: int | None


@dataclass(frozen=True, slots=True)
class Network:
    """A whole network.  `n_outputs` is the width of its last layer.

    `activations`, `losses`, … a spec defines but does not use are not here.
    `narrowest`: the layer `transform` answers with, for an autoencoder, else None.
    `lines` are the canonical texts of input, layers and target: a weights file keeps
    them and is refused by a network whose lines differ.
    `weight`: the column that says how much each row counts, None for no such column.
    """

    name: str
    inputs: Inputs
    layers: tuple[Layer, ...]
    n_outputs: Width
    target: Target
    task: Task
    loss: LossUse
    metrics: tuple[Metric, ...]
    train: Train
    narrowest: str | None
    lines: tuple[str, ...]
    weight: str | None = None
