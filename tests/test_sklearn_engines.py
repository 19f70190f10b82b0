"""What scikit-learn, joblib and Dask do with estimators, they do with nndsl's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from joblib.externals.loky import get_reusable_executor
from reference.estimators import IRIS, NAMES, ONE, OPEN, PROJECT, TRAIN, module
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_diabetes
from sklearn.ensemble import BaggingClassifier, StackingRegressor
from sklearn.inspection import permutation_importance
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import nndsl
from nndsl.cli.main import main

GRID = {"learning_rate": [1e-5, 0.05], "epochs": [1, 15]}


def found(search: Any) -> Any:
    assert search.best_params_ == {"learning_rate": 0.05, "epochs": 15}
    assert search.best_score_ > 0.9
    assert set(search.predict(IRIS.data)) == set(IRIS.target_names)
    return search.cv_results_["mean_test_score"]


def test_searches_on_one_core_two_processes_and_a_cluster(
    request: pytest.FixtureRequest,
) -> None:
    alone = found(GridSearchCV(OPEN(), GRID, cv=3).fit(IRIS.data, NAMES))
    two = found(GridSearchCV(OPEN(), GRID, cv=3, n_jobs=2).fit(IRIS.data, NAMES))
    get_reusable_executor().shutdown(wait=True)  # its workers know this sys.path only
    assert np.array_equal(alone, two)
    distributed = pytest.importorskip("distributed")
    processes = request.config.getoption("--all")  # they take 20 seconds to start
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=processes,
            dashboard_address=None,
        ) as cluster,
        distributed.Client(cluster),
        joblib.parallel_config(backend="dask"),
    ):
        search = GridSearchCV(OPEN(), GRID, cv=3).fit(IRIS.data, NAMES)
    assert np.array_equal(alone, found(search))


def test_behind_a_column_transformer_in_a_pipeline() -> None:
    frame = pd.DataFrame(IRIS.data[:, :3], columns=["a", "b", "c"])
    frame["wide"] = np.where(IRIS.data[:, 3] > 0.8, "yes", "no")
    before = make_column_transformer(
        (StandardScaler(), ["a", "b", "c"]),
        (OneHotEncoder(sparse_output=False), ["wide"]),
    )
    pipeline = make_pipeline(before, OPEN(learning_rate=0.05))
    assert cross_val_score(pipeline, frame, NAMES, cv=3).mean() > 0.9
    before.set_output(transform="pandas")
    assert pipeline.fit(frame, NAMES)[-1].feature_names_in_[0] == "standardscaler__a"


def test_ensembles_calibration_and_importance() -> None:
    X, y = IRIS.data, NAMES
    model = OPEN(learning_rate=0.05, epochs=15)
    bagging = BaggingClassifier(model, n_estimators=3, random_state=0).fit(X, y)
    first, *others = (each.parameters_.w1 for each in bagging.estimators_)
    assert not any(np.array_equal(first, other) for other in others)
    assert bagging.score(X, y) > 0.9
    calibrated = CalibratedClassifierCV(model, cv=3).fit(X, y)
    assert calibrated.score(X, y) > 0.9
    noise = np.random.default_rng(0).normal(size=(len(X), 1))
    wide = np.hstack([X[:, 2:], noise])
    parts = permutation_importance(
        clone(model).fit(wide, y), wide, y, n_repeats=3, random_state=0
    )
    assert parts.importances_mean.argmin() == 2
    spec = "input any; dense 8 tanh; dense 1; loss mean_squared_error"
    net = module(f"{spec}; train {{ scale standard, target=standard; epochs 30 }}")
    data, target = load_diabetes(return_X_y=True)
    stack = StackingRegressor([("net", net.Net())], Ridge(), cv=2).fit(data, target)
    assert stack.score(data, target) > 0.3


def test_an_autoencoder_transforms() -> None:
    net = module("""input any; dense 2; dense features; target input
        loss mean_squared_error; train { scale standard; epochs 60; batch_size 8 }""")
    model = net.Net(learning_rate=0.02).set_output(transform="pandas")
    code = model.fit_transform(IRIS.data)
    assert list(code.columns) == ["net0", "net1"] and code.shape == (150, 2)
    error = IRIS.data - model.predict(IRIS.data)
    explained = 1 - (error**2).sum(0) / np.var(IRIS.data, axis=0) / len(error)
    assert model.score(IRIS.data) == pytest.approx(explained.mean())
    assert model.score(IRIS.data) > 0.8
    search = GridSearchCV(net.Net(), {"epochs": [1, 20]}, cv=3).fit(IRIS.data)
    assert search.best_params_ == {"epochs": 20}


def test_a_model_reaches_another_process(tmp_path: Path) -> None:
    """By joblib: a module in memory brings its text, a written one is imported."""
    assert main(["compile", str(PROJECT / "specs/iris.nn"), "--target", "sklearn",
                 "-o", str(tmp_path / "flowers.py")]) == 0  # fmt: skip
    sys.path.insert(0, str(tmp_path))
    try:
        import flowers  # type: ignore[import-not-found]
    finally:
        sys.path.remove(str(tmp_path))
    loaded = nndsl.load(PROJECT / "specs/iris.nn", target="sklearn")
    code = "import joblib; print(*joblib.load('m.joblib').predict([[5, 3, 1, 0]] * 2))"
    for place, source in enumerate((flowers, loaded)):
        model = source.Iris(epochs=20).fit(IRIS.data, NAMES)
        joblib.dump(model, tmp_path / "m.joblib")
        path = os.pathsep.join([str(tmp_path)] + [str(PROJECT)] * place)
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            text=True,
        )
        assert done.stdout == "setosa setosa\n", done.stderr


@pytest.mark.parametrize("labels", [["b", "c", "a"], [3, 1, 2]])
def test_scikit_learn_may_number_the_labels_of_the_spec(labels: list[Any]) -> None:
    text = ONE.replace("LAST", "dense 3 softmax; loss categorical_crossentropy")
    text = text.replace("LABELS", " | ".join(map(str, labels)))
    model = module(text.replace("TRAIN", TRAIN)).Net()
    y = np.array(labels)[IRIS.target]
    bagging = BaggingClassifier(model, 3, max_samples=0.8, random_state=0)
    assert bagging.fit(IRIS.data, y).score(IRIS.data, y) > 0.9
    assert bagging.classes_.tolist() == sorted(labels)
    numbers = np.searchsorted(sorted(labels), y)
    model.fit(IRIS.data, numbers)
    assert model.classes_.tolist() == [0, 1, 2]
    assert model.score(IRIS.data, numbers) > 0.9
