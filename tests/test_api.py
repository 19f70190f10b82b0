"""nndsl from Python: modules in memory."""

from __future__ import annotations

import copy
import csv
import inspect
import pickle
import subprocess
import sys
import traceback
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nndsl

SPECS = Path(__file__).parent.parent / "specs"
IRIS, TABLE = SPECS / "iris.nn", SPECS / "data" / "iris.csv"


def test_load_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "iris.nn"
    path.write_text(IRIS.read_text())
    module = nndsl.load(path)
    assert module.initialize(np.random.default_rng(0)).w1.shape == (4, 16)
    assert [each.name for each in tmp_path.iterdir()] == ["iris.nn"]


def test_load_again_is_the_same_module() -> None:
    assert nndsl.load(IRIS) is nndsl.load(str(IRIS))
    assert nndsl.load(IRIS, settings=["train.epochs=3"]) is not nndsl.load(IRIS)
    assert nndsl.load(IRIS, settings=["train.epochs=3"]).Iris().epochs == 3
    assert nndsl.load(IRIS, settings="train.epochs=3").Iris().epochs == 3


def trained() -> Any:
    with TABLE.open(newline="") as file:
        records = [*csv.reader(file)][1:]
    X, y = [row[:4] for row in records], [row[4] for row in records]
    return nndsl.load(IRIS).Iris(epochs=2).fit(X, y)


def test_models_can_be_pickled_and_copied() -> None:
    model, x = trained(), np.ones((3, 4))
    for other in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):
        assert type(other) is type(model)
        assert np.array_equal(other.predict_proba(x), model.predict_proba(x))
        assert other.parameters_.w1 is not model.parameters_.w1


def test_a_pickle_brings_its_module_into_another_process(tmp_path: Path) -> None:
    model = trained()
    (tmp_path / "model.pkl").write_bytes(pickle.dumps(model))
    program = "import pickle; model = pickle.load(open('model.pkl', 'rb')); "
    program += "print(model.predict([[5, 3, 1.4, 0.2]]), model.epochs)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True
    )
    expected = f"{model.predict([[5, 3, 1.4, 0.2]])} 2"
    assert (done.stdout.strip(), done.stderr) == (expected, "")


def test_every_object_of_a_module_can_be_pickled(tmp_path: Path) -> None:
    module = nndsl.load(IRIS)
    p = module.initialize(np.random.default_rng(0))
    adam = module.Adam(p, learning_rate=0.5)
    (tmp_path / "both.pkl").write_bytes(pickle.dumps((p, adam)))
    program = "import pickle; p, adam = pickle.load(open('both.pkl', 'rb')); "
    program += "print(type(p).__name__, float(p.w1.sum()), adam.learning_rate)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == (f"Parameters {float(p.w1.sum())} 0.5\n", "")
    assert type(copy.copy(p)) is type(p)


def test_models_work_in_a_pool_of_processes() -> None:
    model, x = trained(), np.array([[5, 3, 1.4, 0.2], [6.5, 3, 5.8, 2.2]])
    with get_context("spawn").Pool(1) as pool:
        (answer,) = pool.map(model.predict, [x])
    assert answer.tolist() == model.predict(x).tolist()


def test_tracebacks_show_the_generated_lines() -> None:
    model = nndsl.load(IRIS).Iris()
    with pytest.raises(ValueError, match="expected") as caught:
        model.fit([[1.0]], ["setosa"])
    text = "".join(traceback.format_exception(caught.value))
    assert 'File "<iris.nn ' in text
    assert "    raise ValueError(" in text


def test_the_source_can_be_inspected() -> None:
    module = nndsl.load(IRIS)
    assert inspect.getsource(module.Iris.predict).startswith("    def predict(")
    text = nndsl.compile_text(IRIS.read_text(), "iris.nn", style="fast")
    assert inspect.getsource(module) == text


def test_the_same_text_for_every_name_of_its_folder() -> None:
    text = IRIS.read_text()
    far = nndsl.compile_text(text, "/some/where/iris.nn")
    assert far == nndsl.compile_text(text, "iris.nn")


def test_mistakes_are_spec_errors(tmp_path: Path) -> None:
    with pytest.raises(nndsl.SpecError, match="tahn"):
        nndsl.compile_text("network A { input 2; dense 2 tahn; loss huber }", "a.nn")
    with pytest.raises(FileNotFoundError):
        nndsl.load(tmp_path / "no.nn")


def test_a_module_that_fails_is_forgotten() -> None:
    from nndsl.api import module_of

    before = set(sys.modules)
    with pytest.raises(ZeroDivisionError):
        module_of("1 / 0\n", "bad.nn")
    assert not {name for name in set(sys.modules) - before if "nndsl_" in name}


def test_names_that_do_not_exist() -> None:
    with pytest.raises(AttributeError, match="no attribute 'lod'"):
        _ = nndsl.lod
