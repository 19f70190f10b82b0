"""Elementwise ONNX operators, and the steps of a layer norm between them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
from onnx import TensorProto

from nndsl.formulas.build.library import library_formula
from nndsl.formulas.expression import Expression, Number
from nndsl.formulas.traverse import substitute
from nndsl.importing.imported import InexpressibleError
from nndsl.importing.layers import Activation, Array, Dense, LayerNorm, affine
from nndsl.importing.onnx_values import (
    Flow,
    Part,
    Value,
    constant,
    flow_of,
    operation,
    short,
    vector,
)

Attributes: TypeAlias = Mapping[str, Any]
Operator: TypeAlias = Callable[[Attributes, list[Value]], Value]


def activated(flow: Flow, name: str, arguments: Mapping[str, float]) -> Flow:
    """A built-in activation of a flow's formula."""
    formula = library_formula("activation", name)
    defaults = {each.name: each.default for each in formula.parameters}
    numbers = {n: Number(v) for n, v in (defaults | dict(arguments)).items()}
    value = substitute(formula.value, {"x": flow.formula, **numbers})
    said = tuple((n, v) for n, v in arguments.items() if defaults[n] != v)
    return flow.over(value, Activation(name, said))


def _activation(name: str, given: tuple[tuple[str, str, float], ...]) -> Operator:
    def compute(attributes: Attributes, inputs: list[Value]) -> Value:
        arguments = {
            ours: short(attributes.get(theirs, value)) for theirs, ours, value in given
        }
        return activated(flow_of(inputs[0]), name, arguments)

    return compute


