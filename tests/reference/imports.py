"""Estimators to import, and the models that `nndsl import` makes of files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import joblib
import numpy as np
from sklearn.neural_network import MLPClassifier, MLPRegressor

from nndsl.api import compile_text, module_of
from nndsl.cli.main import main
from reference.modules import model_class

FILES = Path(__file__).parent / "files"
RANDOM = np.random.RandomState(6)
X = RANDOM.normal(5, 3, (80, 3))
NEW = RANDOM.normal(5, 3, (40, 3))
Y = RANDOM.randint(0, 3, 80)
GAPS = np.where(RANDOM.rand(*X.shape) < 0.2, np.nan, X)


def imported(folder: Path, file: Path, *words: str) -> Any:
    """The model that `nndsl import` makes of a file, read by a module of its spec."""
    spec = folder / "net.nn"
    assert main(["import", str(file), "-o", str(spec), "--force", *words]) == 0
    module = module_of(compile_text(spec.read_text("utf-8"), "net.nn"), "net.nn")
    return model_class(module).load(str(folder / "net.npz"))


def of_estimator(folder: Path, estimator: Any) -> Any:
    joblib.dump(estimator, folder / "net.joblib")
    return imported(folder, folder / "net.joblib", "--trust")


def near(found: Any, expected: Any, within: float = 1e-12) -> bool:
    found, expected = np.asarray(found), np.asarray(expected)
    largest = np.abs(expected).max()
    return bool(
        np.abs(found.reshape(expected.shape) - expected).max() <= within * largest
    )


def classifier(**given: Any) -> MLPClassifier:
    return MLPClassifier((5, 4), max_iter=20, random_state=1, **given)


def regressor(**given: Any) -> MLPRegressor:
    settings = {"hidden_layer_sizes": (5, 4), "max_iter": 20, "random_state": 1}
    return MLPRegressor(**settings, **given)
