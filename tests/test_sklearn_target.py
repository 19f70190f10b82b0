"""`--target sklearn`: the class is a scikit-learn estimator, and computes the same."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_diabetes, load_iris
from sklearn.ensemble import BaggingClassifier, StackingRegressor
from sklearn.exceptions import NotFittedError
from sklearn.inspection import permutation_importance
from sklearn.linear_model import Ridge
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GridSearchCV, cross_val_predict, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import nndsl
from nndsl.api import module_of
from nndsl.cli.arguments import TARGETS as WORDS
from nndsl.cli.main import main
from nndsl.compiler import understand
from nndsl.diagnostics.record import Source
from nndsl.program.in_place import Style
from nndsl.render.targets import TARGETS

PROJECT = Path(__file__).parent.parent
SPECS = sorted((PROJECT / "specs").glob("*.nn"))
SUITE = runpy.run_path(str(PROJECT / "benchmarks" / "estimator_checks.py"))
STYLES: tuple[Style, ...] = ("textbook", "fast")
IRIS = load_iris()
NAMES = IRIS.target_names[IRIS.target]


def module(text: str, target: Any = "sklearn", style: Style = "fast") -> ModuleType:
    spec = text if "network" in text else f"network Net {{ {text} }}"
    compiled = nndsl.compile_text(spec, "net.nn", target=target, style=style)
    return module_of(compiled, f"{target}.nn")


OPEN = module("""input any; dense 12 relu; dense classes softmax
loss categorical_crossentropy
train { scale standard; optimizer adam(learning_rate=0.02); epochs 20 }""").Net


@pytest.mark.parametrize("kind", SUITE["KINDS"])
def test_the_estimator_checks_of_scikit_learn_pass(
    kind: str, request: pytest.FixtureRequest
) -> None:
    everything = request.config.getoption("--all")
    for style in STYLES if everything else STYLES[1:]:
        results = SUITE["checks"](kind, style)
        others = {r["check_name"]: r["status"] for r in results}
        passed = [name for name in others if others[name] == "passed"]
        assert len(passed) > 50
        for name in passed:
            del others[name]
        assert others in ({}, {"check_array_api_input": "skipped"})


TASKS = {
    "classes": """input a, b, c, d; dense 6 relu; dense 3 softmax
        target k: u | v | w
        loss categorical_crossentropy(label_smoothing=0.1)
        metrics f1, top_k_accuracy(2), confusion_matrix
        weight w
        train { scale standard; class_weights balanced; epochs 4; TRAIN }""",
    "binary": """input any; dense 6; batch_norm; relu; dropout 20%; dense 1 sigmoid
        loss binary_crossentropy; metrics auc; weight w
        train { scale robust; epochs 4; TRAIN }""",
    "margin": """input 4 in -9..9; dense 6 tanh; dense 1; loss squared_hinge; weight w
        train { scale minmax; epochs 4; TRAIN }""",
    "labels": """input any; dense 6 relu; dense 2 sigmoid; target g, h
        loss binary_crossentropy; metrics precision, recall; weight w
        train { scale standard; epochs 4; TRAIN }""",
    "numbers": """input any; dense 6 tanh; dense outputs; loss huber
        metrics mean_absolute_error; weight w
        train { scale standard, target=standard; missing mean; epochs 4; TRAIN }""",
    "number": """input a, b, c, d; dense 6 gelu; dense 1; target h
        loss mean_squared_error; weight w
        train { missing drop; epochs 4; TRAIN }""",
    "rates": """input any; dense 6 tanh; dense 1 softplus; loss poisson; weight w
        train { epochs 4; TRAIN }""",
    "shares": """input any; dense 6 tanh; dense 3 softmax; loss kl_divergence; weight w
        train { epochs 4; TRAIN }""",
    "input": """input any; dense 2 tanh; dense features; target input
        loss mean_squared_error; weight w
        train { scale minmax; epochs 4; TRAIN }""",
    "columns": """input a missing=median scale=standard; input b in -9..9 scale=minmax
        input c: x | y | z; input d: any missing=drop
        dense 6 relu; dense 1; target t; loss mean_squared_error; weight w
        train { epochs 4; scale target=standard; TRAIN }""",
}
TRAINS = (
    "batch_size 7",
    "batch_size all; optimizer sgd(learning_rate=cosine(0.01))",
    "split 60% / 20% / 20%; early_stopping patience=2; batch_size 9",
)


def task_class(task: str, train: str = "") -> Any:
    return module(TASKS[task].replace("TRAIN", train)).Net


def table(task: str, n: int = 60) -> tuple[Any, Any]:
    rng = np.random.default_rng(5)
    X: Any = rng.normal(size=(n, 4)) * [1, 2, 0.3, 1]
    if task in ("numbers", "number"):
        X[::9, 1] = np.nan
    if task == "columns":
        X = pd.DataFrame(X, columns=list("abcd"))
        X["c"], X["d"] = rng.choice(list("xyz"), n), rng.choice(["p", "q", None], n)
        X.loc[::9, "a"] = np.nan
    match task:
        case "classes":
            y: Any = rng.choice(list("uvw"), n)
        case "binary" | "margin":
            y = rng.choice(["no", "yes"], n)
        case "labels":
            y = rng.integers(0, 2, (n, 2))
        case "numbers":
            y = rng.normal(size=(n, 3)) * [1, 9, 0.1]
        case "shares":
            y = rng.dirichlet([1, 2, 3], n)
        case _:
            y = rng.gamma(2.0, size=n)
    return X, y


def answers(model: Any) -> list[str]:
    names = ("predict", "predict_proba", "transform")
    return [name for name in names if hasattr(model, name)]


@pytest.mark.parametrize("train", TRAINS)
@pytest.mark.parametrize("task", TASKS)
def test_it_computes_what_the_numpy_module_computes(task: str, train: str) -> None:
    """The class that needs NumPy only is checked against formulas elsewhere."""
    text = TASKS[task].replace("TRAIN", f"seed 3; {train}")
    X, y = table(task)
    weights = np.resize([1.0, 2.0, 0.5, 3.0], len(X))
    style = STYLES[len(task) % 2]
    plain, ours = (module(text, target, style).Net() for target in TARGETS)
    plain.fit(X, *[y] * (task != "input"), sample_weight=weights)
    ours.fit(X, y, sample_weight=weights)
    assert ours.history_ == plain.history_
    for mine, its in zip(ours.parameters_, plain.parameters_, strict=True):
        np.testing.assert_array_equal(mine, its)
    rows = X[~pd.isna(X).any(axis=1)]
    for name in answers(ours):
        mine, its = getattr(ours, name)(rows), getattr(plain, name)(rows)
        np.testing.assert_array_equal(mine, its)
    if "split" in train:
        assert ours.test_ == plain.test_ and ours.best_epoch_ == plain.best_epoch_
    elif task not in ("numbers", "number", "columns", "input"):
        named = {"sample_weight": weights}
        score = ours.score(X, y, **named)
        assert score == pytest.approx(plain.score(X, y, **named), abs=1e-6)


@pytest.mark.parametrize("task", TASKS)
def test_no_weights_are_weights_of_1_and_one_of_0_is_no_row(task: str) -> None:
    cls = module(TASKS[task].replace("TRAIN", "split 80% / 20% / 0%")).Net
    X, y = table(task)
    np.testing.assert_array_equal(
        cls().fit(X, y).predict(X[1:2]),
        cls().fit(X, y, sample_weight=np.ones(len(X))).predict(X[1:2]),
    )
    kept = np.arange(len(X)) % 4 > 0
    np.testing.assert_array_equal(
        cls().fit(X[kept], y[kept]).predict(X[1:2]),
        cls().fit(X, y, sample_weight=kept.astype(float)).predict(X[1:2]),
    )


LABELS = ["red", "green", "blue"]  # sorted: blue, green, red
ONE = "network Net { input any; dense 9 relu; LAST; target c: LABELS; TRAIN }"
TRAIN = "train { optimizer adam(learning_rate=0.05); epochs 40; scale standard }"


@pytest.mark.parametrize(
    ("last", "labels"),
    [
        ("dense 3 softmax; loss categorical_crossentropy", LABELS),
        ("dense 3; loss mean_squared_error", LABELS),
        ("dense 1 sigmoid; loss binary_crossentropy", LABELS[:2]),
        ("dense 1; loss hinge", LABELS[:2]),
        ("dense 2 softmax; loss categorical_crossentropy", ["green", "red"]),
    ],
)
def test_labels_of_the_spec_stand_in_scikit_learns_order(
    last: str, labels: list[str]
) -> None:
    text = ONE.replace("LAST", last).replace("LABELS", " | ".join(labels))
    model = module(text.replace("TRAIN", TRAIN)).Net()
    place = IRIS.target < len(labels)
    X, y = IRIS.data[place], np.array(labels)[IRIS.target[place]]
    model.fit(X, y)
    assert model.classes_.tolist() == sorted(labels)
    assert (model.predict(X) == y).mean() > 0.9
    if hasattr(model, "predict_proba"):
        method, several = "predict_proba", {"multi_class": "ovr"}
    elif len(labels) == 2:
        method, several = "decision_function", {}
    else:
        return
    found = cross_val_predict(clone(model), X, y, method=method)
    found = found[:, 1] if found.ndim == 2 and len(labels) == 2 else found
    assert roc_auc_score(y, found, **(several if len(labels) > 2 else {})) > 0.95


def test_parameters_are_kept_as_they_are_given() -> None:
    model = OPEN(learning_rate=0.1, epochs=3, batch_size=5, random_state=None)
    expected = {
        "learning_rate": 0.1,
        "epochs": 3,
        "batch_size": 5,
        "random_state": None,
    }
    assert clone(model).get_params() == model.get_params() == expected
    assert model.set_params(epochs=4).epochs == 4
    assert vars(clone(model)).keys() == expected.keys()
    assert model.fit(IRIS.data, NAMES).n_iter_ == 4
    assert model.loss_ == model.history_["loss"][-1]


def test_random_state_is_a_number_none_or_a_generator() -> None:
    def weights(state: Any) -> Any:
        model = OPEN(epochs=1, random_state=state).fit(IRIS.data, NAMES)
        return model.parameters_.w1

    assert np.array_equal(weights(3), weights(3))
    assert not np.array_equal(weights(3), weights(4))
    assert not np.array_equal(weights(None), weights(None))
    shared = np.random.default_rng(3)
    assert np.array_equal(weights(shared), weights(3))
    assert not np.array_equal(weights(shared), weights(3))


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
    assert np.array_equal(alone, two)
    if request.config.getoption("--all"):
        distributed = pytest.importorskip("distributed")
        with (
            distributed.LocalCluster(
                n_workers=2, threads_per_worker=1, dashboard_address=None
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


def test_a_checkpoint_holds_the_estimator(tmp_path: Path) -> None:
    net = module(TASKS["classes"].replace("TRAIN", "checkpoint every=2"))
    X, y = table("classes")
    path = tmp_path / "best.joblib"
    model = net.Net(checkpoint=str(path)).fit(X, y)
    again = joblib.load(path)
    assert np.array_equal(again.parameters_.w1, model.parameters_.w1)
    assert [each.name for each in tmp_path.iterdir()] == ["best.joblib"]


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


FLOWERS = nndsl.load(PROJECT / "specs/iris.nn", target="sklearn").Iris
FRAME = pd.DataFrame(
    IRIS.data, columns=["sepal_length", "sepal_width", "petal_length", "petal_width"]
)


def test_named_columns_are_found_in_any_order() -> None:
    model = FLOWERS(epochs=10).fit(FRAME.assign(more="?").iloc[:, ::-1], NAMES)
    assert model.feature_names_in_.tolist() == list(FRAME)
    assert np.array_equal(
        model.predict(FRAME), FLOWERS(epochs=10).fit(FRAME, NAMES).predict(FRAME)
    )


@pytest.mark.parametrize(
    ("cls", "X", "y", "message"),
    [
        (FLOWERS, IRIS.data[:, :3], NAMES, "X has 3 features; expected 4"),
        (FLOWERS, IRIS.data, IRIS.target + 1, "y has the labels {1, 2, 3}; expected .'setosa"),
        (FLOWERS, FRAME.drop(columns="sepal_width"), NAMES, "called .'sepal_width'"),
        (FLOWERS, IRIS.data, None, "requires y to be passed"),
        (lambda: FLOWERS(epochs=0), IRIS.data, NAMES, "start at 1"),
        (lambda: FLOWERS(split=(1, 1, 1)), IRIS.data, NAMES, "shares that sum to 1"),
        (OPEN, IRIS.data, NAMES == "setosa", None),
        (OPEN, IRIS.data, np.ones(150), r"y has 1 class\(es\), .* two or more"),
        (OPEN, IRIS.data, IRIS.data, "continuous|1d array"),
        (task_class("margin"), 10 * FRAME.to_numpy(), NAMES, "not in -9..9"),
        (task_class("margin"), FRAME.to_numpy(), NAMES, "Only binary"),
        (task_class("labels"), IRIS.data, IRIS.data[:, :2], "not 0 or 1"),
        (task_class("labels"), IRIS.data, IRIS.data > 1, "has 4 columns"),
        (task_class("rates"), IRIS.data, -IRIS.target, "from 0 up"),
        (task_class("shares"), IRIS.data, np.ones((150, 3)), "the sum is 3"),
    ],
)
def test_what_does_not_fit_the_spec_is_refused(
    cls: Any, X: Any, y: Any, message: str | None
) -> None:
    model = cls()
    if message is None:
        model.fit(X, y)
        return
    with pytest.raises(ValueError, match=message):
        model.fit(X, y)
    with pytest.raises(NotFittedError):
        model.predict(X)


def test_a_failed_fit_leaves_no_parameters_of_another() -> None:
    model = OPEN(epochs=1).fit(IRIS.data, NAMES).set_params(learning_rate=1e38)
    with pytest.raises(FloatingPointError):
        model.fit(IRIS.data, NAMES)
    with pytest.raises(NotFittedError):
        model.predict(IRIS.data)


@pytest.mark.parametrize("style", STYLES)
def test_modules_are_well_written_and_shorter(style: Style, tmp_path: Path) -> None:
    texts = {path.stem: path.read_text("utf-8") for path in SPECS}
    for place, train in enumerate(TRAINS):
        for task, text in TASKS.items():
            spec = f"network Net {{ {text.replace('TRAIN', train)} }}"
            texts[f"{task}_{place}"] = spec.replace("weight w", "")
    for name, text in texts.items():
        ours, plain = (
            nndsl.compile_text(text, f"{name}.nn", style=style, target=target)
            for target in ("sklearn", "numpy")
        )
        assert len(ours.splitlines()) < len(plain.splitlines()), name
        (tmp_path / f"{name}.py").write_text(ours)
    for command in (
        "ruff check",
        "ruff format --check",
        "mypy --config-file= --ignore-missing-imports",
    ):
        words = [sys.executable, "-m", *command.split(), *tmp_path.glob("*.py")]
        done = subprocess.run(words, capture_output=True, text=True, cwd=PROJECT)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_command_the_function_and_the_table_know_the_same_targets(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert tuple(TARGETS) == WORDS
    spec = PROJECT / "specs" / "xor.nn"
    assert main(["compile", str(spec), "--stdout", "--target", "sklearn"]) == 0
    text = spec.read_text("utf-8")
    printed = nndsl.compile_text(text, spec.name, target="sklearn")
    assert capsys.readouterr().out == printed
    with pytest.raises(ValueError, match="target is 'keras'; expected 'numpy' or 'sk"):
        nndsl.compile_text(text, target="keras")  # type: ignore[arg-type]


def test_a_spec_is_the_same_network_for_every_target() -> None:
    """Compiling for scikit-learn leaves what was checked as it is."""
    source = Source("iris.nn", (PROJECT / "specs/iris.nn").read_text("utf-8"))
    checked = understand(source)
    before = nndsl.compiler.module_text(checked)
    nndsl.compiler.module_text(checked, target="sklearn")
    assert nndsl.compiler.module_text(checked) == before
