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
from nndsl.program.data import Data, Scaling
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
    if scaling.kind == "robust":
        return getattr(model, f"{prefix}median_"), getattr(model, f"{prefix}iqr_")
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


def mixed_inputs(data: Data, model: Any, rows: np.ndarray) -> np.ndarray:
    """The inputs of rows whose columns are numbers and labels, in the spec's order."""
    column = dict(zip(data.inputs.names, rows.T, strict=True))
    inputs: list[np.ndarray] = []
    place = 0
    for group in data.number_columns:
        for name in group.names:
            x = column[name].astype(float)
            if group.filling.fills:
                x = np.where(np.isnan(x), model.fill_[place], x)
            if group.scaling.scales:
                x = (x - model.start_[place]) / model.spread_[place]
            inputs.append(x)
            place += 1
    for each in data.label_columns:
        labels = list(model.labels_[each.name]) if each.learned else list(each.labels)
        cells = [each.fill if cell is None else str(cell) for cell in column[each.name]]
        if each.has_other:
            cells = [cell if cell in labels else "other" for cell in cells]
        for label in labels[1:] if len(labels) == 2 else labels:
            inputs.append(np.array([float(cell == label) for cell in cells]))
    return np.column_stack(inputs)


def answers(program: Program, model: Any, rows: np.ndarray) -> np.ndarray:
    """What the network says of rows, from its program and what `model` has learned."""
    data, decision = program.data, program.data.decision
    if data.has_columns:
        values = {"x": mixed_inputs(data, model, rows)}
    else:
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
@pytest.mark.parametrize("scale", ["none", "standard", "minmax", "robust"])
def test_other_tasks_answer_by_their_program_alone(
    lines: str, labels: list[Any], scale: str
) -> None:
    x = np.random.RandomState(4).uniform(-3, 3, (60, 3))
    y = np.array([labels[place % len(labels)] for place in range(60)])
    settings = f"train {{ scale {scale}; optimizer adam(learning_rate=0.1) }}"
    check(f"network Net {{ input 3; dense 4 tanh; {lines}; {settings} }}", x, y)


COLUMNS = """
    input a: no | yes
    input b missing=median scale=robust
    input c: 1 | 2 | 3 missing=2
    input d in 0..1 scale=minmax; input e scale=none
    input f: any; input g: any | other; input h: x | y | other
"""


def test_columns_of_numbers_and_labels_answer_by_their_program_alone() -> None:
    random = np.random.RandomState(5)
    x = np.empty((60, 8), object)
    x[:, 0] = random.choice(["yes", "no"], 60)
    x[:, 1] = np.where(random.rand(60) < 0.2, np.nan, random.normal(3, 2, 60))
    x[:, 2] = [None if i % 7 == 0 else i % 3 + 1 for i in range(60)]
    x[:, 3:5] = random.rand(60, 2)
    x[:, 5] = random.choice(list("pqr"), 60)
    x[:, 6] = [None if i % 9 == 0 else f"g{i % 4}" for i in range(60)]
    x[:, 7] = random.choice(["x", "y", "z"], 60)
    y = random.normal(0, 1, 60)
    settings = "train { optimizer adam(learning_rate=0.1) }"
    layers = "dense 4 tanh; dense 1; loss mean_squared_error"
    check(f"network Net {{ {COLUMNS} {layers}; {settings} }}", x, y)
