"""The class of a generated module: what it learns, answers, keeps and refuses."""

from __future__ import annotations

import copy
import pickle
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from reference.modules import STYLES, load
from sklearn.utils.class_weight import compute_class_weight

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 2))
TWO = (X[:, 0] > 0).astype(int)
THREE = TWO + (X[:, 1] > 0.5)
NUMBERS = X @ [3.0, 1.0] + 2


def net(body: str, style: Any = "fast", **given: Any) -> Any:
    """A model of the network with these statements."""
    return load(f"network Net {{ {body} }}", style).Net(**given)


BINARY = "input 2; dense 3 tanh; dense 1 sigmoid; loss binary_crossentropy"
CLASSES = "input 2; dense 6 tanh; dense 3 softmax; loss categorical_crossentropy"
REGRESSION = "input 2; dense 4 tanh; dense 1; loss mean_squared_error"
SPLIT = "split 50% / 25% / 25%"


def watched(body: str, values: dict[str, list[float]], **given: Any) -> Any:
    """A model whose figures after each epoch are these, whatever it learns."""
    model = net(body, **given)
    module = load(f"network Net {{ {body} }}", "fast")
    original, calls = module.measure, {"n": 0}

    def measure(*arguments: Any) -> dict[str, float]:
        found = dict(original(*arguments))
        epoch, is_validation = divmod(calls["n"], 2)
        prefix = "val_" if is_validation else ""
        for name in found:
            if f"{prefix}{name}" in values and epoch < len(values[prefix + name]):
                found[name] = values[prefix + name][epoch]
        calls["n"] += 1
        return found

    module.measure = measure
    try:
        return model.fit(X, THREE)
    finally:
        module.measure = original


@pytest.mark.parametrize(
    ("words", "values", "best", "epochs"),
    [
        ("", {"val_loss": [3, 2, 2.5, 2.4, 9, 9]}, 2, 4),
        ("min_delta=0.3", {"val_loss": [3, 2.8, 2.6, 2.5, 9, 9]}, 3, 5),
        ("monitor=loss", {"loss": [3, 4, 2, 5, 6], "val_loss": [9, 1, 9, 9, 9]}, 3, 5),
        (
            "monitor=val_accuracy",
            {"val_accuracy": [0.1, 0.5, 0.4, 0.3, 0.9], "val_loss": [9, 8, 7, 6, 5]},
            2,
            4,
        ),
    ],
)
def test_early_stopping_watches_what_the_spec_says(
    words: str, values: dict[str, list[float]], best: int, epochs: int
) -> None:
    train = f"{SPLIT}; epochs 6; early_stopping patience=2 {words}"
    model = watched(f"{CLASSES}; metrics accuracy; train {{ {train} }}", values)
    assert model.best_epoch_ == best
    assert len(model.history_["loss"]) == epochs


def test_the_test_rows_are_judged_by_the_best_parameters() -> None:
    train = f"{SPLIT}; epochs 40; optimizer adam(learning_rate=0.3)"
    model = net(f"{CLASSES}; train {{ {train}; early_stopping patience=3 }}")
    model.fit(X, THREE)
    assert model.best_epoch_ < len(model.history_["loss"])
    rows = model.split_[2]
    assert model.evaluate(X[rows], THREE[rows]) == model.test_
    assert sorted(np.concatenate(model.split_)) == list(range(60))
    assert [len(part) for part in model.split_] == [30, 15, 15]


def test_stratified_parts_have_the_classes_of_the_whole() -> None:
    model = net(f"{CLASSES}; train {{ {SPLIT} stratified; epochs 1 }}").fit(X, THREE)
    for part, share in zip(model.split_, (0.5, 0.25, 0.25), strict=True):
        expected = share * np.bincount(THREE)
        assert np.abs(np.bincount(THREE[part], minlength=3) - expected).max() <= 1


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("kind", ["mean", "median"])
def test_missing_values_are_filled_from_the_training_rows(
    kind: str, style: Any
) -> None:
    rows = X.copy()
    rows[::7, 1] = np.nan
    model = net(
        f"{REGRESSION}; train {{ missing {kind}; split 50% / 50% / 0%; epochs 1 }}",
        style,
    ).fit(rows, NUMBERS)
    training = rows[model.split_[0]]
    expected = {"mean": np.nanmean, "median": np.nanmedian}[kind](training, axis=0)
    assert model.fill_ == pytest.approx(expected, rel=1e-12)
    filled = np.where(np.isnan(rows), expected, rows)
    assert np.array_equal(model.predict(rows), model.predict(filled))


