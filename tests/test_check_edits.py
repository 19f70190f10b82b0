"""Random edits of valid specs: the checker accepts or explains, and never breaks."""

from __future__ import annotations

from random import Random

import pytest
from reference.edits import edited

from nndsl.check.check import Checked, check
from nndsl.diagnostics.codes import CODES
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Source
from nndsl.syntax.parse import parse

EDITS = 300
FEW = 60


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A fixed few of the edits, or all of them with `--all`."""
    seeds = range(EDITS if metafunc.config.getoption("--all") else FEW)
    metafunc.parametrize("seed", seeds)


def test_edited_spec_is_checked_or_explained(seed: int) -> None:
    text = edited(Random(seed))
    source = Source("edited.nn", text)
    try:
        result = check(source, parse(source))
    except SpecError as error:
        assert error.diagnostics
        spans = [each.span for each in error.diagnostics]
        assert spans == sorted(spans, key=lambda span: span.start)
        for each in error.diagnostics:
            assert each.code in CODES
            assert 0 <= each.span.start <= each.span.end <= len(error.source.text)
            assert each.label
        assert str(error)
    else:
        assert isinstance(result, Checked)
