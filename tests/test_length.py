"""A generated module is short enough to be read, and its mathematics comes alone."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from nndsl import compile_text

SPECS = Path(__file__).parent.parent / "specs"


def compiled(name: str, style: Any) -> str:
    return compile_text((SPECS / f"{name}.nn").read_text(), f"{name}.nn", style=style)


@pytest.mark.parametrize(("style", "most"), [("textbook", 953), ("fast", 1099)])
def test_the_whole_module(style: Any, most: int) -> None:
    assert len(compiled("iris", style).splitlines()) < most


def test_the_mathematics_of_xor_fits_on_two_pages() -> None:
    """From the first constant to the end of the update, without a guard or a file."""
    tree = ast.parse(compiled("xor", "textbook"))
    places = {
        node.targets[0].id if isinstance(node, ast.Assign) else node.name: node
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        or (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name))
    }
    first, last = places["FLOAT"].lineno, places["update"].end_lineno
    assert last is not None
    assert last - first < 120
    mathematics = [n for n in tree.body if first <= n.lineno <= last]
    for node in ast.walk(ast.Module(mathematics, [])):
        assert not isinstance(node, ast.Raise | ast.Try | ast.With)