def test_rows_with_missing_values_are_left_out() -> None:
    rows = X.copy()
    rows[::7, 1] = np.nan
    model = net(f"{REGRESSION}; train {{ missing drop; {SPLIT}; epochs 1 }}")
    model.fit(rows, NUMBERS)
    kept = np.flatnonzero(~np.isnan(rows[:, 1]))
    assert sorted(np.concatenate(model.split_)) == kept.tolist()
    whole = model.evaluate(rows, NUMBERS)
    assert whole == model.evaluate(rows[kept], NUMBERS[kept])
    with pytest.raises(ValueError, match="row 0"):
        model.predict(rows)


@pytest.mark.parametrize("style", STYLES)
def test_a_declared_range_scales_from_its_low_end(style: Any) -> None:
    body = REGRESSION.replace("input 2", "input 2 in 2..6")
    model = net(f"{body}; train {{ scale minmax; epochs 1 }}", style)
    assert model._scale(np.array([[2.0, 6.0], [4.0, 3.0]])).tolist() == [
        [0, 1],
        [0.5, 0.25],
    ]
    with pytest.raises(ValueError, match=r"X, row 1, column 0: '1\.5' is not in 2..6"):
        model.fit([[3, 3], [1.5, 3]], [1, 2])


@pytest.mark.parametrize("style", STYLES)
def test_scaled_targets_come_back_in_float64(style: Any) -> None:
    y = 1.7e9 + np.round(NUMBERS * 10)
    train = "scale standard, target=standard; epochs 200; batch_size all"
    model = net(
        f"{REGRESSION}; train {{ {train}; optimizer adam(learning_rate=0.05) }}", style
    ).fit(X, y)
    assert np.abs(model.predict(X) - y).max() < 30
    assert model.predict(X).dtype == np.float64


def test_a_column_that_is_constant_up_to_rounding_is_scaled_to_0() -> None:
    rows = X.copy()
    rows[:, 1] = np.where(np.arange(60) % 2, 0.1 + 0.2, 0.3)
    model = net(f"{REGRESSION}; train {{ scale standard; epochs 1 }}").fit(
        rows, NUMBERS
    )
    assert np.abs(model._scale(rows)[:, 1]).max() < 1e-12


@pytest.mark.parametrize("style", STYLES)
def test_a_row_alone_joins_the_batch_before(style: Any) -> None:
    body = "input 2; dense 4; batch_norm; relu; dense 1; loss huber"
    model = net(f"{body}; train {{ batch_size 32; epochs 1; shuffle no }}", style)
    rows = RNG.normal(3, 2, size=(33, 2))
    module = load(
        f"network Net {{ {body}; train {{ batch_size 32; epochs 1; shuffle no }} }}",
        style,
    )
    p = module.initialize(np.random.default_rng(0))
    z = rows.astype("f4") @ p.w1
    model.fit(rows, rows[:, 0])
    expected = 0.9 + 0.1 * z.var(axis=0, ddof=1)
    assert model.parameters_.variance1 == pytest.approx(expected, rel=1e-4)
    with pytest.raises(ValueError, match="at least 1, batch_size with batch_norm 2"):
        net(f"{body}; train {{ batch_size 32; epochs 1 }}", style, batch_size=1)


LABELS: list[tuple[str, Any]] = [
    ("yes | no", X[:, 0] > 0),
    ("yes | no", ["yes", "no", "maybe", *["no"] * 57]),
    ("yes | no", ["yes", "no", None, *["no"] * 57]),
    ("yes | no", pd.Series(["yes", "no", pd.NA, *["no"] * 57])),
    ("7 | 8", ["007", "8", *["8"] * 58]),
    ("0 | 1", [True, False, *[False] * 58]),
    ("0 | 1", [0, 1, np.nan, *[0] * 57]),
    ("0 | 1", [0, 1, 2, *[0] * 57]),
]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(("labels", "y"), LABELS)
def test_a_label_that_is_none_of_the_declared_is_refused(
    labels: str, y: Any, style: Any
) -> None:
    model = net(f"{BINARY}; target kind: {labels}; train {{ epochs 1 }}", style)
    with pytest.raises(ValueError, match=r"y, row [0-2]: .* is not one of"):
        model.fit(X, y)


@pytest.mark.parametrize("hole", [None, np.nan, "", pd.NA])
@pytest.mark.parametrize("body", [BINARY, CLASSES])
def test_a_missing_label_is_no_class(body: str, hole: Any) -> None:
    y = pd.Series(["a", "b", hole, "c", *["a"] * 56])
    for given in (y, y.to_numpy(), y.tolist()):
        with pytest.raises(ValueError, match="y, row 2: the label is missing"):
            net(f"{body}; train {{ epochs 1 }}").fit(X, given)


