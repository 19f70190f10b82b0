"""Exported Python names the row that it does not take."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from reference.exported import python_module, trained_model

NUMBERS = """network Two {
    input  a, b
    dense  1 sigmoid
    target y: no | yes
    loss   binary_crossentropy
    train { epochs 1 }
}
"""
MIXED = NUMBERS.replace("input  a, b", "input a\n    input b: u | v")
GOOD = {NUMBERS: [1.0, 2.0], MIXED: [1.0, "u"]}


def module(text: str, numpy: bool) -> Any:
    X = np.array([GOOD[text]] * 8, object)
    X[::2, 0] = 0.5
    if text == MIXED:
        X[::3, 1] = "v"
    else:
        X = X.astype(float)
    _, trained = trained_model(text, (X, np.array(["no", "yes"] * 4)))
    return python_module(trained, numpy)


@pytest.mark.parametrize("numpy", [True, False])
@pytest.mark.parametrize("text", [NUMBERS, MIXED])
def test_an_empty_list_is_refused(text: str, numpy: bool) -> None:
    with pytest.raises(ValueError, match="expected"):
        module(text, numpy).predict([])


@pytest.mark.parametrize(
    ("text", "numpy"), [(NUMBERS, False), (MIXED, True), (MIXED, False)]
)
@pytest.mark.parametrize("bad", [[1.0], ["old", "u"], [float("inf"), "u"], [None, "u"]])
def test_the_row_is_named(text: str, numpy: bool, bad: list[Any]) -> None:
    good = GOOD[text]
    made = module(text, numpy)
    assert len(made.predict([good, good])) == 2
    with pytest.raises(ValueError, match="X, row 2: "):
        made.predict([good, bad, good])


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_the_row_of_an_array_is_named(bad: float) -> None:
    made = module(NUMBERS, True)
    X = np.ones((4, 2))
    assert made.predict(X).shape == (4,)
    X[2, 1] = bad
    with pytest.raises(ValueError, match="X, row 3: expected 2 finite"):
        made.predict(X)
    with pytest.raises(ValueError, match="X, row 1: expected 2 finite"):
        made.predict(np.ones((4, 3)))


@pytest.mark.parametrize("numpy", [True, False])
def test_columns_of_dicts_and_frames(numpy: bool) -> None:
    made = module(MIXED, numpy)
    row = {"a": 1.0, "b": "u"}
    assert len(made.predict([row])) == 1
    with pytest.raises(ValueError, match="expected a list of rows"):
        made.predict(row)
    with pytest.raises(ValueError, match=r"X, row 2: has no cells for \['b'\]"):
        made.predict([row, {"a": 1.0}])
    if numpy:
        frame = pd.DataFrame([row])
        assert len(made.predict(frame[["b", "a"]])) == 1
        with pytest.raises(ValueError, match=r"X has no columns \['a'\]"):
            made.predict(frame[["b"]])
