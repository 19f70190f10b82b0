"""Model files: what `nndsl train` writes, and what is refused of a stranger's file."""

from __future__ import annotations

import contextlib
import copy
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
XOR = (SPECS / "xor.nn").read_text()
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


Members = dict[str, bytes]


def members(model: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(model) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(
    model: Path, content: dict[str, bytes], how: int = zipfile.ZIP_STORED
) -> None:
    with zipfile.ZipFile(model, "w", how) as archive:
        for name, data in content.items():
            archive.writestr(name, data)


def npy(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def header(shape: str, descr: str = "'<f4'", order: str = "False") -> bytes:
    """What an array of any shape begins with, without the numbers."""
    text = f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}"
    return b"\x93NUMPY\x01\x00v\x00" + text.ljust(117).encode() + b"\n"


HUGE_SPEC = "network Iris { input 4; dense 90000000 relu; dense 3 softmax; "
HUGE_SPEC += "loss categorical_crossentropy; target k: a | b | c }"
BEYOND = np.frombuffer(np.array([2**31 - 1], "<u4").tobytes(), "<U1")
DAMAGES: dict[str, Callable[[Members], Members]] = {
    "no network": lambda m: {k: v for k, v in m.items() if k != "network.npy"},
    "no spec": lambda m: {k: v for k, v in m.items() if k != "spec.npy"},
    "no weights": lambda m: {k: v for k, v in m.items() if k != "w1.npy"},
    "no spec at all": lambda m: m | {"spec.npy": npy(np.array("network A {"))},
    "spec of another": lambda m: m | {"spec.npy": npy(np.array(XOR))},
    "spec of a huge network": lambda m: m | {"spec.npy": npy(np.array(HUGE_SPEC))},
    "a long spec": lambda m: m | {"spec.npy": npy(np.array("#" * 2_000_000))},
    "a spec of no characters": lambda m: m | {"spec.npy": npy(BEYOND)},
    "a spec that is a number": lambda m: m | {"spec.npy": npy(np.ones(2))},
    "a path": lambda m: m | {"../x.npy": npy(np.ones(2))},
    "a program": lambda m: m | {"x.py": b"print(1)"},
    "no array": lambda m: m | {"w1.npy": b"no"},
    "cut": lambda m: m | {"w1.npy": m["w1.npy"][:-3]},
    "pickle": lambda m: m | {"w1.npy": npy(np.array([{}], dtype=object))},
    "a pickle of nothing": lambda m: m | {"w1.npy": header("(0,)", "'|O'")},
    "shape": lambda m: m | {"w1.npy": npy(np.zeros((3, 16), "f4"))},
    "not finite": lambda m: m | {"w1.npy": npy(np.full((4, 16), np.nan, "f4"))},
    "text": lambda m: m | {"w1.npy": npy(np.full((4, 16), "x"))},
    "a larger shape": lambda m: m | {"w1.npy": header("(50000000000,)") + bytes(256)},
    "a negative shape": lambda m: m | {"w1.npy": header("(-4, -16)") + bytes(256)},
    "an empty shape": lambda m: m | {"w1.npy": header("(0, 9000000000000)")},
    "a nested header": lambda m: m | {"w1.npy": header("(" * 60 + ")" * 60)},
    "records": lambda m: m | {"w1.npy": header("(1,)", "[('a', '<f4')]") + bytes(4)},
    "many": lambda m: m | {f"a{i}.npy": b"" for i in range(100_001)},
    "epochs": lambda m: m | {"best_epoch.npy": npy(np.array([1, 2]))},
    "history": lambda m: m | {"history/loss.npy": npy(np.array(["x", "y"]))},
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_refused_in_one_line(
    damage: str, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(model, DAMAGES[damage](members(model)))
    capsys.readouterr()
    _refused(capsys)


def _refused(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["evaluate", "iris.npz", TABLE], ["predict", "iris.npz", TABLE]):
        assert main(words) == 1
        error = capsys.readouterr().err
        assert "iris.npz" in error and len(error) < 700
        assert error.count("\n") == 1 and "a bug in nndsl" not in error
    assert os.listdir() == ["iris.npz"]


def test_a_bomb_is_not_unpacked(
    model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    zeros = io.BytesIO()
    np.save(zeros, np.zeros((25_000_000,)))
    content = members(model) | {"w9.npy": zeros.getvalue()}
    write(model, content, zipfile.ZIP_DEFLATED)
    capsys.readouterr()
    _refused(capsys)
    with pytest.raises(DataError, match="is compressed; expected arrays as saved"):
        read_model_file(str(model))


def test_doubled_and_overlapping_members_are_refused(
    model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = model.read_bytes()
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(model, "a") as z:
        z.writestr("w1.npy", members(model)["w1.npy"])
    capsys.readouterr()
    _refused(capsys)
    model.write_bytes(content)
    with zipfile.ZipFile(model, "a") as archive:
        for i in range(200):  # two hundred names for one place
            info = copy.copy(archive.getinfo("w2.npy"))
            info.filename = info.orig_filename = f"v{i}.npy"
            archive.filelist.append(info)
        archive._didModify = True
    with pytest.raises(DataError, match="its arrays overlap"):
        read_model_file(str(model))


def test_a_file_cut_or_flipped_anywhere_is_no_bug(model: Path) -> None:
    whole, random = model.read_bytes(), np.random.default_rng(0)
    for length in range(0, len(whole), 211):
        model.write_bytes(whole[:length])
        with pytest.raises(DataError):
            read_model_file(str(model))
    for _ in range(300):
        changed = bytearray(whole)
        changed[random.integers(len(whole))] ^= 1 << random.integers(8)
        model.write_bytes(changed)
        with contextlib.suppress(DataError):
            read_model_file(str(model))


def test_a_module_reads_the_file_and_nndsl_that_of_a_module(
    model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    loaded = nndsl.load(IRIS, style="textbook").Iris.load(str(model))
    loaded.save("own.npz")
    capsys.readouterr()
    assert main(["show", "own.npz"]) == 0
    assert capsys.readouterr().out == read_model_file("own.npz").network + "\n"
    assert main(["evaluate", "own.npz", TABLE]) == 1
    assert "holds no spec" in capsys.readouterr().err
    Path("own.npz").unlink()
    Path("link.npz").symlink_to("iris.npz")
    assert main(["train", IRIS, TABLE, "-o", "link.npz"]) == 1
    assert "is a link" in capsys.readouterr().err


@pytest.mark.parametrize("failing", ["replace", "fsync"])
def test_a_failed_write_leaves_the_old_file(
    failing: str,
    model: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before, real = model.read_bytes(), getattr(os, failing)

    def full(*arguments: object) -> None:
        if failing == "replace" and str(arguments[1]) != "iris.npz":
            real(*arguments)
        else:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, failing, full)
    assert main(["train", IRIS, TABLE, "--epochs", "2"]) == 1
    assert capsys.readouterr().err == "nndsl: iris.npz: no space left on device\n"
    assert model.read_bytes() == before
    assert os.listdir() == ["iris.npz"]


@pytest.mark.parametrize("content", [b"", b"PK", b"\x93NUMPY", bytes(1000), b"{}"])
def test_what_is_no_model_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "m.npz"
    path.write_bytes(content)
    with pytest.raises(DataError, match="is not a NumPy file, or is damaged"):
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
    assert "is not a model file; left unchanged" in capsys.readouterr().err
    assert Path("mine.npz").read_text() == "notes"
