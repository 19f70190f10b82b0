"""Specs damaged by hand and eye: each becomes a program that holds, or is explained."""

from __future__ import annotations

import re
from random import Random

import pytest
from reference.networks import EACH, spec
from reference.reading import TEXTS

from nndsl.compiler import understand
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Source
from nndsl.lower.lower import lower
from nndsl.program.verify import verify

SPECS = [*TEXTS, *(spec(last=last, loss=loss) for loss, (_, last, _) in EACH.items())]
NUMBERS = [
    "0",
    "1",
    "2",
    "-1",
    "--1",
    "0.5",
    "1e-30",
    "1e30",
    "1e999",
    "100%",
    "007",
    "1st",
    "99999999999",
]
NAMES = [
    "input",
    "outputs",
    "classes",
    "features",
    "target",
    "batch_norm",
    "name=w1",
    "in",
    "any",
]
WORD = re.compile(r"\w+|[^\w\s]")


def damaged(random: Random) -> str:
    """A spec with one to three of its words or lines deleted, doubled or swapped, its
    numbers changed, its words misspelt."""
    text = random.choice(SPECS)
    for _ in range(random.randint(1, 3)):
        if random.random() < 0.3:
            text = "\n".join(_rearranged(text.split("\n"), random))
            continue
        words = list(WORD.finditer(text))
        if not words:
            return text
        word, other = random.choice(words), random.choice(words)
        if word[0][0].isdigit() and random.random() < 0.7:
            new = random.choice(NUMBERS)
        else:
            cut = random.randrange(len(word[0]))
            typo = word[0][:cut] + word[0][cut + 1 :]
            new = random.choice(
                ["", f"{word[0]} {word[0]}", other[0], typo, random.choice(NAMES)]
            )
        text = text[: word.start()] + new + text[word.end() :]
    return text


def _rearranged(lines: list[str], random: Random) -> list[str]:
    place, other = random.randrange(len(lines)), random.randrange(len(lines))
    match random.randrange(3):
        case 0:
            del lines[place]
        case 1:
            lines.insert(other, lines[place])
        case _:
            lines[place], lines[other] = lines[other], lines[place]
    return lines


def outcome(text: str) -> bool:
    """Whether the text is a spec; every other exception than SpecError goes on."""
    try:
        network = understand(Source("damaged.nn", text)).network
    except SpecError as error:
        assert error.diagnostics
        assert str(error)
        return False
    verify(lower(network))
    return True


def test_damaged_specs_are_programs_or_explained(
    request: pytest.FixtureRequest,
) -> None:
    count = 100_000 if request.config.getoption("--all") else 400
    fine = 0
    for seed in range(count):
        text = damaged(Random(seed))
        try:
            fine += outcome(text)
        except Exception as error:
            error.add_note(f"seed {seed}:\n{text}")
            raise
    assert fine > count / 20
