"""Keras' layers, from their descriptions and arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nndsl.importing.imported import InexpressibleError
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

Config = dict[str, Any]

_SAME = (
    *("linear", "relu", "sigmoid", "tanh", "softmax", "elu", "selu", "gelu", "silu"),
    *("softplus", "softsign", "celu", "mish", "relu6", "hard_sigmoid", "hard_tanh"),
    "exponential",
)
_ACTIVATIONS: dict[str, Activation] = {
    **{name: Activation(name) for name in _SAME},
    "swish": Activation("silu"),
    "hard_silu": Activation("hard_swish"),
    "hard_swish": Activation("hard_swish"),
    "leaky_relu": Activation("leaky_relu", (("slope", 0.2),)),
}
"""Functions by name, with the arguments that they have as an activation."""


def activation(name: object) -> Activation:
    """The activation of a description, where functions may also be code."""
    if not isinstance(name, str):
        raise InexpressibleError("an activation that is a function of its own")
    if name not in _ACTIVATIONS:
        raise InexpressibleError(f"the activation {name[:60]}")
    return _ACTIVATIONS[name]


def _dense(config: Config, arrays: list[Array]) -> list[Layer]:
    weights = arrays[0]
    biases = arrays[1] if config["use_bias"] else np.zeros_like(weights[0])
    return [Dense(weights, biases), activation(config["activation"])]


def _batch_norm(config: Config, arrays: list[Array]) -> list[Layer]:
    _check_axis(config)
    scale, shift = _scale_and_shift(config, arrays)
    mean, variance = arrays[-2:]
    return [BatchNorm(scale, shift, mean, variance, float(config["epsilon"]))]


def _layer_norm(config: Config, arrays: list[Array]) -> list[Layer]:
    _check_axis(config)
    if config.get("rms_scaling") or not arrays:
        raise InexpressibleError("LayerNormalization without mean, scale and shift")
    scale, shift = _scale_and_shift(config, arrays)
    return [LayerNorm(scale, shift, float(config["epsilon"]))]


def _scale_and_shift(config: Config, arrays: list[Array]) -> tuple[Array, Array]:
    remaining = list(arrays)
    scale = remaining.pop(0) if config["scale"] else np.ones_like(arrays[0])
    shift = remaining.pop(0) if config["center"] else np.zeros_like(arrays[0])
    return scale, shift


def _check_axis(config: Config) -> None:
    if config["axis"] not in (-1, 1, [-1], [1]):
        raise InexpressibleError(f"normalisation over axis {str(config['axis'])[:60]}")


def _normalization(config: Config, arrays: list[Array]) -> list[Layer]:
    """`(x - mean) / max(sqrt(variance), 1e-7)`."""
    _check_axis(config)
    given = [config["mean"], config["variance"]]
    parts = arrays[:2] if given[0] is None else given
    mean, variance = (np.asarray(each, np.float64).ravel() for each in parts)
    deviation = np.maximum(np.sqrt(variance), 1e-7)
    if config["invert"]:
        return [Affine(deviation, mean)]
    return [Affine(1 / deviation, -mean / deviation)]


def _relu(config: Config, arrays: list[Array]) -> list[Layer]:
    most, slope = config["max_value"], config["negative_slope"]
    if config["threshold"] or (most is not None and (most != 6 or slope)):
        raise InexpressibleError("ReLU with a threshold, or another limit than 6")
    if most is not None:
        return [Activation("relu6")]
    if slope:
        return [Activation("leaky_relu", (("slope", float(slope)),))]
    return [Activation("relu")]


def _named(name: str, option: str, ours: str) -> Callable[..., list[Layer]]:
    def build(config: Config, arrays: list[Array]) -> list[Layer]:
        return [Activation(name, ((ours, float(config[option])),))]

    return build


LAYERS: dict[str, Callable[[Config, list[Array]], list[Layer]]] = {
    "InputLayer": lambda config, arrays: [],
    "Dense": _dense,
    "Activation": lambda config, arrays: [activation(config["activation"])],
    "BatchNormalization": _batch_norm,
    "LayerNormalization": _layer_norm,
    "Normalization": _normalization,
    "Dropout": lambda config, arrays: [Dropout(float(config["rate"]))],
    "ReLU": _relu,
    "LeakyReLU": _named("leaky_relu", "negative_slope", "slope"),
    "ELU": _named("elu", "alpha", "alpha"),
    "Softmax": lambda config, arrays: [Activation("softmax")],
}
"""What a layer of Keras is made of, by the name of its class."""
