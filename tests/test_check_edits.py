"""Random edits of valid specs: the checker accepts or explains, and never breaks."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from nndsl.check.check import Checked, check
from nndsl.diagnostics.codes import CODES
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Source
from nndsl.syntax.parse import parse

TEXTS = [
    path.read_text(encoding="utf-8")
    for path in sorted((Path(__file__).parent.parent / "specs").glob("*.nn"))
]
WORDS = sorted({word for text in TEXTS for word in text.split()})
EDITS = 300
FEW = 60


def edited(random: Random) -> str:
    """A spec with one to three words, letters or lines of it changed."""
    text = random.choice(TEXTS)
    for _ in range(random.randint(1, 3)):
        place = random.randrange(len(text))
        end = min(len(text), place + random.randint(1, 12))
        match random.randrange(6):
            case 0:
                text = text[:place] + text[end:]
            case 1:
                text = f"{text[:place]} {random.choice(WORDS)} {text[place:]}"
            case 2:
                text = text[:place] + random.choice(WORDS) + text[end:]
            case 3:
                text = (
                    text[:place]
                    + random.choice('(){}|/,:;=.+-*^%"#\n09ax')
                    + text[place:]
                )
            case 4:
                lines = text.splitlines(keepends=True)
                first, second = (
                    random.randrange(len(lines)),
                    random.randrange(len(lines)),
                )
                lines[first], lines[second] = lines[second], lines[first]
                text = "".join(lines)
            case _:
                words = text.split(" ")
                words[random.randrange(len(words))] = random.choice(WORDS)
                text = " ".join(words)
        text = text or "\n"
    return text


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
