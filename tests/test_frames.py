"""X and y as data frames of pandas, polars and pyarrow."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from reference.learning import module, net
from reference.modules import STYLES, load

from nndsl.program.in_place import Style

RANDOM = np.random.RandomState(1)
X = RANDOM.standard_normal((30, 3)).round(3)
Y = X @ [1.0, 2.0, 3.0]
NAMED = "input a, b, c; dense 3 tanh; dense 1; loss mean_squared_error"
OPEN = NAMED.replace("a, b, c", "any")
FRAME = pd.DataFrame(X, columns=["a", "b", "c"])


def with_pyarrow(frame: pd.DataFrame) -> Any:
    return pytest.importorskip("pyarrow").table(frame.to_dict("list"))


def with_polars(frame: pd.DataFrame) -> Any:
    return pl.DataFrame(frame.to_dict("list"))


KINDS = {
    "pandas": lambda frame: frame,
    "nullable": lambda frame: frame.convert_dtypes(),
    "objects": lambda frame: frame.astype(object),
    "other index": lambda frame: frame.set_axis(range(5, 5 + len(frame))),
    "polars": with_polars,
    "pyarrow": with_pyarrow,
}
every_kind = pytest.mark.parametrize("kind", KINDS)


@every_kind
@pytest.mark.parametrize("style", STYLES)
def test_columns_are_found_by_name_in_any_order(kind: str, style: Style) -> None:
    model = net("epochs 1", NAMED, style)().fit(X, Y)
    expected = model.predict(X)
    shuffled = FRAME[["c", "a", "b"]].assign(more="text", when=pd.Timestamp(2020, 1, 1))
    for frame in (
        FRAME,
        shuffled.drop(columns="when") if kind == "pyarrow" else shuffled,
    ):
        given = KINDS[kind](frame)
        assert model.predict(given).tobytes() == expected.tobytes()
        again = net("epochs 1", NAMED, style)().fit(given, Y)
        assert again.predict(X).tobytes() == expected.tobytes()
        assert again.evaluate(given, Y) == model.evaluate(X, Y)


@every_kind
def test_a_missing_column_is_named(kind: str) -> None:
    model = net("epochs 1", NAMED)().fit(X, Y)
    for names in (["a", "c"], ["A", "b", "c"], ["a", "b ", "c"]):
        missing = sorted({"a", "b", "c"} - set(names))
        given = KINDS[kind](pd.DataFrame(X[:, : len(names)], columns=names))
        for call in (model.predict, lambda rows: model.fit(rows, Y)):
            with pytest.raises(
                ValueError, match=f"columns missing from X: {missing[0]}$"
            ):
                call(given)
        model.fit(X, Y)


@every_kind
def test_without_names_in_the_spec_columns_go_by_position(kind: str) -> None:
    model = net("epochs 1", OPEN)().fit(X, Y)
    given = KINDS[kind](FRAME)
    assert model.predict(given).tobytes() == model.predict(X).tobytes()
    for names in (["a", "b"], ["a"]):
        with pytest.raises(ValueError, match=r"expected \(n, 3\)"):
            model.predict(KINDS[kind](FRAME[names]))


@every_kind
@pytest.mark.parametrize("inputs", [NAMED, OPEN])
def test_columns_of_several_kinds(kind: str, inputs: str) -> None:
    """Truths are 1 and 0; whole numbers and nullable columns are numbers."""
    frame = pd.DataFrame({"a": X[:, 0] > 0, "b": np.arange(30), "c": X[:, 2]})
    numbers = frame.to_numpy(float)
    model = net("epochs 1", inputs)().fit(numbers, Y)
    given = KINDS[kind](frame)
    assert model.predict(given).tobytes() == model.predict(numbers).tobytes()


@pytest.mark.parametrize("inputs", [NAMED, OPEN])
def test_holes_of_every_kind_of_column(inputs: str) -> None:
    holes = X.copy()
    holes[4, 0] = holes[7, 1] = np.nan
    frame = pd.DataFrame(holes, columns=["a", "b", "c"])
    nulls = pl.DataFrame(
        {name: [None if np.isnan(v) else v for v in frame[name]] for name in frame}
    )
    kinds = [frame, frame.convert_dtypes(), frame.astype(object), nulls]
    kinds += [frame.astype(object).where(frame.notna(), None), with_polars(frame)]
    model = net("epochs 1; missing mean", inputs)().fit(holes, Y)
    for given in kinds:
        assert model.predict(given).tobytes() == model.predict(holes).tobytes()
        with pytest.raises(ValueError, match=r"X, row 4, column [0a]: "):
            net("epochs 1", inputs)().fit(given, Y)


@every_kind
def test_a_column_of_dates_or_words_is_refused(kind: str) -> None:
    model = net("epochs 1", NAMED)().fit(X, Y)
    words = FRAME.assign(b=["wide"] * 30)
    with pytest.raises(ValueError, match=r"X, row 0, column b: 'wide' is not a"):
        model.predict(KINDS[kind](words))
    for column in (
        pd.date_range("2020", periods=30),
        pd.timedelta_range("1s", periods=30),
    ):
        with pytest.raises(ValueError, match=r"X"):
            model.predict(KINDS[kind](FRAME.assign(b=column)))


def test_a_category_of_numbers_is_numbers_and_one_of_words_is_refused() -> None:
    model = net("epochs 1", NAMED)().fit(X, Y)
    given = FRAME.assign(b=FRAME["b"].astype("category"))
    assert model.predict(given).tobytes() == model.predict(X).tobytes()
    words = FRAME.assign(b=pd.Categorical(["low", "high"] * 15))
    with pytest.raises(ValueError, match="column b: 'low'"):
        model.predict(words)


@every_kind
def test_targets_are_found_by_name(kind: str) -> None:
    head = "input a, b, c; dense 2; target p, q; loss mean_squared_error"
    y = pd.DataFrame({"p": Y, "q": -Y})
    expected = net("epochs 1", head)().fit(X, y.to_numpy())
    swapped = KINDS[kind](y[["q", "p"]].assign(more=1))
    model = net("epochs 1", head)().fit(KINDS[kind](FRAME), swapped)
    assert model.predict(X).tobytes() == expected.predict(X).tobytes()
    with pytest.raises(ValueError, match=r"columns missing from y: q$"):
        model.fit(X, KINDS[kind](y[["p"]]))


@every_kind
def test_one_column_as_y(kind: str) -> None:
    expected = net("epochs 1", NAMED)().fit(X, Y)
    y = KINDS[kind](pd.DataFrame({"y": Y}))
    for given in (y, y["y"]):
        model = net("epochs 1", NAMED)().fit(X, given)
        assert model.predict(X).tobytes() == expected.predict(X).tobytes()
        assert model.evaluate(X, given) == expected.evaluate(X, Y)


WIDE = {"names": ", ".join(f"c{j}" for j in range(50)), "open": "any"}


@pytest.mark.parametrize("inputs", WIDE)
@pytest.mark.parametrize("missing", ["error", "mean"])
@pytest.mark.parametrize("holes", [False, True])
def test_large_frames_are_read_by_columns(
    holes: bool, missing: str, inputs: str
) -> None:
    """200,000 rows of nullable numbers and truths, in the time of a few copies."""
    if holes and missing == "error":
        return
    head = f"input {WIDE[inputs]}; dense 1; loss mean_squared_error"
    made = module(f"epochs 1; missing {missing}", head)
    numbers = RANDOM.standard_normal((200_000, 50))
    frame = pd.DataFrame(numbers, columns=[f"c{j}" for j in range(50)])
    for j in range(0, 50, 5):
        frame[f"c{j}"] = (frame[f"c{j}"] > 0).astype("boolean")
        frame[f"c{j + 1}"] = frame[f"c{j + 1}"].astype("Float64")
        frame[f"c{j + 2}"] = frame[f"c{j + 2}"] > 0
    if holes:
        for j in range(50):
            if frame.dtypes.iloc[j].name != "bool":
                frame.iloc[j, j] = None
    start = time.process_time()
    rows = made.check_rows(frame)
    assert time.process_time() - start < (3 if holes else 1)
    assert rows.shape == (200_000, 50)
    assert np.isnan(rows).sum() == (40 if holes else 0)
    np.testing.assert_allclose(rows[60:, 3], numbers[60:, 3], rtol=1e-6)
    assert (rows[60:, 0] == (numbers[60:, 0] > 0)).all()


def test_a_frame_without_names_in_the_spec_may_hold_the_target() -> None:
    head = "network Net { input any; dense classes softmax; target kind: a | b\n"
    made = load(head + "loss categorical_crossentropy\ntrain { epochs 1 } }")
    kinds = np.where(Y > 0, "a", "b")
    model = made.Net().fit(FRAME.assign(kind=kinds), kinds)
    assert model.parameters_.w1.shape == (3, 2)
    assert model.predict(FRAME).tolist() == model.predict(X).tolist()
