"""Random edits of valid specs: each compiles to Python that runs, or is explained."""

from __future__ import annotations

import ast
from random import Random

import pytest
from conftest import SPECS
from reference.modules import model_class
from reference.networks import EACH, spec

from nndsl import SpecError, compile_text
from nndsl.api import module_of

TEXTS = [path.read_text("utf-8") for path in SPECS]
TEXTS += [spec(last=last, loss=loss) for loss, (_, last, _) in EACH.items()]
WORDS = sorted({word for text in TEXTS for word in text.split()})
NUMBERS = ["0", "1", "2", "-1", "1e-30", "1e30", "0.5", "100%", "12_000", "1e999"]
EDITS, FEW = 300, 60


def edited(random: Random) -> str:
    """A spec with one or two of its words changed, left out, doubled or swapped.

    Words are whole, so that many of the results still are specs.
    """
    lines = [line.split(" ") for line in random.choice(TEXTS).split("\n")]
    for _ in range(random.randint(1, 2)):
        line = random.choice([each for each in lines if any(each)])
        place = random.choice([i for i, word in enumerate(line) if word])
        match random.randrange(6):
            case 0:
                line[place] = random.choice(WORDS)
            case 1:
                line[place] = random.choice(NUMBERS)
            case 2:
                del line[place]
            case 3:
                line.insert(place, random.choice(WORDS))
            case 4:
                lines.remove(line)
            case _:
                lines.insert(random.randrange(len(lines)), list(line))
        if not any(any(each) for each in lines):
            return "\n"
    return "\n".join(" ".join(line) for line in lines)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A fixed few of the edits, or all of them with `--all`."""
    if "seed" in metafunc.fixturenames:
        seeds = range(EDITS if metafunc.config.getoption("--all") else FEW)
        metafunc.parametrize("seed", seeds)


def test_edited_spec_compiles_or_is_explained(seed: int) -> None:
    text = edited(Random(seed))
    style = "fast" if seed % 2 else "textbook"
    try:
        compiled = compile_text(text, "edited.nn", style=style)
    except SpecError as error:
        assert error.diagnostics
        assert "edited.nn" in str(error)
    else:
        ast.parse(compiled)
        assert model_class(module_of(compiled, "edited.nn"))().parameters_ is None


def test_many_edits_compile() -> None:
    """Else the test above would only be one of the checker."""

    def compiles(seed: int) -> bool:
        try:
            compile_text(edited(Random(seed)))
        except SpecError:
            return False
        return True

    assert sum(map(compiles, range(FEW))) > FEW / 10
