"""What a model does at the edges of its data, its files and its training."""

from __future__ import annotations

import functools
import math
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nndsl import compile_text

STYLES: list[Any] = ["textbook", "fast"]
IRIS = "input a, b; dense 3 softmax; target k: x | y | z; loss categorical_crossentropy"
NUMBER = "input 2; dense 3 tanh; dense 1; loss mean_squared_error"
X = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0], [6.0, 8.0]])
WORDS = ["x", "y", "z", "x"]
NUMBERS = [1.0, 2.0, 3.0, 5.0]


@functools.cache
def net(head: str, settings: str = "", style: Any = "textbook") -> Any:
    text = f"network Net {{ {head}; train {{ epochs 3; {settings} }} }}"
    module = types.ModuleType("made")
    source = compile_text(text, "made.nn", style=style)
    exec(compile(source, "made.py", "exec"), module.__dict__)
    return module.__dict__["Net"]


OTHER_TRAIN_BLOCKS = (
    "optimizer sgd",
    "optimizer sgd(learning_rate=plateau(0.1))",
    "optimizer sgd(momentum=0.9)",
    "class_weights balanced",
    "missing mean",
    "missing drop",
    "precision float64",
    "early_stopping patience=2; split 50% / 50% / 0%",
)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("settings", OTHER_TRAIN_BLOCKS)
def test_weights_load_whatever_the_train_block(
    settings: str, style: Any, tmp_path: Path
) -> None:
    path = tmp_path / "w.npz"
    saved = net(IRIS, "optimizer adam; scale standard")().fit(X, WORDS)
    saved.save(path)
    loaded = net(IRIS, f"{settings}; scale standard", style).load(path)
    for name, array in saved.parameters.items():
        np.testing.assert_array_equal(loaded.parameters[name], array)
    np.testing.assert_allclose(
        loaded.predict_proba(X), saved.predict_proba(X), rtol=1e-6
    )
    loaded.fit(X, WORDS, warm_start=True)
    loaded.save(path)
    net(IRIS, "optimizer adam; scale standard").load(path)


def test_a_file_without_scaling_does_not_fit_a_module_that_scales(
    tmp_path: Path,
) -> None:
    net(IRIS, "scale none")().fit(X, WORDS).save(tmp_path / "w.npz")
    with pytest.raises(ValueError, match="no item named 'scaling"):
        net(IRIS, "scale standard").load(tmp_path / "w.npz")


def test_a_file_of_scaled_data_does_not_fit_a_module_without_scale(
    tmp_path: Path,
) -> None:
    net(IRIS, "scale standard")().fit(X, WORDS).save(tmp_path / "w.npz")
    with pytest.raises(ValueError, match=r"holds \['scaling'\]"):
        net(IRIS, "scale none").load(tmp_path / "w.npz")
    scaled = "scale standard, target=standard"
    net(NUMBER, scaled)().fit(X, NUMBERS).save(tmp_path / "n.npz")
    with pytest.raises(ValueError, match=r"holds \['target_scaling'\]"):
        net(NUMBER, "scale standard").load(tmp_path / "n.npz")


def test_holes_without_a_fill_from_the_file_are_refused(tmp_path: Path) -> None:
    net(IRIS, "scale none")().fit(X, WORDS).save(tmp_path / "w.npz")
    loaded = net(IRIS, "scale none; missing mean").load(tmp_path / "w.npz")
    loaded.predict(X)
    with pytest.raises(ValueError, match="holes"):
        loaded.predict([[math.nan, 1.0]])


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("counts", lambda a: a - 10),
        ("scaling", lambda a: a * 0),
        ("dense1.weights", lambda a: a * np.nan),
    ],
)
def test_damaged_numbers_are_refused(name: str, change: Any, tmp_path: Path) -> None:
    path = tmp_path / "w.npz"
    net(IRIS, "scale standard")().fit(X, WORDS).save(path)
    with np.load(path) as file:
        arrays = dict(file)
    arrays[name] = change(arrays[name])
    np.savez(path, **arrays)
    with pytest.raises(ValueError, match=name):
        net(IRIS, "scale standard").load(path)


