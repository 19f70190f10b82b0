"""Weights files: what they hold, and that nothing else is read."""

from __future__ import annotations

import contextlib
import functools
import os
import types
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nndsl import compile_text

HEADS = {
    "named": "input a, b; batch_norm; dense 3 softmax; target k: x | y | z;"
    "loss categorical_crossentropy",
    "open": "input any; dense classes softmax; loss categorical_crossentropy",
    "numbers": "input 2; dense 1; loss mean_squared_error",
}
SETTINGS = {
    "named": "epochs 2; scale standard; class_weights balanced",
    "open": "epochs 2; missing mean",
    "numbers": "epochs 2; scale minmax, target=standard",
}
X = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0], [6.0, 8.0]])
Y: dict[str, Any] = {
    "named": ["x", "y", "z", "x"],
    "open": ["u", "v", "w", "u"],
    "numbers": [1.0, 2.0, 3.0, 5.0],
}


@functools.cache
def net(kind: str) -> Any:
    text = f"network Net {{ {HEADS[kind]}; train {{ {SETTINGS[kind]} }} }}"
    made = types.ModuleType("made")
    exec(compile(compile_text(text, "made.nn"), "made.py", "exec"), made.__dict__)
    return made.__dict__["Net"]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "weights.npz"
    net("named")().fit(X, Y["named"]).save(path)
    return path


@pytest.mark.parametrize("kind", HEADS)
def test_a_loaded_model_predicts_the_same_bits(kind: str, tmp_path: Path) -> None:
    model = net(kind)().fit(X, Y[kind])
    model.save(tmp_path / "w.npz")
    assert os.listdir(tmp_path) == ["w.npz"]
    loaded = net(kind).load(tmp_path / "w.npz")
    np.testing.assert_array_equal(loaded.predict(X), model.predict(X))
    np.testing.assert_array_equal(loaded.prepare(X), model.prepare(X))
    assert loaded.n_iter_ == 2
    assert np.load(tmp_path / "w.npz", allow_pickle=False)["network"].tolist()


def test_names_of_columns_come_back(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X, columns=["größe", "b"])
    net("numbers")().fit(frame, Y["numbers"]).save(tmp_path / "w.npz")
    loaded = net("numbers").load(tmp_path / "w.npz")
    assert list(loaded.feature_names_in_) == ["größe", "b"]


