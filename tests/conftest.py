"""Options and paths that all tests share."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
SPECS = sorted((PROJECT / "specs").glob("*.nn"))

# mypy reads the stubs of NumPy once, not in every test that runs it
os.environ.setdefault("MYPY_CACHE_DIR", str(PROJECT / ".mypy_cache"))

GOLDEN = 0.618
"""Its multiples modulo 1 spread evenly and in step with no pattern of the cases."""


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


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "one_in(k): about one in k of its cases runs; with --all, each"
    )


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    if config.getoption("--all"):
        return
    seen: Counter[str] = Counter()
    left_out = []
    for item in items:
        if mark := item.get_closest_marker("one_in"):
            function = item.nodeid.partition("[")[0]
            if seen[function] * GOLDEN % 1 >= 1 / mark.args[0]:
                left_out.append(item)
            seen[function] += 1
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]