@pytest.mark.parametrize("style", STYLES)
def test_labels_come_back_as_they_were_given(style: Any) -> None:
    for labels in (["no", "yes"], [3, 7], [False, True], [0.5, 1.5]):
        y = np.array(labels)[TWO]
        model = net(f"{BINARY}; train {{ epochs 300; batch_size 8 }}", style).fit(X, y)
        assert model.classes_.tolist() == labels
        assert model.predict(X).dtype == y.dtype
        assert model.score(X, y) == np.mean(model.predict(X) == y) > 0.9
    one_hot = np.eye(3)[THREE]
    model = net(f"{CLASSES}; train {{ epochs 2 }}", style).fit(X, one_hot)
    assert model.classes_.tolist() == [0, 1, 2]
    assert model.evaluate(X, one_hot) == model.evaluate(X, THREE)


@pytest.mark.parametrize("style", STYLES)
def test_hinge_decides_at_0(style: Any) -> None:
    body = "input 2; dense 1 weights=zeros; loss hinge; target k: no | yes"
    model = net(f"{body}; train {{ epochs 1 }}", style).fit(
        X, np.array(["no", "yes"])[TWO]
    )
    model.parameters_.w1[:], model.parameters_.b1[:] = [[1], [0]], 0
    values = [[-0.4, 0], [0, 0], [0.4, 0]]
    assert model.predict(values).tolist() == ["no", "yes", "yes"]
    found = model.evaluate(values, ["no", "yes", "yes"])
    assert found["loss"] == pytest.approx((0.6 + 1 + 0.6) / 3, rel=1e-6)
    assert found["accuracy"] == 1


ODD: list[Any] = [
    X.astype("M8[ns]"),
    X.astype("m8[s]"),
    X + 1j,
    pd.DataFrame({"a": X[:, 0], "b": pd.date_range("2020", periods=60)}),
    [[1, 2], [3]],
    X[:0],
    X[:, :1],
    X[0],
    3,
    np.where(np.arange(120).reshape(60, 2) == 5, np.nan, X),
    np.where(np.arange(120).reshape(60, 2) == 5, np.inf, X),
    np.where(np.arange(120).reshape(60, 2) == 5, 1e39, X),
    [["1", "wide"]] * 60,
]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("number", range(len(ODD)))
def test_x_that_is_no_table_of_numbers_is_refused(number: int, style: Any) -> None:
    for body, y in ((BINARY, TWO), (REGRESSION, NUMBERS)):
        model = net(f"{body}; train {{ epochs 1 }}", style)
        with pytest.raises(ValueError):
            model.fit(ODD[number], y)


def test_y_that_is_no_numbers_is_refused() -> None:
    model = net(f"{REGRESSION}; train {{ epochs 1 }}")
    for y in (NUMBERS.astype("M8[ns]"), NUMBERS + 1j, NUMBERS[1:], ["a"] * 60):
        with pytest.raises(ValueError, match="y"):
            model.fit(X, y)
    for body in (BINARY, CLASSES):
        with pytest.raises(ValueError, match="y"):
            net(f"{body}; train {{ epochs 1 }}").fit(X, NUMBERS.astype("M8[ns]"))


@pytest.mark.parametrize("style", STYLES)
def test_frames_are_read_by_name_and_by_columns(style: Any) -> None:
    body = REGRESSION.replace("input 2", "input a, b")
    model = net(f"{body}; train {{ epochs 1 }}", style).fit(X, NUMBERS)
    frame = pd.DataFrame(X, columns=["a", "b"])
    expected = model.predict(X)
    swapped = frame[["b", "a"]].assign(more="text")
    pl = pytest.importorskip("polars")
    for given in (
        frame,
        swapped,
        frame.convert_dtypes(),
        pl.DataFrame(frame.to_dict("list")),
    ):
        assert np.array_equal(model.predict(given), expected)
    with pytest.raises(ValueError, match=r"columns missing from X: b$"):
        model.predict(frame[["a"]])
    module = load("network Net { input any; dense 1; loss huber }", style)
    wide = pd.DataFrame(RNG.normal(size=(100_000, 40))).assign(flag=True)
    assert module.check_rows(wide.convert_dtypes()).shape == (100_000, 41)


