"""What a generated module accepts as X and y, and how it refuses the rest."""

from __future__ import annotations

import functools
import types
import warnings
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from nndsl.api import compile_text

TWO = """network Two {{
    input  a, b {range}
    dense  4 tanh
    dense  3 softmax
    target kind: red | green | blue
    loss   categorical_crossentropy
    train {{ epochs 2; {settings} }}
}}"""
TAIL = "train { epochs 2 }"


@functools.cache
def module(text: str) -> types.ModuleType:
    made = types.ModuleType("made")
    exec(compile(compile_text(text, "made.nn"), "made.py", "exec"), made.__dict__)
    return made


def two(settings: str = "", range: str = "") -> Any:
    return module(TWO.format(settings=settings, range=range)).Two


def of(head: str, settings: str = "epochs 2") -> Any:
    return module(f"network Net {{ {head}; train {{ {settings} }} }}").Net


X = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0], [6.0, 8.0], [1.0, 1.0], [9.0, 2.0]])
Y = ["red", "green", "blue", "red", "green", "blue"]


@pytest.mark.parametrize(
    "given",
    [
        X.tolist(),
        X.astype(np.float32),
        X.astype(np.int64),
        X.astype(np.uint8),
        np.asfortranarray(X),
        np.repeat(X, 2, axis=1)[:, ::2],
        pd.DataFrame(X, columns=["a", "b"]),
        pd.DataFrame(X[:, ::-1], columns=["b", "a"]),
        pd.DataFrame(X),
        pl.DataFrame({"b": X[:, 1], "a": X[:, 0]}),
        X.astype(object),
    ],
)
def test_every_form_of_x_gives_the_same_network_inputs(given: Any) -> None:
    model = two("scale standard")().fit(X, Y)
    np.testing.assert_array_equal(model.prepare(given), model.prepare(X))


def test_read_only_x_is_not_written_to() -> None:
    given = X.copy()
    given.flags.writeable = False
    two("scale standard")().fit(given, Y).predict(given)
    np.testing.assert_array_equal(given, X)


def test_extra_columns_are_ignored_with_one_remark() -> None:
    model = two()().fit(X, Y)
    frame = pd.DataFrame({"c": 1.0, "b": X[:, 1], "a": X[:, 0]})
    with pytest.warns(UserWarning, match="'c'") as remarks:
        answers = model.predict(frame)
    assert len(remarks) == 1
    np.testing.assert_array_equal(answers, model.predict(X))


def changed(row: int, column: int, value: Any) -> list[list[Any]]:
    rows: list[list[Any]] = X.tolist()
    rows[row][column] = value
    return rows


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (changed(3, 1, float("nan")), ["row 3", "'b'", "nan", "finite"]),
        (changed(3, 0, float("inf")), ["row 3", "'a'", "inf", "finite"]),
        (changed(2, 1, "five"), ["row 2", "'b'", "'five'", "number"]),
        (changed(2, 1, None), ["row 2", "'b'", "None"]),
        (changed(1, 0, 1j), ["row 1", "'a'", "1j"]),
        (changed(5, 0, 1e39), ["row 5", "'a'", "1e+39"]),
        (changed(5, 0, 10**400), ["row 5", "'a'", "1000"]),
        ([*X.tolist()[:4], [1.0], [1.0, 2.0]], ["row 4", "1 values", "expected 2"]),
        (X[:, :1], ["(6, 1)", "(n, 2)"]),
        (X[0], ["(2,)", "(n, 2)", "[[...]]"]),
        (X[:0], ["(0, 2)"]),
        (X[:, :, None], ["(6, 2, 1)"]),
        (X.astype(complex), ["row 0", "'a'"]),
        (pd.DataFrame({"a": X[:, 0]}), ["'b'"]),
        (
            pd.DataFrame([[1, 2, 3]], columns=["a", "b", "b"]),
            ["one column 'b' among"],
        ),
        (X.astype(str), ["row 0", "'0.0'"]),
    ],
)
def test_bad_x_is_refused_with_its_place(given: Any, words: list[str]) -> None:
    model = two()()
    with pytest.raises(ValueError) as refusal:
        model.fit(given, Y)
    assert [word for word in words if word not in str(refusal.value)] == []
    model.fit(X, Y)
    with pytest.raises(ValueError):
        model.predict(given)


