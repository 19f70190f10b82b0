"""Exported Python and C give what the module gives, in numbers and in labels."""

from __future__ import annotations

import ctypes
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import SPECS
from reference.exported import (
    COMPILER,
    CModel,
    c_text,
    in_float64,
    learned,
    python_module,
    python_text,
    random_trained,
    trained_model,
)
from scipy.special import erf

from nndsl.api import read_table
from nndsl.exporting.trained import Trained

needs_compiler = pytest.mark.skipif(COMPILER is None, reason="no C compiler")
DATA = Path(__file__).parent.parent / "specs" / "data"
FEW, ALL = 12, 150
FUNCTIONS = ("predict", "predict_proba", "transform")
SIZES = {"xor": 60, "iris": 110}

Case = tuple[str, Any, Any, Trained]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "case" in metafunc.fixturenames:
        seeds = range(ALL if metafunc.config.getoption("--all") else FEW)
        cases = [*SPECS, *seeds]
        names = [getattr(each, "stem", each) for each in cases]
        metafunc.parametrize("case", cases, indirect=True, ids=map(str, names))


SHIPPED: dict[Path, Case] = {}


def shipped(spec: Path) -> Case:
    """A spec of the project, trained on its own table for two epochs."""
    if spec not in SHIPPED:
        data = read_table(DATA / f"{spec.stem}.csv", spec)
        text = spec.read_text("utf-8")
        given = [each for each in data if each is not None]
        model, trained = trained_model(text, tuple(given))
        SHIPPED[spec] = text, data[0][:100], model, trained
    return SHIPPED[spec]


@pytest.fixture
def case(request: pytest.FixtureRequest) -> Case:
    spec = request.param
    return shipped(spec) if isinstance(spec, Path) else random_trained(spec)


def same(found: Any, wanted: np.ndarray, within: float) -> None:
    """Labels are equal; numbers differ by a share of the largest one at most."""
    found = np.asarray(found)
    assert found.shape == wanted.shape
    if wanted.dtype.kind != "f":
        assert (found == wanted).all()
        return
    largest = max(1.0, float(np.abs(wanted).max()))
    assert np.abs(found - wanted).max() <= within * largest


def test_numpy_gives_what_the_module_gives(case: Case) -> None:
    _, X, model, trained = case
    module = python_module(trained, numpy=True)
    for name in FUNCTIONS:
        assert hasattr(module, name) == hasattr(model, name)
        if hasattr(model, name):
            wanted = getattr(model, name)(X)
            same(getattr(module, name)(X), wanted, 1e-6)


@pytest.mark.one_in(2)
def test_plain_python_agrees_to_1e_12(case: Case, tmp_path: Path) -> None:
    text, X, model, trained = case
    reference = in_float64(text, model, tmp_path)
    module = python_module(trained, numpy=False)
    for name in FUNCTIONS:
        if hasattr(reference, name):
            same(getattr(module, name)(X.tolist()), getattr(reference, name)(X), 1e-12)


@pytest.mark.one_in(2)
@needs_compiler
def test_c_agrees_to_1e_12(case: Case, tmp_path: Path) -> None:
    text, X, model, trained = case
    reference = in_float64(text, model, tmp_path)
    compiled, real = CModel(trained, tmp_path), ctypes.c_double
    rows, width = X.tolist(), compiled.width
    if hasattr(reference, "predict_proba"):
        wanted = reference.predict_proba(X)
        same(compiled.array("predict_proba", rows, width, real), wanted, 1e-12)
    if hasattr(reference, "transform"):
        wanted = reference.transform(X)
        found = compiled.array("transform", rows, wanted.shape[1], real)
        same(found, wanted, 1e-12)
    wanted = reference.predict(X)
    if trained.classes is not None:
        places = compiled.number("predict", rows, ctypes.c_int)
        same(np.asarray(trained.classes)[places], wanted, 0)
        assert compiled.labels == [str(each) for each in trained.classes.tolist()]
    elif trained.program.data.decision.is_multilabel:
        same(compiled.array("predict", rows, width, ctypes.c_int), wanted, 0)
    elif wanted.ndim == 1:
        same(compiled.number("predict", rows, real), wanted, 1e-12)
    else:
        same(compiled.array("predict", rows, width, real), wanted, 1e-12)


def by_hand_of_iris(X: np.ndarray, model: Any) -> np.ndarray:
    """The probabilities, from the definitions, in float64."""
    p = {name: np.asarray(w, float) for name, w in model.parameters_._asdict().items()}
    a = (X - model.mean_) / model.std_
    for layer in "12":
        a = (a @ p[f"w{layer}"] + p[f"b{layer}"]).clip(min=0)
    powers = np.exp(a @ p["w3"] + p["b3"])
    return powers / powers.sum(axis=1, keepdims=True)


