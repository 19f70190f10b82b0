"""What ONNX operators compute, as far as dense networks hold them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from onnx import TensorProto

from nndsl.data.errors import DataError
from nndsl.formulas.build.library import library_formula
from nndsl.formulas.expression import Expression, Number
from nndsl.formulas.traverse import substitute
from nndsl.importing.imported import InexpressibleError
from nndsl.importing.layers import (
    Activation,
    Array,
    BatchNorm,
    Dense,
    LayerNorm,
    affine,
)
from nndsl.importing.onnx_values import Flow, Labelled, Part, Value, X, operation

Attributes = Mapping[str, Any]
Operator = Callable[[Attributes, list[Value]], Value]


def compute(kind: str, attributes: Attributes, inputs: list[Value]) -> Value:
    """The value of a node.  Raises InexpressibleError, or DataError for nonsense."""
    if kind in _UNARY and len(inputs) == 1 and isinstance(inputs[0], Flow):
        name, defaults = _UNARY[kind]
        arguments = {
            ours: _short(attributes.get(theirs, value))
            for theirs, ours, value in defaults
        }
        return activated(inputs[0], name, arguments)
    if kind not in OPERATORS:
        raise InexpressibleError(f"the operator {kind[:60]}")
    try:
        return OPERATORS[kind](attributes, inputs)
    except (IndexError, KeyError, TypeError, AttributeError, OverflowError):
        raise DataError(f"a node {kind} is damaged") from None


def activated(flow: Flow, name: str, arguments: Mapping[str, float]) -> Flow:
    """A built-in activation of a flow's formula."""
    formula = library_formula("activation", name)
    defaults = {each.name: each.default for each in formula.parameters}
    numbers = {n: Number(v) for n, v in (defaults | dict(arguments)).items()}
    value = substitute(formula.value, {"x": flow.formula, **numbers})
    said = tuple((n, v) for n, v in arguments.items() if defaults[n] != v)
    return flow.over(value, Activation(name, said))


_ALPHA = "alpha"
_UNARY: dict[str, tuple[str, tuple[tuple[str, str, float], ...]]] = {
    "Relu": ("relu", ()),
    "Sigmoid": ("sigmoid", ()),
    "Tanh": ("tanh", ()),
    "Softplus": ("softplus", ()),
    "Softsign": ("softsign", ()),
    "HardSwish": ("hard_swish", ()),
    "Mish": ("mish", ()),
    "Exp": ("exponential", ()),
    "Elu": ("elu", ((_ALPHA, "alpha", 1.0),)),
    "Celu": ("celu", ((_ALPHA, "alpha", 1.0),)),
    "LeakyRelu": ("leaky_relu", ((_ALPHA, "slope", 0.01),)),
}
"""Operators that are built-in activations: attribute, argument, default."""

_ELEMENTARY = {
    "Log": "log",
    "Sqrt": "sqrt",
    "Abs": "abs",
    "Neg": "negate",
    "Reciprocal": "reciprocal",
    "Sign": "sign",
    "Floor": "floor",
    "Sin": "sin",
    "Cos": "cos",
}
_BINARY = {
    "Add": "add",
    "Sub": "subtract",
    "Mul": "multiply",
    "Div": "divide",
    "Pow": "power",
    "Min": "minimum",
    "Max": "maximum",
}
_COMPARISONS = {
    "Less": "less",
    "LessOrEqual": "less_equal",
    "Greater": "greater",
    "GreaterOrEqual": "greater_equal",
    "Equal": "equal",
}
_ARRAYS: dict[str, Callable[[Array, Array], Array]] = {
    "Add": np.add,
    "Sub": np.subtract,
    "Mul": np.multiply,
    "Div": np.divide,
}


def _elementary(name: str) -> Operator:
    def compute(attributes: Attributes, inputs: list[Value]) -> Value:
        (x,) = inputs
        if name == "sqrt" and isinstance(x, Part) and x.kind == "variance":
            return Part("deviation", x.flow, x.epsilon)
        if name == "sqrt" and isinstance(x, np.ndarray):
            return np.asarray(np.sqrt(x))
        return _flow(x).over(operation(name, _flow(x).formula))

    return compute


def _flow(value: Value) -> Flow:
    if not isinstance(value, Flow):
        raise InexpressibleError("operators over something else than units")
    return value


def _constant(value: Value) -> Array:
    if not isinstance(value, np.ndarray):
        raise InexpressibleError("weights that the graph computes")
    return value


