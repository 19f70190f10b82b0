"""What y may be: labels, columns and one-hot rows mean the same to every method."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from reference.learning import module, net
from reference.modules import STYLES

from nndsl.program.in_place import Style

ROWS = 30
X = np.random.RandomState(1).standard_normal((ROWS, 5))
PLACES = np.random.RandomState(2).randint(0, 3, ROWS)
WORDS = "target fruit: pear | apple | cherry"
NUMBERS = "target size: 30 | 10 | 20"
NAMES: dict[str, list[Any]] = {
    WORDS: ["pear", "apple", "cherry"],
    NUMBERS: [30, 10, 20],
}
TRAIN = "epochs 2; batch_size 8; seed 3"
SOFTMAX = "dense 3 softmax; loss categorical_crossentropy"
OPEN = "input any; dense classes softmax; loss categorical_crossentropy"


def head(last: str = SOFTMAX, target: str = WORDS) -> str:
    return f"input 5; dense 6 tanh; {last}; {target}"


def forms(target: str) -> dict[str, Any]:
    """The same labels in every form that y may have."""
    labels = np.array(NAMES[target])[PLACES]
    one_hot = np.eye(3)[PLACES]
    given = {
        "array": labels,
        "list": labels.tolist(),
        "objects": labels.astype(object),
        "column": labels[:, None],
        "series": pd.Series(labels),
        "other index": pd.Series(labels, index=range(7, 7 + ROWS)),
        "frame": pd.DataFrame({"y": labels}),
        "category": pd.Series(labels).astype("category"),
        "polars": pl.Series(labels),
        "one-hot": one_hot,
        "one-hot integers": one_hot.astype(int),
        "one-hot booleans": one_hot.astype(bool),
        "one-hot lists": one_hot.tolist(),
        "one-hot frame": pd.get_dummies(pd.Series(PLACES)),
    }
    if target == NUMBERS:
        given |= {"floats": labels.astype(float), "small": labels.astype(np.uint8)}
    return given


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("target", [WORDS, NUMBERS], ids=["words", "numbers"])
@pytest.mark.parametrize("last", [SOFTMAX, "dense 3; loss mean_squared_error"])
def test_every_form_of_y_gives_one_loss(last: str, target: str, style: Style) -> None:
    given = TRAIN, head(last, target), style
    names = np.array(NAMES[target])
    first = net(*given)().fit(X, forms(target)["array"])
    a = module(*given).forward(first.parameters_, X.astype(np.float32))[-1]
    if "squared" in last:
        expected = np.square(a - np.eye(3)[PLACES]).mean()
    else:
        expected = -np.log(a[np.arange(ROWS), PLACES]).mean()
    for name, y in forms(target).items():
        model = net(*given)().fit(X, y)
        assert model.classes_.tolist() == names.tolist(), name
        assert model.history_ == first.history_, name
        assert model.evaluate(X, y)["loss"] == pytest.approx(expected, rel=1e-5), name
        assert model.predict(X).tolist() == names[a.argmax(axis=1)].tolist()
        assert model.score(X, y) == np.mean(a.argmax(axis=1) == PLACES)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    "last",
    [
        "dense 1 sigmoid; loss binary_crossentropy",
        "dense 1; loss hinge",
        "dense 1 tanh; loss squared_hinge",
    ],
)
def test_two_classes(last: str, style: Style) -> None:
    """The second label is the positive one, in the declared order."""
    given = TRAIN, head(last, "target churn: yes | no"), style
    positive = np.random.RandomState(2).randint(0, 2, ROWS)
    labels = np.array(["yes", "no"])[positive]
    for y in (labels, labels.tolist(), labels[:, None], pd.Series(labels)):
        model = net(*given)().fit(X, y)
        a = module(*given).forward(model.parameters_, X.astype(np.float32))[-1][:, 0]
        short = np.maximum(1 - (2 * positive - 1) * a, 0)
        expected = (short if "; loss hinge" in last else short**2).mean()
        if "sigmoid" in last:
            expected = -np.log(np.where(positive == 1, a, 1 - a)).mean()
        assert model.evaluate(X, y)["loss"] == pytest.approx(expected, rel=1e-5)
        bar = 0.5 if "sigmoid" in last else 0
        assert model.predict(X).tolist() == np.where(a >= bar, "no", "yes").tolist()
        assert model.classes_.tolist() == ["yes", "no"]
    if "sigmoid" in last:
        chances = model.predict_proba(X)
        np.testing.assert_allclose(chances, np.stack([1 - a, a], axis=1), atol=1e-6)


@pytest.mark.parametrize("style", STYLES)
def test_without_declared_classes_they_are_those_seen(style: Style) -> None:
    labels = np.array(NAMES[WORDS])[PLACES]
    model = net(TRAIN, OPEN, style)().fit(X, labels)
    assert model.classes_.tolist() == ["apple", "cherry", "pear"]
    assert set(model.predict(X)) <= {"apple", "cherry", "pear"}
    chances = model.predict_proba(X)
    ordered = np.array([2, 0, 1])[PLACES]
    expected = -np.log(chances[np.arange(ROWS), ordered]).mean()
    for y in (labels, np.eye(3)[ordered]):
        assert model.evaluate(X, y)["loss"] == pytest.approx(expected, rel=1e-5)
    model.fit(X, np.array([30, 10, 20])[PLACES])
    assert model.classes_.tolist() == [10, 20, 30]
    assert model.fit(X, np.eye(3)[PLACES]).classes_.tolist() == [0, 1, 2]
    assert model.fit(X, PLACES > 1).classes_.tolist() == [False, True]


@pytest.mark.parametrize("labels", [["a", "b", "c", "d"], ["a"]])
def test_classes_as_many_as_outputs_are_wanted(labels: list[str]) -> None:
    made = net(TRAIN, f"input 5; {SOFTMAX}")
    with pytest.raises(ValueError, match=r"y .*labels"):
        made().fit(X[:4], (labels * 4)[:4])
    with pytest.raises(ValueError, match=r"y .*labels"):
        net(TRAIN, OPEN)().fit(X[:4], ["a"] * 4)


def expect_refused(fit: Any, y: Any, row: int) -> None:
    with pytest.raises(ValueError, match=rf"y, row {row}: "):
        fit(X[: len(y)], y)


MISSING = [None, np.nan, "", pd.NA]


@pytest.mark.parametrize("missing", MISSING, ids=str)
@pytest.mark.parametrize("target", [WORDS, NUMBERS, ""])
def test_a_missing_label_is_never_a_class(target: str, missing: Any) -> None:
    labels = NAMES.get(target, ["x", "y", "z"])
    y = [*labels, missing, *labels]
    model = net(TRAIN, head(target=target))()
    for given in (y, np.array(y, object), pd.Series(y)):
        expect_refused(model.fit, given, 3)
    model.fit(X[:3], labels)
    expect_refused(model.evaluate, y, 3)


def test_a_missing_number_is_no_class() -> None:
    for target in (NUMBERS, ""):
        model = net(TRAIN, head(target=target))()
        expect_refused(model.fit, np.array([10.0, 20, np.nan, 30]), 2)
        numbers = pd.Series([10, None, 20, 30], dtype="Int64")
        expect_refused(model.fit, numbers, 1)


@pytest.mark.parametrize(
    ("target", "y"),
    [
        (WORDS, ["plum"]),
        (WORDS, ["Pear"]),
        (WORDS, [" pear"]),
        (WORDS, [0]),
        (WORDS, [3]),
        (WORDS, [True]),
        (NUMBERS, [1]),
        (NUMBERS, ["30 "]),
        (NUMBERS, [10.5]),
        (NUMBERS, [np.inf]),
        ("target k: 0 | 1 | 2", [True]),
        ("target k: 0 | 1 | 2", [np.True_]),
        ('target k: "007" | "7" | "8"', [7]),
        ('target k: "007" | "7" | "8"', ["07"]),
        ("target k: 7 | 8 | 9", ["007"]),
    ],
)
def test_labels_are_compared_as_they_are_written(target: str, y: Any) -> None:
    declared = net(TRAIN, head(target=target))
    expect_refused(declared().fit, y, 0)
    model = declared()
    model.fit(X[:3], model.classes_)
    expect_refused(model.evaluate, y, 0)


def test_007_is_not_7() -> None:
    labels = ["007", "7", "8"] * 10
    for target in ('target k: "007" | "7" | "8"', ""):
        model = net("epochs 2", head(target=target))().fit(X, labels)
        assert model.classes_.tolist() == ["007", "7", "8"]
        t = np.eye(3)[[0, 1, 2] * 10]
        assert model.evaluate(X, labels) == model.evaluate(X, t)


@pytest.mark.parametrize("target", ["target churn: yes | no", "target churn: 0 | 1"])
@pytest.mark.parametrize(
    "last", ["dense 1 sigmoid; loss binary_crossentropy", "dense 1; loss hinge"]
)
def test_a_boolean_column_is_refused_where_the_labels_are_others(
    last: str, target: str
) -> None:
    truths = X[:, 0] > 0
    for y in (truths, truths.tolist(), pd.Series(truths), pd.array(truths)):
        expect_refused(net(TRAIN, head(last, target))().fit, y, 0)
    model = net(TRAIN, head(last, ""))().fit(X, truths)
    assert model.predict(X).dtype == bool
    expect_refused(model.evaluate, truths.astype(int), 0)


def test_true_among_numbers_is_not_1() -> None:
    model = net(TRAIN, OPEN)()
    expect_refused(model.fit, [0, 1, 2, True, 1], 3)
    expect_refused(model.fit, ["a", "b", "a", 1, "b"], 3)


@pytest.mark.parametrize(
    "y",
    [
        np.full((ROWS, 3), 0.5),
        np.ones((ROWS, 3)),
        np.zeros((ROWS, 3)),
        np.eye(2)[[0, 1] * 15],
        2 * np.eye(3)[PLACES],
        np.eye(3)[PLACES][1:],
        np.zeros((ROWS, 3, 1)),
        None,
        3,
        "pear",
        [],
        [["pear"], ["apple", "pear"]] * 15,
        np.eye(3)[PLACES] + 1j,
        pd.date_range("2020", periods=ROWS),
        np.arange(ROWS).astype("m8[D]"),
    ],
    ids=lambda y: type(y).__name__,
)
@pytest.mark.parametrize("target", [WORDS, NUMBERS, ""])
def test_what_holds_no_labels_is_refused(target: str, y: Any) -> None:
    with pytest.raises(ValueError, match="y"):
        net(TRAIN, head(target=target))().fit(X, y)


@pytest.mark.parametrize("style", STYLES)
def test_one_output_answers_with_a_number_a_row(style: Style) -> None:
    given = TRAIN, "input 5; dense 1; loss mean_squared_error", style
    y = np.random.RandomState(2).standard_normal(ROWS)
    flat, column = net(*given)().fit(X, y), net(*given)().fit(X, y[:, None])
    assert flat.predict(X).shape == (ROWS,)
    assert flat.predict(X).tobytes() == column.predict(X).tobytes()
    assert flat.history_ == column.history_
    with pytest.raises(ValueError, match=r"\(30, 2\)"):
        flat.fit(X, np.stack([y, y], axis=1))