_ACTIVATIONS: dict[str, tuple[str, tuple[tuple[str, str, float], ...]]] = {
    "Relu": ("relu", ()),
    "Sigmoid": ("sigmoid", ()),
    "Tanh": ("tanh", ()),
    "Softplus": ("softplus", ()),
    "Softsign": ("softsign", ()),
    "HardSwish": ("hard_swish", ()),
    "Mish": ("mish", ()),
    "Exp": ("exponential", ()),
    "Elu": ("elu", (("alpha", "alpha", 1.0),)),
    "Celu": ("celu", (("alpha", "alpha", 1.0),)),
    "LeakyRelu": ("leaky_relu", (("alpha", "slope", 0.01),)),
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
        return flow_of(x).over(operation(name, flow_of(x).formula))

    return compute


def _binary(kind: str) -> Operator:
    def compute(attributes: Attributes, inputs: list[Value]) -> Value:
        left, right = inputs
        match left, right:
            case np.ndarray(), np.ndarray() if kind in _ARRAYS:
                return np.asarray(_ARRAYS[kind](vector(left), vector(right)))
            case (Part(), _) | (_, Part()):
                return _of_parts(kind, left, right)
            case Flow(), np.ndarray() if right.size != 1 or _lacks_bias(kind, left):
                return _with_vector(kind, left, vector(right))
            case np.ndarray(), Flow() if left.size != 1:
                return _with_vector(kind, right, vector(left), turned=True)
        one, other = _formula(left), _formula(right)
        flow = flow_of(left if isinstance(left, Flow) else right)
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
    return flow_of(value).formula


def _with_vector(kind: str, flow: Flow, given: Array, turned: bool = False) -> Flow:
    """Units scaled or shifted, each by a number of its own."""
    width = flow.width or len(given)
    numbers = given.astype(float)
    scalings = {
        "Add": (1.0, numbers),
        "Mul": (numbers, 0.0),
        "Sub": (-1.0, numbers) if turned else (1.0, -numbers),
    }
    if kind == "Div" and not turned and (numbers != 0).all():
        scalings["Div"] = (1 / numbers, 0.0)
    if kind not in scalings or len(given) != width:
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
            return Part("variance", left.flow, short(right.ravel()[0]))
        case "Div", Part(kind="centred"), Part(kind="deviation") if (
            left.flow is right.flow
        ):
            flow = left.flow.settled()
            ones = np.ones(flow.width)
            return flow.then(LayerNorm(ones, np.zeros(flow.width), right.epsilon))
    raise InexpressibleError("a normalisation other than batch norm and layer norm")


def _mean(attributes: Attributes, inputs: list[Value]) -> Value:
    axes = attributes.get("axes") or constant(inputs[1]).ravel().tolist()
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
    flow = flow_of(inputs[0])
    scaled = operation("multiply", Number(math.sqrt(2)), flow.formula)
    twice = operation("multiply", Number(2.0), operation("normal_cdf", scaled))
    return flow.over(operation("subtract", twice, Number(1.0)))


def _gelu(attributes: Attributes, inputs: list[Value]) -> Value:
    if attributes.get("approximate", b"none") != b"none":
        raise InexpressibleError("Gelu by tanh; nndsl has the exact one")
    return activated(flow_of(inputs[0]), "gelu", {})


def _selu(attributes: Attributes, inputs: list[Value]) -> Value:
    """`gamma * x` above 0, below it `gamma * alpha * (exp(x) - 1)`."""
    flow = flow_of(inputs[0])
    if not {"alpha", "gamma"} & set(attributes):
        return activated(flow, "selu", {})
    alpha, gamma = (float(attributes.get(n, v)) for n, v in _SELU.items())
    falling = operation("expm1", flow.formula)
    return flow.over(
        operation(
            "where",
            operation("greater", flow.formula, Number(0.0)),
            operation("multiply", Number(gamma), flow.formula),
            operation("multiply", Number(gamma * alpha), falling),
        )
    )


_SELU = {"alpha": 1.6732632423543772, "gamma": 1.0507009873554805}


def _hard_sigmoid(attributes: Attributes, inputs: list[Value]) -> Value:
    """`max(0, min(1, alpha * x + beta))`."""
    flow = flow_of(inputs[0])
    alpha = Number(float(attributes.get("alpha", 0.2)))
    beta = Number(float(attributes.get("beta", 0.5)))
    line = operation("add", operation("multiply", alpha, flow.formula), beta)
    return flow.over(operation("clip", line, Number(0.0), Number(1.0)))


def _clip(attributes: Attributes, inputs: list[Value]) -> Value:
    flow, *given = inputs
    limits = [attributes.get("min"), attributes.get("max")]
    for place, each in enumerate(map(constant, given[:2])):
        limits[place] = each.ravel()[0] if each.size else None
    low, high = limits
    formula = flow_of(flow).formula
    if low is not None:
        formula = operation("maximum", formula, Number(float(low)))
    if high is not None:
        formula = operation("minimum", formula, Number(float(high)))
    return flow_of(flow).over(formula)


def _prelu(attributes: Attributes, inputs: list[Value]) -> Value:
    slopes = np.unique(constant(inputs[1]))
    if len(slopes) != 1:
        raise InexpressibleError("PRelu with a slope for each unit")
    return activated(flow_of(inputs[0]), "leaky_relu", {"slope": float(slopes[0])})


def scalar(value: Value) -> Expression:
    if isinstance(value, np.ndarray) and value.size != 1:
        raise InexpressibleError("Where with a number for each unit")
    return _formula(value)


def _comparison(name: str) -> Operator:
    def compute(attributes: Attributes, inputs: list[Value]) -> Value:
        left, right = inputs
        flow = flow_of(left if isinstance(left, Flow) else right)
        condition = operation(name, scalar(left), scalar(right))
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


ELEMENTWISE: dict[str, Operator] = {
    **{kind: _activation(*entry) for kind, entry in _ACTIVATIONS.items()},
    **{kind: _elementary(name) for kind, name in _ELEMENTARY.items()},
    **{kind: _binary(kind) for kind in _BINARY},
    **{kind: _comparison(name) for kind, name in _COMPARISONS.items()},
    "Erf": _erf,
    "Gelu": _gelu,
    "Selu": _selu,
    "HardSigmoid": _hard_sigmoid,
    "Clip": _clip,
    "PRelu": _prelu,
    "ReduceMean": _mean,
    "Not": _not,
    "Cast": _cast,
}