def test_sparse_x_is_refused() -> None:
    sparse = pytest.importorskip("scipy.sparse")
    with pytest.raises(
        ValueError,
        match=r"csr_matrix of shape \(6, 2\), which is sparse; expected \(n, 2\)",
    ):
        two()().fit(sparse.csr_matrix(X), Y)


def test_values_outside_the_declared_range_are_refused() -> None:
    model = two(range="in 0..9")()
    model.fit(X, Y)
    with pytest.raises(ValueError, match=r"row 1, column 'b': -1; .* from 0 to 9"):
        model.predict([[0, 9], [9, -1]])


def test_labels_places_and_one_hot_rows_give_one_loss() -> None:
    places = [0, 1, 2, 0, 1, 2]
    forms = [Y, np.array(Y), np.array(Y, dtype=object), pd.Series(Y), pl.Series(Y)]
    forms += [places, np.array(places), np.array(places)[:, None], np.eye(3)[places]]
    histories = [two()().fit(X, y).history_["loss"] for y in forms]
    assert all(history == histories[0] for history in histories)
    model = two()().build()
    x, prepared = model.prepare(X, Y)
    assert prepared.tolist() == places
    losses = {model.loss(x, y) for y in (prepared, np.eye(3)[places], np.array(Y))}
    assert len(losses) == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["red", "pink", *Y[2:]], ["row 1", "'pink'", "'red', 'green', 'blue'"]),
        ([0, 1, 2, 3, 0, 0], ["row 3", "3"]),
        ([0, 1, 2, 0.5, 0, 0], ["row 3", "0.5"]),
        ([0, 1, 2, float("nan"), 0, 0], ["row 3", "nan"]),
        (np.full((6, 3), 0.5), ["row 0", "0.5"]),
        (np.ones((6, 3)), ["row 0"]),
        (Y[:4], ["(4,)", "6 rows"]),
        (np.eye(2)[[0, 1, 0, 1, 0, 1]], ["(6, 2)"]),
        (np.zeros((6, 3, 1)), ["(6, 3, 1)"]),
        (None, ["shape ()", "6 rows"]),
        ([], ["(0,)", "6 rows"]),
    ],
)
def test_bad_labels_are_refused_with_their_place(given: Any, words: list[str]) -> None:
    with pytest.raises(ValueError) as refusal:
        two()().fit(X, given)
    assert [word for word in words if word not in str(refusal.value)] == []


def test_undeclared_classes_are_the_sorted_labels_that_fit_saw() -> None:
    net = of("input 2; dense 3 softmax; loss categorical_crossentropy")
    model = net()
    assert model.classes_.tolist() == [0, 1, 2]
    model.fit(X, ["c", "a", "b", "c", "a", "b"])
    assert model.classes_.tolist() == ["a", "b", "c"]
    assert set(model.predict(X)) <= {"a", "b", "c"}
    assert net().fit(X, [0, 1, 1, 0, 0, 1]).classes_.tolist() == [0, 1, 2]
    with pytest.raises(ValueError, match="4 classes; expected 3"):
        net().fit(X, ["a", "b", "c", "d", "a", "b"])
    with pytest.raises(ValueError, match="kinds"):
        net().fit(X, np.array(["a", 1, "b", 2, "c", 3], dtype=object))


def test_open_widths_come_from_the_data() -> None:
    net = of("input any; dense classes softmax; loss categorical_crossentropy")
    model = net().fit(X, Y)
    assert model.classes_.tolist() == ["blue", "green", "red"]
    assert model.n_features_in_ == 2
    assert model.predict_proba(X).shape == (6, 3)
    with pytest.raises(ValueError, match="expected"):
        model.predict(X[:, :1])


@pytest.mark.parametrize("shape", [(6,), (6, 1)])
@pytest.mark.parametrize(
    "head",
    [
        "input 2; dense 1; loss mean_squared_error",
        "input 2; dense 1 sigmoid; loss binary_crossentropy",
        "input 2; dense 1; loss hinge",
        "input any; dense outputs; loss mean_squared_error",
    ],
)
def test_one_output_answers_in_the_shape_of_y(
    head: str, shape: tuple[int, ...]
) -> None:
    y = np.array([0, 1, 0, 1, 1, 0]).reshape(shape)
    model = of(head)().fit(X, y)
    assert model.predict(X).shape == shape
    x, prepared = model.prepare(X, y)
    assert np.isfinite(model.loss(x, prepared))


