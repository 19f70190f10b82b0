"""A program is complete: what is learned and the program alone make every answer.

The interpreter below knows no network and no option; it is what an exporter does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from reference.data import SPECS, table
from reference.modules import load, model_class

from nndsl.compiler import understand
from nndsl.diagnostics.record import Source
from nndsl.formulas.algebra.evaluate import evaluate
from nndsl.formulas.traverse import variables
from nndsl.layers.uses import ActivationUse
from nndsl.lower.lower import lower
from nndsl.program.data import Scaling
from nndsl.program.program import (
    Activate,
    DropoutMask,
    Map,
    Product,
    Program,
    Softmax,
    Standardise,
    Statement,
)

ROWS = 40


def learned_scaling(scaling: Scaling, model: Any, prefix: str) -> Any:
    """What is taken off, and what the rest is divided by."""
    if not scaling.scales:
        return 0.0, 1.0
    if scaling.low is not None and scaling.high is not None:
        return scaling.low, scaling.high - scaling.low
    if scaling.kind == "minmax":
        return getattr(model, f"{prefix}low_"), getattr(model, f"{prefix}range_")
    return getattr(model, f"{prefix}mean_"), getattr(model, f"{prefix}std_")


def activation(use: ActivationUse, z: np.ndarray) -> np.ndarray:
    assert use.formula is not None
    (x,), value, arguments = use.formula.inputs, use.formula.value, dict(use.arguments)
    return np.vectorize(lambda each: evaluate(value, {x: each, **arguments}))(z)


def run(statement: Statement, values: dict[str, np.ndarray]) -> np.ndarray:
    """The value of a statement of the forward pass, as the network predicts."""
    match statement:
        case Product(left=left, right=right, bias=bias):
            return values[left] @ values[right] + (values[bias] if bias else 0)
        case Activate(source=source, use=use):
            return activation(use, values[source])
        case Softmax(source=source):
            powers = np.exp(values[source] - values[source].max(axis=1, keepdims=True))
            return powers / powers.sum(axis=1, keepdims=True)
        case DropoutMask(like=like):
            return np.ones_like(values[like])
        case Standardise(source=source, running_mean=str(mean)):
            variance = values[str(statement.running_variance)] + statement.epsilon
            return (values[source] - values[mean]) / np.sqrt(variance)
        case Standardise(source=source):
            mean = values[source].mean(axis=1, keepdims=True)
            variance = values[source].var(axis=1, keepdims=True) + statement.epsilon
            return (values[source] - mean) / np.sqrt(variance)
        case Map(value=value):
            names = sorted(variables(value))
            each = np.broadcast_arrays(*(values[name] for name in names))
            return np.vectorize(
                lambda *numbers: evaluate(value, dict(zip(names, numbers, strict=True)))
            )(*each)
    raise TypeError(statement)


def answers(program: Program, model: Any, rows: np.ndarray) -> np.ndarray:
    """What the network says of rows, from its program and what `model` has learned."""
    data, decision = program.data, program.data.decision
    if data.filling.fills:
        rows = np.where(np.isnan(rows), model.fill_, rows)
    start, spread = learned_scaling(data.scaling, model, "")
    values = {"x": (rows - start) / spread}
    for parameter in program.parameters:
        array = parameter.array
        values[array.name] = getattr(model.parameters_, array.key)
    for array in program.running:
        values[array.name] = getattr(model.parameters_, array.key)
    for block in program.forward:
        for statement in block.statements:
            values[statement.target] = run(statement, values)
    output = values[program.output]
    if decision.kind == "multilabel":
        return (output >= decision.threshold).astype(int)
    if data.labels is None:
        prefix = "" if data.encoding == "input" else "target_"
        start, spread = learned_scaling(data.target_scaling, model, prefix)
        return output * spread + start
    labels = np.array(data.labels.values if data.labels.declared else model.classes_)
    if decision.kind == "argmax":
        return labels[output.argmax(axis=1)]
    return labels[(output[:, 0] >= decision.threshold).astype(int)]


def check(text: str, x: np.ndarray, y: np.ndarray | None) -> None:
    program = lower(understand(Source("network.nn", text)).network)
    model = model_class(load(text, "fast"))(epochs=2)
    model.fit(*((x,) if y is None else (x, y)))
    expected = model.predict(x[:ROWS])
    found = answers(program, model, x[:ROWS])
    if found.dtype.kind == "f":
        found = found.reshape(expected.shape)
        assert found == pytest.approx(expected, rel=1e-4, abs=1e-5)
    else:
        assert found.tolist() == expected.tolist()


@pytest.mark.parametrize("name", SPECS)
def test_every_spec_answers_by_its_program_alone(name: str) -> None:
    x, y = table(name)
    if name == "diabetes":
        x = np.where(np.arange(x.size).reshape(x.shape) % 7 == 0, np.nan, x)
    check(SPECS[name].read_text("utf-8"), x, y)


@pytest.mark.parametrize(
    ("lines", "labels"),
    [
        ("dense 1; target k: ham | spam; loss hinge", ["spam", "ham"]),
        ("dense 1 tanh; loss squared_hinge", [7, 3]),
        ("dense 1 sigmoid; target k: 1 | 0; loss mean_squared_error", [0, 1]),
        ("layer_norm; dense 3; target k: a | b | c; loss huber", ["a", "b", "c"]),
        ("dense 2 softmax; loss kl_divergence", [[0.25, 0.75], [0.5, 0.5]]),
        ("dense 1 exponential; loss poisson", [1.5, 2.0]),
    ],
)
@pytest.mark.parametrize("scale", ["none", "standard", "minmax"])
def test_other_tasks_answer_by_their_program_alone(
    lines: str, labels: list[Any], scale: str
) -> None:
    x = np.random.RandomState(4).uniform(-3, 3, (60, 3))
    y = np.array([labels[place % len(labels)] for place in range(60)])
    settings = f"train {{ scale {scale}; optimizer adam(learning_rate=0.1) }}"
    check(f"network Net {{ input 3; dense 4 tanh; {lines}; {settings} }}", x, y)
