"""The program: what to compute, as statements over named arrays with known shapes.

It knows no layers and no options.  A dimension is a number or one of the words `n`
(rows), `features` and `outputs`.  Every statement computes one array, its `target`,
from arrays computed before; what it means stands in its docstring in NumPy's words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from nndsl.formulas.expression import Expression, State, Step
from nndsl.layers.uses import ActivationUse, Initializer
from nndsl.program.data import Data
from nndsl.program.size import Size, size_of
from nndsl.syntax.tree import Span

Dimension = int | str
Shape = tuple[Dimension, ...]
Kind: TypeAlias = Literal[
    "input", "target", "weights", "parameter", "running", "value", "gradient"
]


@dataclass(frozen=True, slots=True)
class Array:
    """`key`: the name that a parameter or a running statistic has in files.

    `layer`: the layer that owns it.
    """

    name: str
    shape: Shape
    kind: Kind
    key: str = ""
    layer: str = ""


@dataclass(frozen=True, slots=True)
class Product:
    """`left @ right + bias`, either factor transposed where it says so."""

    target: str
    left: str
    right: str
    bias: str | None = None
    transpose_left: bool = False
    transpose_right: bool = False


@dataclass(frozen=True, slots=True)
class Map:
    """An elementwise formula over arrays, which broadcast."""

    target: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Activate:
    """`use(source)`, elementwise."""

    target: str
    source: str
    use: ActivationUse


@dataclass(frozen=True, slots=True)
class ActivateGradient:
    """`upstream * slope(at)`: the derivative of the activation.

    `at` is what the activation was given or, with `by_output`, what it gave.
    """

    target: str
    upstream: str
    at: str
    use: ActivationUse
    slope: Expression
    by_output: bool


@dataclass(frozen=True, slots=True)
class Softmax:
    """`exp(source) / sum(exp(source))` over each row."""

    target: str
    source: str


@dataclass(frozen=True, slots=True)
class SoftmaxGradient:
    """`output * (upstream - sum(upstream * output))` over each row."""

    target: str
    upstream: str
    output: str


@dataclass(frozen=True, slots=True)
class Standardise:
    """`(source - mean) / sqrt(variance + epsilon)`, `mean` and `variance` computed too.

    Over the rows (axis 0: batch norm, whose running statistics stand in for those of
    the batch when the network predicts) or over each row's units (axis 1: layer norm).
    """

    target: str
    source: str
    mean: str
    variance: str
    axis: Literal[0, 1]
    epsilon: float
    layer: str
    running_mean: str | None = None
    running_variance: str | None = None
    momentum: float = 0.0


@dataclass(frozen=True, slots=True)
class StandardiseGradient:
    """`(upstream - mean(upstream) - output * mean(upstream * output)) / deviation`.

    The means run over `axis`; the deviation is `sqrt(variance + epsilon)`.  All is
    multiplied by `factor`, and the means are those of `sums`, where these are given.
    """

    target: str
    upstream: str
    output: str
    variance: str
    axis: Literal[0, 1]
    epsilon: float
    layer: str
    factor: str | None = None
    sums: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class DropoutMask:
    """0 with probability `rate`, else 1 / (1 - rate); 1 where nothing is dropped."""

    target: str
    like: str
    rate: float


@dataclass(frozen=True, slots=True)
class SumRows:
    """`value.sum(axis=0)`: an elementwise formula, added over the rows."""

    target: str
    value: Expression


Statement = (
    Product
    | Map
    | Activate
    | ActivateGradient
    | Softmax
    | SoftmaxGradient
    | Standardise
    | StandardiseGradient
    | DropoutMask
    | SumRows
)


@dataclass(frozen=True, slots=True)
class Block:
    """The statements that one line of the spec became; `text` is that line."""

    text: str
    layer: str
    statements: tuple[Statement, ...]
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A trained array: how it starts, and what keeps it small.

    `penalised` parameters add `l1 * sum(abs(w)) + l2 * sum(w ** 2)` to the loss;
    `max_norm` is the length no column may exceed after a step.
    """

    array: Array
    initializer: Initializer
    l1: float = 0.0
    l2: float = 0.0
    max_norm: float | None = None


