"""How a generated module learns: rows, epochs, and what is kept."""

from __future__ import annotations

import copy
import threading
import warnings
from typing import Any

import numpy as np
import pytest
from reference.learning import HEAD, X, Y, net, same


def test_equal_seeds_give_equal_bits_and_leave_numpy_alone() -> None:
    np.random.seed(5)
    before = np.random.get_state()[1].tolist()
    first, second = (net("epochs 3; split 70% / 15% / 15%")().fit(X, Y) for _ in "ab")
    assert np.random.get_state()[1].tolist() == before
    assert same(first, second)
    assert first.history_ == second.history_
    assert not same(first, net("epochs 3; split 70% / 15% / 15%")(seed=9).fit(X, Y))


def test_fit_starts_afresh() -> None:
    model = net("epochs 3")()
    fresh = copy.deepcopy(model).fit(X, Y)
    model.build().train_batch(X, Y)
    assert same(model.fit(X, Y), fresh)
    assert same(model.fit(X, Y), fresh)
    assert model.n_iter_ == 3
    assert len(model.history_["loss"]) == 3


@pytest.mark.parametrize("n", [1, 2, 3, 7, 60])
def test_the_split_divides_every_row_once(n: int) -> None:
    model = net("epochs 1; split 70% / 15% / 15%")().fit(X[:n], Y[:n])
    rows = np.concatenate(model.split_)
    assert sorted(rows.tolist()) == list(range(n))
    assert len(model.split_[0]) >= 1
    assert [len(part) for part in model.split_[1:]] == [int(n * 0.15)] * 2
    assert bool(model.test_) == (len(model.split_[2]) > 0)


def test_a_stratified_split_keeps_the_proportions() -> None:
    y = np.repeat([0, 1, 2], [30, 20, 10])
    model = net("epochs 1; split 70% / 10% / 20% stratified")().fit(X, y)
    counts = [np.bincount(y[part], minlength=3).tolist() for part in model.split_]
    assert counts == [[21, 14, 7], [3, 2, 1], [6, 4, 2]]


def test_split_none_learns_from_every_row() -> None:
    model = net("epochs 1; split 70% / 15% / 15%")(split=None).fit(X, Y)
    assert [len(part) for part in model.split_] == [60, 0, 0]
    assert "val_loss" not in model.history_


def test_validation_data_take_the_place_of_the_validation_rows() -> None:
    model = net("epochs 1; split 70% / 15% / 15%")()
    model.fit(X, Y, validation_data=(X[:5], Y[:5]))
    assert [len(part) for part in model.split_] == [51, 0, 9]
    _, expected = X, model.evaluate(X[:5], Y[:5])["loss"]
    assert model.history_["val_loss"][-1] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("labels", [["a", "b", "c"], [0, 1, 2]])
def test_bad_validation_data_leave_the_old_model(labels: list[Any]) -> None:
    y = np.array(labels)[Y]
    model = net("epochs 2")().fit(X, y)
    before = copy.deepcopy(model)
    with pytest.raises(ValueError, match="row 0"):
        model.fit(X, np.array(["p", "q", "r"])[Y], validation_data=(X[:1], ["z"]))
    assert model.classes_.tolist() == before.classes_.tolist()
    assert model.history_ == before.history_
    assert same(model, before)


def test_holes_of_validation_data_are_dropped() -> None:
    made = net("epochs 1; missing drop")
    holes = X[:6].copy()
    holes[2, 0] = np.nan
    kept = [0, 1, 3, 4, 5]
    first, second = (
        made().fit(X, Y, validation_data=(rows, y)).history_["val_loss"]
        for rows, y in ((holes, Y[:6]), (X[kept], Y[kept]))
    )
    assert first == second