@pytest.mark.parametrize("style", STYLES)
def test_a_model_that_diverged_is_saved_loaded_and_goes_on(
    style: Any, tmp_path: Path
) -> None:
    made = net("input 2; dense 1; loss mean_squared_error", "optimizer adam", style)
    model = made(split=None).fit(X, NUMBERS)
    with pytest.raises(FloatingPointError), np.errstate(all="ignore"):
        model.fit(X, [1e30, 1e30, 1e30, 1e30], warm_start=True)
    model.save(tmp_path / "w.npz")
    for again in (made.load(tmp_path / "w.npz"), model):
        again.split = None
        again.fit(X, NUMBERS, warm_start=True)
        assert np.isfinite(again.predict(X)).all()


def test_rows_with_holes_are_dropped_from_validation_data_too() -> None:
    given = ([[1.0, math.nan], [1.0, 2.0]], [1.0, 2.0])
    model = net(NUMBER, "missing drop")().fit(X, NUMBERS, validation_data=given)
    assert np.isfinite(model.history_["val_loss"]).all()


@pytest.mark.parametrize(
    ("counts", "sizes"),
    [((3,) * 10, (22, 4, 4)), ((50, 50, 50), (106, 22, 22)), ((1, 1, 1), (3, 0, 0))],
)
def test_a_stratified_split_has_its_shares(
    counts: tuple[int, ...], sizes: tuple[int, ...]
) -> None:
    y = np.repeat(np.arange(len(counts)), counts)
    rows = np.zeros((len(y), 2))
    head = f"input 2; dense {len(counts)} softmax; loss categorical_crossentropy"
    made = net(head, "split 70% / 15% / 15% stratified")
    model = made(seed=3).fit(rows, y)
    assert tuple(map(len, model.split_)) == sizes
    assert sorted(np.concatenate(model.split_)) == list(range(len(y)))
    for share, part in zip((0.7, 0.15, 0.15), model.split_, strict=True):
        found = np.bincount(y[part], minlength=len(counts))
        if min(counts) > 1:
            assert (np.abs(found - share * np.array(counts)) < 1.5).all()
    assert set(y[model.split_[0]]) == set(y)
    again = made(seed=3).fit(rows, y)
    for one, other in zip(model.split_, again.split_, strict=True):
        np.testing.assert_array_equal(one, other)


def test_weights_that_are_all_zero_in_training_are_refused() -> None:
    model = net(NUMBER)(split=(0.5, 0.5, 0)).fit(X, NUMBERS)
    weight = np.ones(4)
    weight[model.split_[0]] = 0
    with pytest.raises(ValueError, match="0 on all training rows"):
        model.fit(X, NUMBERS, sample_weight=weight)


def test_the_confusion_matrix_counts_weights() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    model = net(f"{IRIS}; metrics confusion_matrix")().fit(X, WORDS)
    weight = [1.0, 2.5, 0.0, 3.0]
    found = model.evaluate(X, WORDS, weight)["confusion_matrix"]
    wanted = metrics.confusion_matrix(WORDS, model.predict(X), sample_weight=weight)
    np.testing.assert_allclose(found, wanted)
    assert model.evaluate(X, WORDS)["confusion_matrix"].dtype.kind == "i"


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_numbers_in_their_units_have_the_precision(precision: str) -> None:
    settings = f"scale standard, target=standard; precision {precision}"
    assert net(NUMBER, settings)().fit(X, NUMBERS).predict(X).dtype == precision


STOPPING = (
    "early_stopping patience=3 monitor=val_loss; batch_size 1; split 50% / 50% / 0%"
)


@pytest.mark.parametrize("monitor", ["val_loss", "loss"])
def test_a_worse_continuation_does_not_replace_the_best(monitor: str) -> None:
    stopping = STOPPING.replace("val_loss", monitor)
    made = net(NUMBER, f"optimizer sgd(learning_rate=0.01); {stopping}")
    model = made(epochs=40, split=None)
    given = {"validation_data": (X, NUMBERS)} if monitor == "val_loss" else {}
    model.fit(X, NUMBERS, **given)
    best = {name: array.copy() for name, array in model.parameters.items()}
    model.learning_rate = 0.3
    model.fit(X, NUMBERS, warm_start=True, **given)
    assert model.history_[monitor][-1] > min(model.history_[monitor])
    for name, array in model.parameters.items():
        np.testing.assert_array_equal(array, best[name])


def test_any_true_answer_of_the_callback_stops() -> None:
    model = net(NUMBER)(epochs=9)
    assert model.fit(X, NUMBERS, callback=lambda *_: np.True_).n_iter_ == 1
    assert model.fit(X, NUMBERS, callback=lambda *_: None).n_iter_ == 9


