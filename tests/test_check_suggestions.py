"""Misspelt names of the closed sets: where the mistake is, and what is suggested.

Every name is misspelt by leaving a letter out, swapping two, and writing a wrong one.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from nndsl.check.check import check
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Diagnostic, Source
from nndsl.formulas.build.definition import FUNCTIONS
from nndsl.formulas.build.library import library_names
from nndsl.language.initializers import INITIALIZERS
from nndsl.language.metric_table import METRICS
from nndsl.language.settings import SETTINGS
from nndsl.language.statements import DEFINITIONS, STATEMENTS
from nndsl.language.synonyms import SYNONYMS
from nndsl.layers.dense import Dense
from nndsl.layers.registry import LAYERS
from nndsl.syntax.parse import parse

SPEC = """{definition}
network Test {{
    input 4
    dense 8 {activation}
    dense 3 softmax {dense}
    {statement}
    loss {loss}
    metrics {metric}
    train {{ {setting}; optimizer {optimizer} }}
}}
"""
VALID = {
    "definition": "",
    "activation": "relu",
    "dense": "",
    "statement": "",
    "loss": "categorical_crossentropy",
    "metric": "accuracy",
    "setting": "epochs 5",
    "optimizer": "adam",
}
ARGUMENTS = {
    "input": "4",
    "target": "a",
    "dense": "8",
    "dropout": "20%",
    "train": "{}",
    "step": "(surrogate=sigmoid)",
}
ACTIVATIONS = (*library_names("activation"), "softmax")

# For each set: its names, the hole of the spec they go into, and the words around them.
SETS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "statements": ((*STATEMENTS, *LAYERS), "statement", "{} x"),
    "settings": (tuple(SETTINGS), "setting", "{} x"),
    "options": (tuple(each.name for each in Dense.entry.options), "dense", "{}=x"),
    "activations": (ACTIVATIONS, "activation", "{}"),
    "losses": (library_names("loss"), "loss", "{}"),
    "metrics": (tuple(METRICS), "metric", "{}"),
    "optimizers": (library_names("optimizer"), "optimizer", "{}"),
    "schedules": (
        (*library_names("schedule"), "plateau"),
        "optimizer",
        "adam(learning_rate={})",
    ),
    "optimizer options": (
        ("learning_rate", "beta1", "beta2", "epsilon", "weight_decay"),
        "optimizer",
        "adamw({}=0.1)",
    ),
    "initializers": (tuple(INITIALIZERS), "dense", "weights={}"),
    "definitions": (tuple(DEFINITIONS), "definition", "{} bent(x) = x + 1"),
    "functions": (tuple(FUNCTIONS), "definition", "activation bent(x) = x + {}(x)"),
}


def misspellings(name: str, random: Random) -> Iterator[str]:
    letters = "abcdefghijklmnopqrstuvwxyz"
    for place in range(len(name)):
        yield name[:place] + name[place + 1 :]
        if place + 1 < len(name):
            yield name[:place] + name[place + 1] + name[place] + name[place + 2 :]
        yield name[:place] + random.choice(letters) + name[place + 1 :]


def mistakes(text: str) -> tuple[Diagnostic, ...]:
    source = Source("test.nn", text)
    try:
        check(source, parse(source))
    except SpecError as error:
        return error.diagnostics
    return ()


def cases(names: tuple[str, ...], known: set[str]) -> Iterator[tuple[str, str]]:
    random = Random(0)
    for name in names:
        for typo in dict.fromkeys(misspellings(name, random)):
            if typo and typo not in known and not typo[0].isdigit() and len(name) > 1:
                yield name, typo


def reported(text: str, typo: str, start: int, name: str) -> bool:
    """Whether one mistake stands at the typo and offers the name."""
    for each in mistakes(text):
        if each.span.start == start and each.span.end == start + len(typo):
            return f"`{name}`" in each.hint
    return False


@pytest.mark.parametrize("kind", SETS)
def test_misspelt_name(kind: str) -> None:
    names, hole, around = SETS[kind]
    known = {*names, *ACTIVATIONS, "e", "pi", "x"}
    right = total = 0
    wrong: list[str] = []
    for name, typo in cases(names, known):
        words = around.format(typo)
        text = SPEC.format(**{**VALID, hole: words})
        before = text.index(words, SPEC.format(**{**VALID, hole: "\0"}).index("\0"))
        start = before + around.index("{")
        total += 1
        if reported(text, typo, start, name):
            right += 1
        else:
            wrong.append(f"{name}: {typo}")
    assert total >= 20
    assert right >= 0.95 * total, (right, total, wrong)


SYNONYM_SETS = {
    "statement": "statements",
    "definition": "definitions",
    "setting": "settings",
    "activation": "activations",
    "loss": "losses",
    "metric": "metrics",
    "optimizer": "optimizers",
    "schedule": "schedules",
    "initializer": "initializers",
}


@pytest.mark.parametrize("kind", SYNONYM_SETS)
def test_name_of_another_library_gets_the_fix(kind: str) -> None:
    names, hole, around = SETS[SYNONYM_SETS[kind]]
    for synonym, name in SYNONYMS[kind].items():
        assert name in names
        words = around.format(synonym)
        found = mistakes(SPEC.format(**{**VALID, hole: words}))
        fixes = [fix.text for each in found for fix in each.fixes]
        assert name in fixes, (synonym, [each.label for each in found])


def test_checking_does_not_need_numpy() -> None:
    code = (
        "import sys; from nndsl.check.check import check;"
        "from nndsl.syntax.parse import parse;"
        "from nndsl.diagnostics.record import Source;"
        f"source = Source('test.nn', {SPEC.format(**VALID)!r});"
        "check(source, parse(source));"
        "print('numpy' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent,
    )
    assert run.stdout == "False\n"