def test_figures_are_what_they_say() -> None:
    head = HEAD + "; metrics accuracy"
    model = net("epochs 4; split 60% / 20% / 20%; batch_size 7", head)().fit(X, Y)
    _, watch, test = model.split_
    assert model.test_ == model.evaluate(X[test], Y[test])
    seen = model.evaluate(X[watch], Y[watch])
    assert model.history_["val_loss"][-1] == seen["loss"]
    chances = model.predict_proba(X[test]).astype(np.float64)
    loss = -np.log(chances[np.arange(len(test)), Y[test]]).mean()
    assert model.test_["loss"] == pytest.approx(loss, rel=1e-5)
    assert model.test_["accuracy"] == np.mean(model.predict(X[test]) == Y[test])
    assert model.score(X[test], Y[test]) == model.test_["accuracy"]


def test_training_figures_are_means_over_rows_of_the_batches() -> None:
    """Without shuffling an epoch is repeated by hand with `train_batch`."""
    model = net("epochs 1; shuffle no; batch_size 25")().fit(X, Y)
    hand = net("epochs 1; shuffle no; batch_size 25")().build()
    losses = [hand.train_batch(X[i : i + 25], Y[i : i + 25]) for i in (0, 25, 50)]
    mean = np.average(losses, weights=[25, 25, 10])
    assert model.history_["loss"] == [pytest.approx(mean, rel=1e-6)]
    for name, array in hand.parameters.items():
        np.testing.assert_allclose(model.parameters[name], array, rtol=1e-5, atol=1e-7)


def test_a_batch_larger_than_the_data_is_one_batch() -> None:
    large, whole = net("epochs 3")(batch_size=1000), net("epochs 3")(batch_size=None)
    assert same(large.fit(X, Y), whole.fit(X, Y))


def test_early_stopping_restores_the_best_weights() -> None:
    head = "input 2; dense 40 tanh; dense 3 softmax; loss categorical_crossentropy"
    settings = "epochs 300; split 30% / 40% / 30%; early_stopping patience=5"
    noise = np.random.RandomState(0).randint(0, 3, 60)
    model = net(f"{settings}; optimizer adam(learning_rate=0.05)", head)()
    model.fit(X, noise)
    losses = model.history_["val_loss"]
    best = int(np.argmin(losses))
    assert len(losses) == model.n_iter_ == best + 6 < 300
    watch = model.split_[1]
    assert model.evaluate(X[watch], noise[watch])["loss"] == losses[best]


def test_without_validation_rows_early_stopping_waits_for_ever() -> None:
    settings = "epochs 9; split 70% / 30% / 0%; early_stopping patience=1"
    assert net(settings)(split=None).fit(X, Y).n_iter_ == 9


def test_a_callback_hears_every_epoch_and_may_stop() -> None:
    heard: list[tuple[int, dict[str, float]]] = []

    def callback(epoch: int, logs: dict[str, float]) -> bool:
        heard.append((epoch, logs))
        return epoch == 2

    model = net("epochs 10")().fit(X, Y, callback=callback)
    assert [epoch for epoch, _ in heard] == [0, 1, 2]
    assert [logs["loss"] for _, logs in heard] == model.history_["loss"]
    assert model.n_iter_ == 3


def test_an_interrupt_keeps_the_last_whole_epoch() -> None:
    def interrupt(epoch: int, logs: dict[str, float]) -> None:
        if epoch == 1:
            raise KeyboardInterrupt

    model, two = net("epochs 10")(), net("epochs 10")(epochs=2)
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, Y, callback=interrupt)
    assert model.n_iter_ == 2
    assert same(model, two.fit(X, Y))
    assert len(model.predict(X)) == 60


def test_divergence_says_where_and_keeps_good_weights() -> None:
    regression = "input 2; dense 8 relu; dense 1; loss mean_squared_error"
    model = net("epochs 50; optimizer sgd(learning_rate=1e20)", regression)()
    with (
        warnings.catch_warnings(action="error"),
        pytest.raises(FloatingPointError, match=r"epoch 1, batch \d.*learning_rate"),
    ):
        model.fit(X * 100, Y)
    assert all(np.isfinite(array).all() for array in model.parameters.values())