def test_a_bad_number_in_y_is_said_to_be_in_y() -> None:
    with pytest.raises(ValueError, match=r"^y, row 2: nan; expected a .*number"):
        net(NUMBER)().fit(X, [1.0, 2.0, math.nan, 3.0])
    with pytest.raises(ValueError, match=r"^y, row 1, column '1': inf"):
        made = net("input 2; dense 2; loss mean_squared_error")
        made().fit(X[:2], [[1.0, 2.0], [3.0, math.inf]])


def test_early_stopping_without_validation_rows_watches_the_training_loss() -> None:
    made = net(NUMBER, f"optimizer sgd(learning_rate=1.5); {STOPPING}")
    model = made(epochs=30, split=None)
    with np.errstate(all="ignore"):
        model.fit(X, NUMBERS)
    losses = model.history_["loss"]
    assert model.best_epoch_ == int(np.argmin(losses))
    assert len(losses) in (30, model.best_epoch_ + 4)


def test_masked_cells_are_holes() -> None:
    masked = np.ma.masked_array(X, mask=[[0, 1], [0, 0], [0, 0], [0, 0]])
    with pytest.raises(ValueError, match="row 0"):
        net(NUMBER)().fit(masked, NUMBERS)
    filled = net(NUMBER, "missing mean; scale none")(split=None).fit(masked, NUMBERS)
    np.testing.assert_allclose(filled.prepare(masked)[0, 1], X[1:, 1].mean(), 1e-6)
    y = np.ma.masked_array(NUMBERS, mask=[0, 1, 0, 0])
    with pytest.raises(ValueError, match="y, row 1"):
        net(NUMBER)().fit(X, y)
    labels = np.ma.masked_array(WORDS, mask=[0, 1, 0, 0])
    with pytest.raises(ValueError, match="row 1"):
        net(IRIS)().fit(X, labels)


@pytest.mark.parametrize(
    ("head", "bad"),
    [
        ("dense 3 softmax; loss categorical_crossentropy", [0, 3]),
        ("dense 3 softmax; loss categorical_crossentropy", [0, -1]),
        ("dense 1 sigmoid; loss binary_crossentropy", [0, 2]),
        ("dense 1; loss hinge", [0, 2]),
    ],
)
@pytest.mark.parametrize("method", ["loss", "gradients", "train_batch"])
def test_places_of_no_class_are_refused(head: str, bad: list[int], method: str) -> None:
    model = net(f"input 2; {head}")()
    with pytest.raises(ValueError, match="y: expected"):
        getattr(model, method)(X[:2], bad)


OPEN = "input any; dense 4 relu; dense classes softmax; loss categorical_crossentropy"


@pytest.mark.parametrize("style", STYLES)
def test_open_widths_come_from_the_arrays_of_the_first_call(style: Any) -> None:
    made = net(OPEN, "", style)
    with pytest.raises(ValueError, match="n_outputs"):
        made().forward(X)
    for empty in ([], [[]]):
        with pytest.raises(ValueError):
            made().loss(empty, [0])
    assert made().loss(X, [0, 1, 2, 0]) > 0
    model = made()
    model.loss(X, np.eye(4))
    assert model.forward(X).shape == (4, 4)
    numbers = net("input any; dense outputs; loss mean_squared_error", "", style)()
    assert numbers.gradients(X, np.ones((4, 3)))["dense1.weights"].shape == (2, 3)
    with pytest.raises(ValueError, match="n_features and n_outputs"):
        made().build()


@pytest.mark.parametrize("labels", [["a", 1, "a", 1], (1, "a", 1.5, "a")])
def test_numbers_among_words_are_refused(labels: Any) -> None:
    with pytest.raises(ValueError, match="different kinds"):
        net(OPEN)().fit(X, labels)


def test_auc_is_the_mean_over_the_classes_that_occur() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    head = "input 2; dense 3 softmax; loss categorical_crossentropy"
    model = net(f"{head}; metrics auc")(seed=4).fit(X, [0, 1, 2, 0])
    chances, y = model.predict_proba(X), np.array([0, 1, 0, 1])
    wanted = [metrics.roc_auc_score(y == k, chances[:, k]) for k in (0, 1)]
    assert model.evaluate(X, y)["auc"] == pytest.approx(np.mean(wanted))
