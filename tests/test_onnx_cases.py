"""ONNX's own test cases, and its optimizers, beside generated modules."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

CASES = runpy.run_path(
    str(Path(__file__).resolve().parent.parent / "benchmarks" / "onnx_cases.py")
)
STRIDE = 4
"""Without --all, one case of so many."""


def said(results: list[dict[str, Any]], least: int) -> None:
    """Whether nothing failed, and enough passed to mean something."""
    failed = [each for each in results if each["status"] == "failed"]
    assert not failed
    assert sum(each["status"] == "passed" for each in results) >= least


@pytest.mark.parametrize(("source", "least"), [("node_tests", 55), ("graphs", 18)])
def test_cases_of_onnx_pass(
    pytestconfig: pytest.Config, source: str, least: int
) -> None:
    stride = 1 if pytestconfig.getoption("--all") else STRIDE
    cases = list(CASES[source]())[::stride]
    said([CASES["_result"](case) for case in cases], least // stride - 2)


def test_optimizers_step_as_those_of_onnx() -> None:
    said(CASES["optimizers"](), 10)
