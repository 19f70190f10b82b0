"""scikit-learn's fitted MLPs and pipelines, from files of joblib or pickle."""

from __future__ import annotations

import warnings
from argparse import Namespace
from collections.abc import Sequence
from typing import Any

import joblib
import numpy as np

from nndsl.data.errors import DataError, reason
from nndsl.importing.fold import folded
from nndsl.importing.imported import (
    Answers,
    Column,
    Imported,
    InexpressibleError,
    NumberColumn,
)
from nndsl.importing.layers import Activation, Array, Dense
from nndsl.importing.plain import check_widths, precision_of
from nndsl.importing.sklearn_steps import Feature, Table, is_a, steps_of, through
from nndsl.importing.spec import is_mixed

_ACTIVATIONS = {"identity": "linear", "logistic": "sigmoid", "exp": "exponential"}
"""Those that are called otherwise here."""
_BEGINNINGS = (
    b"\x80",
    b"x",
    b"\x1f\x8b",
    b"BZh",
    b"]\x00",
    b"\xfd7zXZ",
    b"\x04\x22M\x18",
)
"""Of a pickle, and of one in zlib, gzip, bz2, lzma, xz and lz4."""


def read(path: str, options: Namespace) -> Imported:
    """The estimator of a file, which the user trusts: opening it can run code."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about another version of scikit-learn
        try:
            estimator = joblib.load(path)
        except OSError as error:
            raise DataError(f"{path}: {reason(error)}") from None
        except Exception as error:  # whatever is in the file
            if not _is_pickled(path):
                kind = "joblib" if path.lower().endswith(".joblib") else "pickle"
                raise DataError(f"{path}: is not a {kind} file") from None
            words = " ".join(f"{type(error).__name__}: {error}".split())[:200]
            raise DataError(f"{path}: cannot be opened: {words}") from None
        try:
            return of_estimator(estimator)
        except (AttributeError, LookupError, TypeError) as error:
            raise DataError(
                f"{path}: was written by another version of scikit-learn, or is "
                f"damaged: {error}"[:300]
            ) from None


def _is_pickled(path: str) -> bool:
    """Whether a file begins as pickles and what joblib compresses do."""
    with open(path, "rb") as file:
        return file.read(6).startswith(_BEGINNINGS)


def of_estimator(estimator: Any) -> Imported:
    """A fitted MLPClassifier or MLPRegressor, alone or behind steps of a pipeline."""
    whole = inner = getattr(estimator, "best_estimator_", estimator)
    target = None
    if is_a(whole, "TransformedTargetRegressor") and hasattr(whole, "regressor_"):
        target, inner = _target(whole.transformer_), whole.regressor_
    *steps, network = steps_of(inner)
    if not is_a(network, "MLPClassifier", "MLPRegressor"):
        raise InexpressibleError(
            f"it holds a {type(network).__name__}; expected an MLPClassifier or "
            "MLPRegressor, alone or as the last step of a Pipeline"
        )
    if not hasattr(network, "coefs_"):
        raise InexpressibleError(f"the {type(network).__name__} is not fitted")
    names = tuple(map(str, getattr(whole, "feature_names_in_", ())))
    table = Table(int(whole.n_features_in_), names)
    features = table.features()
    for step in steps:
        features = through(step, features, table)
    layers = _layers(network)
    check_widths(layers)
    used, columns, rows = _inputs(features, table, layers[0].weights)
    shift = np.array(
        [0.0 if f.label is None else -f.start / f.spread for f in features]
    )
    biases = layers[0].biases + shift @ layers[0].weights
    first = Dense(rows, biases.astype(rows.dtype))
    _, inside, _ = folded([first, *layers[1:]])
    wanted = names or tuple(f"x{place}" for place in range(table.width))
    named = names or is_mixed(columns)
    return Imported(
        source=f"scikit-learn's {type(network).__name__}",
        columns=columns,
        layers=inside,
        names=tuple(wanted[place] for place in used) if named else (),
        classes=_classes(network),
        target=target,
        precision=precision_of(layers),
        answers=_answers(whole, table, used),
        unable="pandas is not installed",
    )


def _layers(network: Any) -> list[Any]:
    """Dense layers, each with its activation behind it."""
    layers: list[Any] = []
    last = len(network.coefs_) - 1
    for place, pair in enumerate(zip(network.coefs_, network.intercepts_, strict=True)):
        name = network.out_activation_ if place == last else network.activation
        layers += [Dense(*pair), Activation(_ACTIVATIONS.get(name, name))]
    return layers


def _inputs(
    features: list[Feature], table: Table, weights: Array
) -> tuple[list[int], tuple[Column, ...], Array]:
    """The places of the columns that are used, the columns, and the weights' rows for
    them, with one for every label."""
    if len(features) != len(weights):
        raise InexpressibleError("steps whose columns are not those of the network")
    rows: dict[tuple[int, int | None], Array] = {}
    numbers = {}
    for feature, row in zip(features, weights, strict=True):
        key = feature.column, feature.label
        if key in rows or (feature.label is None and feature.column in table.words):
            raise InexpressibleError("a column that is used twice")
        if feature.word is not None:
            raise InexpressibleError("words that no OneHotEncoder encodes")
        rows[key] = row if feature.label is None else row / feature.spread
        numbers[feature.column] = feature
    used = sorted(numbers)
    columns: list[Column] = []
    found: list[Array] = []
    for place in used:
        if place in table.words:
            words = table.words[place]
            columns.append(words)
            labels = range(len(words.labels))
            found += [rows.get((place, k), np.zeros_like(weights[0])) for k in labels]
        else:
            columns.append(_number(numbers[place]))
            found.append(rows[place, None])
    return used, tuple(columns), np.array(found)


def _number(feature: Feature) -> NumberColumn:
    return NumberColumn(
        feature.start, feature.spread, feature.scale, feature.fill, feature.missing
    )


def _target(transformer: Any) -> tuple[Array, Array] | None:
    """What the output is multiplied with, and what is added."""
    table = Table(int(getattr(transformer, "n_features_in_", 1)), ())
    found = through(transformer, table.features(), table)
    if found == table.features():
        return None
    spreads = np.array([each.spread for each in found])
    return spreads, np.array([each.start for each in found])


def _classes(network: Any) -> Array | None:
    """The labels of an answer; several labels at once are numbers, 0 or 1."""
    if not hasattr(network, "classes_") or (
        network.out_activation_ == "logistic" and network.n_outputs_ > 1
    ):
        return None
    classes = np.array(network.classes_.tolist())
    if classes.dtype.kind not in "iufbU" or len(classes) < 2:
        raise InexpressibleError(f"the labels {classes.tolist()}"[:200])
    return classes


def _answers(estimator: Any, table: Table, used: Sequence[int]) -> Answers | None:
    """The estimator's own answers; None if it asks for frames and pandas is missing."""
    if table.names:
        try:
            import pandas
        except ImportError:
            return None

    def answers(columns: Sequence[Array]) -> Array:
        cells = dict(zip(used, columns, strict=True))
        nothing = np.zeros(len(columns[0]))
        rows = [cells.get(place, nothing) for place in range(table.width)]
        if table.names:
            x = pandas.DataFrame(dict(zip(table.names, rows, strict=True)))
        else:
            x = np.column_stack(rows)
        answer = getattr(estimator, "predict_proba", estimator.predict)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return np.asarray(answer(x))
        except Exception as error:  # of any step
            words = " ".join(str(error).split())[:200]
            raise DataError(f"scikit-learn cannot answer: {words}") from None

    return answers
