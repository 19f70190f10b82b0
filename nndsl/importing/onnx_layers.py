"""ONNX operators that are layers, and what stands before and behind a network."""

from __future__ import annotations

import math

import numpy as np

from nndsl.data.errors import DataError
from nndsl.formulas.expression import Number
from nndsl.importing.imported import InexpressibleError
from nndsl.importing.layers import (
    Activation,
    Array,
    BatchNorm,
    Dense,
    LayerNorm,
    affine,
)
from nndsl.importing.onnx_elementwise import Attributes, Operator, scalar
from nndsl.importing.onnx_values import (
    Flow,
    Labelled,
    Part,
    Value,
    X,
    constant,
    flow_of,
    operation,
    short,
    vector,
)


def _matmul(attributes: Attributes, inputs: list[Value]) -> Value:
    return _dense(flow_of(inputs[0]), constant(inputs[1]), None)


def _gemm(attributes: Attributes, inputs: list[Value]) -> Value:
    weights = constant(inputs[1])
    if attributes.get("transA"):
        raise InexpressibleError("Gemm with rows as columns")
    weights = weights.T if attributes.get("transB") else weights
    weights = weights * weights.dtype.type(attributes.get("alpha", 1.0))
    biases = None
    if len(inputs) > 2:
        biases = constant(inputs[2])
        biases = biases * biases.dtype.type(attributes.get("beta", 1.0))
    return _dense(flow_of(inputs[0]), weights, biases)


def _dense(flow: Flow, weights: Array, biases: Array | None) -> Flow:
    if weights.ndim != 2 or weights.dtype.kind != "f":
        raise InexpressibleError(f"weights with {weights.ndim} dimensions")
    n_in, n_out = weights.shape
    if flow.width not in (0, n_in):
        raise DataError(f"weights for {n_in} units behind {flow.width}")
    if flow.width == 0:
        flow = Flow(flow.layers, n_in, flow.formula, flow.named, flow.fill)
    if biases is None:
        biases = np.zeros(n_out, weights.dtype)
    biases = np.broadcast_to(vector(biases), n_out)
    return flow.then(Dense(weights, biases), n_out)


def _batch_norm(attributes: Attributes, inputs: list[Value]) -> Value:
    if attributes.get("training_mode"):
        raise InexpressibleError("BatchNormalization as in training")
    epsilon = short(attributes.get("epsilon", 1e-5))
    scale, shift, mean, variance = map(constant, inputs[1:5])
    return flow_of(inputs[0]).then(BatchNorm(scale, shift, mean, variance, epsilon))


def _layer_norm(attributes: Attributes, inputs: list[Value]) -> Value:
    if attributes.get("axis", -1) not in (-1, 1):
        raise InexpressibleError("LayerNormalization over another axis")
    scale = constant(inputs[1])
    shift = constant(inputs[2]) if len(inputs) > 2 else np.zeros_like(scale)
    epsilon = short(attributes.get("epsilon", 1e-5))
    return flow_of(inputs[0]).then(LayerNorm(scale, shift, epsilon))


def _softmax(attributes: Attributes, inputs: list[Value]) -> Value:
    if attributes.get("axis", -1) not in (-1, 1):
        raise InexpressibleError("Softmax over another axis")
    return flow_of(inputs[0]).then(Activation("softmax"))


def _same(attributes: Attributes, inputs: list[Value]) -> Value:
    return inputs[0]


def _transpose(attributes: Attributes, inputs: list[Value]) -> Value:
    return constant(inputs[0]).T


def _reshape(attributes: Attributes, inputs: list[Value]) -> Value:
    """The rows as they are; what a label looks like does not matter."""
    value = inputs[0]
    if isinstance(value, Flow):
        shape = constant(inputs[1]).ravel().tolist()
        rows, *units = shape or [0]
        if rows not in (-1, 0) or units not in ([value.width], [-1], []):
            raise InexpressibleError("units in another shape")
        if not units and value.width != 1:
            raise InexpressibleError("units in another shape")
    return value


def _scaler(attributes: Attributes, inputs: list[Value]) -> Value:
    """`(x - offset) * scale`."""
    offset = np.asarray(attributes["offset"], float)
    scale = np.asarray(attributes["scale"], float)
    flow = flow_of(inputs[0])
    width = flow.width or max(offset.size, scale.size)
    if {offset.size, scale.size} - {1, width}:
        raise DataError("a node Scaler is damaged")
    return flow.then(affine(scale, -offset * scale, width), width)


def _filled(flow: Flow, fill: Array) -> Flow:
    if flow.layers or not flow.is_bare:
        raise InexpressibleError("missing values that are filled behind other steps")
    width = flow.width or fill.size
    fill = np.broadcast_to(vector(fill).astype(float), width)
    return Flow((), width, fill=fill)


def _imputer(attributes: Attributes, inputs: list[Value]) -> Value:
    if not math.isnan(attributes.get("replaced_value_float", math.nan)):
        raise InexpressibleError("an Imputer of numbers")
    return _filled(flow_of(inputs[0]), np.asarray(attributes["imputed_value_floats"]))


def _arg_max(attributes: Attributes, inputs: list[Value]) -> Value:
    flow = inputs[0].flow if isinstance(inputs[0], Part) else flow_of(inputs[0])
    return Part("place", flow)


def _binarizer(attributes: Attributes, inputs: list[Value]) -> Value:
    return Part("place", flow_of(inputs[0]))


def _labels(classes: Value, place: Value) -> Value:
    if not isinstance(place, Part) or place.kind not in ("place", "holds"):
        raise InexpressibleError("columns that the graph takes from others")
    return Labelled(place.flow, constant(classes).ravel())


def _beside(attributes: Attributes, inputs: list[Value]) -> Value:
    """`1 - p` beside `p`."""
    match inputs:
        case Flow() as first, Flow() as second if first.layers is second.layers:
            if first.formula == operation("subtract", Number(1.0), second.formula):
                return Part("pair", second)
    raise InexpressibleError("columns of several inputs or branches")


def _where(attributes: Attributes, inputs: list[Value]) -> Value:
    match inputs:
        case Part(kind="missing", flow=flow), np.ndarray() as fill, Flow() as same if (
            flow is same
        ):
            return _filled(flow, fill)
        case Part(kind="holds", flow=flow, condition=condition), then, otherwise:
            branches = scalar(then), scalar(otherwise)
            return flow.over(operation("where", condition or X, *branches))
    raise InexpressibleError("Where, other than for missing values and formulas")


LAYERS: dict[str, Operator] = {
    "MatMul": _matmul,
    "Gemm": _gemm,
    "BatchNormalization": _batch_norm,
    "LayerNormalization": _layer_norm,
    "Softmax": _softmax,
    "Identity": _same,
    "Dropout": _same,
    "Flatten": _same,
    "Squeeze": _same,
    "ZipMap": _same,
    "Transpose": _transpose,
    "Reshape": _reshape,
    "Scaler": _scaler,
    "Imputer": _imputer,
    "IsNaN": lambda attributes, inputs: Part("missing", flow_of(inputs[0])),
    "Where": _where,
    "ArgMax": _arg_max,
    "Binarizer": _binarizer,
    "Gather": lambda attributes, inputs: _labels(*inputs),
    "ArrayFeatureExtractor": lambda attributes, inputs: _labels(*inputs),
    "Concat": _beside,
}
