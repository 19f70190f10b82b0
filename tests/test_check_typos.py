"""One slip of the fingers in a spec: where the error is, and what is suggested first.

Any word of the shipped specs is misspelt: statements, settings, options, names of
layers and formulas, labels that are written twice.  Specs that still are fine, as with
a column of another name, do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import pytest
from reference.reading import TEXTS

from nndsl.compiler import understand
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Diagnostic, Source

WORD = re.compile(r'"[^"]*"|#.*|[\d._]+%?|([A-Za-z_]\w+)')
"""Words are in the group; texts, comments and numbers are passed over."""

SITES = [(text, each) for text in TEXTS for each in WORD.finditer(text) if each[1]]
KEYS = "qwertyuiop", "asdfghjkl", "zxcvbnm"


def beside(letter: str, random: Random) -> str:
    """A key beside this one on the keyboard, as upper or lower case as the letter."""
    low = letter.lower()
    row = next((number for number, keys in enumerate(KEYS) if low in keys), None)
    if row is None:
        return random.choice("0123456789_".replace(letter, ""))
    column = KEYS[row].index(low)
    near = "".join(
        keys[max(0, column - 1) : column + 2]
        for keys in KEYS[max(0, row - 1) : row + 2]
    )
    other = random.choice(near.replace(low, ""))
    return other.upper() if letter.isupper() else other


def misspelt(word: str, random: Random) -> str:
    """One letter left out, swapped with the next, doubled, replaced, or put in."""
    place = random.randrange(len(word))
    before, letter, after = word[:place], word[place], word[place + 1 :]
    match random.randrange(5):
        case 0:
            return before + after
        case 1:
            return before + after[:1] + letter + after[1:]
        case 2:
            return before + letter * 2 + after
        case 3:
            return before + beside(letter, random) + after
        case _:
            other = beside(letter, random)
            return before + random.choice((other + letter, letter + other)) + after


@dataclass(frozen=True)
class Typo:
    word: str
    written: str
    start: int
    errors: tuple[Diagnostic, ...]

    @property
    def placed(self) -> bool:
        """Whether the first error is exactly the misspelt word."""
        span = self.errors[0].span
        return (span.start, span.end) == (self.start, self.start + len(self.written))

    @property
    def suggested(self) -> bool:
        """Whether the first thing to write instead is the right word."""
        offered = re.search("`([^`]*)`", self.errors[0].hint)
        fixes = [fix.text for fix in self.errors[0].fixes]
        return self.placed and self.word in (fixes or (offered and offered[1],))


def typos(count: int, seed: int) -> Iterator[Typo]:
    random = Random(seed)
    while count:
        text, word = random.choice(SITES)
        written = misspelt(word[1], random)
        if not re.fullmatch(r"[A-Za-z_]\w*", written):
            continue
        source = Source("typo.nn", text[: word.start()] + written + text[word.end() :])
        try:
            understand(source)
        except SpecError as error:
            yield Typo(word[1], written, word.start(), error.diagnostics)
            count -= 1


def test_typos_are_found_and_corrected(request: pytest.FixtureRequest) -> None:
    """Where a spec defines a name and uses it once, either may be the typo: the error
    is at the use, and at most 3 % of all typos are in such a definition."""
    count = 500 if request.config.getoption("--all") else 100
    found = list(typos(count, 12))
    misplaced = [each for each in found if not each.placed]
    wrong = [each for each in found if not each.suggested]
    assert len(misplaced) <= 0.03 * count, misplaced
    assert len(wrong) <= 0.05 * count, wrong


def test_a_typo_is_one_error(request: pytest.FixtureRequest) -> None:
    count = 500 if request.config.getoption("--all") else 100
    several = [each for each in typos(count, 34) if len(each.errors) > 1]
    assert len(several) <= 0.01 * count, several
