"""What stands around the network in an ONNX graph: from columns to `x`, to an answer.

Inputs and outputs are named as skl2onnx names them: one input `X` for a table of
numbers, one for each column where some hold labels.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nndsl.data.errors import DataError
from nndsl.exporting.onnx_graph import Graph
from nndsl.exporting.trained import Numbers, Trained, Words


def add_inputs(graph: Graph, trained: Trained) -> dict[str, str]:
    """Add the inputs of the graph; their names by column, or by `X` for all."""
    if not trained.words:
        return {"X": graph.input("X", graph.dtype, len(trained.numbers.places))}
    labels = {each.name for each in trained.words}
    return {
        name: graph.input(name, np.str_ if name in labels else graph.dtype, 1)
        for name in trained.features
    }


def add_encoding(graph: Graph, trained: Trained, inputs: dict[str, str]) -> str:
    """Add what makes the network's inputs of the columns; the name of the result."""
    numbers = trained.numbers
    parts = []
    if not trained.words:
        parts.append(_scaled(graph, numbers, _ordered(graph, numbers, inputs["X"])))
    elif numbers.names:
        columns = [inputs[name] for name in numbers.names]
        parts.append(_scaled(graph, numbers, _beside(graph, columns)))
    parts += [_one_hot(graph, each, inputs[each.name]) for each in trained.words]
    return _beside(graph, parts)


def _beside(graph: Graph, parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else graph.node("Concat", parts, axis=1)


def _ordered(graph: Graph, numbers: Numbers, x: str) -> str:
    """The columns of `X` in the order of the network's inputs."""
    if numbers.places == tuple(range(len(numbers.places))):
        return x
    places = graph.constant("places", np.array(numbers.places))
    return graph.node("Gather", [x, places], axis=1)


def _scaled(graph: Graph, numbers: Numbers, x: str) -> str:
    """Filled and scaled in float64, as modules do."""
    if not numbers.fills and not numbers.scales:
        return x
    x = graph.cast(x, np.float64)
    if numbers.fills:
        fill = graph.constant("fill", numbers.fill)
        x = graph.node("Where", [graph.node("IsNaN", [x]), fill, x])
    if numbers.scales:
        x = graph.node("Sub", [x, graph.constant("start", numbers.start)])
        x = graph.node("Div", [x, graph.constant("spread", numbers.spread)])
    return graph.cast(x, graph.dtype)


def _one_hot(graph: Graph, words: Words, column: str) -> str:
    """An unknown label without `other` is none of them: all 0."""
    labels = list(words.labels)
    places = list(range(len(labels)))
    if words.fill is not None:
        labels, places = [*labels, ""], [*places, words.fill]
    place = graph.node(
        "LabelEncoder",
        [column],
        keys_strings=labels,
        values_int64s=places,
        default_int64=-1 if words.other is None else words.other,
    )
    count = len(words.labels)
    columns = np.arange(1 if count == 2 else 0, count).reshape(1, -1)
    equal = graph.node("Equal", [place, graph.constant(words.name, columns)])
    return graph.cast(equal, graph.dtype)


def add_outputs(graph: Graph, trained: Trained) -> dict[str, str]:
    """Add the outputs of the graph; their names."""
    dtype, decision = graph.dtype, trained.program.data.decision
    width = len(trained.target_start)
    if decision.is_multilabel:
        names: list[tuple[str, Any, list[int]]] = [
            ("label", np.int64, [width]),
            ("probabilities", dtype, [width]),
        ]
    elif trained.classes is None:
        names = [("variable", dtype, [width])]
    else:
        columns = len(trained.classes) if decision.probabilities else width
        scores = "probabilities" if decision.probabilities else "scores"
        kind = _labels(graph, trained.classes).dtype.type
        names = [("label", kind, []), (scores, dtype, [columns])]
    return {name: graph.output(name, kind, *widths) for name, kind, widths in names}


def add_answer(
    graph: Graph, trained: Trained, output: str, outputs: dict[str, str]
) -> None:
    """Add the decision over the network's output, and the answer's labels or units."""
    decision = trained.program.data.decision
    if decision.is_multilabel:
        threshold = graph.number(float(decision.threshold or 0.0))
        holds = graph.node("GreaterOrEqual", [output, threshold])
        graph.cast(holds, np.int64, outputs["label"])
        graph.node("Identity", [output], outputs["probabilities"])
    elif trained.classes is None:
        _in_units(graph, trained, output, outputs["variable"])
    else:
        place = _place(graph, trained, output, outputs)
        labels = graph.constant("classes", _labels(graph, trained.classes))
        graph.node("Gather", [labels, place], outputs["label"], axis=0)


def _in_units(graph: Graph, trained: Trained, output: str, to: str) -> None:
    """The output in the target's units, computed in float64 as modules do."""
    start, spread = trained.target_start, trained.target_spread
    if not start.any() and (spread == 1).all():
        graph.node("Identity", [output], to)
        return
    value = graph.cast(output, np.float64)
    value = graph.node("Mul", [value, graph.constant("target_spread", spread)])
    value = graph.node("Add", [value, graph.constant("target_start", start)])
    graph.cast(value, graph.dtype, to)


def _place(graph: Graph, trained: Trained, output: str, outputs: dict[str, str]) -> str:
    """The place of each row's label; also adds the probabilities or scores."""
    decision = trained.program.data.decision
    to = outputs.get("probabilities") or outputs["scores"]
    if decision.probabilities and decision.is_threshold:
        first = graph.node("Sub", [graph.number(1.0), output])
        output = graph.node("Concat", [first, output], to, axis=1)
    else:
        graph.node("Identity", [output], to)
    if decision.probabilities or decision.is_argmax:
        return graph.node("ArgMax", [output], axis=1, keepdims=0)
    threshold = graph.number(float(decision.threshold or 0.0))
    holds = graph.node("GreaterOrEqual", [output, threshold])
    rows = graph.constant("rows", np.array([-1]))
    return graph.node("Reshape", [graph.cast(holds, np.int64), rows])


def _labels(graph: Graph, classes: NDArray[Any]) -> NDArray[Any]:
    """Labels as ONNX holds them: text, int64, truths, or the network's own numbers."""
    kinds: dict[str, Any] = {"U": np.str_, "i": np.int64, "u": np.int64, "b": np.bool_}
    dtype = kinds.get(classes.dtype.kind, graph.dtype)
    labels = classes.astype(dtype)
    if not (labels == classes).all() and dtype is not graph.dtype:
        raise DataError("the labels are numbers that no 64-bit integer holds")
    return labels
