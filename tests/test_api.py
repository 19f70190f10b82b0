"""nndsl from Python: modules in memory."""

from __future__ import annotations

import copy
import inspect
import pickle
import sys
import traceback
from pathlib import Path

import numpy as np
import pytest

import nndsl

IRIS = Path(__file__).parent.parent / "specs" / "iris.nn"


def test_load_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "iris.nn"
    path.write_text(IRIS.read_text())
    module = nndsl.load(path)
    assert module.Iris().build().parameters["dense1.weights"].shape == (4, 16)
    assert [each.name for each in tmp_path.iterdir()] == ["iris.nn"]


def test_load_again_is_the_same_module() -> None:
    assert nndsl.load(IRIS) is nndsl.load(str(IRIS))
    assert nndsl.load(IRIS, settings=["train.epochs=3"]) is not nndsl.load(IRIS)
    assert nndsl.load(IRIS, settings=["train.epochs=3"]).Iris().epochs == 3
    assert nndsl.load(IRIS, settings="train.epochs=3").Iris().epochs == 3


def test_models_can_be_pickled_and_copied() -> None:
    model = nndsl.load(IRIS).Iris().build()
    x = np.ones((3, 4), dtype=np.float32)
    for other in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):
        assert type(other) is type(model)
        assert np.array_equal(other.forward(x), model.forward(x))


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
    assert inspect.getsource(module) == nndsl.compile_text(IRIS.read_text(), "iris.nn")


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
