"""Scaling, filling and what is left out: from which rows, and how exactly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from reference.learning import NUMBER, module, net
from reference.modules import STYLES
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from nndsl.program.in_place import Style

RANDOM = np.random.RandomState(1)
X = RANDOM.standard_normal((40, 2)) * [1, 100] + [5, 7]
Y = X @ [3.0, 0.02]
HOLES = X.copy()
HOLES[::5, 0] = HOLES[1::7, 1] = np.nan
HEADS = {
    "any": NUMBER.replace("input 2", "input any"),
    "2": NUMBER,
    "a, b": NUMBER.replace("input 2", "input a, b"),
}
SPLITS = ["split 100%", "split 50% / 25% / 25%", "split 60% / 40% / 0%"]


def training_rows(model: Any) -> Any:
    return getattr(model, "split_", [np.arange(40)])[0]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("missing", ["mean", "median"])
@pytest.mark.parametrize("scale", ["none", "standard", "minmax"])
def test_filling_and_scaling_learn_from_the_training_rows(
    scale: str, missing: str, split: str, style: Style
) -> None:
    settings = f"epochs 1; {split}; scale {scale}; missing {missing}"
    model, made = net(settings, NUMBER, style)(), module(settings, NUMBER, style)
    model.fit(HOLES, Y)
    train = training_rows(model)
    assert np.isnan(HOLES[train]).any()
    fill = SimpleImputer(strategy=missing).fit(HOLES[train])
    filled, x = fill.transform(HOLES[train]), fill.transform(HOLES)
    if scale != "none":
        x = (
            {"standard": StandardScaler(), "minmax": MinMaxScaler()}[scale]
            .fit(filled)
            .transform(x)
        )
    np.testing.assert_allclose(model._scale(HOLES), x, rtol=1e-5, atol=1e-6)
    answers = made.forward(model.parameters_, x.astype(np.float32))[-1][:, 0]
    np.testing.assert_allclose(model.predict(HOLES), answers, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(
        model.predict(fill.transform(HOLES)), model.predict(HOLES)
    )


@pytest.mark.parametrize("hole", [None, np.nan, "", pd.NA])
@pytest.mark.parametrize("inputs", HEADS)
def test_every_kind_of_missing_value(inputs: str, hole: Any) -> None:
    rows = X.astype(object)
    rows[3, 1] = hole
    plain = X.copy()
    plain[3, 1] = np.nan
    kinds = [rows, rows.tolist(), pd.DataFrame(rows, columns=["a", "b"])]
    for given in kinds:
        with pytest.raises(ValueError, match=r"X, row 3, column [b1]: "):
            net("epochs 1", HEADS[inputs])().fit(given, Y)
        for kind in ("mean", "median"):
            model = net(f"epochs 1; missing {kind}", HEADS[inputs])().fit(given, Y)
            same = net(f"epochs 1; missing {kind}", HEADS[inputs])().fit(plain, Y)
            assert model.predict(given).tobytes() == same.predict(plain).tobytes()
            assert model.history_ == same.history_
        drop = net("epochs 1; missing drop", HEADS[inputs])().fit(given, Y)
        kept = np.arange(40) != 3
        assert drop.history_["loss"] == drop_history(inputs, kept)
        assert drop.evaluate(given, Y) == drop.evaluate(X[kept], Y[kept])
        with pytest.raises(ValueError, match=r"X, row 3, column [b1]: "):
            drop.predict(given)


def drop_history(inputs: str, kept: Any) -> list[float]:
    """The losses of a model that never saw the rows that are not kept."""
    model = net("epochs 1", HEADS[inputs])().fit(X[kept], Y[kept])
    losses: list[float] = model.history_["loss"]
    return losses


@pytest.mark.parametrize("cell", ["wide", np.inf, -np.inf, "inf"])
@pytest.mark.parametrize("missing", ["error", "mean", "median", "drop"])
def test_what_is_not_missing_is_refused(missing: str, cell: Any) -> None:
    rows = X.astype(object)
    rows[3, 1] = cell
    for head in HEADS.values():
        with pytest.raises(ValueError, match=r"X, row 3, column [b1]: "):
            net(f"epochs 1; missing {missing}", head)().fit(rows, Y)


@pytest.mark.parametrize("missing", ["mean", "median", "drop"])
def test_a_column_without_a_value_is_named(missing: str) -> None:
    rows = X.copy()
    rows[:, 1] = np.nan
    for split in SPLITS:
        with pytest.raises(ValueError, match=r"column [b1]: no value|in every row"):
            net(f"epochs 1; missing {missing}; {split}", HEADS["a, b"])().fit(rows, Y)


@pytest.mark.parametrize("missing", ["mean", "median", "drop"])
@pytest.mark.parametrize("hole", [None, np.nan, ""])
def test_a_missing_target_is_refused(hole: Any, missing: str) -> None:
    y = [*Y[:7], hole, *Y[8:]]
    with pytest.raises(ValueError, match="y, row 7: "):
        net(f"epochs 1; missing {missing}", NUMBER)().fit(X, y)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("missing", ["error", "mean", "drop"])
def test_a_declared_range_counts_from_its_low_end(missing: str, style: Style) -> None:
    head = NUMBER.replace("input 2", "input 2 in 2..6")
    settings = f"epochs 2; scale minmax; missing {missing}"
    rows = RANDOM.uniform(2, 6, (40, 2))
    model = net(settings, head, style)().fit(rows, Y)
    np.testing.assert_allclose(model._scale(rows), (rows - 2) / 4, rtol=1e-6)
    forward = module(settings, head, style).forward
    x = ((rows - 2) / 4).astype(np.float32)
    answers = forward(model.parameters_, x)[-1][:, 0]
    np.testing.assert_allclose(model.predict(rows), answers, rtol=1e-5)
    for value in (1.99, 6.01, -2):
        with pytest.raises(
            ValueError, match=r"X, row 1, column 1: '.*' is not in 2\.\.6"
        ):
            model.predict([[2, 6], [3, value]])


@pytest.mark.parametrize("style", STYLES)
def test_an_autoencoder_answers_in_the_units_of_its_range(style: Style) -> None:
    head = "input 2 in 2..6; dense 1 name=code; dense 2; target input; "
    head += "loss mean_squared_error; metrics mean_absolute_error, r2"
    settings = "epochs 40; scale minmax; optimizer adam(learning_rate=0.02)"
    rows = RANDOM.uniform(2, 6, (40, 1)) @ [[1.0, 1.0]]
    model = net(settings, head, style)().fit(rows)
    assert 1e-3 < np.abs(model.predict(rows) - rows).max() < 1
    error = np.abs(model.predict(rows) - rows).mean()
    assert model.evaluate(rows)["mean_absolute_error"] == pytest.approx(error, rel=1e-3)
    code = ((rows - 2) / 4) @ model.parameters_.w1 + model.parameters_.b1
    np.testing.assert_allclose(model.transform(rows), code, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("scale", ["standard", "minmax"])
@pytest.mark.parametrize(
    "values", [(0.1, 0.1), (0.1 + 0.2, 0.3), (1e9, 1e9), (0.0, 0.0), (-1e-30, -1e-30)]
)
def test_a_constant_column_scales_to_0(values: tuple[float, float], scale: str) -> None:
    rows = np.column_stack([X[:, 0], np.resize(values, 40)])
    model = net(f"epochs 1; scale {scale}", NUMBER)().fit(rows, Y)
    assert np.abs(model._scale(rows)[:, 1]).max() < 1e-15 * max(1, abs(values[0]))
    assert np.isfinite(model.predict(rows)).all()


def test_a_small_spread_is_a_spread() -> None:
    """Times in seconds, a second apart, and numbers far below 1 are not constant."""
    for column in (1.7e9 + np.arange(40.0), 1e-30 * np.arange(40.0)):
        rows = np.column_stack([X[:, 0], column])
        for scale, wanted in (("standard", 1.0), ("minmax", np.arange(40).std() / 39)):
            model = net(f"epochs 1; scale {scale}", NUMBER)().fit(rows, Y)
            assert model._scale(rows)[:, 1].std() == pytest.approx(wanted, rel=1e-5)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_targets_come_back_in_float64(precision: str, style: Style) -> None:
    """Times in seconds: float32 would round the answers to multiples of 128."""
    y = 1.7e9 + X[:, 0]
    settings = (
        "epochs 400; scale standard, target=standard; batch_size all; "
        f"precision {precision}; optimizer adam(learning_rate=0.03)"
    )
    head = "input 2; dense 1; loss mean_squared_error; metrics mean_absolute_error"
    model = net(settings, head, style)().fit(X, y)
    assert model.predict(X).dtype == float
    assert np.abs(model.predict(X) - y).max() < 0.01
    assert model.evaluate(X, y)["mean_absolute_error"] < 0.01
    assert model.evaluate(X, y + 5)["mean_absolute_error"] == pytest.approx(5, rel=0.01)


@pytest.mark.parametrize("style", STYLES)
def test_several_targets_are_scaled_each_for_itself(style: Style) -> None:
    y = np.column_stack([1000 + X[:, 0], -5 + 1e-3 * X[:, 1], np.full(40, 7.5)])
    settings = "epochs 1; scale none, target=standard; split 50% / 50% / 0%"
    head = "input 2; dense 3; loss mean_squared_error; metrics mean_absolute_error"
    model = net(settings, head, style)().fit(X, y)
    known = y[model.split_[0]]
    assert model.target_mean_ == pytest.approx(known.mean(axis=0), rel=1e-12)
    assert model.target_std_[:2] == pytest.approx(known.std(axis=0)[:2], rel=1e-9)
    assert model.target_std_[2] == 1
    error = np.abs(model.predict(X) - y).mean()
    assert model.evaluate(X, y)["mean_absolute_error"] == pytest.approx(error, rel=1e-4)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    "settings",
    [
        "scale none",
        "scale standard",
        "scale minmax",
        "scale standard, target=standard; missing mean",
        "scale minmax; missing median",
        "missing drop; scale standard",
        "precision float64; scale standard, target=standard",
    ],
)
@pytest.mark.parametrize("inputs", HEADS)
def test_a_load_restores_the_same_predictions(
    inputs: str, settings: str, style: Style, tmp_path: Path
) -> None:
    head = HEADS[inputs].replace("dense 3 tanh", "dense 5 tanh weights=orthogonal")
    made = net(f"epochs 1; {settings}", head, style)
    model, path = made().fit(X, Y), str(tmp_path / "m.npz")
    assert model.parameters_.w1.shape == (2, 5)
    model.save(path)
    again = made.load(path)
    rows = HOLES if "m" in settings.partition("missing ")[2] else X
    assert again.predict(rows).tobytes() == model.predict(rows).tobytes()
    for mine, theirs in zip(model.parameters_, again.parameters_, strict=True):
        assert (mine.tobytes(), mine.dtype) == (theirs.tobytes(), theirs.dtype)
    assert again.fit(X, Y).predict(X).tobytes() == model.predict(X).tobytes()
    assert [each.name for each in tmp_path.iterdir()] == ["m.npz"]


def test_files_of_other_scalings_are_refused(tmp_path: Path) -> None:
    path = str(tmp_path / "m.npz")
    net("epochs 1; scale none", NUMBER)().fit(X, Y).save(path)
    for settings in ("scale standard", "scale none, target=standard", "missing mean"):
        with pytest.raises(ValueError, match=r"m\.npz"):
            net(f"epochs 1; {settings}", NUMBER).load(path)
    net("epochs 1; scale standard", NUMBER)().fit(X, Y).save(path)
    with pytest.raises(ValueError, match=r"m\.npz"):
        net("epochs 1; scale minmax", NUMBER).load(path)
    with np.load(path) as file:
        arrays = dict(file)
    for name in ("mean", "std", "w1", "b2"):
        for bad in (arrays[name] * np.nan, arrays[name][..., :0], arrays[name] + 1j):
            np.savez(path, **(arrays | {name: bad}))
            with pytest.raises(ValueError, match=rf"no finite array {name} "):
                net("epochs 1; scale standard", NUMBER).load(path)
