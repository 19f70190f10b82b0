"""What layers compute, one after the other, in float64."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from nndsl.formulas.algebra.evaluate import evaluate
from nndsl.formulas.build.library import library_formula
from nndsl.formulas.expression import Expression
from nndsl.importing.layers import (
    Activation,
    Affine,
    Array,
    BatchNorm,
    Dense,
    Dropout,
    Layer,
    LayerNorm,
)


def outputs(layers: Iterable[Layer], x: Array) -> Array:
    """The output of the last layer for each row of `x`."""
    x = np.asarray(x, float)
    for layer in layers:
        x = _output(layer, x)
    return x


def _output(layer: Layer, x: Array) -> Array:
    match layer:
        case Dense(weights=weights, biases=biases):
            found = x @ weights.astype(float) + biases
        case Affine(scale=scale, shift=shift):
            found = x * scale + shift
        case BatchNorm():
            deviation = np.sqrt(layer.variance.astype(float) + layer.epsilon)
            found = (x - layer.mean) / deviation * layer.scale + layer.shift
        case LayerNorm():
            centred = x - x.mean(axis=1, keepdims=True)
            deviation = np.sqrt(x.var(axis=1, keepdims=True) + layer.epsilon)
            found = centred / deviation * layer.scale + layer.shift
        case Activation(name="softmax"):
            powers = np.exp(x - x.max(axis=1, keepdims=True))
            found = powers / powers.sum(axis=1, keepdims=True)
        case Activation():
            found = applied(*formula_of(layer), x)
        case Dropout():
            found = x
    return np.asarray(found)


def formula_of(layer: Activation) -> tuple[Expression, Mapping[str, float]]:
    """The formula of an activation over `x`, and its other arguments."""
    if layer.formula is not None:
        return layer.formula, {}
    formula = library_formula("activation", layer.name)
    defaults = {each.name: each.default for each in formula.parameters}
    return formula.value, defaults | dict(layer.arguments)


def applied(formula: Expression, arguments: Mapping[str, float], x: Array) -> Array:
    """A formula of `x` for each number of an array."""
    values = [
        evaluate(formula, {"x": each, **arguments}) for each in x.ravel().tolist()
    ]
    return np.array(values, float).reshape(x.shape)


def of_columns(layers: Iterable[Layer], columns: Iterable[Array]) -> Array:
    """The output for each row of a table that is given by its columns."""
    return outputs(layers, np.column_stack(list(columns)))
