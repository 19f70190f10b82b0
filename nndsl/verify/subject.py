"""What is verified: the module of a program, with parameters and rows drawn for it."""

from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nndsl.data.frame import Frame
from nndsl.program.data import Columns, Data, NumberColumns
from nndsl.program.program import Program
from nndsl.render.network.loss_function import loss_name
from nndsl.render.network.passes import has_dropout

Array = NDArray[Any]

ROWS = 12
OPEN_WIDTH = 4
"""The width of what the spec leaves to the data."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Inputs and targets as the network sees them, and what weighs rows and classes."""

    x: Array
    t: Array
    weights: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """A module with parameters `p`; the same units are dropped in every pass."""

    program: Program
    module: ModuleType
    p: Any

    def outputs(self, x: Array) -> Any:
        """The outputs of the layers as training computes them."""
        given: dict[str, Any] = {}
        if has_dropout(self.program):
            given["rng"] = np.random.default_rng(9)
        if self.program.running:
            given["training"] = True
        return self.module.forward(self.p, x, **given)

    def loss(self, batch: Batch) -> float:
        """The loss that is differentiated, penalties included."""
        function = getattr(self.module, loss_name(self.program))
        value = function(self.outputs(batch.x)[-1], batch.t, *batch.weights)
        if self.program.penalties:
            value += self.module.penalty(self.p)
        return float(value)

    def gradients(self, batch: Batch) -> dict[str, Array]:
        """By the names of the parameters; running statistics have none."""
        outputs = self.outputs(batch.x)
        found = self.module.backward(
            self.p, batch.x, outputs, batch.t, *batch.weights
        )._asdict()
        return {p.array.key: found[p.array.key] for p in self.program.parameters}


def subject_of(program: Program, module: ModuleType) -> Subject:
    """The module with random parameters, biases among them, so that nothing is 0."""
    rng = np.random.default_rng(0)
    open_widths = {w for p in program.parameters for w in p.array.shape} - {"n"}
    words = [word for word in ("features", "outputs") if word in open_widths]
    p = module.initialize(rng, *[OPEN_WIDTH] * len(words))
    for parameter in program.parameters:
        w = getattr(p, parameter.array.key)
        w += 0.2 / np.sqrt(w.size / w.shape[-1]) * rng.standard_normal(w.shape)
    return Subject(program, module, p)


def drawn_batch(program: Program, module: ModuleType) -> Batch:
    """Random inputs, targets of the kind that the loss asks for, weights of mean 1."""
    rng = np.random.default_rng(1)
    x = rng.standard_normal((ROWS, _width(program.arrays["x"].shape[1])))
    learns_input = program.data.encoding == "input"
    t = x if learns_input else drawn_targets(program, rng, ROWS)
    weights: list[Array] = []
    if program.data.weight is not None:
        drawn = rng.uniform(0.5, 1.5, ROWS)
        weights.append(drawn / drawn.mean())
    if program.loss.weights is not None:
        weights.append(module.class_weights(t, *weights))
    return Batch(x, t, tuple(weights))


def drawn_targets(program: Program, rng: np.random.Generator, n: int) -> Array:
    """Targets as the network sees them, (n, outputs)."""
    data, k = program.data, _width(program.loss.outputs)
    match data.encoding, data.decision.kind:
        case "one_hot", _:
            return np.eye(k)[rng.permutation(n) % k]
        case "binary", _:
            return (rng.permutation(n) % 2).reshape(n, 1).astype(np.float64)
        case "sign", _:
            return 2.0 * (rng.permutation(n) % 2).reshape(n, 1) - 1
        case _, "multilabel":
            return (rng.permuted(np.arange(n * k).reshape(n, k)) % 2).astype(np.float64)
        case _, "distribution":
            return np.asarray(rng.dirichlet(np.ones(k), n))
    low, high = data.targets.low, data.targets.high
    t = rng.standard_normal((n, k))
    if low is not None or high is not None:
        start = low if low is not None else float(high or 0) - 3
        stop = high if high is not None else start + 3
        t = rng.uniform(start, stop, (n, k))
    return t


def drawn_table(program: Program, n: int = 60) -> dict[str, Any]:
    """X, y and the rows' weights, as a user gives them to `fit`."""
    rng, data = np.random.default_rng(3), program.data
    given: dict[str, Any] = {"X": _drawn_inputs(data, rng, n)}
    if data.encoding != "input":
        given["y"] = _drawn_answers(program, rng, n)
    if data.weight is not None:
        given["sample_weight"] = rng.uniform(0.5, 1.5, n)
    return given


def _drawn_inputs(data: Data, rng: np.random.Generator, n: int) -> Any:
    def numbers(columns: Columns | NumberColumns, shape: tuple[int, ...]) -> Array:
        low = -3.0 if columns.low is None else columns.low
        high = low + 6 if columns.high is None else columns.high
        return rng.uniform(low, high, shape)

    if not data.has_columns:
        return numbers(data.inputs, (n, _width(data.inputs.width)))
    arrays = {
        name: numbers(group, (n,))
        for group in data.number_columns
        for name in group.names
    }
    for column in data.label_columns:
        labels = np.array(column.labels or ("a", "b", "c"), object)
        arrays[column.name] = labels[rng.permutation(n) % len(labels)]
    return Frame(arrays)


def _drawn_answers(program: Program, rng: np.random.Generator, n: int) -> Array:
    labels = program.data.labels
    if labels is None:
        return drawn_targets(program, rng, n)
    words = [f"label {i}" for i in range(_width(labels.count))]
    values = np.array(labels.values or words)
    return values[rng.permutation(n) % len(values)]


def _width(width: object) -> int:
    return width if isinstance(width, int) else OPEN_WIDTH
