"""scikit-learn's fitted transformers: what becomes of each column of a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from nndsl.importing.imported import InexpressibleError, WordColumn

Scale = Literal["none", "standard", "minmax", "robust"]


@dataclass(frozen=True, slots=True)
class Feature:
    """A number that a step hands on: of a column, or 1 where it has a label.

    It is `(value - start) / spread`; a missing number counts as `fill`, a missing word
    as `word`.  `label` is the label's place.
    """

    column: int
    label: int | None = None
    start: float = 0.0
    spread: float = 1.0
    scale: Scale = "none"
    fill: float | None = None
    missing: Literal["error", "mean", "median"] = "error"
    word: str | None = None


@dataclass(slots=True)
class Table:
    """The table that the first step reads; `words` are those columns that hold some."""

    width: int
    names: tuple[str, ...]
    words: dict[int, WordColumn] = field(default_factory=dict)

    def features(self) -> list[Feature]:
        return [Feature(place) for place in range(self.width)]


def is_a(value: Any, *names: str) -> bool:
    """Whether something is of one of scikit-learn's classes."""
    kind = type(value)
    return kind.__name__ in names and kind.__module__.startswith("sklearn.")


def steps_of(estimator: Any) -> list[Any]:
    """The steps of a pipeline, also of pipelines in it; else the estimator alone."""
    if not is_a(estimator, "Pipeline"):
        return [estimator]
    return [one for _, step in estimator.steps for one in steps_of(step)]


def through(step: Any, features: list[Feature], table: Table) -> list[Feature]:
    """What a fitted step makes of features.  Raises InexpressibleError."""
    if step is None or isinstance(step, str):
        return [] if step == "drop" else features
    name = type(step).__name__
    if not is_a(step, *_STEPS):
        raise InexpressibleError(
            f"the step {name}; it may hold scalers, SimpleImputer, OneHotEncoder and "
            "ColumnTransformer"
        )
    return _STEPS[name](step, features, table)


def _pipeline(step: Any, features: list[Feature], table: Table) -> list[Feature]:
    for one in steps_of(step):
        features = through(one, features, table)
    return features


def _columns(step: Any, features: list[Feature], table: Table) -> list[Feature]:
    places = step._transformer_to_input_indices
    return [
        feature
        for name, one, _ in step.transformers_
        for feature in through(one, [features[i] for i in places[name]], table)
    ]


def _same(step: Any, features: list[Feature], table: Table) -> list[Feature]:
    if step.func is not None:
        raise InexpressibleError("a FunctionTransformer with a function of its own")
    return features


def _standard(step: Any, features: list[Feature], table: Table) -> list[Feature]:
    start = step.mean_ if step.with_mean else 0.0
    spread = step.scale_ if step.with_std else 1.0
    return _scaled(features, "standard", start, spread)


def _minmax(step: Any, features: list[Feature], table: Table) -> list[Feature]:
    if step.clip:
        raise InexpressibleError("a MinMaxScaler that clips")
    kind: Scale = "minmax" if tuple(step.feature_range) == (0, 1) else "standard"
    return _scaled(features, kind, -step.min_ / step.scale_, 1 / step.scale_)


def _robust(step: Any, features: list[Feature], table: Table) -> list[Feature]:
    start = step.center_ if step.with_centering else 0.0
    spread = step.scale_ if step.with_scaling else 1.0
    return _scaled(features, "robust", start, spread)


def _largest(step: Any, features: list[Feature], table: Table) -> list[Feature]:
    return _scaled(features, "standard", 0.0, step.scale_)


def _scaled(
    features: list[Feature], scale: Scale, start: Any, spread: Any
) -> list[Feature]:
    """Features scaled once more; two scalings are one, which then is `standard`."""
    count = len(features)
    pairs = zip(
        features,
        np.broadcast_to(start, count).tolist(),
        np.broadcast_to(spread, count).tolist(),
        strict=True,
    )
    return [
        replace(
            each,
            start=each.start + each.spread * low,
            spread=each.spread * wide,
            scale=scale if each.scale == "none" else "standard",
        )
        for each, low, wide in pairs
    ]


def _imputer(step: Any, features: list[Feature], table: Table) -> list[Feature]:
    if step.add_indicator or not _is_missing(step.missing_values):
        raise InexpressibleError("a SimpleImputer with indicators or missing_values")
    statistics = step.statistics_.tolist()
    kind: Literal["mean", "median"] = "median" if step.strategy == "median" else "mean"
    return [
        _filled(each, value, kind)
        for each, value in zip(features, statistics, strict=True)
    ]


def _filled(feature: Feature, value: Any, kind: Literal["mean", "median"]) -> Feature:
    if _is_missing(value):
        raise InexpressibleError("a SimpleImputer of a column without any value")
    if isinstance(value, str):
        return replace(feature, word=value)
    if feature.fill is not None or feature.label is not None:
        return feature
    fill = feature.start + feature.spread * float(value)
    return replace(feature, fill=fill, missing=kind)


def _one_hot(step: Any, features: list[Feature], table: Table) -> list[Feature]:
    if any(
        each is not None for each in getattr(step, "infrequent_categories_", None) or ()
    ):
        raise InexpressibleError("a OneHotEncoder that joins rare labels")
    dropped = [None] * len(features) if step.drop_idx_ is None else step.drop_idx_
    found = []
    for feature, cells, drop in zip(features, step.categories_, dropped, strict=True):
        if feature.column in table.words or feature.label is not None:
            raise InexpressibleError("a column that is encoded twice")
        other = step.handle_unknown != "error"
        if other and drop is not None:
            raise InexpressibleError(
                "a OneHotEncoder that drops a label and ignores some"
            )
        column = _word_column(cells.tolist(), other, feature.word)
        table.words[feature.column] = column
        found += [
            Feature(feature.column, label)
            for label in range(len(column.labels))
            if label != drop
        ]
    return found


def _word_column(cells: Sequence[Any], other: bool, word: str | None) -> WordColumn:
    """A column of labels; a missing cell that the encoder knows is a label, too."""
    labels = tuple("missing" if _is_missing(cell) else text_of(cell) for cell in cells)
    if len(set(labels)) != len(labels):
        raise InexpressibleError(f"labels that are the same as text: {labels}"[:200])
    missing = [
        label for label, cell in zip(labels, cells, strict=True) if _is_missing(cell)
    ]
    fill = missing[0] if missing else word
    return WordColumn(labels, tuple(cells), other, fill)


def _is_missing(cell: Any) -> bool:
    return cell is None or cell != cell


def text_of(cell: Any) -> str:
    """A label as text, as generated modules read it: 1.0 is `1`."""
    return cell if isinstance(cell, str) else str(cell).removesuffix(".0")


_STEPS: dict[str, Callable[[Any, list[Feature], Table], list[Feature]]] = {
    "Pipeline": _pipeline,
    "ColumnTransformer": _columns,
    "FunctionTransformer": _same,
    "StandardScaler": _standard,
    "MinMaxScaler": _minmax,
    "RobustScaler": _robust,
    "MaxAbsScaler": _largest,
    "SimpleImputer": _imputer,
    "OneHotEncoder": _one_hot,
}
