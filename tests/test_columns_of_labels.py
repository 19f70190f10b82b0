"""Columns of labels in modules: tables of every kind, files, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from reference.columns import targets, words
from reference.modules import STYLES, load

from nndsl.program.in_place import Style

SMALL = """
network Net {
    input  sex: female | male
    input  age     missing=mean scale=standard
    input  pclass: 1 | 2 | 3     missing=3
    input  alone: True | False | other
    input  deck: any
    dense  3 tanh
    dense  2 softmax
    target kind: a | b
    loss   categorical_crossentropy
    train { epochs 3; split 60% / 40% / 0% }
}
"""
FEATURES = ["sex", "age", "pclass", "alone", "deck"]


def small() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "age": [20.5, np.nan, 31.0, 44.0, 18.0, 52.5] * 5,
            "deck": ["C", "A", "B"] * 10,
            "pclass": [1.0, 2.0, np.nan, 3.0, 1.0] * 6,
            "sex": ["male", "female"] * 15,
            "alone": [True, False, None, "maybe", True] * 6,
        }
    )


def rows_of(frame: pd.DataFrame) -> list[list[Any]]:
    return frame[FEATURES].astype(object).to_numpy().tolist()


def texts(frame: pd.DataFrame) -> dict[str, list[str | None]]:
    """The columns of labels as text, None where one is missing."""
    return {
        name: [cell if isinstance(cell, str) else None for cell in words(frame[name])]
        for name in frame
        if name != "age"
    }


KINDS: dict[str, Callable[[pd.DataFrame], Any]] = {
    "records": lambda frame: frame.to_dict("records"),
    "records with gaps": lambda frame: [
        {name: cell for name, cell in record.items() if cell == cell}
        for record in frame.to_dict("records")
    ],
    "array": lambda frame: frame[FEATURES].astype(object).to_numpy(),
    "rows": rows_of,
    "text": lambda frame: [
        ["" if pd.isna(cell) else str(cell).removesuffix(".0") for cell in row]
        for row in rows_of(frame)
    ],
    "nullable": lambda frame: frame.convert_dtypes(),
    "categories": lambda frame: frame.astype({"sex": "category", "pclass": "category"}),
    "other index": lambda frame: frame.set_axis(range(7, 37)),
    "polars": lambda frame: pl.DataFrame(
        texts(frame) | {"age": frame["age"].to_list()},
        strict=False,
    ),
    "polars enum": lambda frame: pl.DataFrame(
        texts(frame) | {"age": frame["age"].to_list()},
        strict=False,
    ).with_columns(pl.col("sex").cast(pl.Categorical)),
    "pyarrow": lambda frame: pytest.importorskip("pyarrow").table(
        texts(frame) | {"age": frame["age"].to_list()}
    ),
}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("kind", KINDS)
def test_tables_of_every_kind_give_the_same(kind: str, style: Style) -> None:
    module, frame, y = load(SMALL, style), small(), targets(30)
    model = module.Net().fit(frame, y)
    given = KINDS[kind](frame)
    assert model.predict_proba(given).tobytes() == model.predict_proba(frame).tobytes()
    again = module.Net().fit(given, y)
    assert again.history_ == model.history_
    assert again.labels_ == model.labels_
    assert again.evaluate(given, y) == model.evaluate(frame, y)


@pytest.mark.parametrize("style", STYLES)
def test_labels_are_saved_and_loaded(style: Style, tmp_path: Any) -> None:
    module, frame = load(SMALL, style), small()
    model = module.Net().fit(frame, targets(30))
    assert model.labels_["deck"] == ["A", "B", "C"]
    path = str(tmp_path / "net.npz")
    model.save(path)
    loaded = module.Net.load(path)
    assert loaded.labels_ == model.labels_
    assert loaded.predict_proba(frame).tobytes() == model.predict_proba(frame).tobytes()
    with np.load(path) as file:
        arrays = dict(file)
    for wrong in (["A"], ["A", "B", "C", "D"], [], ["A", "B"]):
        np.savez(path, **{**arrays, "labels3": np.array(wrong)})
        with pytest.raises(ValueError, match=r"labels do not fit|no finite array"):
            module.Net.load(path)


def change(name: str, cell: Any) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda frame: frame.assign(
        **{name: [*frame[name][:4], cell, *frame[name][5:]]}
    )


@pytest.mark.parametrize(
    ("name", "cell", "message"),
    [
        (
            "sex",
            "Male",
            r"row 4, column sex: 'Male' is not one of \['female', 'male'\]",
        ),
        ("sex", "male ", "column sex: 'male ' is not one of"),
        ("sex", None, "column sex: '(None|nan)' is not one of"),
        ("sex", np.nan, "column sex: 'nan' is not one of"),
        ("sex", pd.NA, "column sex: '(<NA>|nan)' is not one of"),
        ("sex", "", "column sex: '' is not one of"),
        ("sex", "None", "column sex: 'None' is not one of"),
        ("sex", b"male", "column sex"),
        ("pclass", "01", "column pclass: '01' is not one of"),
        ("pclass", 4, "column pclass: '4(.0)?' is not one of"),
        ("pclass", 1.5, "column pclass: '1.5' is not one of"),
        ("pclass", True, "column pclass: 'True' is not one of"),
        ("pclass", "one", "column pclass: 'one' is not one of"),
        ("deck", "Z", r"column deck: 'Z' is not one of \['A', 'B', 'C'\]"),
        ("deck", None, "column deck: '(None|nan)' is not one of"),
        ("age", "old", "column age: 'old' is not a finite number"),
        ("age", np.inf, "column age: 'inf' is not a finite number"),
    ],
)
def test_cells_that_are_refused(name: str, cell: Any, message: str) -> None:
    module, frame = load(SMALL, "fast"), small()
    model = module.Net().fit(frame, targets(30))
    wrong = change(name, cell)(frame)
    for given in (wrong, wrong.to_dict("records")):
        with pytest.raises(ValueError, match=message):
            model.predict(given)
        if (name, cell) != ("deck", "Z"):
            with pytest.raises(ValueError, match=message):
                module.Net().fit(given, targets(30))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "columns missing from X"),
        ([{"sex": "male"}], "columns missing from X: age, alone, deck, pclass"),
        ([["male", 1.0]], r"X has shape \(1, 2\); expected \(n, 5\)"),
        (np.zeros(5), r"X has shape \(5,\)"),
        (pd.DataFrame({"sex": ["male"]}), "columns missing from X"),
        (small().iloc[:0], "X has no rows"),
    ],
)
def test_tables_that_are_none(given: Any, message: str) -> None:
    model = load(SMALL, "fast").Net().fit(small(), targets(30))
    with pytest.raises(ValueError, match=message):
        model.predict(given)


def test_a_label_that_only_validation_rows_hold_does_not_stop_training() -> None:
    """It counts as none of the labels, and is refused later."""
    module = load(SMALL, "textbook")
    split = module.Net().fit(small(), targets(30)).split_
    frame = small()
    frame.loc[split[1][0], "deck"] = "T"
    model = module.Net().fit(frame, targets(30))
    assert model.labels_["deck"] == ["A", "B", "C"]
    with pytest.raises(ValueError, match="column deck: 'T' is not one of"):
        model.predict(frame)
    frame.loc[split[0][0], "deck"] = "T"
    assert module.Net().fit(frame, targets(30)).labels_["deck"] == [*"ABCT"]


def test_more_than_a_hundred_labels_are_refused() -> None:
    frame = pd.concat([small()] * 4, ignore_index=True)
    module = load(SMALL, "fast")
    frame["deck"] = [f"d{i % 100}" for i in range(120)]
    module.Net().fit(frame, targets(120))
    frame["deck"] = [f"d{i}" for i in range(120)]
    with pytest.raises(ValueError, match="column deck: 120 labels; the most are 100"):
        module.Net().fit(frame, targets(120))


DROPS = """
network Net {
    input  a missing=drop; input b missing=mean
    input  c: x | y missing=drop; input d: any | other
    dense  1; target y; loss mean_squared_error
    train { epochs 2; precision float64 }
}
"""


@pytest.mark.parametrize("style", STYLES)
def test_rows_that_lack_a_value_are_left_out(style: Style) -> None:
    random = np.random.RandomState(2)
    frame = pd.DataFrame(
        {
            "a": np.where(random.rand(50) < 0.2, np.nan, random.rand(50)),
            "b": np.where(random.rand(50) < 0.2, np.nan, random.rand(50)),
            "c": np.where(random.rand(50) < 0.2, None, random.choice(["x", "y"], 50)),
            "d": random.choice(["u", "v", "w"], 50),
        }
    )
    y = random.rand(50)
    kept = (frame["a"].notna() & frame["c"].notna()).to_numpy()
    frame.loc[~kept, "d"] = "only where rows are left out"
    module = load(DROPS, style)
    model, alone = module.Net().fit(frame, y), module.Net().fit(frame[kept], y[kept])
    assert model.labels_["d"] == ["u", "v", "w", "other"]
    assert model.history_["loss"][-1] == pytest.approx(alone.history_["loss"][-1], 0.2)
    for one, other in zip((model.fill_,), (alone.fill_,), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-14)
    assert model.evaluate(frame, y) == model.evaluate(frame[kept], y[kept])
    with pytest.raises(ValueError, match=r"column a: 'nan' is not a finite number"):
        model.predict(frame)
    assert len(model.predict(frame[kept])) == kept.sum()
    with pytest.raises(ValueError, match="missing value in every row"):
        module.Net().fit(frame[~kept], y[~kept])


def test_a_range_holds_for_its_columns_alone() -> None:
    spec = """network Net { input a, b in 0..10; input c; dense 1
        loss mean_squared_error; train { epochs 1 } }"""
    module = load(spec)
    frame = pd.DataFrame({"a": [0.0, 10], "b": [5.0, 5], "c": [-99.0, 99]})
    model = module.Net().fit(frame, [1, 2])
    with pytest.raises(ValueError, match=r"row 1, column b: '10.5' is not in 0..10"):
        model.predict(frame.assign(b=[1, 10.5]))
