"""Compiled modules reach the disk whole and together; their imports are those used."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

import nndsl
from nndsl.cli.main import main
from nndsl.render.module.used_imports import MEMBERS, MODULES, standard_imports

XOR = "network Xor { input 2; dense 4 tanh; dense 1 sigmoid; loss binary_crossentropy }"
SPECS = sorted((Path(__file__).resolve().parent.parent / "specs").glob("*.nn"))


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


@pytest.mark.parametrize("style", ["textbook", "fast"])
@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_a_module_imports_what_it_names(path: Path, style: str) -> None:
    tree = ast.parse(nndsl.compile_text(path.read_text(), path.name, style=style))
    named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    listed = {*MODULES, *(name for names in MEMBERS.values() for name in names)}
    assert named & listed == imported & listed


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("x = math.pi", ("import math",)),
        ("x = f'{math.pi:.3f} os.sep'", ("import math",)),
        ("x = 'math.pi'  # os.sep", ()),
        ('"""math.pi\n"""\nx.math.pi = y.deepcopy', ()),
        ("x = cache(copy=re)", ("from functools import cache",)),
        ("class X(NamedTuple):\n    x: Any", ("from typing import Any, NamedTuple",)),
        ("x = dict(cache=1, Any=2)", ()),
        ("def f():\n    import csv\n    return csv.reader", ()),
    ],
)
def test_names_in_texts_are_no_names(text: str, lines: tuple[str, ...]) -> None:
    assert standard_imports(text) == lines
