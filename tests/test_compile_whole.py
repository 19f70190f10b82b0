"""Compiled modules reach the disk whole and together."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nndsl.cli.main import main

XOR = "network Xor { input 2; dense 4 tanh; dense 1 sigmoid; loss binary_crossentropy }"


@pytest.mark.parametrize("error", [OSError(28, "No space left"), KeyboardInterrupt()])
@pytest.mark.parametrize("name", ["fsync", "replace"])
def test_several_modules_are_written_all_or_none(
    name: str,
    error: BaseException,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    specs = [tmp_path / "first.nn", tmp_path / "second.nn"]
    for spec in specs:
        spec.write_text(XOR)
    calls = 2 if name == "fsync" else 1
    done = getattr(os, name)

    def fails(*arguments: object) -> None:
        nonlocal calls
        calls -= 1
        if calls == 0:
            raise error
        done(*arguments)

    monkeypatch.setattr(os, name, fails)
    code = 130 if isinstance(error, KeyboardInterrupt) else 1
    assert main(["compile", *map(str, specs)]) == code
    assert sorted(os.listdir(tmp_path)) == ["first.nn", "second.nn"]
