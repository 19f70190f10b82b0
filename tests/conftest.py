"""Options and paths that all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
SPECS = sorted((PROJECT / "specs").glob("*.nn"))

# mypy reads the stubs of NumPy once, not in every test that runs it
os.environ.setdefault("MYPY_CACHE_DIR", str(PROJECT / ".mypy_cache"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write what nndsl says now into the golden files",
    )
    parser.addoption(
        "--all",
        action="store_true",
        help="run the slow tests in full: all seeds, all mutants, all edits",
    )