def by_hand_of_diabetes(X: np.ndarray, model: Any) -> np.ndarray:
    p = {name: np.asarray(w, float) for name, w in model.parameters_._asdict().items()}
    a = (np.where(np.isnan(X), model.fill_, X) - model.mean_) / model.std_
    for layer in "12":
        z = a @ p[f"w{layer}"] + p[f"b{layer}"]
        a = z * (1 + erf(z / np.sqrt(2))) / 2
    return (a @ p["w3"] + p["b3"])[:, 0] * model.target_std_ + model.target_mean_


@needs_compiler
def test_against_a_computation_by_hand(tmp_path: Path) -> None:
    by_name = {spec.stem: spec for spec in SPECS}
    _, X, model, trained = shipped(by_name["iris"])
    wanted = by_hand_of_iris(X, model)
    same(python_module(trained, numpy=False).predict_proba(X), wanted, 1e-12)
    found = CModel(trained, tmp_path).array("predict_proba", X, 3, ctypes.c_double)
    same(found, wanted, 1e-12)
    _, X, model, trained = shipped(by_name["diabetes"])
    X = X.copy()
    X[::3, 2] = np.nan
    wanted = by_hand_of_diabetes(X, model)
    same(python_module(trained, numpy=False).predict(X), wanted, 1e-12)
    same(python_module(trained, numpy=True).predict(X), wanted, 1e-5)
    found = CModel(trained, tmp_path).number("predict", X, ctypes.c_double)
    same(found, wanted, 1e-12)


def test_exported_python_is_clean(tmp_path: Path) -> None:
    cases = [(spec.stem, shipped(spec)) for spec in SPECS]
    cases += [(f"net{seed}", random_trained(seed)) for seed in range(FEW)]
    for name, (*_, trained) in cases:
        for numpy in (True, False):
            text = python_text(trained, numpy)
            (tmp_path / f"{name}_{numpy}.py").write_text(text, "utf-8")
            if numpy and name in SIZES:
                assert len(text.splitlines()) <= SIZES[name]
    commands = ("ruff check --isolated", "ruff format --isolated --check")
    for command in (*commands, "mypy --config-file="):
        words = [sys.executable, "-m", *command.split(), str(tmp_path)]
        done = subprocess.run(words, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


def test_exported_text_is_the_same_each_time() -> None:
    *_, trained = shipped(SPECS[0])
    assert c_text(trained) == c_text(trained)
    assert python_text(trained, True) == python_text(trained, True)


def test_plain_python_imports_no_numpy(tmp_path: Path) -> None:
    *_, trained = random_trained(0)
    (tmp_path / "plain.py").write_text(python_text(trained, numpy=False), "utf-8")
    code = "import sys, plain; sys.exit('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=tmp_path)
    assert done.returncode == 0


def refusing(call: Any, row: list[Any]) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            call([row])
        except ValueError:
            return True
    return False


@needs_compiler
@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -0.5, 16.5])
def test_what_the_module_refuses_is_refused(bad: float, tmp_path: Path) -> None:
    """Digits are 64 numbers from 0 to 16, and none may be missing."""
    digits = next(spec for spec in SPECS if spec.stem == "digits")
    _, X, model, trained = shipped(digits)
    row = X[0].tolist()
    compiled = CModel(trained, tmp_path)
    assert compiled.number("predict", [row], ctypes.c_int)[0] >= 0
    row[5] = bad
    assert refusing(model.predict, row)
    assert refusing(python_module(trained, True).predict, row)
    assert refusing(python_module(trained, False).predict, row)
    assert compiled.number("predict", [row], ctypes.c_int)[0] == -1
    out = compiled.array("predict_proba", [row], 10, ctypes.c_double)
    assert np.isnan(out).all()


BIG = """network Big {
    input  2
    dense  2 use_bias=no
    dense  3 softmax
    target y: a | b | c
    loss   categorical_crossentropy
    train { epochs 1 }
}
"""


@needs_compiler
def test_softmax_of_large_numbers(tmp_path: Path) -> None:
    """exp of them overflows; only differences count."""
    X = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]] * 4)
    model, _ = trained_model(BIG, (X, np.array(list("abc") * 4)))
    p = model.parameters_
    p.w1[...], p.w2[...], p.b2[...] = np.eye(2) * 1000, [[3, 3, 2], [0, 1, 1]], 0
    trained = learned(BIG, model)
    wanted = [[0.5, 0.5, 0.0], [0.0, 0.5, 0.5], [0.0, 1.0, 0.0]]
    real = ctypes.c_double
    found = [
        python_module(trained, True).predict_proba(X[:3]),
        python_module(trained, False).predict_proba(X[:3]),
        CModel(trained, tmp_path).array("predict_proba", X[:3], 3, real),
    ]
    assert all(np.allclose(each, wanted, rtol=0, atol=1e-12) for each in found)
