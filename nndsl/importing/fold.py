"""Scalings between layers become part of the layers around them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

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


def folded(
    layers: Iterable[Layer],
) -> tuple[Affine | None, tuple[Layer, ...], Affine | None]:
    """The scaling of the inputs, the layers of nndsl, and the scaling of the output."""
    found: list[Layer] = []
    for layer in layers:
        if not _is_nothing(layer):
            _append(found, layer)
    first = found.pop(0) if found and isinstance(found[0], Affine) else None
    last = found.pop() if found and isinstance(found[-1], Affine) else None
    _drop_late(found)
    for layer in found:
        if isinstance(layer, Affine):
            raise InexpressibleError(
                "units are scaled between an activation and one more; "
                "nndsl scales inputs, outputs, and around dense layers"
            )
    assert first is None or isinstance(first, Affine)
    assert last is None or isinstance(last, Affine)
    return first, tuple(found), last


def _is_nothing(layer: Layer) -> bool:
    if isinstance(layer, Affine):
        return bool((layer.scale == 1).all() and (layer.shift == 0).all())
    return layer == Activation("linear") or layer == Dropout(0.0)


def _append(found: list[Layer], layer: Layer) -> None:
    """Add a layer, made one with the layer before it where that is possible."""
    match found[-1:], layer:
        case [Affine() as before], Affine():
            found[-1] = _twice(before, layer)
        case [Dense() as before], Affine(scale=scale, shift=shift):
            found[-1] = Dense(before.weights * scale, before.biases * scale + shift)
        case [BatchNorm() | LayerNorm() as before], Affine(scale=scale, shift=shift):
            found[-1] = replace(
                before, scale=before.scale * scale, shift=before.shift * scale + shift
            )
        case [Affine() as before], Dense() if len(found) > 1 or not _scales(before):
            found[-1] = behind(before.scale, before.shift, layer)
        case [Dense() as before], BatchNorm(mean=mean):
            found[-1] = replace(before, biases=np.zeros_like(before.biases))
            found.append(replace(layer, mean=mean - before.biases))
        case _:
            found.append(layer)


def _twice(one: Affine, other: Affine) -> Affine:
    return Affine(one.scale * other.scale, one.shift * other.scale + other.shift)


def _scales(layer: Affine) -> bool:
    """Whether it can be written as a division."""
    return bool((layer.scale != 0).all())


def behind(scale: Array, shift: Array, dense: Dense) -> Dense:
    """A dense layer over `x * scale + shift` as one over `x`."""
    weights = dense.weights * np.asarray(scale)[:, None]
    return Dense(weights, dense.biases + shift @ dense.weights)


def _drop_late(layers: list[Layer]) -> None:
    """Leave out dropout behind the last dense layer, which changes no prediction."""
    dense = [place for place, each in enumerate(layers) if isinstance(each, Dense)]
    if not dense:
        raise InexpressibleError("it has no dense layer")
    layers[dense[-1] :] = [
        each for each in layers[dense[-1] :] if not isinstance(each, Dropout)
    ]
