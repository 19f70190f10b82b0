"""One edit of a spec is one error: what follows from it is not reported."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

import pytest
from reference.reading import TEXTS, refusals

from nndsl.compiler import understand
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Diagnostic, Source

WORD = re.compile(r"[A-Za-z_]\w*|[\d._]+%?|[^\w\s]")
CHARACTERS = '(){}|/,:;=.+-*^%"#\n09ax '


def edited(random: Random) -> str:
    """A shipped spec with one character, word or line left out, doubled or changed."""
    text = random.choice(TEXTS)
    kind = random.randrange(7)
    if kind < 3:
        place = random.randrange(len(text))
        new = "" if kind == 0 else random.choice(CHARACTERS)
        return text[:place] + new + text[place + (kind != 1) :]
    if kind < 5:
        word = random.choice(list(WORD.finditer(text)))
        new = "" if kind == 3 else f"{word[0]} {word[0]}"
        return text[: word.start()] + new + text[word.end() :]
    lines = text.split("\n")
    place = random.randrange(len(lines))
    lines[place : place + 1] = [] if kind == 5 else [lines[place]] * 2
    return "\n".join(lines)


def errors(count: int, seed: int) -> Iterator[tuple[str, tuple[Diagnostic, ...]]]:
    """The edited specs that are no longer fine, and what is wrong with them."""
    random = Random(seed)
    while count:
        text = edited(random)
        try:
            understand(Source("edited.nn", text))
        except SpecError as error:
            yield text, error.diagnostics
            count -= 1


def test_one_edit_is_one_error(request: pytest.FixtureRequest) -> None:
    """A line broken in two may be two unknown lines, which nobody can tell apart."""
    count = 2000 if request.config.getoption("--all") else 200
    several = [text for text, found in errors(count, 5) if len(found) > 1]
    assert len(several) <= 0.025 * count, several
    assert max(len(found) for _, found in errors(count, 6)) <= 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("network A {\n  b ? c ]\n}", [("E004", "?")]),
        ("network A {\n  b ? c {\n}", [("E004", "?")]),
        ("network A {\n  b s}x\n  c\n}", [("E029", "x")]),
        ("network A {\n  b = (1 ; 2)\n}", [("E020", "(")]),
        ("network A {\n  b = (1; .2, c=3\n}", [("E020", "(")]),
        ("network A {\n  b ?\n  c ]\n}", [("E004", "?"), ("E004", "]")]),
        ("network A {\n  b (\n  c\n}\n)", [("E020", "(")]),
    ],
)
def test_what_follows_from_an_error_of_form(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert refusals(text) == expected


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("network A {\n  train {\n    b\n}\n", "{\n    b"),
        ("network A {\n  train {\n    b\n  }\n", "{\n  train"),
        ("network A\n  b\n}\n", "\n  b"),
        ("network A:\n  b\n}\n", ":\n  b"),
        ("network A {\n  train\n    b\n  }\n}\n", "\n    b"),
        ("network A {\n  b\n}\n}\n", "}\n"),
    ],
    ids=["inner }", "outer }", "outer {", "colon for {", "inner {", "} too many"],
)
def test_a_missing_brace_is_looked_for_where_the_indentation_says(
    text: str, where: str
) -> None:
    with pytest.raises(SpecError) as caught:
        understand(Source("test.nn", text))
    (mistake,) = caught.value.diagnostics
    assert mistake.code in ("E021", "E022")
    assert text.startswith(where, mistake.span.start)
    for fix in mistake.fixes:
        fixed = text[: fix.span.start] + fix.text + text[fix.span.end :]
        assert fixed.count("{") == fixed.count("}")
