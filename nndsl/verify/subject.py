"""What is verified: the module of a program, with parameters and rows drawn for it."""

from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nndsl.program.program import Program
from nndsl.render.network.loss_function import loss_name
from nndsl.render.network.passes import has_dropout

Array = NDArray[Any]

ROWS = 12
OPEN_WIDTH = 4
"""The width of what the spec leaves to the data."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Inputs and targets as the network sees them, and what weighs the classes."""

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
    """Random inputs, and targets of the kind that the loss asks for."""
    rng = np.random.default_rng(1)
    x = rng.standard_normal((ROWS, _width(program.data.inputs.width)))
    if program.data.encoding == "input":
        return Batch(x, x)
    t = drawn_targets(program, rng, ROWS)
    weighs = program.loss.weights is not None
    return Batch(x, t, (module.class_weights(t),) if weighs else ())


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


def _width(width: object) -> int:
    return width if isinstance(width, int) else OPEN_WIDTH


def drawn_table(program: Program, n: int = 60) -> tuple[Any, ...]:
    """X and y as a user gives them; X alone where the input is learned."""
    rng, data = np.random.default_rng(3), program.data
    low = -3.0 if data.inputs.low is None else data.inputs.low
    high = low + 6 if data.inputs.high is None else data.inputs.high
    X = rng.uniform(low, high, (n, _width(data.inputs.width)))
    if data.encoding == "input":
        return (X,)
    if data.labels is None:
        return X, drawn_targets(program, rng, n)
    words = [f"label {i}" for i in range(_width(data.labels.count))]
    labels = np.array(data.labels.values or words)
    return X, labels[rng.permutation(n) % len(labels)]
