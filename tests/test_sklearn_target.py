"""`--target sklearn`: the class is a scikit-learn estimator, and computes the same."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from reference.estimators import (
    IRIS,
    LABELS,
    NAMES,
    ONE,
    OPEN,
    PROJECT,
    STYLES,
    TASKS,
    TRAIN,
    TRAINS,
    module,
    table,
    task_class,
)
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict

import nndsl
from nndsl.cli.arguments import TARGETS as WORDS
from nndsl.cli.main import main
from nndsl.compiler import understand
from nndsl.diagnostics.record import Source
from nndsl.render.targets import TARGETS

SPECS = sorted((PROJECT / "specs").glob("*.nn"))
SUITE = runpy.run_path(str(PROJECT / "benchmarks" / "estimator_checks.py"))


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
    plain, ours = (module(text, each, style).Net() for each in ("numpy", "sklearn"))
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


def test_a_checkpoint_holds_the_estimator(tmp_path: Path) -> None:
    net = module(TASKS["classes"].replace("TRAIN", "checkpoint every=2"))
    X, y = table("classes")
    path = tmp_path / "best.joblib"
    model = net.Net(checkpoint=str(path)).fit(X, y)
    again = joblib.load(path)
    assert np.array_equal(again.parameters_.w1, model.parameters_.w1)
    assert [each.name for each in tmp_path.iterdir()] == ["best.joblib"]


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
        (FLOWERS, IRIS.data, IRIS.target + 1, "the labels {1, 2, 3}; expected"),
        (FLOWERS, FRAME.drop(columns="sepal_width"), NAMES, "called .'sepal_width'"),
        (FLOWERS, IRIS.data, None, "requires y to be passed"),
        (lambda: FLOWERS(epochs=0), IRIS.data, NAMES, "must be at least 1"),
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


def test_rows_that_lack_a_value_are_left_out_and_refused_later() -> None:
    net = module("""input 2 in 0..5; dense 3; dense 1; loss mean_squared_error
        train { missing drop; scale minmax; epochs 2 }""").Net
    X, y = np.arange(40.0).reshape(-1, 2) / 9, np.arange(20.0)
    gaps = X.copy()
    gaps[3, 0] = np.nan
    model, full = net().fit(gaps, y), net().fit(np.delete(X, 3, 0), np.delete(y, 3))
    assert np.array_equal(model.predict(X), full.predict(X))
    with pytest.raises(ValueError, match="NaN"):
        model.predict(gaps)
    with pytest.raises(ValueError, match=r"row 0, column 1: 6.0 is not in 0..5"):
        model.predict([[1, 6]])
    with pytest.raises(ValueError, match="zero in every complete row"):
        net().fit(np.full((3, 2), np.nan), y[:3])


def test_a_failed_fit_leaves_no_parameters_of_another() -> None:
    model = OPEN(epochs=1).fit(IRIS.data, NAMES).set_params(learning_rate=1e38)
    with pytest.raises(FloatingPointError):
        model.fit(IRIS.data, NAMES)
    with pytest.raises(NotFittedError):
        model.predict(IRIS.data)


def test_modules_are_well_written_and_shorter(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    everything = request.config.getoption("--all")
    texts = {path.stem: path.read_text("utf-8") for path in SPECS}
    for place, (task, text) in enumerate(TASKS.items()):
        for train in TRAINS if everything else TRAINS[place % 3 :: 3]:
            spec = f"network Net {{ {text.replace('TRAIN', train)} }}"
            texts[f"{task}_{len(texts)}"] = spec.replace("weight w", "")
    for place, (name, text) in enumerate(texts.items()):
        for style in STYLES if everything else STYLES[place % 2 :: 2]:
            ours, plain = (
                nndsl.compile_text(text, f"{name}.nn", style=style, target=target)
                for target in ("sklearn", "numpy")
            )
            assert len(ours.splitlines()) < len(plain.splitlines()), name
            (tmp_path / f"{name}_{style}.py").write_text(ours)
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
