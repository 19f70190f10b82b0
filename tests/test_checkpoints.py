"""The command line keeps checkpoints where it will save."""

from __future__ import annotations

from pathlib import Path

import pytest

import nndsl

SPECS = Path(__file__).parent.parent / "specs"


def test_training_from_the_command_line_saves_on_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = nndsl.load(SPECS / "digits.nn", settings=["train.checkpoint=every=2"])
    saved = []
    save = module.Digits.save

    def noted(model: object, path: str) -> None:
        saved.append(Path(path).name)
        save(model, path)

    monkeypatch.setattr(module.Digits, "save", noted)
    data = str(SPECS / "data" / "digits.csv")
    output = str(tmp_path / "kept.npz")
    assert module.main(["train", data, "--epochs", "4", "-o", output]) == 0
    assert saved == ["kept.npz"] * 3
    assert module.Digits.load(output).n_iter_ == 4
