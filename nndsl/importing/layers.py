"""Layers as other libraries keep them, with their numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nndsl.formulas.expression import Expression
from nndsl.layers.uses import Arguments

Array = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Dense:
    """`x @ weights + biases`; the weights are (n_in, n_out)."""

    weights: Array
    biases: Array


@dataclass(frozen=True, slots=True, eq=False)
class Affine:
    """`x * scale + shift`, each unit for itself."""

    scale: Array
    shift: Array


@dataclass(frozen=True, slots=True)
class Activation:
    """A built-in activation, `softmax`, or with `formula` one of its own, over `x`."""

    name: str
    arguments: Arguments = ()
    formula: Expression | None = None


@dataclass(frozen=True, slots=True, eq=False)
class BatchNorm:
    """`(x - mean) / sqrt(variance + epsilon) * scale + shift`."""

    scale: Array
    shift: Array
    mean: Array
    variance: Array
    epsilon: float


@dataclass(frozen=True, slots=True, eq=False)
class LayerNorm:
    """Standardises each row, then `* scale + shift`."""

    scale: Array
    shift: Array
    epsilon: float


@dataclass(frozen=True, slots=True)
class Dropout:
    rate: float


Layer = Dense | Affine | Activation | BatchNorm | LayerNorm | Dropout


def affine(scale: Any, shift: Any, width: int) -> Affine:
    """`x * scale + shift` of so many units, of numbers or arrays."""
    return Affine(
        np.broadcast_to(np.asarray(scale, float), width),
        np.broadcast_to(np.asarray(shift, float), width),
    )
