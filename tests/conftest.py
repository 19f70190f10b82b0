"""Options and paths that all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

SPECS = sorted((Path(__file__).parent.parent / "specs").glob("*.nn"))


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