def _binary(kind: str) -> Operator:
    def compute(attributes: Attributes, inputs: list[Value]) -> Value:
        left, right = inputs
        match left, right:
            case np.ndarray(), np.ndarray() if kind in _ARRAYS:
                return np.asarray(_ARRAYS[kind](left.ravel(), right.ravel()))
            case (Part(), _) | (_, Part()):
                return _of_parts(kind, left, right)
            case Flow(), np.ndarray() if right.size != 1 or _lacks_bias(kind, left):
                return _with_vector(kind, left, right.ravel())
            case np.ndarray(), Flow() if left.size != 1:
                return _with_vector(kind, right, left.ravel(), turned=True)
        one, other = _formula(left), _formula(right)
        flow = _flow(left if isinstance(left, Flow) else right)
        if (
            isinstance(left, Flow)
            and isinstance(right, Flow)
            and left.layers is not right.layers
        ):
            raise InexpressibleError("branches of layers that meet again")
        return flow.over(operation(_BINARY[kind], one, other))

    return compute


def _lacks_bias(kind: str, flow: Flow) -> bool:
    """Whether a number that is added to the only unit is the bias of a MatMul."""
    last = flow.layers[-1] if flow.layers else None
    return (
        kind == "Add"
        and flow.is_bare
        and flow.width == 1
        and isinstance(last, Dense)
        and not last.biases.any()
    )


def _formula(value: Value) -> Expression:
    if isinstance(value, np.ndarray):
        return Number(float(value.ravel()[0]))
    return _flow(value).formula


def _with_vector(kind: str, flow: Flow, vector: Array, turned: bool = False) -> Flow:
    """Units scaled or shifted, each by a number of its own."""
    width = flow.width or len(vector)
    numbers = vector.astype(float)
    scalings = {
        "Add": (1.0, numbers),
        "Mul": (numbers, 0.0),
        "Sub": (-1.0, numbers) if turned else (1.0, -numbers),
    }
    if kind == "Div" and not turned and (numbers != 0).all():
        scalings["Div"] = (1 / numbers, 0.0)
    if kind not in scalings or len(vector) != width:
        raise InexpressibleError(f"{kind} with a number for each unit")
    return flow.then(affine(*scalings[kind], width), width)


def _of_parts(kind: str, left: Value, right: Value) -> Value:
    """The steps of a layer norm."""
    match kind, left, right:
        case "Sub", Flow(), Part(kind="mean", flow=flow) if flow is left:
            return Part("centred", flow)
        case "Mul", Part(kind="centred"), Part() if left is right:
            return Part("squared", left.flow)
        case "Pow", Part(kind="centred"), np.ndarray() if float(right.ravel()[0]) == 2:
            return Part("squared", left.flow)
        case "Add", Part(kind="variance"), np.ndarray() if right.size == 1:
            return Part("variance", left.flow, float(right.ravel()[0]))
        case "Div", Part(kind="centred"), Part(kind="deviation") if (
            left.flow is right.flow
        ):
            flow = left.flow.settled()
            ones = np.ones(flow.width)
            return flow.then(LayerNorm(ones, np.zeros(flow.width), right.epsilon))
    raise InexpressibleError("a normalisation other than batch norm and layer norm")


def _mean(attributes: Attributes, inputs: list[Value]) -> Value:
    axes = attributes.get("axes") or _constant(inputs[1]).ravel().tolist()
    if list(axes) not in ([-1], [1]) or not attributes.get("keepdims", 1):
        raise InexpressibleError("ReduceMean over something else than a row's units")
    match inputs[0]:
        case Flow() as flow:
            return Part("mean", flow)
        case Part(kind="squared", flow=flow):
            return Part("variance", flow)
    raise InexpressibleError("a normalisation other than batch norm and layer norm")


def _erf(attributes: Attributes, inputs: list[Value]) -> Value:
    """`2 * normal_cdf(sqrt(2) * x) - 1`."""
    flow = _flow(inputs[0])
    scaled = operation("multiply", Number(math.sqrt(2)), flow.formula)
    twice = operation("multiply", Number(2.0), operation("normal_cdf", scaled))
    return flow.over(operation("subtract", twice, Number(1.0)))


def _gelu(attributes: Attributes, inputs: list[Value]) -> Value:
    if attributes.get("approximate", b"none") != b"none":
        raise InexpressibleError("Gelu by tanh; nndsl has the exact one")
    return activated(_flow(inputs[0]), "gelu", {})


def _selu(attributes: Attributes, inputs: list[Value]) -> Value:
    alpha, gamma = attributes.get("alpha", 1.6732632), attributes.get("gamma", 1.050701)
    if abs(alpha - 1.6732632) > 1e-6 or abs(gamma - 1.050701) > 1e-6:
        raise InexpressibleError("Selu with other constants")
    return activated(_flow(inputs[0]), "selu", {})


