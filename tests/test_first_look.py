"""Networks whose widths, names or classes come from the data: what they take."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from reference.data import LINTERS
from scipy import sparse

from nndsl.api import compile_text, module_of
from nndsl.program.in_place import Style

ROOT = Path(__file__).parent.parent
STYLES: tuple[Style, ...] = ("textbook", "fast")
ENDS = {
    "classes": ("dense classes softmax", "categorical_crossentropy", ""),
    "two": ("dense 1 sigmoid", "binary_crossentropy", ""),
    "numbers": ("dense outputs", "mean_squared_error", ""),
    "input": ("dense 2; dense features", "mean_squared_error", "target input"),
}
X = np.random.RandomState(0).standard_normal((40, 3))
Y = {
    "classes": np.array(["a", "b"] * 20),
    "two": np.array(["a", "b"] * 20),
    "numbers": X.sum(axis=1),
    "input": None,
}
TASKS = [(task, style) for task in ENDS for style in STYLES]


def text_of(task: str, style: Style = "fast", train: str = "scale standard") -> str:
    last, loss, target = ENDS[task]
    spec = f"network Open {{ input any; dense 8 relu; {last}; {target}\nloss {loss}\n"
    return compile_text(f"{spec}train {{ {train}; epochs 2 }} }}", style=style)


def model(task: str, style: Style = "fast", train: str = "scale standard") -> Any:
    return module_of(text_of(task, style, train), "open_widths").Open()


@pytest.mark.parametrize(("task", "style"), TASKS)
@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (X[:, :0], r"X is \(40, 0\); expected \(n, columns\)"),
        (np.empty((0, 3)), r"X is \(0, 3\)"),
        (X[0], r"X is \(3,\)"),
        (None, r"X is \(\)"),
        (5, r"X is \(\)"),
        ([[1.0, 2.0], [3.0]], "row 1 has 1 values; expected 2"),
        (sparse.csr_matrix(X), "sparse"),
        (sparse.dia_array(X), "sparse"),
        (pd.DataFrame(X, columns=["a", 1, "c"]), "named .*expected text"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_refused_fit_leaves_the_model_as_it_was(
    task: str, style: Style, bad: Any, words: str
) -> None:
    fitted = model(task, style).fit(X, Y[task])
    before = fitted.predict(X)
    with pytest.raises(ValueError, match=words):
        fitted.fit(bad, Y[task])
    assert np.array_equal(fitted.predict(X), before)
    assert fitted.n_features_in_ == 3
    assert fitted.fit(X, Y[task]).n_iter_ == 2


@pytest.mark.parametrize("style", STYLES)
def test_too_many_parameters_leave_the_model_as_it_was(style: Style) -> None:
    spec = "network Wide { input any; dense 1_000 relu; dense classes softmax\n"
    text = compile_text(f"{spec}loss categorical_crossentropy }}", style=style)
    fitted = module_of(text, "wide").Wide(epochs=1).fit(X[:2], Y["classes"][:2])
    before = fitted.predict_proba(X)
    with pytest.raises(ValueError, match="more than 100,000,000"):
        fitted.fit(np.zeros((2, 100_000), dtype=np.int8), ["c", "d"])
    assert np.array_equal(fitted.predict_proba(X), before)
    assert fitted.classes_.tolist() == ["a", "b"]


NO_COLUMNS = (None, 3, "abc", sparse.csr_matrix(X[:, :1]))


@pytest.mark.parametrize(
    ("task", "bad"),
    [(t, bad) for t in ENDS for bad in NO_COLUMNS if (t, bad) != ("input", None)],
)
def test_y_that_is_no_column_is_refused(task: str, bad: Any) -> None:
    with pytest.raises(ValueError, match="y"):
        model(task).fit(X, bad)


class Wrapped:
    """What is an array only to those who ask."""

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return X if dtype is None else X.astype(dtype)


@pytest.mark.parametrize(("task", "style"), TASKS)
def test_what_offers_an_array_is_taken_as_one(task: str, style: Style) -> None:
    plain = model(task, style).fit(X, Y[task]).predict(X)
    assert np.array_equal(model(task, style).fit(Wrapped(), Y[task]).predict(X), plain)


@pytest.mark.parametrize("train", ["scale standard", "scale none"])
@pytest.mark.parametrize("task", ENDS)
def test_prediction_before_any_fit_says_what_to_do(task: str, train: str) -> None:
    with pytest.raises(RuntimeError, match="call fit or load"):
        model(task, train=train).predict(X)


@pytest.mark.parametrize("words", LINTERS.values(), ids=list(LINTERS))
def test_modules_of_open_widths_are_well_written(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    files = []
    for task, style in TASKS:
        for train in ("scale standard", "missing drop", "missing mean; scale minmax"):
            files.append(tmp_path / f"{task}_{style}_{len(files)}.py")
            files[-1].write_text(text_of(task, style, train), encoding="utf-8")
    command = [sys.executable, "-m", *words, *map(str, files)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    long = [
        line
        for file in files
        for line in file.read_text(encoding="utf-8").splitlines()
        if len(line) > 88
    ]
    assert long == []
