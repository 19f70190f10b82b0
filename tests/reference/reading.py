"""Specs as texts, and what the parser makes of one."""

from __future__ import annotations

from pathlib import Path

import pytest

from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Source
from nndsl.syntax.parse import parse
from nndsl.syntax.tree import Assignment, Expression, File, Line

SPECS = sorted((Path(__file__).parent.parent.parent / "specs").glob("*.nn"))
TEXTS = [path.read_text(encoding="utf-8") for path in SPECS]


def read(text: str) -> File:
    return parse(Source("test.nn", text))


def refusals(text: str) -> list[tuple[str, str]]:
    """The code and the marked text of every mistake."""
    with pytest.raises(SpecError) as caught:
        read(text)
    return [
        (each.code, text[each.span.start : each.span.end])
        for each in caught.value.diagnostics
    ]


def line(text: str) -> Line:
    (only,) = read(text).lines
    return only


def formula(text: str) -> Expression:
    statement = line(f"y = {text}")
    assert isinstance(statement, Assignment)
    return statement.value
