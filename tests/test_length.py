"""A generated module is short enough to be read, and its mathematics comes alone."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from reference.modules import STYLES

from nndsl import compile_text
from nndsl.program.in_place import Style

SPECS = sorted((Path(__file__).parent.parent / "specs").glob("*.nn"))
MOST = {"xor": (280, 340), "iris": (365, 430)} | dict.fromkeys(
    ("digits", "diabetes"), (500, 590)
)
OTHERS = (430, 510)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_a_module_has_so_many_lines_at_most(spec: Path, style: Style) -> None:
    text = compile_text(spec.read_text("utf-8"), spec.name, style=style)
    most = MOST.get(spec.stem, OTHERS)[STYLES.index(style)]
    assert len(text.splitlines()) <= most


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_the_network_guards_nothing_and_its_functions_are_short(
    spec: Path, style: Style
) -> None:
    """Before the model's class nothing is caught or opened; what is refused is a batch
    of one row."""
    text = compile_text(spec.read_text("utf-8"), spec.name, style=style)
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.stmt)]
    (model,) = (n for n in nodes if isinstance(n, ast.ClassDef) and n.decorator_list)
    for node in nodes:
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 75, node.name
        if isinstance(node, ast.Try | ast.With | ast.Raise):
            assert node.lineno > model.lineno or "batch_norm" in ast.unparse(node)
