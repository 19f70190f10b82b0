"""One misspelt word in a spec: the first error stands at it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

import pytest
from reference.reading import TEXTS

from nndsl.check.check import check
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Source
from nndsl.syntax.parse import parse

WORD = re.compile(r'"[^"]*"|#.*|([A-Za-z_]\w+)')
"""Words stand in the group; texts and comments are passed over."""


def misspelt(word: str, random: Random) -> str:
    """The word with two letters swapped, one left out or one doubled."""
    place = random.randrange(len(word))
    end = place + 1
    if end < len(word) and word[place] != word[end] and random.random() < 0.34:
        return word[:place] + word[end] + word[place] + word[end + 1 :]
    return word[:place] + word[place] * random.choice((0, 2)) + word[end:]


def first_errors(count: int, random: Random) -> Iterator[tuple[str, str, bool]]:
    """The word, its misspelling, and whether the first error stands at it.

    Specs that still are fine, as with a column of another name, do not count.
    """
    while count:
        text = random.choice(TEXTS)
        word = random.choice([each for each in WORD.finditer(text) if each[1]])
        start, typo = word.start(), misspelt(word[1], random)
        source = Source("typo.nn", text[:start] + typo + text[word.end() :])
        try:
            check(source, parse(source))
        except SpecError as error:
            span = error.diagnostics[0].span
            around = span.start <= start and start + len(typo) <= span.end
            fits = around and span.end - span.start <= len(typo) + 2
            yield word[1], typo, fits or span.start == start
            count -= 1


def test_the_first_error_stands_at_the_typo(request: pytest.FixtureRequest) -> None:
    count = 3000 if request.config.getoption("--all") else 300
    wrong = [each[:2] for each in first_errors(count, Random(0)) if not each[2]]
    assert len(wrong) <= 0.03 * count, wrong
