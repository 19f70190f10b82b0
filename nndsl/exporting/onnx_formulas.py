"""Formulas as ONNX operators."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nndsl.exporting.onnx_graph import Graph, Type
from nndsl.formulas.expression import Expression, Number, Operation, Variable
from nndsl.layers.uses import ActivationUse
from nndsl.program.activation_value import value_of

_ACTIVATIONS: dict[str, tuple[str, dict[str, str | float]]] = {
    "relu": ("Relu", {}),
    "sigmoid": ("Sigmoid", {}),
    "tanh": ("Tanh", {}),
    "leaky_relu": ("LeakyRelu", {"alpha": "slope"}),
    "elu": ("Elu", {"alpha": "alpha"}),
    "celu": ("Celu", {"alpha": "alpha"}),
    "selu": ("Selu", {}),
    "softplus": ("Softplus", {}),
    "softsign": ("Softsign", {}),
    "hard_sigmoid": ("HardSigmoid", {"alpha": 1 / 6, "beta": 0.5}),
    "hard_swish": ("HardSwish", {}),
}
"""Built-in activations that are one operator; its attributes, by argument or value."""
_IN_FLOAT64 = ("relu", "sigmoid", "tanh")
"""Those of them that onnxruntime computes in float64."""

_OPERATORS = {
    "add": "Add",
    "subtract": "Sub",
    "multiply": "Mul",
    "divide": "Div",
    "power": "Pow",
    "negate": "Neg",
    "reciprocal": "Reciprocal",
    "exp": "Exp",
    "log": "Log",
    "sqrt": "Sqrt",
    "abs": "Abs",
    "sign": "Sign",
    "floor": "Floor",
    "sin": "Sin",
    "cos": "Cos",
    "tanh": "Tanh",
    "sigmoid": "Sigmoid",
    "minimum": "Min",
    "maximum": "Max",
}
_COMPARISONS = {
    "less": "Less",
    "less_equal": "LessOrEqual",
    "greater": "Greater",
    "greater_equal": "GreaterOrEqual",
    "equal": "Equal",
}
_LIMITS: dict[Type, dict[str, float]] = {
    np.float32: {"largest": 88.72283, "smallest": 1.1754944e-38},
    np.float64: {"largest": 709.782712893384, "smallest": 2.2250738585072014e-308},
}


def add_activation(graph: Graph, use: ActivationUse, source: str) -> str:
    """Add an activation of `source`: its operator, or those of its formula."""
    named = _ACTIVATIONS.get(use.name) if use.formula and use.formula.built_in else None
    if named and (graph.dtype is np.float32 or use.name in _IN_FLOAT64):
        kind, attributes = named
        arguments = dict(use.arguments)
        given: dict[str, Any] = {
            name: arguments[value] if isinstance(value, str) else value
            for name, value in attributes.items()
        }
        return graph.node(kind, [source], **given)
    assert use.formula is not None
    (x,) = use.formula.inputs
    return add_formula(graph, value_of(use), {x: source})


def add_formula(graph: Graph, formula: Expression, names: Mapping[str, str]) -> str:
    """Add a formula over arrays; `names` says what they are called in the graph."""
    return _Writer(graph, names).value(formula)


class _Writer:
    def __init__(self, graph: Graph, names: Mapping[str, str]) -> None:
        self.graph, self.names = graph, names
        self.known: dict[Expression, str] = {}

    def value(self, node: Expression) -> str:
        if node not in self.known:
            self.known[node] = self._value(node)
        return self.known[node]

    def _value(self, node: Expression) -> str:
        match node:
            case Number(value):
                return self.graph.number(value)
            case Variable(name):
                return self.names[name]
            case Operation("where", (condition, then, otherwise)):
                branches = [self.value(then), self.value(otherwise)]
                return self.graph.node("Where", [self.condition(condition), *branches])
            case Operation(name, arguments) if name in _OPERATORS:
                return self.graph.node(
                    _OPERATORS[name], list(map(self.value, arguments))
                )
            case Operation(name, ()):
                return self.graph.number(self.fixed(name))
            case Operation(name) if name in _COMPARISONS or name == "not_equal":
                return self.graph.cast(self.condition(node), self.graph.dtype)
            case Operation(name, arguments):
                return _COMPOSITES[name](self, *map(self.value, arguments))

    def fixed(self, name: str) -> float:
        """A number that has a name; two depend on the precision."""
        return {"pi": math.pi, "e": math.e, **_LIMITS[self.graph.dtype]}[name]

    def condition(self, node: Expression) -> str:
        """A truth: the comparison itself, or whether a number is not 0."""
        match node:
            case Operation(name, arguments) if name in _COMPARISONS:
                return self.graph.node(
                    _COMPARISONS[name], list(map(self.value, arguments))
                )
            case Operation("not_equal", (left, right)):
                pair = [self.value(left), self.value(right)]
            case _:
                pair = [self.value(node), self.graph.number(0.0)]
        return self.graph.node("Not", [self.graph.node("Equal", pair)])

    def add(self, *names: str) -> str:
        return self.graph.node("Add", names)

    def multiply(self, *names: str) -> str:
        return self.graph.node("Mul", names)


def _clip(to: _Writer, x: str, low: str, high: str) -> str:
    return to.graph.node("Min", [to.graph.node("Max", [x, low]), high])


def _mod(to: _Writer, a: str, b: str) -> str:
    whole = to.graph.node("Floor", [to.graph.node("Div", [a, b])])
    return to.graph.node("Sub", [a, to.multiply(whole, b)])


def _log1p(to: _Writer, x: str) -> str:
    return to.graph.node("Log", [to.add(x, to.graph.number(1.0))])


def _expm1(to: _Writer, x: str) -> str:
    return to.graph.node("Sub", [to.graph.node("Exp", [x]), to.graph.number(1.0)])


def _softplus(to: _Writer, x: str) -> str:
    """`max(x, 0) + log(1 + exp(-abs(x)))`."""
    small = to.graph.node("Neg", [to.graph.node("Abs", [x])])
    tail = _log1p(to, to.graph.node("Exp", [small]))
    return to.add(to.graph.node("Relu", [x]), tail)


def _normal_cdf(to: _Writer, x: str) -> str:
    """`(1 + erf(x / sqrt(2))) / 2`; onnxruntime has the function in float32 alone."""
    graph, half = to.graph, to.graph.number(0.5)
    scaled = to.multiply(x, graph.number(math.sqrt(0.5)))
    if graph.dtype is np.float32:
        value = graph.node("Erf", [scaled])
    else:
        value = graph.cast(
            graph.node("Erf", [graph.cast(scaled, np.float32)]), graph.dtype
        )
    return to.add(to.multiply(value, half), half)


def _normal_pdf(to: _Writer, x: str) -> str:
    power = to.multiply(to.multiply(x, x), to.graph.number(-0.5))
    factor = to.graph.number(1 / math.sqrt(2 * math.pi))
    return to.multiply(to.graph.node("Exp", [power]), factor)


_COMPOSITES: dict[str, Callable[..., str]] = {
    "square": lambda to, x: to.multiply(x, x),
    "clip": _clip,
    "mod": _mod,
    "log1p": _log1p,
    "expm1": _expm1,
    "softplus": _softplus,
    "normal_cdf": _normal_cdf,
    "normal_pdf": _normal_pdf,
    "times_normal_cdf": lambda to, x: to.multiply(x, _normal_cdf(to, x)),
}
"""What several operators compute, over names of values."""
