"""A trained network as exporters read it: its program, and every number it learned.

Rows reach the network's inputs in this order, as the program's `x` has them: `numbers`,
and behind them the columns of `labels`, one-hot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nndsl.layers.uses import Width
from nndsl.program.data import Data, LabelColumn, Scaling
from nndsl.program.program import Program

Array = NDArray[Any]
LEARNED = {
    "standard": ("mean", "std"),
    "minmax": ("low", "range"),
    "robust": ("median", "iqr"),
}
"""What modules call the start and the spread of each scaling."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The columns of numbers: `(value - start) / spread`, each `fill` where missing.

    `places`: where each stands in a row of the table, from 0.  `fill` is NaN for a
    column whose missing values are errors.  The arrays are float64, (columns,).
    """

    names: tuple[str, ...]
    places: tuple[int, ...]
    fill: Array
    start: Array
    spread: Array

    @property
    def fills(self) -> bool:
        return not bool(np.isnan(self.fill).all())

    @property
    def scales(self) -> bool:
        return bool((self.start != 0).any() or (self.spread != 1).any())


@dataclass(frozen=True, slots=True)
class Words:
    """A column of labels: an input each, 1 or 0; of two labels, one for the second.

    `other`: the place of the label that stands for unknown ones, `fill`: of the one
    that a missing label counts as; None where these are errors.
    """

    name: str
    place: int
    labels: tuple[str, ...]
    other: int | None
    fill: int | None


@dataclass(frozen=True, slots=True)
class Trained:
    """`values`: the arrays of the program that were learned, by their names there.

    `features` and `targets` are names of columns, () where nobody gave them.
    `classes`: the labels of an answer, None for an answer in numbers.  The output is
    `output * target_spread + target_start` in the target's units.
    """

    network: str
    program: Program
    features: tuple[str, ...]
    targets: tuple[str, ...]
    numbers: Numbers
    words: tuple[Words, ...]
    values: Mapping[str, Array]
    classes: Array | None
    target_start: Array
    target_spread: Array


def trained_of(
    network: str,
    program: Program,
    model: Any,
    features: tuple[str, ...] = (),
    targets: tuple[str, ...] = (),
) -> Trained:
    """What a trained `model` of a generated module has learned.

    `features`, `targets`: names of columns that the data gave where the spec does not.
    """
    data = program.data
    arrays = (*(each.array for each in program.parameters), *program.running)
    values = {each.name: getattr(model.parameters_, each.key) for each in arrays}
    if data.has_columns:
        numbers, words = _mixed(data, model)
    else:
        width = _width(data.inputs.width, program, values)
        numbers, words = _plain(data, model, width), ()
    n_outputs = _width(program.loss.outputs, program, values)
    prefix = "" if data.encoding == "input" else "target_"
    start, spread = _scaling(data.target_scaling, model, prefix, n_outputs)
    return Trained(
        network=network,
        program=program,
        features=data.inputs.names or features,
        targets=data.targets.names or targets,
        numbers=numbers,
        words=words,
        values=values,
        classes=_classes(data, model),
        target_start=start,
        target_spread=spread,
    )


def _width(width: Width | str, program: Program, values: Mapping[str, Array]) -> int:
    """A width; where the data decided it, that of a learned array."""
    if isinstance(width, int):
        return width
    for name, value in values.items():
        shape = program.arrays[name].shape
        if width in shape:
            return int(value.shape[shape.index(width)])
    raise ValueError(f"nothing that was learned is as wide as {width}")


def _plain(data: Data, model: Any, width: int) -> Numbers:
    fill = np.array(model.fill_) if data.filling.fills else np.full(width, np.nan)
    start, spread = _scaling(data.scaling, model, "", width)
    return Numbers(data.inputs.names, tuple(range(width)), fill, start, spread)


def _scaling(
    scaling: Scaling, model: Any, prefix: str, width: int
) -> tuple[Array, Array]:
    """What is taken off each column, and what the rest is divided by."""
    start, spread = np.zeros(width), np.ones(width)
    if scaling.low is not None and scaling.high is not None:
        return start + scaling.low, spread * (scaling.high - scaling.low)
    if not scaling.scales:
        return start, spread
    low, wide = (getattr(model, f"{prefix}{each}_") for each in LEARNED[scaling.kind])
    return start + low, spread * wide


def _mixed(data: Data, model: Any) -> tuple[Numbers, tuple[Words, ...]]:
    columns = data.inputs.names
    names = tuple(name for group in data.number_columns for name in group.names)
    fill, start, spread = np.full(len(names), np.nan), *_unscaled(len(names))
    place = 0
    for group in data.number_columns:
        here = slice(place, place + len(group.names))
        if group.filling.fills:
            fill[here] = model.fill_[here]
        if group.scaling.scales:
            start[here], spread[here] = model.start_[here], model.spread_[here]
        place = here.stop
    places = tuple(map(columns.index, names))
    words = tuple(
        _words(each, model, columns.index(each.name)) for each in data.label_columns
    )
    return Numbers(names, places, fill, start, spread), words


def _unscaled(width: int) -> tuple[Array, Array]:
    return np.zeros(width), np.ones(width)


def _words(column: LabelColumn, model: Any, place: int) -> Words:
    labels = tuple(model.labels_[column.name]) if column.learned else column.labels
    return Words(
        name=column.name,
        place=place,
        labels=tuple(map(str, labels)),
        other=len(labels) - 1 if column.has_other else None,
        fill=None if column.fill is None else labels.index(column.fill),
    )


def _classes(data: Data, model: Any) -> Array | None:
    if data.labels is None:
        return None
    declared = data.labels.declared
    return np.array(data.labels.values) if declared else np.asarray(model.classes_)