def test_weight_zero_leaves_a_row_out_and_scale_does_not_matter() -> None:
    made = net("epochs 3; batch_size all; shuffle no; precision float64")
    weights = np.ones(60)
    weights[40:] = 0
    weighted, fewer = (
        made().fit(X, Y, sample_weight=weights),
        made().fit(X[:40], Y[:40]),
    )
    for name, array in fewer.parameters.items():
        np.testing.assert_allclose(weighted.parameters[name], array, rtol=1e-9)
    seven = made().fit(X, Y, sample_weight=7 * weights)
    np.testing.assert_allclose(seven.predict_proba(X), weighted.predict_proba(X))
    left = made().fit(X, Y).evaluate(X, Y, sample_weight=weights)["loss"]
    assert left == pytest.approx(made().fit(X, Y).evaluate(X[:40], Y[:40])["loss"])


def test_balanced_classes_weigh_the_same_in_all() -> None:
    y = np.repeat([0, 1, 2], [30, 20, 10])
    head = HEAD.replace("; loss", "; target kind: a | b | c; loss")
    model = net("epochs 1; class_weights balanced", head)().fit(X, y)
    row_weights = model._share(model._batch(X, y)[1]).ravel() * 60
    sums = [row_weights[y == kind].sum() for kind in range(3)]
    np.testing.assert_allclose(sums, 20, rtol=1e-5)


def test_named_class_weights_have_mean_one_over_the_training_rows() -> None:
    head = HEAD.replace("; loss", "; target kind: a | b | c; loss")
    model = net("epochs 1; class_weights a=2 c=4", head)().fit(X, Y)
    row_weights = model._share(model._batch(X, Y)[1]).ravel() * 60
    raw = np.array([2, 1, 4])[Y]
    np.testing.assert_allclose(row_weights, raw / raw.mean(), rtol=1e-5)


def test_balanced_labels_weigh_positives_and_negatives_alike() -> None:
    head = "input 2; dense 2 sigmoid; target p, q; loss binary_crossentropy"
    y = np.column_stack([np.arange(60) < 15, np.arange(60) < 30]).astype(int)
    model = net("epochs 1; class_weights balanced", head)().fit(X, y)
    share = model._share(model._batch(X, y)[1]) * 60
    assert share.shape == (60, 2)
    np.testing.assert_allclose(share[:15, 0].sum(), share[15:, 0].sum(), rtol=1e-5)
    np.testing.assert_allclose(share.mean(axis=0), 1, rtol=1e-5)


def test_a_plateau_lowers_the_rate_as_published() -> None:
    """PyTorch's ReduceLROnPlateau: patience bad epochs are endured, the next acts."""
    made = net("optimizer adam(learning_rate=plateau(0.1, factor=0.5, patience=1))")
    model = made().build()
    factors = []
    for loss in [1.0, 0.5, 0.49999, 0.6, 0.4, 0.5, 0.5, 0.5, 0.5]:
        model._adapt_rate(loss)
        factors.append(model._rate_factor)
    assert factors == [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.125]


@pytest.mark.parametrize(
    "bad",
    [
        {"epochs": 0},
        {"epochs": 2.5},
        {"batch_size": -1},
        {"split": (0.5, 0.2, 0.2)},
        {"split": (1.5, -0.5, 0.0)},
    ],
)
def test_bad_settings_are_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        net("epochs 2")(**bad).fit(X, Y)


