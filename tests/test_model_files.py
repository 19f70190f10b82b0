"""Model files: what `nndsl train` writes, and what is refused of a stranger's file."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import nndsl
from nndsl.cli.main import main
from nndsl.data.errors import DataError
from nndsl.data.model_file import read_model_file

SPECS = Path(__file__).parent.parent / "specs"
IRIS, TABLE = str(SPECS / "iris.nn"), str(SPECS / "data" / "iris.csv")


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert main(["train", IRIS, TABLE, "--epochs", "3", "--seed", "5"]) == 0
    return tmp_path / "iris.npz"


def test_a_model_file_holds_weights_history_and_the_spec(model: Path) -> None:
    file = read_model_file(str(model))
    assert file.features[0] == "sepal_length" and file.targets == ("species",)
    assert {len(values) for values in file.history.values()} == {3}
    assert set(file.history) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    again = nndsl.compile_text(file.spec, "iris.nn")
    settings = ["train.epochs=3", "train.seed=5"]
    wanted = nndsl.compile_text(Path(IRIS).read_text(), "iris.nn", settings=settings)
    assert again == wanted
    loaded = nndsl.load(IRIS).Iris.load(str(model))
    with np.load(model) as arrays:
        assert np.array_equal(loaded.parameters_.w1, arrays["w1"])


def members(model: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(model) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(model: Path, content: dict[str, bytes]) -> None:
    with zipfile.ZipFile(model, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)


def npy(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


DAMAGES: dict[str, Callable[[dict[str, bytes]], dict[str, bytes]]] = {
    "no network": lambda m: {k: v for k, v in m.items() if k != "network.npy"},
    "no spec": lambda m: {k: v for k, v in m.items() if k != "spec.npy"},
    "spec of another": lambda m: m | {"spec.npy": npy(np.array("network A {"))},
    "a path": lambda m: m | {"../x.py": b"print(1)"},
    "no array": lambda m: m | {"w1.npy": b"no"},
    "cut": lambda m: m | {"w1.npy": m["w1.npy"][:-3]},
    "pickle": lambda m: m | {"w1.npy": npy(np.array([{}], dtype=object))},
    "shape": lambda m: m | {"w1.npy": npy(np.zeros((3, 16), "f4"))},
    "not finite": lambda m: m | {"w1.npy": npy(np.full((4, 16), np.nan, "f4"))},
    "text": lambda m: m | {"w1.npy": npy(np.full((4, 16), "x"))},
    "bomb": lambda m: m | {"w9.npy": bytes(200_000_000)},
    "many": lambda m: m | {f"a{i}.npy": b"" for i in range(10_001)},
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_refused_in_one_line(
    damage: str, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(model, DAMAGES[damage](members(model)))
    capsys.readouterr()
    for words in (["evaluate", "iris.npz", TABLE], ["predict", "iris.npz", TABLE]):
        assert main(words) == 1
        error = capsys.readouterr().err
        assert "iris.npz" in error and len(error) < 700
        assert "Traceback" not in error and "bug" not in error
    assert os.listdir() == ["iris.npz"]


@pytest.mark.parametrize("content", [b"", b"PK", b"\x93NUMPY", bytes(1000), b"{}"])
def test_what_is_no_model_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "m.npz"
    path.write_bytes(content)
    with pytest.raises(DataError, match="is no model file, or damaged"):
        read_model_file(str(path))


def test_weights_of_another_network_are_not_replaced(
    model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = model.read_bytes()
    xor = [str(SPECS / "xor.nn"), str(SPECS / "data" / "xor.csv"), "-o", "iris.npz"]
    assert main(["train", *xor]) == 1
    assert "holds another network" in capsys.readouterr().err
    assert model.read_bytes() == before
    assert main(["train", *xor, "--force", "--epochs", "2"]) == 0
    assert read_model_file("iris.npz").network.startswith("2 ->")


def test_a_file_that_is_no_model_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.npz").write_text("notes")
    assert main(["train", IRIS, TABLE, "-o", "mine.npz"]) == 1
    assert "is no model file and stays as it is" in capsys.readouterr().err
    assert Path("mine.npz").read_text() == "notes"
