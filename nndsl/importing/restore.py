"""The model of an imported network: a generated module with the source's numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from nndsl.exporting.trained import LEARNED
from nndsl.importing.imported import Imported, NumberColumn
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
from nndsl.importing.spec import is_mixed
from nndsl.program.program import Program


def restored(imported: Imported, program: Program, module: Any, model: Any) -> Any:
    """`model`, new from the generated `module`, as if it had learned the network."""
    for name, value in _learned(imported):
        setattr(model, f"{name}_", value)
    if imported.classes is not None:
        model.classes_ = imported.classes
    dtype = module.DTYPE
    layers = _layers_of(program)
    arrays: dict[str, Array] = {}
    sources = [each for each in _in_order(imported) if _learns(each)]
    for keys, layer in zip(layers.values(), sources, strict=True):
        for kind, array in _arrays(layer):
            if kind in keys:
                arrays[keys[kind]] = np.ascontiguousarray(array, dtype)
    model.parameters_ = module.Parameters(**arrays)
    return model


def _layers_of(program: Program) -> dict[str, dict[str, str]]:
    """The names of each layer's arrays by their kind: `w` of `w2`, `scale`, `mean`."""
    found: dict[str, dict[str, str]] = {}
    for array in (*(each.array for each in program.parameters), *program.running):
        kind = array.key.rstrip("0123456789")
        found.setdefault(array.layer, {})[kind] = array.key
    return found


def _learns(layer: Layer) -> bool:
    return not isinstance(layer, Activation | Dropout)


def _arrays(layer: Layer) -> Iterator[tuple[str, Array]]:
    match layer:
        case Dense(weights=weights, biases=biases):
            yield from (("w", weights), ("b", biases))
        case BatchNorm():
            yield from (("scale", layer.scale), ("shift", layer.shift))
            yield from (("mean", layer.mean), ("variance", layer.variance))
        case LayerNorm(scale=scale, shift=shift) | Affine(scale=scale, shift=shift):
            yield from (("scale", scale), ("shift", shift))


def _learned(imported: Imported) -> Iterator[tuple[str, Array]]:
    """What fills and scales, by the names that modules have for it."""
    numbers = [each for each in imported.columns if isinstance(each, NumberColumn)]
    start = np.array([each.start for each in numbers], float)
    spread = np.array([each.spread for each in numbers], float)
    if numbers:
        fill = [0.0 if each.fill is None else each.fill for each in numbers]
        yield "fill", np.array(fill, float)
        names = ("start", "spread")
        if not is_mixed(imported.columns):
            names = LEARNED.get(numbers[0].scale, names)
        yield from zip(names, (start, spread), strict=True)
    if imported.target is not None:
        yield from zip(("target_std", "target_mean"), imported.target, strict=True)


def _in_order(imported: Imported) -> tuple[Layer, ...]:
    """The layers, the first over the inputs as nndsl orders them.

    Those are the numbers, and behind them the labels: one input for two labels, with 1
    for the second, and one more where `other` stands for unknown ones.
    """
    first, *others = imported.layers
    if not imported.has_words:
        return imported.layers
    assert isinstance(first, Dense)
    numbers, words, biases = [], [], np.array(first.biases, float)
    place = 0
    for column in imported.columns:
        if isinstance(column, NumberColumn):
            numbers.append(first.weights[place])
            place += 1
            continue
        rows = list(first.weights[place : place + len(column.labels)])
        place += len(column.labels)
        rows += [np.zeros_like(biases)] * column.other
        if len(rows) == 2:
            biases = biases + rows[0]
            rows = [rows[1] - rows[0]]
        words += rows
    return Dense(np.array(numbers + words), biases), *others