def test_two_classes_have_two_probabilities() -> None:
    model = of("input 2; dense 1 sigmoid; loss binary_crossentropy")()
    model.fit(X, ["no", "yes", "no", "yes", "no", "yes"])
    chances = model.predict_proba(X)
    np.testing.assert_allclose(chances.sum(axis=1), 1, rtol=1e-6)
    expected = np.where(chances[:, 1] >= 0.5, "yes", "no")
    np.testing.assert_array_equal(model.predict(X), expected)


@pytest.mark.parametrize(
    ("head", "y", "words"),
    [
        ("dense 2 sigmoid; loss binary_crossentropy", [[0, 2]] * 6, "from 0 to 1"),
        ("dense 2 sigmoid; loss binary_crossentropy", [[0, 0.5]] * 6, "0 or 1"),
        ("dense 2 softmax; loss kl_divergence", [[0.5, 0.6]] * 6, "adds up"),
        ("dense 1 softplus; loss poisson", [1, 2, -1, 0, 0, 0], "row 2"),
        ("dense 1; loss mean_squared_error", [1, 2, None, 0, 0, 0], "row 2"),
        ("dense 2; loss mean_squared_error", [1, 2, 3, 4, 5, 6], "(n, 2)"),
    ],
)
def test_bad_targets_are_refused(head: str, y: Any, words: str) -> None:
    with pytest.raises(ValueError) as refusal:
        of(f"input 2; {head}")().fit(X, y)
    assert words in str(refusal.value)


def test_names_of_a_frame_are_asked_for_again() -> None:
    net = of("input 2; dense 1; loss mean_squared_error")
    model = net().fit(pd.DataFrame(X, columns=["p", "q"]), X[:, 0])
    assert list(model.feature_names_in_) == ["p", "q"]
    swapped = pd.DataFrame(X[:, ::-1], columns=["q", "p"])
    np.testing.assert_array_equal(model.predict(swapped), model.predict(X))
    with pytest.raises(ValueError, match="'q'"):
        model.predict(pd.DataFrame(X, columns=["p", "r"]))


