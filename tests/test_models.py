"""The model of every spec, in both styles: files, copies, threads, and bad rows."""

from __future__ import annotations

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytest import approx, raises
from reference.data import SPECS, table
from reference.modules import STYLES, load, model_class

from nndsl.program.in_place import Style

every_model = [(name, style) for name in SPECS for style in STYLES]
every = pytest.mark.parametrize(("name", "style"), every_model)


def given(name: str) -> tuple[Any, ...]:
    """X and y, or X alone."""
    x, y = table(name)
    return (x,) if y is None else (x, y)


def model_of(name: str, style: Style, **settings: Any) -> Any:
    return model_class(load(SPECS[name].read_text("utf-8"), style))(**settings)


@cache
def fitted(name: str, style: Style) -> Any:
    return model_of(name, style, epochs=2).fit(*given(name))


@every
def test_files_copies_and_threads(name: str, style: Style, tmp_path: Path) -> None:
    model, (x, *y) = fitted(name, style), given(name)
    answers = model.predict(x)
    path = str(tmp_path / "m.npz")
    model.save(path)
    again = type(model).load(path)
    same = [again, copy.deepcopy(model), pickle.loads(pickle.dumps(model))]
    for other in same:
        assert other.predict(x).tobytes() == answers.tobytes()
    assert same[1].fit(x, *y).predict(x).tobytes() == answers.tobytes()
    with ThreadPoolExecutor(4) as pool:
        found = {each.tobytes() for each in pool.map(model.predict, [x] * 12)}
    assert found == {answers.tobytes()}
    reader = type(fitted(name, STYLES[style == "textbook"])).load(path)
    figures, others = model.evaluate(x, *y), reader.evaluate(x, *y)
    assert figures.pop("loss") == approx(others.pop("loss"), rel=1e-4)
    assert figures.keys() == others.keys()
    before = answers.copy()
    answers[...] = answers[0]
    assert (model.predict(x) == before).all()


@every
def test_equal_seeds_give_equal_bits(name: str, style: Style) -> None:
    state = np.random.get_state()[1].copy()
    once, again, other = (
        model_of(name, style, epochs=1, seed=seed).fit(*given(name))
        for seed in (5, 5, 6)
    )
    for one, two in zip(once.parameters_, again.parameters_, strict=True):
        assert one.tobytes() == two.tobytes()
    assert (other.parameters_.w1 != once.parameters_.w1).any()
    assert once.history_ == again.history_ != other.history_
    assert (np.random.get_state()[1] == state).all()


@every
def test_history_is_what_evaluate_says(name: str, style: Style) -> None:
    model, (x, *y) = fitted(name, style), given(name)
    parts = getattr(model, "split_", [np.arange(len(x))])
    figures = model.evaluate(x[parts[0]], *(each[parts[0]] for each in y))
    weighted = name == "tags"
    for metric, values in model.history_.items():
        if not metric.startswith("val_") and not (weighted and metric == "loss"):
            if hasattr(model, "best_epoch_"):
                continue
            assert values[-1] == approx(figures[metric], rel=1e-6), metric
    if len(parts) > 1:
        figures = model.evaluate(x[parts[1]], *(each[parts[1]] for each in y))
        best = getattr(model, "best_epoch_", 2) - 1
        assert model.history_["val_loss"][best] == approx(figures["loss"], rel=1e-6)


@every
@pytest.mark.parametrize("cell", ["wide", np.inf, np.nan, None])
def test_a_bad_cell_is_named(name: str, style: Style, cell: Any) -> None:
    if name == "diabetes" and cell in (np.nan, None):
        return  # missing values are filled there
    model, (x, *y) = fitted(name, style), given(name)
    bad = x[:5].astype(object)
    bad[3, 1] = cell
    for call in (model.predict, lambda rows: model.evaluate(rows, *(v[:5] for v in y))):
        with raises(ValueError, match=r"X, row 3, column \w+: "):
            call(bad)
    for odd in (x[0], x[:0], x[:, 1:], 3):
        with raises(ValueError, match="X"):
            model.predict(odd)


@every
def test_bad_targets_are_refused(name: str, style: Style) -> None:
    x, *rest = given(name)
    if not rest:
        return
    y = rest[0]
    model = fitted(name, style)
    with raises(ValueError, match="y"):
        model.evaluate(x, y[1:])
    for value in (None, np.nan, "rose"):
        bad = y.astype(object)
        bad[2] = value
        with raises(ValueError, match=r"y, row 2"):
            model.evaluate(x, bad)


@every
def test_before_fit_there_is_no_answer(name: str, style: Style, tmp_path: Path) -> None:
    model = model_of(name, style)
    for ask in (
        lambda: model.predict(given(name)[0]),
        lambda: model.evaluate(*given(name)),
        lambda: model.score(*given(name)),
        lambda: model.save(str(tmp_path / "m.npz")),
    ):
        with raises(RuntimeError, match="not trained"):
            ask()
    with raises(ValueError, match="epochs"):
        model_of(name, style, epochs=0)
