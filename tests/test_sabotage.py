"""The tests notice when the compiler is broken; `sabotage.py` says how."""

from __future__ import annotations

from pathlib import Path

import pytest
from mutant import Mutant
from mutants import FEW, MUTANTS
from sabotage import mutated, noticed, project_copy


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A fixed few of the mutants, or all of them with `--all`."""
    if "mutant" in metafunc.fixturenames:
        everyone = metafunc.config.getoption("--all")
        chosen = [m for m in MUTANTS if everyone or m.name in FEW]
        metafunc.parametrize("mutant", chosen, ids=lambda mutant: mutant.name)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project_copy(tmp_path_factory.mktemp("project"))


def test_every_mutant_still_finds_what_it_replaces() -> None:
    for mutant in MUTANTS:
        assert mutated(mutant)
    assert {mutant.name for mutant in MUTANTS} >= set(FEW)


def test_tests_go_red(mutant: Mutant, copy: Path) -> None:
    output = noticed(mutant, copy)
    assert output is None, output