def test_a_frame_without_names_in_the_spec_keeps_its_target_out() -> None:
    body = "input any; dense classes softmax; target kind: a | b"
    model = net(f"{body}; loss categorical_crossentropy; train {{ epochs 1 }}")
    frame = pd.DataFrame({"x": X[:, 0], "kind": np.array(["a", "b"])[TWO]})
    assert model.fit(frame, frame["kind"]).parameters_.w1.shape == (1, 2)
    with pytest.raises(ValueError, match="without a name"):
        model.fit(frame[["x"]].assign(**{"": range(60)}), frame["kind"])


@pytest.mark.parametrize("style", STYLES)
def test_overflow_of_test_rows_and_divergence_are_named(style: Any) -> None:
    body = "input 2; dense 3 exponential; dense 1; loss mean_squared_error"
    train = f"{SPLIT}; epochs 1; optimizer sgd(learning_rate=1e-6)"
    model = net(f"{body}; train {{ {train} }}", style).fit(X, NUMBERS)
    row, rows = model.split_[2][3], X.copy()
    rows[row] = 500
    wild = f"{REGRESSION}; train {{ optimizer sgd(learning_rate=1e20); epochs 3 }}"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(FloatingPointError, match=f"row {row}, a test row"):
            model.fit(rows, NUMBERS)
        with pytest.raises(FloatingPointError, match="epoch 1: "):
            net(wild, style).fit(X * 100, NUMBERS)


@pytest.mark.parametrize("style", STYLES)
def test_a_file_loads_with_the_same_bits(style: Any, tmp_path: Path) -> None:
    path = str(tmp_path / "net.npz")
    body = "input 2; dense 5 tanh weights=orthogonal; dense 1; loss huber"
    model = net(f"{body}; train {{ scale standard; epochs 1 }}", style).fit(X, NUMBERS)
    model.save(path)
    again = type(model).load(path)
    assert again.predict(X).tobytes() == model.predict(X).tobytes()
    other = type(
        net(f"{body}; train {{ scale standard; epochs 1 }}", STYLES[style == STYLES[0]])
    )
    assert other.load(path).predict(X) == pytest.approx(model.predict(X), rel=1e-5)


@pytest.mark.parametrize("style", STYLES)
def test_copies_and_threads_answer_alike(style: Any) -> None:
    model = net(f"{CLASSES}; train {{ epochs 3 }}", style).fit(X, THREE)
    expected = model.predict_proba(X)
    for other in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert np.array_equal(other.predict_proba(X), expected)
        again = other.fit(X, THREE).parameters_
        assert all(map(np.array_equal, again, model.parameters_))
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(model.predict_proba, [X] * 16))
    assert all(np.array_equal(answer, expected) for answer in answers)
    stopped = model.fit(X, THREE, callback=lambda epoch, log: epoch == 2)
    assert len(stopped.history_["loss"]) == 2


@pytest.mark.parametrize("style", STYLES)
def test_balanced_weights_are_scikit_learns(style: Any) -> None:
    module = load(
        f"network Net {{ {CLASSES}; train {{ class_weights balanced }} }}", style
    )
    t = np.eye(3, dtype="f4")[THREE]
    expected = compute_class_weight("balanced", classes=np.arange(3), y=THREE)
    assert module.class_weights(t) == pytest.approx(expected, rel=1e-5)
    module = load(
        f"network Net {{ {BINARY}; train {{ class_weights balanced }} }}", style
    )
    expected = compute_class_weight("balanced", classes=np.arange(2), y=TWO)
    assert module.class_weights(TWO[:, None]) == pytest.approx(expected, rel=1e-5)
    given = f"{CLASSES}; target k: a | b | c; train {{ class_weights a=3.0 }}"
    weights = load(f"network Net {{ {given} }}", style).class_weights(t)
    assert weights[0] / weights[1] == pytest.approx(3)
    assert (t @ weights).mean() == pytest.approx(1, rel=1e-5)


def test_settings_that_cannot_be() -> None:
    body = f"{CLASSES}; train {{ {SPLIT}; early_stopping patience=3 }}"
    for given in (
        {"epochs": 0},
        {"batch_size": 0},
        {"patience": 0},
        {"split": (0.5, 0.5, 0.5)},
        {"split": (1, 0, 0)},
    ):
        with pytest.raises(ValueError, match=next(iter(given))):
            net(body, **given)
    model = net(body)
    for call in (lambda: model.predict(X), lambda: model.save("x.npz")):
        with pytest.raises(RuntimeError, match="not trained"):
            call()
    with pytest.raises(ValueError, match=r"too few rows for the split .*: 2$"):
        net(f"{BINARY}; train {{ {SPLIT} }}").fit(X[:2], ["a", "b"])
