"""What `fit` does epoch by epoch: rows, batches, weights, checkpoints, overflows."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reference.learning import HEAD, NUMBER, X, Y, module, net, same
from reference.modules import STYLES, far
from sklearn.utils.class_weight import compute_class_weight, compute_sample_weight

from nndsl.program.in_place import Style


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("order", ["shuffle yes", "shuffle no"])
@pytest.mark.parametrize("size", [1, 25, 60, 1000])
def test_an_epoch_is_a_step_for_every_batch(
    size: int, order: str, style: Style
) -> None:
    """All rows once, in batches, from one generator; the figures come after it."""
    settings = f"epochs 3; batch_size {size}; {order}; seed 4"
    model, made = net(settings, HEAD, style)().fit(X, Y), module(settings, HEAD, style)
    rng = np.random.default_rng(4)
    p = made.initialize(rng)
    adam = made.Adam(p, 0.001)
    x, t = X.astype(np.float32), np.eye(3, dtype=np.float32)[Y]
    for loss in model.history_["loss"]:
        rows = rng.permutation(60) if order == "shuffle yes" else np.arange(60)
        for start in range(0, 60, size):
            batch = rows[start : start + size]
            made.train_batch(p, adam, x[batch], t[batch])
        assert loss == pytest.approx(made.measure(p, x, t)["loss"], rel=1e-6)
    assert far(model.parameters_, p) < 1e-5


def test_fit_starts_afresh_and_equal_seeds_give_equal_bits() -> None:
    settings = "epochs 3; split 70% / 15% / 15%"
    model = net(settings)().fit(X, Y)
    for other in (net(settings)().fit(X, Y), net(settings)().fit(X[:50], Y[:50])):
        assert same(other.fit(X, Y), model)
        assert other.history_ == model.history_
    assert not same(net(settings)(seed=9).fit(X, Y), model)


@pytest.mark.parametrize("n", [7, 10, 33, 60])
@pytest.mark.parametrize(
    "shares", [(70, 15, 15), (60, 20, 20), (80, 20, 0), (34, 33, 33)]
)
def test_the_split_divides_every_row_once(shares: tuple[int, ...], n: int) -> None:
    split = " / ".join(f"{share}%" for share in shares)
    model = net(f"epochs 1; split {split}")().fit(X[:n], Y[:n])
    assert sorted(np.concatenate(model.split_)) == list(range(n))
    assert len(model.split_) == sum(share > 0 for share in shares)
    for part, share in zip(model.split_, shares, strict=False):
        assert abs(len(part) - n * share / 100) <= 1
    other = net(f"epochs 1; split {split}")(seed=1).fit(X[:n], Y[:n])
    assert sorted(model.split_[0]) != sorted(other.split_[0])
    assert hasattr(model, "test_") == (shares[2] > 0)


@pytest.mark.parametrize("target", ["", "; target kind: 2 | 0 | 1"])
def test_a_stratified_split_keeps_the_proportions(target: str) -> None:
    y = np.repeat([0, 1, 2], [30, 20, 10])
    settings = "epochs 1; split 70% / 10% / 20% stratified"
    model = net(settings, HEAD + target)().fit(X, y)
    counts = [np.bincount(y[part], minlength=3).tolist() for part in model.split_]
    assert counts == [[21, 14, 7], [3, 2, 1], [6, 4, 2]]
    assert sorted(np.concatenate(model.split_)) == list(range(60))


def test_a_split_of_few_rows_is_refused() -> None:
    for split in ("70% / 15% / 15%", "70% / 15% / 15% stratified"):
        with pytest.raises(ValueError, match="too few rows for the split"):
            net(f"epochs 1; split {split}")().fit(X[:3], [0, 1, 2])


@pytest.mark.parametrize("style", STYLES)
def test_only_training_rows_are_learned_from(style: Style) -> None:
    settings = "epochs 3; split 50% / 25% / 25%; scale standard"
    model = net(settings, NUMBER, style)().fit(X, X[:, 0])
    others = np.concatenate(model.split_[1:])
    x, y = X.copy(), X[:, 0].copy()
    x[others], y[others] = 7.5, -3
    again = net(settings, NUMBER, style)().fit(x, y)
    assert same(model, again)
    assert model.history_["loss"] == again.history_["loss"]
    assert model.history_["val_loss"] != again.history_["val_loss"]


NORM = "input 2; dense 4; batch_norm; relu; dense 1; loss mean_squared_error"


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(("n", "sizes"), [(33, [33]), (34, [32, 2]), (65, [32, 33])])
def test_a_row_alone_joins_the_batch_before_it(
    n: int, sizes: list[int], style: Style
) -> None:
    """PyTorch's running statistics: a tenth of each batch's, its variance unbiased."""
    settings = "epochs 1; batch_size 32; shuffle no; optimizer sgd(learning_rate=0.001)"
    made, rows = module(settings, NORM, style), np.resize(X, (n, 2)) * 3 + 2
    seen, train_batch = [], made.train_batch
    mean, variance = np.zeros(4), np.ones(4)

    def recorded(p: Any, optimizer: Any, x: Any, *others: Any) -> None:
        nonlocal mean, variance
        seen.append(len(x))
        z = x @ p.w1
        train_batch(p, optimizer, x, *others)
        mean = 0.9 * mean + 0.1 * z.mean(axis=0)
        variance = 0.9 * variance + 0.1 * z.var(axis=0, ddof=1)

    made.train_batch = recorded
    try:
        model = net(settings, NORM, style)().fit(rows, rows[:, 0])
    finally:
        made.train_batch = train_batch
    assert seen == sizes
    np.testing.assert_allclose(model.parameters_.mean1, mean, rtol=1e-4)
    np.testing.assert_allclose(model.parameters_.variance1, variance, rtol=1e-4)


@pytest.mark.parametrize("style", STYLES)
def test_batch_norm_wants_two_rows(style: Style) -> None:
    with pytest.raises(ValueError, match="batch_size"):
        net("epochs 1; batch_size 32", NORM, style)(batch_size=1)
    with pytest.raises(ValueError, match="at least two rows"):
        net("epochs 1; batch_size 32", NORM, style)().fit(X[:1], [1.0])
    model = net("epochs 1; batch_size 32", NORM, style)().fit(X, Y)
    alone = [model.predict(X[i : i + 1]).item() for i in range(60)]
    np.testing.assert_allclose(model.predict(X), alone, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("words", ["balanced", "a=2 c=4"])
def test_class_weights_are_scikit_learns(words: str) -> None:
    target, y = "; target kind: a | b | c", np.array(["a", "b", "c"])[Y]
    settings = f"epochs 2; class_weights {words}; split 60% / 40% / 0%"
    made = module(settings, HEAD + target)
    model = net(settings, HEAD + target)().fit(X, y)
    train, validation = model.split_
    t, k = np.eye(3)[Y][train], np.arange(3)
    given = "balanced" if words == "balanced" else {0: 2.0, 1: 1.0, 2: 4.0}
    wanted = compute_class_weight(given, classes=k, y=Y[train])
    rows = compute_sample_weight(given, Y[train])
    weights = made.class_weights(t)
    np.testing.assert_allclose(weights, wanted / rows.mean(), rtol=1e-5)
    np.testing.assert_allclose(
        made.row_weights(t, weights).ravel(), rows / rows.mean(), rtol=1e-5
    )
    chances = model.predict_proba(X)[np.arange(60), Y]
    losses = -np.log(chances)
    weighted = np.average(losses[train], weights=rows)
    assert model.history_["loss"][-1] == pytest.approx(weighted, rel=1e-5)
    plain = losses[validation].mean()
    assert model.history_["val_loss"][-1] == pytest.approx(plain, rel=1e-5)
    assert model.evaluate(X, y)["loss"] == pytest.approx(losses.mean(), rel=1e-5)


@pytest.mark.parametrize("words", ["balanced", "no=3", "yes=0.25"])
def test_class_weights_of_two_labels_are_scikit_learns(words: str) -> None:
    head = "input 2; dense 1 sigmoid; target k: no | yes; loss binary_crossentropy"
    made = module(f"class_weights {words}", head)
    t = (np.arange(60) < 12).astype(int)
    named = {"no=3": {0: 3.0, 1: 1.0}, "yes=0.25": {0: 1.0, 1: 0.25}}
    rows = compute_sample_weight(named.get(words, "balanced"), t)
    weights = made.class_weights(t[:, None])
    found = made.row_weights(t[:, None], weights).ravel()
    np.testing.assert_allclose(found, rows / rows.mean(), rtol=1e-5)


def test_class_weights_of_several_labels_are_scikit_learns() -> None:
    """Balanced, for each label by itself."""
    head = "input 2; dense 3 sigmoid; target p, q, r; loss binary_crossentropy"
    made = module("class_weights balanced", head)
    places = np.arange(60)
    t = np.column_stack([places < 15, places % 2 == 0, places < 50]).astype(int)
    weights = made.class_weights(t)
    for j in range(3):
        wanted = compute_class_weight("balanced", classes=np.arange(2), y=t[:, j])
        np.testing.assert_allclose(weights[:, j], wanted, rtol=1e-5)
    found = made.row_weights(t, weights)
    for j in range(3):
        rows = compute_sample_weight("balanced", t[:, j])
        np.testing.assert_allclose(found[:, j], rows, rtol=1e-5)
    never = np.column_stack([t[:, 0], 0 * places, 0 * places + 1])
    assert np.isfinite(made.class_weights(never)).all()


def checkpoints(settings: str, path: Path) -> tuple[Any, list[int]]:
    """A model, and after each epoch whose parameters the file holds, 0 for none."""
    held: list[int] = []
    kept: dict[bytes, int] = {}
    made = module(settings)
    original = made.measure

    def measure(p: Any, *given: Any) -> Any:
        kept.setdefault(p.w1.tobytes(), len(kept) + 1)
        return original(p, *given)

    def look(epoch: int, log: Any) -> None:
        held.append(kept[np.load(path)["w1"].tobytes()] if path.exists() else 0)

    made.measure = measure
    try:
        model = net(settings)(checkpoint=str(path)).fit(X, Y, callback=look)
    finally:
        made.measure = original
    return model, held


@pytest.mark.parametrize("split", ["split 100%", "split 40% / 60% / 0%"])
def test_a_checkpoint_holds_the_best_parameters_so_far(
    split: str, tmp_path: Path
) -> None:
    path = tmp_path / "best.npz"
    settings = f"epochs 12; {split}; checkpoint every=3; batch_size 8; "
    settings += "optimizer adam(learning_rate=0.3)"
    model, held = checkpoints(settings, path)
    losses = model.history_.get("val_loss")
    for epoch, holds in enumerate(held, 1):
        last = epoch - epoch % 3
        best = int(np.argmin(losses[:last])) + 1 if losses and last else last
        assert holds == best
    assert losses is None or len(set(held[2:])) < len(held[2::3]) or held[-1] < 12
    assert [each.name for each in tmp_path.iterdir()] == ["best.npz"]
    assert net(settings).load(str(path)).predict(X).shape == (60,)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_divergence_leaves_finite_parameters(precision: str, style: Style) -> None:
    settings = (
        f"epochs 400; precision {precision}; optimizer sgd(learning_rate=5); "
        "split 50% / 50% / 0%"
    )
    head = "input 2; dense 1; loss mean_squared_error"
    model = net(settings, head, style)()
    with (
        warnings.catch_warnings(action="error"),
        pytest.raises(FloatingPointError, match=r"epoch \d+: .*learning_rate"),
    ):
        model.fit(X * 3, X[:, 0])
    assert len(model.history_["loss"]) > 1
    assert all(np.isfinite(w).all() for w in model.parameters_)
    assert np.isfinite(model.predict(X)).all()


WILD_NUMBER = NUMBER.replace("tanh", "exponential")
WILD_CLASSES = HEAD.replace("6 tanh", "6 relu weights=normal(10)")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("stopping", ["", "early_stopping patience=3"])
@pytest.mark.parametrize("head", [WILD_NUMBER, WILD_CLASSES])
def test_test_rows_that_overflow_are_named(
    head: str, stopping: str, style: Style
) -> None:
    settings = f"epochs 2; split 60% / 20% / 20%; {stopping}"
    model = net(settings, head, style)().fit(X, Y)
    row = model.split_[2][5]
    rows = X.copy()
    rows[row] = [3e38, 3e38]
    with (
        warnings.catch_warnings(action="error"),
        pytest.raises(FloatingPointError, match=f"row {row}, a test row"),
    ):
        model.fit(rows, Y)


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("activation", ["exponential", "elu", "softplus", "silu"])
def test_styles_stop_exp_at_the_same_number(activation: str, precision: str) -> None:
    settings = f"epochs 1; precision {precision}"
    head = NUMBER.replace("tanh", activation)
    found = []
    for style in STYLES:
        made = module(settings, head, style)
        p = made.initialize(np.random.default_rng(0))
        with np.errstate(over="raise", invalid="raise"):
            found.append(made.forward(p, made.DTYPE([[900, 900], [-900, 5]]))[0])
    assert np.isfinite(found[0]).all()
    np.testing.assert_allclose(found[0], found[1], rtol=1e-5)
