"""Networks over a table of numbers, from their layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from nndsl.data.errors import DataError
from nndsl.importing.fold import folded
from nndsl.importing.imported import Answers, Imported, InexpressibleError, NumberColumn
from nndsl.importing.layers import (
    Activation,
    Array,
    Dense,
    Dropout,
    Layer,
)

_DECIDED = "softmax", "sigmoid"
"""The last activations that make probabilities."""


def plain(
    source: str,
    layers: Sequence[Layer],
    answers: Answers,
    classes: Array | None = None,
    fill: Array | None = None,
) -> Imported:
    """A network of `layers`, the first of which reads the columns of a table.

    `classes`: the labels of an answer, where the source says them; `fill`: what stands
    for missing values.  Raises DataError where the layers do not fit together.
    """
    width = check_widths(layers)
    first, inside, last = folded(layers)
    columns = (NumberColumn(),) * width
    if first is not None:
        pairs = zip((-first.shift / first.scale), (1 / first.scale), strict=True)
        columns = tuple(
            NumberColumn(float(start), float(spread), "standard")
            for start, spread in pairs
        )
    if fill is not None:
        columns = tuple(
            replace(column, fill=float(value), missing="mean")
            for column, value in zip(columns, fill, strict=True)
        )
    decided = ""
    if last is None and isinstance(inside[-1], Activation):
        decided = inside[-1].name
    if classes is not None and decided not in _DECIDED:
        raise InexpressibleError(
            "its labels follow from outputs that are not probabilities"
        )
    return Imported(
        source=source,
        columns=columns,
        layers=inside,
        classes=_classes(inside, decided) if classes is None else classes,
        target=None if last is None else (last.scale, last.shift),
        precision=precision_of(layers),
        answers=answers,
    )


def precision_of(layers: Sequence[Layer]) -> Literal["float32", "float64"]:
    """That of the first weights."""
    weights = [each.weights for each in layers if isinstance(each, Dense)]
    return "float64" if weights[0].dtype == np.float64 else "float32"


def _classes(layers: Sequence[Layer], decided: str) -> Array | None:
    """The places of the outputs, where nothing says what they stand for."""
    width = [each for each in layers if isinstance(each, Dense)][-1].weights.shape[1]
    if decided == "softmax":
        return np.arange(width)
    return np.arange(2) if decided == "sigmoid" and width == 1 else None


def check_widths(layers: Sequence[Layer]) -> int:
    """The width of the inputs; DataError where a layer does not fit the one before."""
    first: int | None = None
    width: int | None = None
    for layer in layers:
        if isinstance(layer, Activation | Dropout):
            continue
        arrays = [getattr(layer, name) for name in layer.__dataclass_fields__]
        arrays = [each for each in arrays if isinstance(each, np.ndarray)]
        if not all(np.isfinite(each).all() for each in arrays):
            raise DataError("holds weights that are not finite")
        shapes = [each.shape for each in arrays]
        takes, gives = (shapes[0][0], shapes[0][-1]) if shapes[0] else (0, 0)
        wanted: list[tuple[int, ...]] = [(gives,)] * len(shapes)
        if isinstance(layer, Dense):
            wanted[0] = (takes, gives)
        if shapes != wanted or width not in (None, takes) or 0 in (takes, gives):
            raise DataError(
                f"a layer of the shapes {shapes} does not fit {width or 'no'} units"
            )
        first, width = first or takes, gives
    if first is None:
        raise InexpressibleError("it has no dense layer")
    return first