def rewrite(path: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    with np.load(path) as file:
        arrays = dict(file)
    change(arrays)
    np.savez(path, **arrays)


def _other_network(arrays: dict[str, Any]) -> None:
    arrays["network"][1] = "dense 3 sigmoid"


def _in_columns(arrays: dict[str, Any]) -> None:
    arrays["dense1.weights"] = np.asfortranarray(arrays["dense1.weights"])


CHANGES: list[tuple[Callable[[dict[str, Any]], Any], str]] = [
    (_other_network, "dense 3 sigmoid"),
    (lambda a: a.pop("dense1.weights"), "no item named 'dense1.weights"),
    (lambda a: a.update({"an extra": np.zeros(1)}), "holds"),
    (lambda a: a.update({"dense1.weights": np.zeros((3, 3), "f4")}), "dense1.weights"),
    (lambda a: a.update({"dense1.weights": np.zeros((2, 3), "i4")}), "int32"),
    (lambda a: a["dense1.weights"].fill(np.nan), "not finite"),
    (lambda a: a.update({"dense1.weights": np.full((2, 3), 1e300)}), "not finite"),
    (_in_columns, "dense1.weights"),
    (lambda a: a.update({"dense1.biases": np.array([{}] * 3)}), "object"),
    (lambda a: a["counts"].fill(-1), "counts or scaling or variance is damaged"),
    (lambda a: a["counts"].fill(2**40), "counts or scaling or variance is damaged"),
    (lambda a: a["scaling"].fill(0), "counts or scaling or variance is damaged"),
    (lambda a: a["batch_norm1.variance"].fill(-1), "variance is damaged"),
    (lambda a: a.pop("network"), "network"),
]


@pytest.mark.parametrize(("change", "words"), CHANGES)
def test_a_changed_file_is_refused(saved: Path, change: Any, words: str) -> None:
    rewrite(saved, change)
    with pytest.raises(ValueError, match=words):
        net("named").load(saved)


def test_text_that_no_character_has_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.npz"
    net("open")().fit(X, Y["open"]).save(path)
    beyond = np.frombuffer(np.array([2**31 - 1, 1, 2], "<u4").tobytes(), "<U1")
    rewrite(path, lambda a: a.update({"classes": beyond}))
    with pytest.raises(ValueError, match="does not fit this network"):
        net("open").load(path)


def test_the_history_comes_back(tmp_path: Path) -> None:
    model = net("named")().fit(X, Y["named"], validation_data=(X, Y["named"]))
    model.save(tmp_path / "w.npz")
    loaded = net("named").load(tmp_path / "w.npz")
    assert loaded.history_ == model.history_
    assert sorted(loaded.history_) == ["loss", "val_loss"]
    loaded.fit(X, Y["named"], warm_start=True)
    assert len(loaded.history_["loss"]) == loaded.n_iter_ == 4


def test_a_class_named_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.npz"
    net("open")().fit(X, Y["open"]).save(path)
    rewrite(path, lambda a: a["classes"].fill("u"))
    with pytest.raises(ValueError, match="classes is damaged"):
        net("open").load(path)


def test_a_damaged_random_state_is_refused(tmp_path: Path) -> None:
    text = "network Net { input 2; dropout 20%; dense 1; loss mean_squared_error }"
    made = types.ModuleType("made")
    exec(compile(compile_text(text, "made.nn"), "made.py", "exec"), made.__dict__)
    path = tmp_path / "w.npz"
    made.__dict__["Net"](epochs=1).fit(X, Y["numbers"]).save(path)
    made.__dict__["Net"].load(path)
    rewrite(path, lambda a: a["dropout"].fill(2**32 - 1))
    with pytest.raises(ValueError, match="damaged"):
        made.__dict__["Net"].load(path)


@pytest.mark.parametrize(
    "name", ["../dense1.weights", "optimizer/../m", "dense1.biases"]
)
def test_strange_and_doubled_names_are_refused(saved: Path, name: str) -> None:
    with zipfile.ZipFile(saved) as archive:
        content = archive.read("dense1.biases.npy")
    with (
        pytest.warns(UserWarning, match="Duplicate")
        if "/" not in name
        else (contextlib.nullcontext()),
        zipfile.ZipFile(saved, "a") as archive,
    ):
        archive.writestr(f"{name}.npy", content)
    with pytest.raises(ValueError, match="it holds"):
        net("named").load(saved)


def test_a_cut_file_is_refused_wherever_it_is_cut(saved: Path) -> None:
    whole = saved.read_bytes()
    for length in range(0, len(whole), 97):
        saved.write_bytes(whole[:length])
        with pytest.raises(ValueError):
            net("named").load(saved)


def test_flipped_bytes_give_a_model_or_a_refusal(saved: Path) -> None:
    whole = saved.read_bytes()
    random = np.random.RandomState(0)
    for place in random.randint(0, len(whole), 200):
        changed = bytearray(whole)
        changed[place] ^= 1 << random.randint(8)
        saved.write_bytes(changed)
        with contextlib.suppress(ValueError):
            net("named").load(saved)


def test_a_member_that_expands_is_not_read(saved: Path) -> None:
    rewrite(saved, lambda a: a.pop("dense1.weights"))
    with zipfile.ZipFile(saved, "a", zipfile.ZIP_DEFLATED) as archive:
        header = b"\x93NUMPY\x01\x00v\x00"
        shape = "{'descr': '<f4', 'fortran_order': False, 'shape': (50000000,), }"
        content = header + shape.ljust(117).encode() + b"\n" + bytes(10**8)
        archive.writestr("dense1.weights.npy", content)
    with pytest.raises(ValueError, match="50000000"):
        net("named").load(saved)


def test_a_negative_length_is_not_read(saved: Path) -> None:
    with zipfile.ZipFile(saved.with_name("new.npz"), "w") as archive:
        header = b"\x93NUMPY\x01\x00v\x00"
        shape = "{'descr': '<U9', 'fortran_order': False, 'shape': (-9,), }"
        content = header + shape.ljust(117).encode() + b"\n" + bytes(10**6)
        archive.writestr("network.npy", content)
    with pytest.raises(ValueError, match="-9"):
        net("named").load(saved.with_name("new.npz"))


def test_other_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "note.npz"
    path.write_text("not a file of weights")
    with pytest.raises(ValueError, match=r"note\.npz"):
        net("named").load(path)
    with pytest.raises(FileNotFoundError):
        net("named").load(tmp_path / "none.npz")


def test_nothing_is_saved_before_fit(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="fit"):
        net("named")().save(tmp_path / "w.npz")
    assert os.listdir(tmp_path) == []


def test_a_failed_write_leaves_the_old_file(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = saved.read_bytes()

    def fail(_: int) -> None:
        raise OSError(28, "disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match=f"disk full: .*{saved.name}"):
        net("named")().fit(X, Y["named"]).save(saved)
    assert saved.read_bytes() == before
    assert os.listdir(saved.parent) == [saved.name]