def _hard_sigmoid(attributes: Attributes, inputs: list[Value]) -> Value:
    """`max(0, min(1, alpha * x + beta))`."""
    flow = _flow(inputs[0])
    alpha = Number(float(attributes.get("alpha", 0.2)))
    beta = Number(float(attributes.get("beta", 0.5)))
    line = operation("add", operation("multiply", alpha, flow.formula), beta)
    return flow.over(operation("clip", line, Number(0.0), Number(1.0)))


def _clip(attributes: Attributes, inputs: list[Value]) -> Value:
    flow, *given = inputs
    limits = [attributes.get("min"), attributes.get("max")]
    for place, each in enumerate(map(_constant, given[:2])):
        limits[place] = each.ravel()[0] if each.size else None
    low, high = limits
    formula = _flow(flow).formula
    if low is not None:
        formula = operation("maximum", formula, Number(float(low)))
    if high is not None:
        formula = operation("minimum", formula, Number(float(high)))
    return _flow(flow).over(formula)


def _prelu(attributes: Attributes, inputs: list[Value]) -> Value:
    slopes = np.unique(_constant(inputs[1]))
    if len(slopes) != 1:
        raise InexpressibleError("PRelu with a slope for each unit")
    return activated(_flow(inputs[0]), "leaky_relu", {"slope": float(slopes[0])})


def _matmul(attributes: Attributes, inputs: list[Value]) -> Value:
    return _dense(_flow(inputs[0]), _constant(inputs[1]), None)


def _gemm(attributes: Attributes, inputs: list[Value]) -> Value:
    weights = _constant(inputs[1])
    if attributes.get("transA"):
        raise InexpressibleError("Gemm with rows as columns")
    weights = weights.T if attributes.get("transB") else weights
    weights = weights * weights.dtype.type(attributes.get("alpha", 1.0))
    biases = None
    if len(inputs) > 2:
        biases = _constant(inputs[2])
        biases = biases * biases.dtype.type(attributes.get("beta", 1.0))
    return _dense(_flow(inputs[0]), weights, biases)


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
    biases = np.broadcast_to(biases.reshape(-1), n_out)
    return flow.then(Dense(weights, biases), n_out)


def _batch_norm(attributes: Attributes, inputs: list[Value]) -> Value:
    if attributes.get("training_mode"):
        raise InexpressibleError("BatchNormalization as in training")
    epsilon = _short(attributes.get("epsilon", 1e-5))
    scale, shift, mean, variance = map(_constant, inputs[1:5])
    return _flow(inputs[0]).then(BatchNorm(scale, shift, mean, variance, epsilon))


def _layer_norm(attributes: Attributes, inputs: list[Value]) -> Value:
    if attributes.get("axis", -1) not in (-1, 1):
        raise InexpressibleError("LayerNormalization over another axis")
    scale = _constant(inputs[1])
    shift = _constant(inputs[2]) if len(inputs) > 2 else np.zeros_like(scale)
    epsilon = _short(attributes.get("epsilon", 1e-5))
    return _flow(inputs[0]).then(LayerNorm(scale, shift, epsilon))


def _short(number: float) -> float:
    """The number that a float32 attribute stands for: 1e-5, not 9.99999974e-06."""
    return float(f"{number:.7g}")


def _softmax(attributes: Attributes, inputs: list[Value]) -> Value:
    if attributes.get("axis", -1) not in (-1, 1):
        raise InexpressibleError("Softmax over another axis")
    return _flow(inputs[0]).then(Activation("softmax"))


def _same(attributes: Attributes, inputs: list[Value]) -> Value:
    return inputs[0]


def _transpose(attributes: Attributes, inputs: list[Value]) -> Value:
    return _constant(inputs[0]).T


def _reshape(attributes: Attributes, inputs: list[Value]) -> Value:
    """The rows as they are; what a label looks like does not matter."""
    value = inputs[0]
    if isinstance(value, Flow):
        shape = _constant(inputs[1]).ravel().tolist()
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
    flow = _flow(inputs[0])
    width = flow.width or max(offset.size, scale.size)
    if {offset.size, scale.size} - {1, width}:
        raise DataError("a node Scaler is damaged")
    return flow.then(affine(scale, -offset * scale, width), width)


