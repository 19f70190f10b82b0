"""`weight COLUMN`: a row of weight 2 counts twice, one of weight 0 is not there."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from sklearn import metrics
from sklearn.preprocessing import StandardScaler

import nndsl
from nndsl.api import module_of
from nndsl.cli.main import main
from nndsl.data.digests import row_digests

Output = pytest.CaptureFixture[str]

SPEC = """
network Net {{
    input a, b, c
    {target}
    weight "how many"
    dense 6 tanh
    {layers}
    loss {loss}
    metrics {metrics}
    train {{
        optimizer adam(learning_rate=0.05)
        epochs 12
        precision float64
        {train}
    }}
}}
"""
TASKS = {
    "classes": (
        "target y: 0 | 1 | 2",
        "dense 3 softmax",
        "categorical_crossentropy(label_smoothing=0.1)",
        "accuracy, f1, precision, recall, auc, top_k_accuracy(2), confusion_matrix",
    ),
    "binary": (
        "target y: 0 | 1",
        "dense 1 sigmoid",
        "binary_crossentropy",
        "accuracy, f1, precision, recall, auc, confusion_matrix",
    ),
    "accuracy": (
        "target y: 0 | 1",
        "dense 1 sigmoid",
        "binary_crossentropy",
        "accuracy",
    ),
    "margin": ("target y: 0 | 1", "dense 1", "hinge", "accuracy, auc"),
    "labels": (
        "target k, l",
        "dense 2 sigmoid",
        "binary_crossentropy",
        "accuracy, f1, precision, recall, auc",
    ),
    "numbers": (
        "target u, v",
        "dense 2",
        "mean_squared_error",
        "r2, mean_absolute_error, root_mean_squared_error",
    ),
    "huber": ("target u", "dense 1", "huber(delta=0.5)", "r2"),
    "poisson": ("target u", "dense 1 softplus", "poisson", "mean_absolute_error"),
    "input": ("target input", "dense 3", "mean_squared_error", "r2"),
}
FULL = "batch_size all; shuffle no; scale standard"
CLASS_WEIGHTS = ("classes", "binary", "margin", "labels")


def module(task: str, train: str, style: Any = "fast", layers: str = "") -> ModuleType:
    target, last, loss, names = TASKS[task]
    if task in ("numbers", "huber"):
        train = train.replace("scale standard", "scale standard, target=standard")
    text = SPEC.format(
        target=target, layers=f"{layers}\n{last}", loss=loss, metrics=names, train=train
    )
    return module_of(nndsl.compile_text(text, f"{task}.nn", style=style), f"{task}.nn")


def rows(task: str, n: int = 40) -> tuple[Any, dict[str, Any]]:
    """X and, but for the autoencoder, y."""
    rng = np.random.default_rng(3)
    X = rng.normal(size=(n, 3)) * [1, 5, 0.2] + [0, 3, 1]
    if task == "input":
        return X, {}
    match task:
        case "classes":
            y: Any = rng.integers(0, 3, n)
        case "labels":
            y = rng.integers(0, 2, (n, 2))
        case "numbers":
            y = rng.normal(size=(n, 2)) * [1, 100]
        case "huber" | "poisson":
            y = rng.gamma(2.0, size=n)
        case _:
            y = rng.integers(0, 2, n)
    return X, {"y": y}


def part(given: dict[str, Any], chosen: Any) -> dict[str, Any]:
    return {name: array[chosen] for name, array in given.items()}


def assert_alike(first: Any, second: Any) -> None:
    for a, b in zip(first.parameters_, second.parameters_, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-8, atol=1e-10)
    for name, figures in first.history_.items():
        expected = second.history_[name]
        np.testing.assert_allclose(figures, expected, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("style", ["textbook", "fast"])
@pytest.mark.parametrize("balanced", [False, True], ids=["", "balanced"])
@pytest.mark.parametrize("task", TASKS)
def test_two_is_a_row_twice(task: str, balanced: bool, style: str) -> None:
    if balanced and task not in CLASS_WEIGHTS:
        pytest.skip("no classes")
    train = f"{FULL}; l2 0.01" + "; class_weights balanced" * balanced
    net = module(task, train, style)
    X, given = rows(task)
    times = np.random.default_rng(1).integers(1, 4, len(X))
    repeated = np.repeat(np.arange(len(X)), times)
    once = net.Net().fit(X, **given, sample_weight=times)
    again = net.Net().fit(X[repeated], **part(given, repeated))
    assert_alike(once, again)
    figures = once.evaluate(X, **given, sample_weight=times)
    for name, value in again.evaluate(X[repeated], **part(given, repeated)).items():
        np.testing.assert_allclose(figures[name], value, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("task", TASKS)
def test_any_factor_of_all_weights_changes_nothing(task: str) -> None:
    net = module(task, FULL)
    X, given = rows(task)
    weights = np.random.default_rng(1).uniform(0.01, 1, len(X))
    small = net.Net().fit(X, **given, sample_weight=1e-4 * weights)
    large = net.Net().fit(X, **given, sample_weight=1e4 * weights)
    assert_alike(small, large)
    figures = small.evaluate(X, **given, sample_weight=1e-4 * weights)
    for name, value in small.evaluate(X, **given, sample_weight=weights).items():
        if name != "confusion_matrix":
            np.testing.assert_allclose(figures[name], value, rtol=1e-9)


@pytest.mark.parametrize("missing", ["mean", "median", "drop"])
@pytest.mark.parametrize("split", ["", "split 60% / 20% / 20%"], ids=["", "split"])
@pytest.mark.parametrize("task", ["classes", "numbers"])
def test_zero_is_no_row(task: str, split: str, missing: str) -> None:
    train = f"batch_size 7; scale standard; missing {missing}; {split}"
    net = module(task, train, layers="dropout 20%; batch_norm")
    X, given = rows(task, 80)
    X[::9, 1] = np.nan
    weights = np.tile([1.0, 0.0, 2.0, 0.5], 20)
    kept = weights > 0
    X[~kept, 0] = 1e6
    with_zeros = net.Net().fit(X, **given, sample_weight=weights)
    without = net.Net().fit(X[kept], **part(given, kept), sample_weight=weights[kept])
    assert_alike(with_zeros, without)
    figures = with_zeros.evaluate(X, **given, sample_weight=weights)
    alone = {**part(given, kept), "sample_weight": weights[kept]}
    for name, value in without.evaluate(X[kept], **alone).items():
        np.testing.assert_allclose(figures[name], value, rtol=1e-10)


@pytest.mark.parametrize("task", ["classes", "binary", "labels", "numbers", "huber"])
def test_figures_are_those_of_scikit_learn(task: str) -> None:
    net = module(task, FULL)
    X, given = rows(task, 60)
    y, weights = given["y"], np.random.default_rng(2).exponential(size=len(X))
    model = net.Net().fit(X, y, weights)
    figures = model.evaluate(X, y, weights)
    assert model.score(X, y, weights) == next(
        figures[name] for name in ("accuracy", "r2") if name in figures
    )
    answer, by = model.predict(X), {"sample_weight": weights}
    expected: dict[str, Any] = {}
    if task in ("numbers", "huber"):
        expected["r2"] = metrics.r2_score(y, answer, **by)
        if task == "numbers":
            error = metrics.mean_absolute_error(y, answer, **by)
            expected["mean_absolute_error"] = error
            squared = metrics.mean_squared_error(
                y, answer, **by, multioutput="raw_values"
            )
            expected["root_mean_squared_error"] = np.sqrt(np.mean(squared))
    else:
        average = "binary" if task == "binary" else "macro"
        for name in ("precision", "recall", "f1"):
            score = getattr(metrics, f"{name}_score")
            expected[name] = score(y, answer, average=average, zero_division=0, **by)
        expected["accuracy"] = metrics.accuracy_score(y, answer, **by)
        chances = model.predict_proba(X)
        true = np.eye(3)[y] if task == "classes" else y
        scores = chances[:, 1] if task == "binary" else chances
        expected["auc"] = metrics.roc_auc_score(true, scores, average="macro", **by)
        if task != "labels":
            matrix = metrics.confusion_matrix(y, answer, **by)
            expected["confusion_matrix"] = matrix
        if task == "binary":
            expected["loss"] = metrics.log_loss(y, chances, **by)
        if task == "classes":
            top = metrics.top_k_accuracy_score(y, chances, k=2, **by)
            expected["top_k_accuracy"] = top
    for name, value in expected.items():
        np.testing.assert_allclose(figures[name], value, rtol=1e-12, err_msg=name)


def test_scaling_is_that_of_scikit_learn() -> None:
    X, given = rows("numbers")
    weights = np.random.default_rng(2).exponential(size=len(X))
    model = module("numbers", FULL).Net().fit(X, **given, sample_weight=weights)
    for array, mean, std in (
        (X, model.mean_, model.std_),
        (given["y"], model.target_mean_, model.target_std_),
    ):
        scaler = StandardScaler().fit(array, sample_weight=weights)
        np.testing.assert_allclose(mean, scaler.mean_, rtol=1e-12)
        np.testing.assert_allclose(std, scaler.scale_, rtol=1e-12)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1, -1, 1, 1], "sample_weight, row 1: -1.0; expected 0 or more"),
        ([1, 1, np.nan, 1], "sample_weight, row 2: nan; expected 0 or more"),
        ([1, 1, 1, np.inf], "sample_weight, row 3: inf; expected 0 or more"),
        ([0, 0, 0, 0], "sample_weight is 0 in every row"),
        ([1, 1], r"sample_weight has shape \(2,\); expected \(4,\)"),
    ],
)
def test_what_is_no_weight_is_refused(weights: Any, message: str) -> None:
    net = module("binary", FULL)
    X, y = np.ones((4, 3)), [0, 1, 0, 1]
    with pytest.raises(ValueError, match=message):
        net.Net().fit(X, y, weights)
    model = net.Net().fit(X, y)
    with pytest.raises(ValueError, match=message):
        model.evaluate(X, y, weights)


def test_without_weights_all_rows_count_alike() -> None:
    X, given = rows("classes")
    net = module("classes", "split 70% / 30% / 0%; scale standard")
    plain = net.Net().fit(X, **given)
    assert_alike(plain, net.Net().fit(X, **given, sample_weight=np.full(len(X), 3.0)))


def table(path: Path, weights: list[str]) -> None:
    X, given = rows("binary", len(weights))
    lines = [
        f"{row[0]},{weight},{row[1]},{row[2]},{label}"
        for row, weight, label in zip(X, weights, given["y"], strict=True)
    ]
    path.write_text("\n".join(["a,how many,b,c,y", *lines]))


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (["1", "x"], "line 3, column how many: expected a number from 0, found 'x'"),
        (["1", "-2"], "line 3, column how many: expected a number from 0, found '-2'"),
        (["", "1"], "line 2, column how many: expected a number from 0, found ''"),
        (
            ["inf", "1"],
            "line 2, column how many: expected a number from 0, found 'inf'",
        ),
        (["0", "0"], "column how many: every weight is 0; expected some above"),
    ],
)
def test_columns_of_a_file(
    weights: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Output,
) -> None:
    monkeypatch.chdir(tmp_path)
    target, last, loss, names = TASKS["binary"]
    Path("net.nn").write_text(
        SPEC.format(target=target, layers=last, loss=loss, metrics=names, train=FULL)
    )
    table(tmp_path / "t.csv", weights)
    assert main(["train", "net.nn", "t.csv"]) == 1
    assert capsys.readouterr().err.startswith(f"nndsl: t.csv, {message}")


def test_commands_take_the_column(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.chdir(tmp_path)
    target, last, loss, names = TASKS["binary"]
    text = SPEC.format(target=target, layers=last, loss=loss, metrics=names, train=FULL)
    for spec, inputs in (("named.nn", "a, b, c"), ("any.nn", "any")):
        Path(spec).write_text(text.replace("input a, b, c", f"input {inputs}"))
        weights = [str(1 + row % 3) for row in range(40)]
        table(tmp_path / "t.csv", weights)
        assert main(["train", spec, "t.csv", "-o", "net.npz", "--force"]) == 0
        X, y, counts = nndsl.read_table("t.csv", spec)
        assert X.shape == (40, 3) and counts.tolist() == list(map(float, weights))
        model = nndsl.load(spec).Net().fit(X, y, counts)
        with np.load("net.npz") as file:
            assert np.array_equal(file["w1"], model.parameters_.w1)
            assert np.array_equal(file["trained"], row_digests(X, y))
        capsys.readouterr()
        assert main(["evaluate", "net.npz", "t.csv"]) == 0
        accuracy = f"accuracy  {model.evaluate(X, y, counts)['accuracy']:.4f}"
        assert accuracy in capsys.readouterr().out
        assert main(["predict", "net.npz", "t.csv"]) == 0
        assert "how many" not in capsys.readouterr().err
        text_of_module = nndsl.compile_text(Path(spec).read_text(), spec)
        made = module_of(text_of_module, spec).read_csv("t.csv")
        assert [list(map(float, row)) for row in made[0]] == X.tolist()
        assert (made[1], made[2]) == (y.tolist(), counts.tolist())


MIXED = """
network Net {{
    input   a                       scale=standard missing=mean
    input   b, c                    scale=minmax
    input   d                       scale=standard
    input   sex: female | male
    input   deck: any               missing=drop
    target  u
    weight  w
    dense   5 tanh
    dense   1
    loss    mean_squared_error
    train   {{ precision float64; epochs 8; {train} }}
}}
"""


def mixed(n: int = 60) -> tuple[Any, Any]:
    rng = np.random.default_rng(8)
    numbers = rng.normal(size=(n, 4)) * [1, 10, 3, 0.1]
    X = np.empty((n, 6), object)
    X[:, :4] = numbers
    X[:, 4] = rng.choice(["female", "male"], n)
    X[:, 5] = rng.choice(["A", "B", "C"], n)
    return X, rng.normal(size=n)


@pytest.mark.parametrize("style", ["textbook", "fast"])
def test_columns_of_labels_beside_weights(style: Any) -> None:
    text = MIXED.format(train="batch_size all; shuffle no; scale none, target=standard")
    net = module_of(nndsl.compile_text(text, "mixed.nn", style=style), "mixed.nn")
    X, y = mixed()
    times = np.random.default_rng(1).integers(0, 3, len(X))
    repeated = np.repeat(np.arange(len(X)), times)
    once = net.Net().fit(X, y, times)
    assert_alike(once, net.Net().fit(X[repeated], y[repeated]))
    for place in (0, 3):
        column = X[:, [place]].astype(float)
        scaler = StandardScaler().fit(column, sample_weight=times)
        np.testing.assert_allclose(once.start_[place], scaler.mean_[0], rtol=1e-11)
        np.testing.assert_allclose(once.spread_[place], scaler.scale_[0], rtol=1e-11)


@pytest.mark.parametrize("split", ["", "split 60% / 20% / 20%"], ids=["", "split"])
def test_rows_that_lack_a_label_or_have_no_weight(split: str) -> None:
    text = MIXED.format(train=f"batch_size 7; {split}")
    net = module_of(nndsl.compile_text(text, "mixed.nn"), "mixed.nn")
    X, y = mixed()
    X[::7, 5] = None
    weights = np.tile([1.0, 0.0, 2.0], 20)
    kept = (weights > 0) & (X[:, 5] != None)  # noqa: E711
    model = net.Net().fit(X, y, weights)
    alone = net.Net().fit(X[kept], y[kept], weights[kept])
    assert_alike(model, alone)
    figures = alone.evaluate(X[kept], y[kept], weights[kept])
    assert model.evaluate(X, y, weights) == pytest.approx(figures, rel=1e-12)
