"""No string of a spec reaches a module but as data, and the text is always the same."""

from __future__ import annotations

import ast
import functools
import hashlib
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nndsl import compile_text
from nndsl.check.check import check
from nndsl.check.rules.python_names import unusable
from nndsl.diagnostics.record import Source
from nndsl.lower.lower import lower
from nndsl.network import Network
from nndsl.optimise.optimise import optimise
from nndsl.program.in_place import Style
from nndsl.render.module.module import MARK, render
from nndsl.syntax.parse import parse

SPEC = """network Net {
    input a, b
    dense 2 softmax
    target k: x | y
    loss categorical_crossentropy
}"""
STRINGS = st.text(max_size=40)


@functools.cache
def plain() -> Network:
    source = Source("plain.nn", SPEC)
    return check(source, parse(source)).network


def module(names: tuple[str, str], labels: tuple[str, str], source: Source) -> str:
    network = plain()
    changed = replace(
        network,
        inputs=replace(network.inputs, columns=names),
        target=replace(network.target, labels=labels, columns=names[:1]),
        lines=(f"input {names}", "dense 2 softmax", f"target {labels}"),
    )
    program = lower(changed)
    return render(changed, program, optimise(program), source)


def blanked(text: str) -> str:
    """The syntax tree of a module without the values of its strings."""
    tree = ast.parse(text.encode())
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


@functools.cache
def expected() -> str:
    return blanked(module(("a", "b"), ("x", "y"), Source("plain.nn", SPEC)))


@settings(max_examples=60, deadline=None)
@given(st.tuples(STRINGS, STRINGS), st.tuples(STRINGS, STRINGS), STRINGS, st.text())
def test_strings_of_a_spec_do_not_change_the_code(
    names: tuple[str, str], labels: tuple[str, str], file: str, comments: str
) -> None:
    text = module(names, labels, Source(file, comments))
    assert blanked(text) == expected()
    made = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        if node.targets[0].id in ("FEATURES", "CLASSES")
    }
    assert made == {"FEATURES": list(names), "CLASSES": list(labels)}


def defined(text: str) -> set[str]:
    """The names that a module imports, and those it defines from its class on."""
    names, mathematics = set(), True
    for node in ast.parse(text).body:
        match node:
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                names |= {alias.asname or alias.name for alias in aliases}
            case ast.ClassDef(name="Net"):
                mathematics = False
            case ast.FunctionDef(name=name) if not mathematics:
                names.add(name)
            case ast.Assign(targets=[ast.Name(id=name)]) if not mathematics:
                names.add(name)
            case _:
                pass
    return names


HEADS = [
    "input a, b; dense 2 softmax; target k: x | y; loss categorical_crossentropy",
    "input any; dense classes softmax; loss categorical_crossentropy",
    "input any; dense outputs; loss mean_squared_error",
    "input any; dense 1 sigmoid; loss binary_crossentropy",
    "input 4; dense 2; dense 4; target input; loss mean_squared_error",
]


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("missing", ["error", "mean", "drop"])
def test_no_network_or_formula_takes_a_name_of_the_module(
    head: str, missing: str
) -> None:
    settings = f"missing {missing}; scale standard"
    text = f"network Net {{ {head}; train {{ {settings} }} }}"
    free = [name for name in defined(compile_text(text)) if unusable(name) is None]
    assert free == []


def test_line_one_is_fixed_and_line_two_begins_the_docstring() -> None:
    lines = module(
        ("a", "b"), ("x", "y"), Source("a.nn", "# coding: utf-7\n# end")
    ).split("\n")
    assert lines[0].startswith(MARK)
    assert lines[1].startswith('"""Net, a neural network in NumPy')
    text = "\n".join(lines[1:])
    assert lines[0] == MARK + hashlib.sha256(text.encode()).hexdigest()[:16]
    assert not any("coding" in line for line in lines[:3])


def test_equal_specs_give_equal_text() -> None:
    source = Source("a.nn", SPEC)
    assert module(("a", "b"), ("x", "y"), source) == module(
        ("a", "b"), ("x", "y"), source
    )


@pytest.mark.parametrize("style", ["fast", "textbook"])
def test_a_long_line_of_the_spec_is_cut_over_its_code(
    style: Style, tmp_path: Path
) -> None:
    text = (
        "network Long {\n    input a, b\n"
        "    dense 16 leaky_relu(slope=0.125) weights=lecun_normal"
        " biases=constant(0.25) l1=0.0001 l2=0.001\n"
        "    dense 1\n    loss mean_squared_error\n"
        "    metrics root_mean_squared_error\n    train { split 60% / 20% / 20%\n"
        "    early_stopping patience=2 monitor=val_root_mean_squared_error }\n}\n"
    )
    path = tmp_path / "long.py"
    path.write_text(compile_text(text, "long.nn", style=style), encoding="utf-8")
    for words in (["format", "--check"], ["check", "--select", "E,F,W"]):
        command = [sys.executable, "-m", "ruff", *words, "--isolated", str(path)]
        assert subprocess.run(command, capture_output=True).returncode == 0