@dataclass(frozen=True, slots=True)
class Constant:
    """A number of the spec that keeps its name in the formulas."""

    name: str
    value: float
    note: str


@dataclass(frozen=True, slots=True)
class ConstantNames:
    """Names of constants, by parameter, layer or (for dropout) mask."""

    l1: Mapping[str, str]
    l2: Mapping[str, str]
    max_norm: Mapping[str, str]
    epsilon: Mapping[str, str]
    momentum: Mapping[str, str]
    dropout: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Penalty:
    """`l1 * sum(abs(w)) + l2 * sum(w ** 2)`, added to the loss of every batch.

    `parameter` is w; its derivative, `l1 * sign(w) + 2 * l2 * w`, is added to the array
    `gradient`.  `l1` and `l2` name constants; None is none.
    """

    parameter: str
    gradient: str
    l1: str | None
    l2: str | None


@dataclass(frozen=True, slots=True)
class Loss:
    """The loss of each row and output, over the arrays `prediction` and `target`.

    It is the mean of `each` over rows and outputs, or over the rows alone where the
    loss is `summed` over the outputs.  `weights`: the array that each row's loss is
    multiplied with first; `sample_weight` the one that it then counts with in the mean.
    `smoothed`: the statement that makes the smoothed target,
    which `each` reads.
    """

    name: str
    each: Expression
    prediction: str
    target: str
    outputs: Dimension
    summed: bool
    documentation: str
    weights: str | None = None
    smoothed: Map | None = None
    sample_weight: str | None = None


@dataclass(frozen=True, slots=True)
class Clipping:
    """`norm`: all gradients are scaled down to it; `value`: each is clipped."""

    norm: float | None = None
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """One optimizer step, as formulas over `weight`, `gradient`, `step` and constants.

    `scalars` come first and are computed once a step, `steps` for every array.
    States that are not scalar are remembered for every array.  `notes` say what a
    state or a value is.
    """

    name: str
    states: tuple[State, ...]
    scalars: tuple[Step, ...]
    steps: tuple[Step, ...]
    documentation: str
    notes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Schedule:
    """The learning rate over `learning_rate`, `epoch`, `epochs`, `step` and `steps`."""

    name: str
    value: Expression
    documentation: str


@dataclass(frozen=True, slots=True)
class Program:
    """A network as statements.

    `forward` is written for training; predicting is the same with running statistics
    and without dropout.  `backward` computes the gradient of the loss for every
    parameter: `gradients` says which array is whose (parameter name, gradient name).
    `penalties` add to the loss and to the gradients that the backward pass found.
    `outputs` names the array each layer's output is in, `narrowest` that of an
    autoencoder's code.  `schedule` is None where the
    learning rate stays, or goes by the validation loss.
    """

    data: Data
    arrays: Mapping[str, Array]
    precision: Literal["float32", "float64"]
    constants: tuple[Constant, ...]
    names: ConstantNames
    parameters: tuple[Parameter, ...]
    running: tuple[Array, ...]
    forward: tuple[Block, ...]
    backward: tuple[Block, ...]
    gradients: tuple[tuple[str, str], ...]
    output: str
    outputs: tuple[tuple[str, str], ...]
    narrowest: str | None
    loss: Loss
    penalties: tuple[Penalty, ...]
    clipping: Clipping
    update: Update
    schedule: Schedule | None

    @property
    def n_parameters(self) -> Size:
        """How many numbers the network learns."""
        return size_of(parameter.array.shape for parameter in self.parameters)

    def n_parameters_of(self, layer: str) -> Size:
        """How many of them the layer of this name learns."""
        return size_of(
            parameter.array.shape
            for parameter in self.parameters
            if parameter.array.layer == layer
        )
