"""Nothing is lost on the way into a file and back; what cannot be kept is refused."""

from __future__ import annotations

import copy
import io
import threading
import time
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nndsl.api import compile_text, module_of
from nndsl.program.in_place import Style

STYLES: tuple[Style, ...] = ("textbook", "fast")
OPEN = "input any; dense classes softmax; loss categorical_crossentropy"
X = np.random.RandomState(3).standard_normal((12, 2))
Y = X[:, 0]


def module(head: str = OPEN, train: str = "epochs 2", style: Style = "fast") -> Any:
    spec = f"network Net {{ {head}\ntrain {{ {train} }} }}"
    return module_of(compile_text(spec, style=style), "net")


@pytest.mark.parametrize(
    "labels",
    [[2**70, 1], [2**63, 2**63 + 1], [2**53 + 1, 2**53], ["a\0", "a"], [1e300, 2.0]],
    ids=str,
)
def test_labels_that_no_file_could_hold_are_refused(labels: list[Any]) -> None:
    with pytest.raises(ValueError, match=r"y, row \d: .*; expected a word or a number"):
        module().Net().fit(X, labels * 6)


def test_whole_numbers_of_a_table_are_not_rounded_into_one_class(
    tmp_path: Path,
) -> None:
    table = tmp_path / "t.csv"
    table.write_text("a,b,y\n1,2,9007199254740993\n3,4,9007199254740992\n")
    net = module()
    x, y = net.read_csv(str(table), ["a", "b"], ["y"])
    with pytest.raises(ValueError, match="expected a word or a number"):
        net.Net().fit(x, y)
    table.write_text("a,b,y\n1,2,9007199254740991\n3,4,9007199254740990\n")
    x, y = net.read_csv(str(table), ["a", "b"], ["y"])
    fitted = net.Net().fit(x, y)
    assert fitted.classes_.tolist() == [9007199254740990, 9007199254740991]


def test_many_long_labels_come_back(tmp_path: Path) -> None:
    labels = [f"{place:0100}" for place in range(2_700)]
    net = module(train="epochs 1")
    fitted = net.Net().fit(np.ones((2_700, 1)), labels)
    fitted.save(tmp_path / "w.npz")
    assert net.Net.load(tmp_path / "w.npz").classes_.tolist() == labels


def test_a_long_history_comes_back(tmp_path: Path) -> None:
    net = module("input 2; dense 1; loss mean_squared_error")
    fitted = net.Net().fit(X, Y)
    fitted.history_ = {"loss": [1.5] * 1_000_000}
    fitted.save(tmp_path / "w.npz")
    assert net.Net.load(tmp_path / "w.npz").history_ == fitted.history_


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("wide", [24_000_000, 2_000_000])
def test_a_small_file_does_not_make_a_large_network(
    tmp_path: Path, style: Style, wide: int
) -> None:
    net = module(style=style)
    net.Net().fit(X, ["a", "b"] * 6).save(tmp_path / "w.npz")
    members = dict(np.load(tmp_path / "w.npz"))
    members["widths"] = np.array([wide, 3])
    np.savez(tmp_path / "w.npz", **members)
    tracemalloc.start()
    with pytest.raises(ValueError, match="widths is damaged"):
        net.Net.load(tmp_path / "w.npz")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**23


def test_a_file_of_zeros_that_are_compressed_is_read(tmp_path: Path) -> None:
    net = module(OPEN.replace("dense", "dense 300 weights=zeros; dense", 1))
    rows = np.zeros((4, 2_000))
    fitted = net.Net().fit(rows, ["a", "b"] * 2)
    content = io.BytesIO()
    fitted.save(tmp_path / "w.npz")
    np.savez_compressed(content, **dict(np.load(tmp_path / "w.npz")))
    (tmp_path / "small.npz").write_bytes(content.getvalue())
    again = net.Net.load(tmp_path / "small.npz")
    assert np.array_equal(again.predict_proba(rows), fitted.predict_proba(rows))


def test_labels_that_are_no_labels_are_refused() -> None:
    net = module("input 2; dense 2 softmax; target k: a | b\nloss mean_squared_error")
    with pytest.raises(ValueError, match=r"y, row 0: \{\}; expected 'a', 'b'"):
        net.Net().fit(X, [{}] * 12)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    ("last", "y"),
    [
        ("dense 1; loss mean_squared_error", Y + 5j),
        ("dense 3 softmax; loss categorical_crossentropy", np.eye(3)[[0, 1] * 6] + 1j),
        ("dense 1 sigmoid; loss binary_crossentropy", np.array([0, 1j] * 6)),
    ],
)
def test_complex_targets_are_refused(style: Style, last: str, y: Any) -> None:
    net = module(f"input 2; {last}", style=style).Net().build()
    for method in (net.loss, net.gradients, net.train_batch):
        with pytest.raises(ValueError, match="y"):
            method(X, y)


@pytest.mark.parametrize("style", STYLES)
def test_a_refused_fit_with_holes_leaves_the_model_as_it_was(style: Style) -> None:
    net = module(
        "input any; dense 1; loss mean_squared_error", "epochs 2; missing drop", style
    )
    fitted = net.Net().fit(X, Y)
    before = fitted.predict(X)
    with pytest.raises(ValueError, match="every validation row has a missing value"):
        fitted.fit(X, Y, validation_data=(X * np.nan, Y))
    with pytest.raises(ValueError, match="every row of X has a missing value"):
        fitted.fit(X * np.nan, Y)
    assert np.array_equal(fitted.predict(X), before)
    assert fitted.n_iter_ == 2


@pytest.mark.parametrize("style", STYLES)
def test_two_threads_may_make_the_first_prediction(
    style: Style, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = "input 2; dense 4; batch_norm; dense 1; loss mean_squared_error"
    net = module(head, style=style)
    plain, slow = net.start_running, net.Net()

    def late() -> Any:
        time.sleep(0.05)
        return plain()

    expected = net.Net().predict(X)
    monkeypatch.setattr(net, "start_running", late)
    found: list[Any] = []
    threads = [
        threading.Thread(target=lambda: found.append(slow.predict(X))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
        time.sleep(0.02)
    for thread in threads:
        thread.join()
    assert len(found) == 3
    assert all(np.array_equal(each, expected) for each in found)


def test_a_shallow_copy_in_the_fast_style_has_arrays_of_its_own() -> None:
    net = module(
        "input 2; dense 4; batch_norm; relu; dropout 20%; dense 1\n"
        "loss mean_squared_error"
    )
    first = net.Net().build()
    answers, second = first.forward(X), copy.copy(first)
    for _ in range(3):
        second.train_batch(X, Y)
    assert np.array_equal(first.forward(X), answers)
    assert not np.array_equal(second.forward(X), answers)