def _filled(flow: Flow, fill: Array) -> Flow:
    if flow.layers or not flow.is_bare:
        raise InexpressibleError("missing values that are filled behind other steps")
    width = flow.width or fill.size
    fill = np.broadcast_to(fill.astype(float).ravel(), width)
    return Flow((), width, fill=fill)


def _imputer(attributes: Attributes, inputs: list[Value]) -> Value:
    if not math.isnan(attributes.get("replaced_value_float", math.nan)):
        raise InexpressibleError("an Imputer of numbers")
    return _filled(_flow(inputs[0]), np.asarray(attributes["imputed_value_floats"]))


def _where(attributes: Attributes, inputs: list[Value]) -> Value:
    match inputs:
        case Part(kind="missing", flow=flow), np.ndarray() as fill, Flow() as same if (
            flow is same
        ):
            return _filled(flow, fill)
        case Part(kind="holds", flow=flow, condition=condition), then, otherwise:
            branches = _scalar(then), _scalar(otherwise)
            return flow.over(operation("where", condition or X, *branches))
    raise InexpressibleError("Where, other than for missing values and formulas")


def _scalar(value: Value) -> Expression:
    if isinstance(value, np.ndarray) and value.size != 1:
        raise InexpressibleError("Where with a number for each unit")
    return _formula(value)


def _comparison(name: str) -> Operator:
    def compute(attributes: Attributes, inputs: list[Value]) -> Value:
        left, right = inputs
        flow = _flow(left if isinstance(left, Flow) else right)
        condition = operation(name, _scalar(left), _scalar(right))
        return Part("holds", flow, condition=condition)

    return compute


def _not(attributes: Attributes, inputs: list[Value]) -> Value:
    (truth,) = inputs
    if not isinstance(truth, Part) or truth.condition is None:
        raise InexpressibleError("Not, other than of a comparison")
    condition = operation("where", truth.condition, Number(0.0), Number(1.0))
    return Part("holds", truth.flow, condition=condition)


def _cast(attributes: Attributes, inputs: list[Value]) -> Value:
    """The same; a truth that becomes a number is one of a formula."""
    (value,) = inputs
    is_number = attributes["to"] in (TensorProto.FLOAT, TensorProto.DOUBLE)
    if is_number and isinstance(value, Part) and value.condition is not None:
        return value.flow.over(value.condition)
    return value


def _arg_max(attributes: Attributes, inputs: list[Value]) -> Value:
    flow = inputs[0].flow if isinstance(inputs[0], Part) else _flow(inputs[0])
    return Part("place", flow)


def _binarizer(attributes: Attributes, inputs: list[Value]) -> Value:
    return Part("place", _flow(inputs[0]))


def _labels(classes: Value, place: Value) -> Value:
    if not isinstance(place, Part) or place.kind not in ("place", "holds"):
        raise InexpressibleError("columns that the graph takes from others")
    return Labelled(place.flow, _constant(classes).ravel())


def _beside(attributes: Attributes, inputs: list[Value]) -> Value:
    """`1 - p` beside `p`."""
    match inputs:
        case Flow() as first, Flow() as second if first.layers is second.layers:
            if first.formula == operation("subtract", Number(1.0), second.formula):
                return Part("pair", second)
    raise InexpressibleError("columns of several inputs or branches")


OPERATORS: dict[str, Operator] = {
    **{kind: _elementary(name) for kind, name in _ELEMENTARY.items()},
    **{kind: _binary(kind) for kind in _BINARY},
    **{kind: _comparison(name) for kind, name in _COMPARISONS.items()},
    "Erf": _erf,
    "Gelu": _gelu,
    "Selu": _selu,
    "HardSigmoid": _hard_sigmoid,
    "Clip": _clip,
    "PRelu": _prelu,
    "MatMul": _matmul,
    "Gemm": _gemm,
    "BatchNormalization": _batch_norm,
    "LayerNormalization": _layer_norm,
    "ReduceMean": _mean,
    "Softmax": _softmax,
    "Identity": _same,
    "Cast": _cast,
    "Dropout": _same,
    "Flatten": _same,
    "Squeeze": _same,
    "Transpose": _transpose,
    "Reshape": _reshape,
    "Scaler": _scaler,
    "Imputer": _imputer,
    "IsNaN": lambda attributes, inputs: Part("missing", _flow(inputs[0])),
    "Where": _where,
    "ArgMax": _arg_max,
    "Binarizer": _binarizer,
    "Not": _not,
    "Gather": lambda attributes, inputs: _labels(*inputs),
    "ArrayFeatureExtractor": lambda attributes, inputs: _labels(*inputs),
    "Concat": _beside,
    "ZipMap": _same,
}