def test_scaling_is_of_the_training_rows_alone() -> None:
    rows = np.random.RandomState(0).standard_normal((40, 2)) * [1, 100] + [5, 7]
    model = two("scale standard; split 50% / 25% / 25%")()
    model.fit(rows, [0, 1, 2, 0] * 10)
    train = rows[model.split_[0]]
    expected = (rows - train.mean(axis=0)) / train.std(axis=0)
    np.testing.assert_allclose(model.prepare(rows), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("scale", ["standard", "minmax"])
def test_a_constant_column_scales_to_zero(scale: str) -> None:
    rows = np.column_stack([X[:, 0], np.full(6, 0.1)])
    model = two(f"scale {scale}")().fit(rows, Y)
    assert (model.prepare(rows)[:, 1] == 0).all()


def test_before_fit_a_scaled_network_refuses() -> None:
    for call in ("predict", "predict_proba", "prepare"):
        with pytest.raises(RuntimeError, match="fit"):
            getattr(two("scale standard")(), call)(X)


@pytest.mark.parametrize(("missing", "fill"), [("mean", 3.0), ("median", 2.0)])
def test_holes_are_filled_from_the_training_rows(missing: str, fill: float) -> None:
    rows = np.array([[1.0, 0], [2, 1], [6, 2], [np.nan, 3]])
    model = two(f"missing {missing}")().fit(rows, Y[:4])
    assert model.prepare(rows)[3, 0] == fill
    assert model.prepare([[None, 1]])[0, 0] == fill
    with pytest.raises(ValueError, match="inf"):
        model.predict([[np.inf, 1]])


def test_rows_with_holes_are_dropped_from_training_only() -> None:
    rows = X.copy()
    rows[2, 0] = np.nan
    model = two("missing drop")().fit(rows, Y)
    assert model.split_[0].tolist() == [0, 1, 3, 4, 5]
    with pytest.raises(ValueError, match="row 2, column 'a': nan"):
        model.predict(rows)


def test_a_scaled_target_is_scaled_back() -> None:
    net = of(
        "input 2; dense 1; loss mean_squared_error; metrics mean_absolute_error",
        "epochs 300; scale none, target=standard; optimizer adam(learning_rate=0.05)",
    )
    y = X @ [3.0, -2.0] + 1000
    model = net().fit(X, y)
    np.testing.assert_allclose(model.predict(X), y, atol=1)
    error = np.abs(model.predict(X) - (y + 1)).mean()
    figures = model.evaluate(X, y + 1)
    assert figures["mean_absolute_error"] == pytest.approx(error, rel=1e-3)


def test_an_autoencoder_draws_its_input_in_its_units() -> None:
    net = of(
        "input 2 in 0..10; dense 1 name=code; dense 2; target input;"
        "loss mean_squared_error; metrics mean_absolute_error",
        "scale minmax; epochs 2",
    )
    model = net().fit(X)
    np.testing.assert_allclose(model.prepare(X), X / 10, rtol=1e-6)
    assert model.transform(X).shape == (6, 1)
    assert model.predict(X).shape == (6, 2)
    error = np.abs(model.predict(X) - X).mean()
    assert model.evaluate(X)["mean_absolute_error"] == pytest.approx(error, rel=1e-5)
    np.testing.assert_array_equal(
        model.transform(X), model.activations(X, layer="code")
    )


def test_sample_weights_are_checked() -> None:
    for weights in ([1, 2], [-1] * 6, [np.nan] * 6, [0] * 6, ["a"] * 6, [1j] * 6):
        with pytest.raises(ValueError, match="sample_weight"):
            two()().fit(X, Y, sample_weight=weights)


def test_network_inputs_are_real_rows() -> None:
    model = two()().build()
    for inputs, message in ((X * 1j, "complex"), (X[:0], r"\(0, 2\)")):
        with pytest.raises(ValueError, match=message):
            model.train_batch(inputs, np.zeros(len(inputs), dtype=int))


def test_a_refused_fit_leaves_the_old_labels() -> None:
    net = of(
        "input 2; dense 3 softmax; loss categorical_crossentropy",
        "epochs 1; split 60% / 20% / 20%",
    )
    model = net().fit(X, list("abcabc"))
    weights = np.ones(6)
    weights[model.split_[0]] = 0
    with pytest.raises(ValueError, match="0 on all training rows"):
        model.fit(X, list("xyzxyz"), sample_weight=weights)
    assert model.classes_.tolist() == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([0.0, 1.0, np.nan] * 2, "y, row 2: nan; expected a word or a number"),
        (["a", None, "b"] * 2, "y, row 1: None; expected a word or a number"),
        (pd.to_datetime(["2020-01-01", "2021-01-01"] * 3), "y, row 0: "),
        ([None] * 6, "y, row 0: None"),
    ],
)
def test_labels_are_words_or_numbers(labels: Any, message: str) -> None:
    net = of("input 2; dense classes softmax; loss categorical_crossentropy")
    with pytest.raises(ValueError, match=message):
        net().fit(X, labels)


def test_ragged_answers_are_refused() -> None:
    with pytest.raises(ValueError, match="y is ragged; expected a label for 6 rows"):
        two()().fit(X, [["no"], ["no", "yes"]] * 3)
    numbers = of("input 2; dense 1; loss mean_squared_error")
    with pytest.raises(ValueError, match=r"^y, "):
        numbers().fit(X, [[1], [2, 3]] * 3)


def test_good_data_bring_no_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = two("scale standard")().fit(X, Y)
        model.predict(X)
        model.evaluate(X, Y)


def test_a_warning_of_columns_points_at_who_gave_them() -> None:
    frame = pd.DataFrame({"a": X[:, 0], "b": X[:, 1], "more": 1})
    model = two()().fit(X, Y)
    calls = (
        lambda: model.fit(frame, Y),
        lambda: model.predict(frame),
        lambda: model.evaluate(frame, Y),
        lambda: model.activations(frame, "dense1"),
        lambda: model.prepare(frame),
    )
    for call in calls:
        with pytest.warns(UserWarning, match="columns that are not used") as caught:
            call()
        assert [each.filename for each in caught] == [__file__]
