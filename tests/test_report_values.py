"""The numbers of a report, beside scikit-learn's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn import metrics
from sklearn.calibration import calibration_curve
from sklearn.inspection import permutation_importance

from nndsl.report.classes import calibration, confusion, roc
from nndsl.report.columns import Columns, columns_of, is_missing
from nndsl.report.importance import importances, rows_for
from nndsl.report.matrix import LABELS, matrix_grid
from nndsl.report.predictions import Answers
from nndsl.report.words import figure, listed, number, shown


def positives_and_scores(seed: int, decimals: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    positive = rng.random(200) < 0.3
    return positive, np.clip(rng.normal(0.4 + 0.2 * positive, 0.2), 0, 1).round(
        decimals
    )


@pytest.mark.parametrize("decimals", [1, 2, 12], ids=lambda n: f"{n} decimals")
@pytest.mark.parametrize("seed", range(3))
def test_roc_is_scikit_learns(seed: int, decimals: int) -> None:
    positive, scores = positives_and_scores(seed, decimals)
    curve = roc(positive, scores)
    assert curve is not None
    wanted = metrics.roc_curve(positive, scores, drop_intermediate=False)
    np.testing.assert_allclose(curve.false_alarms, wanted[0])
    np.testing.assert_allclose(curve.found, wanted[1])
    assert curve.area == pytest.approx(metrics.roc_auc_score(positive, scores))


def test_one_class_has_no_roc() -> None:
    assert roc(np.ones(3, bool), np.arange(3.0)) is None
    assert roc(np.zeros(3, bool), np.arange(3.0)) is None


@pytest.mark.parametrize("decimals", [1, 12], ids=lambda n: f"{n} decimals")
@pytest.mark.parametrize("n_ranges", [5, 10])
def test_calibration_is_scikit_learns(n_ranges: int, decimals: int) -> None:
    positive, scores = positives_and_scores(7, decimals)
    found = calibration(positive, scores, n_ranges)
    observed, predicted = calibration_curve(positive, scores, n_bins=n_ranges)
    np.testing.assert_allclose(found.observed, observed)
    np.testing.assert_allclose(found.predicted, predicted)
    assert found.counts.sum() == len(positive)


def test_confusion_is_scikit_learns() -> None:
    rng = np.random.default_rng(2)
    true, predicted = rng.integers(0, 5, (2, 300))
    wanted = metrics.confusion_matrix(true, predicted, labels=range(6))
    np.testing.assert_array_equal(confusion(true, predicted, 6), wanted)


def test_the_matrix_says_recall_and_precision() -> None:
    true = np.array([0, 0, 0, 1, 1, 2])
    predicted = np.array([0, 0, 1, 1, 1, 1])
    grid = matrix_grid(Answers(("a", "b", "c"), true, predicted, None))
    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["a", "2", "1", "0", "67%"],
        ["b", "0", "2", "0", "100%"],
        ["c", "0", "1", "0", "0%"],
        ["precision", "100%", "50%", "–", "67%"],
    ]


def test_rare_labels_are_counted_together() -> None:
    n = LABELS + 10
    true = np.repeat(np.arange(n), np.arange(n, 0, -1))
    predicted = np.where(true == n - 1, n - 2, true)
    grid = matrix_grid(Answers(tuple(range(n)), true, predicted, None))
    assert len(grid.rows) == LABELS + 1 and grid.rows[-2][0].text == "11 others"
    others = sum(range(1, 12))
    assert grid.rows[-2][-2].text == str(others)
    assert grid.rows[-2][-1].text == f"{(others - 1) / others:.0%}"
    assert grid.rows[-1][-1].text == f"{(len(true) - 1) / len(true):.0%}"


class Linear:
    """As `score` of scikit-learn's regressors; takes matrices and frames."""

    def fit(self, *_: object) -> None:
        """scikit-learn asks for it."""

    def score(self, X: Any, y: NDArray[np.float64]) -> float:
        if not isinstance(X, np.ndarray):
            X = np.column_stack([X[name] for name in X.columns])
        return float(metrics.r2_score(y, 3 * X[:, 0] - X[:, 1]))


@pytest.mark.parametrize("matrix", [True, False], ids=["matrix", "frame"])
def test_importances_are_scikit_learns(matrix: bool) -> None:
    X = np.random.default_rng(3).normal(size=(2000, 4))
    X[:, 3] = 1
    y = 3 * X[:, 0] - X[:, 1]
    columns = Columns(dict(zip("abcd", X.T.copy(), strict=True)), matrix)
    found = importances(Linear().score, columns, y, seed=0)
    wanted = permutation_importance(Linear(), X, y, n_repeats=20, random_state=1)
    assert [each.column for each in found[:2]] == ["a", "b"]
    for each in found:
        place = "abcd".index(each.column)
        assert each.mean == pytest.approx(wanted.importances_mean[place], abs=0.03)
    unused = {each.column: each for each in found}
    assert unused["c"].mean == unused["d"].mean == unused["d"].deviation == 0
    np.testing.assert_array_equal(columns["a"], X[:, 0])
    assert importances(Linear().score, columns, y, seed=0) == found


def test_importances_are_bounded() -> None:
    assert rows_for(4, 400) == 5000
    assert rows_for(500, 20_000) < 5000
    assert rows_for(10_000, 10**8) == 100


def test_columns_of_a_matrix_and_of_a_frame() -> None:
    x = np.array([[1.0, 2.0], [np.nan, 4.0], [5.0, 6.0]])
    assert columns_of(x, ["a", "b"])["b"].tolist() == [2, 4, 6]
    frame = {"a": np.array([1.0, np.nan]), "b": np.array(["x", None], object)}
    columns = columns_of(frame, ["a", "b"])
    assert columns.rows(np.array([1]))["b"].tolist() == [None]
    assert columns.has_gap("ab").tolist() == [False, True]
    assert columns.has_gap(["b"]).tolist() == [False, True]
    assert columns.has_gap([]).tolist() == [False, False]
    assert is_missing(np.array(["", "a"])).tolist() == [True, False]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.95454, "0.9545"),
        (-0.00001, "0.0000"),
        (43.4172, "43.42"),
        (-1234.5, "−1,234.50"),
        (123456.7, "123,457"),
        (1.5e12, "1.5e+12"),
        (float("nan"), "–"),
        (float("inf"), "–"),
    ],
)
def test_figures(value: float, text: str) -> None:
    assert figure(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(7.0, "7"), (0.123456, "0.1235"), (-2.5, "−2.5"), (18823.4, "18,823")],
)
def test_numbers(value: float, text: str) -> None:
    assert number(value) == text


def test_names() -> None:
    assert shown("a" * 50, 10) == "a" * 9 + "…"
    assert shown("a\x00\u202eb") == "a\\x00\\u202eb"
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed("abcdefgh", 3) == "a, b and 6 more"
