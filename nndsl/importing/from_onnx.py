"""Dense networks in ONNX files, as PyTorch, Keras, skl2onnx and nndsl write them."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from google.protobuf.message import DecodeError
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from nndsl.data.errors import DataError, reason
from nndsl.importing.imported import Imported, InexpressibleError
from nndsl.importing.layers import Array
from nndsl.importing.onnx_nodes import compute
from nndsl.importing.onnx_values import Flow, Labelled, Part, Value
from nndsl.importing.plain import plain

_NODES = 10_000
_NUMBERS = {TensorProto.FLOAT: np.float32, TensorProto.DOUBLE: np.float64}


def read(path: str, options: Namespace) -> Imported:
    """The graph of a file as layers.  Weights in other files are not opened."""
    try:
        with open(path, "rb") as file:
            model = onnx.load_model_from_string(file.read())
        _check_inside(model.graph)
        onnx.checker.check_model(model)
    except OSError as error:
        raise DataError(f"{path}: {reason(error)}") from None
    except (DecodeError, onnx.checker.ValidationError, ValueError) as error:
        words = " ".join(str(error).split())[:150]
        raise DataError(f"{path}: is no ONNX file, or damaged: {words}") from None
    try:
        return _imported(model)
    except InexpressibleError:
        raise
    except DataError as error:
        raise DataError(f"{path}: is damaged: {error}") from None


def _imported(model: Any) -> Imported:
    graph = model.graph
    x = _input(graph)
    values: dict[str, Value] = {each.name: _array(each) for each in graph.initializer}
    values[x.name] = Flow((), _width(x))
    if len(graph.node) > _NODES or graph.sparse_initializer:
        raise InexpressibleError(f"a graph of {len(graph.node)} nodes")
    for node in graph.node:
        _add(node, values)
    output, flow = _output(graph, values)
    classes = [
        each.classes
        for each in map(values.get, [o.name for o in graph.output])
        if isinstance(each, Labelled)
    ]
    flow = flow.settled()
    dtype = _NUMBERS[x.type.tensor_type.elem_type]

    runnable = _without_zip_map(model, output)

    def answers(columns: Sequence[Array]) -> Array:
        rows = np.column_stack(list(columns)).astype(dtype)
        try:
            (found,) = ReferenceEvaluator(runnable).run(None, {x.name: rows})
        except Exception as error:  # each operator has its own
            words = " ".join(str(error).split())[:150]
            raise DataError(f"ONNX's reference cannot run it: {words}") from None
        return np.asarray(found)

    source = f"an ONNX graph written by {model.producer_name or 'an unnamed program'}"[
        :68
    ]
    labels = _labels(classes[0]) if classes else None
    return plain(_plain_words(source), flow.layers, answers, labels, flow.fill)


def _without_zip_map(model: Any, output: str) -> Any:
    """The model with one output, `output`; the reference knows no ZipMap."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    inputs = {each.output[0]: each.input[0] for each in copy.graph.node if _zips(each)}
    nodes = [each for each in copy.graph.node if not _zips(each)]
    del copy.graph.node[:], copy.graph.output[:]
    copy.graph.node.extend(nodes)
    name = inputs.get(output, output)
    copy.graph.output.append(helper.make_tensor_value_info(name, 1, None))
    return copy


def _zips(node: Any) -> bool:
    return bool(node.op_type == "ZipMap")


def _plain_words(text: str) -> str:
    return "".join(c for c in text if c.isascii() and c.isprintable())


def _input(graph: Any) -> Any:
    """The one input, a table of numbers."""
    constants = {each.name for each in graph.initializer}
    inputs = [each for each in graph.input if each.name not in constants]
    if len(inputs) != 1:
        raise InexpressibleError(f"a graph of {len(inputs)} inputs; expected one table")
    kind = inputs[0].type.tensor_type
    if kind.elem_type not in _NUMBERS or len(kind.shape.dim) != 2:
        raise InexpressibleError("an input that is no table of numbers")
    return inputs[0]


def _width(x: Any) -> int:
    return max(int(x.type.tensor_type.shape.dim[1].dim_value), 0)


def _check_inside(graph: Any) -> None:
    """Raise InexpressibleError for constants that another file holds."""
    tensors = [a.t for node in graph.node for a in node.attribute]
    for tensor in (*graph.initializer, *tensors):
        if tensor.data_location == TensorProto.EXTERNAL:
            raise InexpressibleError(
                "weights in another file; save them in the graph (external_data=False)"
            )


def _array(tensor: Any) -> Array:
    try:
        array = numpy_helper.to_array(tensor)
    except (ValueError, TypeError):
        raise DataError(f"the constant {tensor.name[:60]} is not an array") from None
    if array.dtype == object:  # text
        return np.array([_text(each) for each in array.ravel()], str)
    return array.astype(np.float32) if array.dtype == np.float16 else array


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _add(node: Any, values: dict[str, Value]) -> None:
    """Compute the first output of a node; no other is read."""
    attributes = {
        each.name: helper.get_attribute_value(each) for each in node.attribute
    }
    if node.op_type == "Constant":
        if set(attributes) != {"value"}:
            raise InexpressibleError("a Constant that is no tensor")
        values[node.output[0]] = _array(attributes["value"])
        return
    if node.domain not in ("", "ai.onnx", "ai.onnx.ml"):
        raise InexpressibleError(f"the operator {node.domain}.{node.op_type}"[:80])
    nothing = np.zeros(0)
    inputs = [
        values.get(name, nothing) if name == "" else values.get(name)
        for name in node.input
    ]
    if any(each is None for each in inputs):
        raise InexpressibleError(f"what {node.op_type[:60]} reads is not understood")
    values[node.output[0]] = compute(
        node.op_type, attributes, [each for each in inputs if each is not None]
    )


def _output(graph: Any, values: dict[str, Value]) -> tuple[str, Flow]:
    """The name of the output that holds numbers, and what it is."""
    for each in graph.output:
        value = values.get(each.name)
        if isinstance(value, Flow):
            return each.name, value
        if isinstance(value, Part) and value.kind == "pair":
            return each.name, value.flow
    raise InexpressibleError("a graph without an output of numbers")


def _labels(classes: Array) -> Array:
    if len(classes) < 2 or classes.dtype.kind not in "iufbU":
        raise InexpressibleError(f"the labels {classes.tolist()}"[:200])
    return classes