def test_threads_may_predict_at_once() -> None:
    model = net("epochs 2")().fit(X, Y)
    expected, wrong = model.predict_proba(X), []

    def predict() -> None:
        for _ in range(50):
            if not np.array_equal(model.predict_proba(X), expected):
                wrong.append(1)

    threads = [threading.Thread(target=predict) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_answers_are_the_callers_own() -> None:
    model = net("epochs 1")().fit(X, Y)
    first = model.predict_proba(X)
    first[...] = 7
    model.activations(X, layer="dense1")[...] = 7
    model.prepare(X)[...] = 7
    assert model.predict_proba(X).max() <= 1


def test_others_may_replace_functions_of_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that makes NumPy's functions give float32 does so for the process."""
    settings = "epochs 2; scale standard; split 70% / 15% / 15%; precision float64"
    expected = net(settings)().fit(X, Y)

    def in_float32(name: str) -> Any:
        original = getattr(np, name)

        def replaced(*arguments: Any, **options: Any) -> Any:
            if name == "dot":
                return original(*arguments, **options).astype(np.float32)
            return original(*arguments, **{"dtype": np.float32, **options})

        return replaced

    for name in ("zeros", "ones", "dot"):
        monkeypatch.setattr(np, name, in_float32(name))
    assert same(net(settings)().fit(X, Y), expected)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"seed": -1}, "whole number from 0"),
        ({"seed": None}, "whole number from 0"),
        ({"epochs": 0}, "whole number from 1"),
        ({"epochs": "5"}, "whole number from 1"),
        ({"split": 0.8}, "3 shares that add up to 1"),
        ({"split": (0.8, 0.2)}, "3 shares that add up to 1"),
        ({"split": (0.8, "0.1", 0.1)}, "3 shares that add up to 1"),
        ({"split": (float("nan"), 0.5, 0.5)}, "3 shares that add up to 1"),
        ({"learning_rate": "0.1"}, "a number above 0"),
    ],
)
def test_a_setting_of_the_wrong_kind_is_named(
    given: dict[str, Any], expected: str
) -> None:
    (name,) = given
    with pytest.raises(ValueError, match=f"^{name} is .*; expected .*{expected}"):
        net()(**given).fit(X, Y)


@pytest.mark.parametrize("given", [X, X[:2], (X,), (X, Y, Y)])
def test_validation_data_is_a_pair(given: Any) -> None:
    with pytest.raises(ValueError, match=r"validation_data .*; expected \(X, y\)"):
        net()().fit(X, Y, validation_data=given)


def test_validation_data_of_a_network_that_learns_its_input() -> None:
    head = "input 2; dense 1 tanh; dense 2; target input; loss mean_squared_error"
    model = net("epochs 2", head)()
    for given in ((X,), (X, X)):
        assert len(model.fit(X, validation_data=given).history_["val_loss"]) == 2
    with pytest.raises(ValueError, match=r"validation_data .*; expected"):
        model.fit(X, validation_data=X)


def test_a_validation_loss_that_overflows_stops_training() -> None:
    model = net("epochs 3", "input 2; dense 1; loss mean_squared_error")()
    far = np.full((3, 2), 3e38), np.zeros(3)
    with pytest.raises(FloatingPointError, match="epoch 1 ended in an overflow"):
        model.fit(X, Y, validation_data=far)


def test_a_prediction_that_overflows_is_refused() -> None:
    head = "input 2; dense 1; loss mean_squared_error"
    model = net("epochs 1", head)().fit(X, Y)
    rows = np.array([[1.0, 2.0], [3e38, 3e38]])
    model.parameters["dense1.weights"][...] = 9
    for ask, words in (
        (lambda: model.predict(rows), "row 1 is"),
        (lambda: model.activations(rows, "dense1"), "row 1 is"),
        (lambda: model.score(rows, Y[:2]), "row 1 is"),
        (lambda: model.evaluate(rows, Y[:2]), "overflow"),
    ):
        with (
            np.errstate(over="ignore", invalid="ignore"),
            pytest.raises(FloatingPointError, match=words),
        ):
            ask()
    assert len(model.predict(rows[:1])) == 1


def test_large_rows_bring_no_warning() -> None:
    model = net("epochs 1")().fit(X, Y)
    with warnings.catch_warnings(action="error"):
        model.prepare(np.full((1, 2), 1e20))
