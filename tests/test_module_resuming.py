"""How a generated module goes on: from files, from checkpoints, from copies."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reference.learning import X, Y, net, same


@pytest.mark.parametrize("extra", ["", "dropout 20%;"])
def test_going_on_after_a_saved_file_is_exact(extra: str, tmp_path: Path) -> None:
    head = f"input 2; dense 6 tanh; {extra} dense 3 softmax;"
    made = net("split 70% / 15% / 15%", head + "loss categorical_crossentropy")
    whole = made(epochs=6).fit(X, Y)
    half = made(epochs=3).fit(X, Y)
    half.save(tmp_path / "half.npz")
    loaded = made.load(tmp_path / "half.npz")
    for model in (half, loaded):
        model.epochs = 6
        model.fit(X, Y, warm_start=True)
        assert same(model, whole)
        assert model.n_iter_ == 6
    assert half.history_ == whole.history_
    assert whole.fit(X, Y, warm_start=True).n_iter_ == 12


def test_checkpoints_are_written_on_the_way(tmp_path: Path) -> None:
    made = net("epochs 5; checkpoint every=2")
    path = tmp_path / "point.npz"
    whole = made(checkpoint_path=str(path)).fit(X, Y)
    model = made.load(path)
    assert model.n_iter_ == 4
    model.epochs = 5
    assert same(model.fit(X, Y, warm_start=True), whole)


def test_going_on_from_a_file_waits_from_the_best_epoch(tmp_path: Path) -> None:
    settings = (
        "epochs 60; split 30% / 40% / 30%; early_stopping patience=8;"
        "optimizer adam(learning_rate=0.05)"
    )
    head = "input 2; dense 40 tanh; dense 3 softmax; loss categorical_crossentropy"
    noise = np.random.RandomState(0).randint(0, 3, 60)
    model = net(settings, head)().fit(X, noise)
    model.save(tmp_path / "w.npz")
    loaded = net(settings, head).load(tmp_path / "w.npz")
    assert 0 < loaded.best_epoch_ == model.best_epoch_ < loaded.n_iter_ - 1
    without = settings.replace("early_stopping patience=8;", "")
    assert net(without, head).load(tmp_path / "w.npz").n_iter_ == model.n_iter_


def test_going_on_from_a_checkpoint_remembers_the_best(tmp_path: Path) -> None:
    settings = (
        "epochs 60; split 30% / 40% / 30%; early_stopping patience=8;"
        "checkpoint every=5; optimizer adam(learning_rate=0.05)"
    )
    head = "input 2; dense 40 tanh; dense 3 softmax; loss categorical_crossentropy"
    noise = np.random.RandomState(0).randint(0, 3, 60)
    whole = net(settings, head)(checkpoint_path=str(tmp_path / "p.npz")).fit(X, noise)
    loaded = net(settings, head).load(tmp_path / "p.npz")
    assert whole.best_epoch_ < loaded.n_iter_ < whole.n_iter_ < 60
    loaded.fit(X, noise, warm_start=True)
    assert loaded.n_iter_ == whole.n_iter_
    assert loaded.best_epoch_ == whole.best_epoch_
    assert same(loaded, whole)


@pytest.mark.parametrize(
    "copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))]
)
def test_a_copy_trains_like_the_original(copied: Any) -> None:
    model = net("epochs 2")()
    model.fit(X, Y)
    other = copied(model)
    model.fit(X, Y, warm_start=True)
    assert not same(model, other)
    assert same(other.fit(X, Y, warm_start=True), model)
