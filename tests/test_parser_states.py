"""A message for every word in every state of the parser that cannot stand there."""

from __future__ import annotations

import re

import pytest
from lark.parsers.lalr_analysis import Shift
from reference.parser_states import DEPTH, Automaton, Words

from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Diagnostic, Source
from nndsl.syntax.advice import ADVICE
from nndsl.syntax.parse import parse
from nndsl.syntax.situations import SITUATIONS

AUTOMATON = Automaton()
PLACES = AUTOMATON.places()
WRITTEN = {
    "NAME": "word",
    "NUMBER": "3",
    "PERCENT": "5%",
    "TEXT": '"text"',
    "EQUAL": "=",
    "COMMA": ",",
    "LPAR": "(",
    "RPAR": ")",
    "LBRACE": "{",
    "RBRACE": "}",
    "_END": ";",
    "$END": "",
    "SIGN": "-",
    "STAR": "*",
    "SLASH": "/",
    "CARET": "^",
    "COMPARISON": "<",
    "PIPE": "|",
    "COLON": ":",
    "DOTS": "..",
}
NAMES = {"_END": "the end of", "$END": "the end of"}


def text(words: Words) -> str:
    return " ".join(WRITTEN[kind] for kind in words)


def first_mistake(spec: str) -> Diagnostic | None:
    try:
        parse(Source("test.nn", spec))
    except SpecError as error:
        return error.diagnostics[0]
    return None


def test_every_state_that_a_word_leads_to_is_reached() -> None:
    """A state entered by completing a rule never sees a new word: the one it was
    entered with was accepted or refused before."""
    states = AUTOMATON.reachable_from_start()
    entered = {
        target
        for state in states
        for kind, (action, target) in AUTOMATON.actions[state].items()
        if action is Shift and kind in AUTOMATON.kinds
    }
    assert {state for state, _ in PLACES} == entered | set(AUTOMATON.start)
    assert len(entered) > 30


def test_every_state_belongs_to_one_situation() -> None:
    for (_, accepted), words in PLACES.items():
        holding = [each.name for each in SITUATIONS if each.holds(accepted)]
        assert len(holding) == 1, (text(words), sorted(accepted), holding)


def test_every_situation_has_a_state_and_advice() -> None:
    accepted = {each for _, each in PLACES}
    names = {each.name for each in SITUATIONS}
    assert len(names) == len(SITUATIONS)
    for each in SITUATIONS:
        assert any(each.holds(kinds) for kinds in accepted), each.name
        assert (each.name, "") in ADVICE
        for kind in each.always:
            assert (each.name, kind) not in ADVICE, "this word may stand there"
    for name, kind in ADVICE:
        assert name in names
        assert not kind or kind in AUTOMATON.kinds


def test_deeper_stacks_bring_nothing_new() -> None:
    deeper = {accepted for _, accepted in AUTOMATON.places(DEPTH + 1)}
    assert deeper == {accepted for _, accepted in PLACES}


@pytest.mark.parametrize("words", PLACES.values(), ids=text)
def test_every_wrong_word_is_explained(words: Words) -> None:
    accepted = next(kinds for (_, kinds), row in PLACES.items() if row == words)
    before = text(words)
    for kind in sorted({*AUTOMATON.kinds} - accepted):
        spec = f"{before} {WRITTEN[kind]}"
        mistake = first_mistake(spec)
        if kind in ("_END", "$END") and mistake is None:
            assert before in ("", "word {", "word ;"), "an empty line is none"
            continue
        assert mistake, spec
        said = f"{mistake.label} {mistake.hint}"
        assert re.fullmatch(r"E02\d|E03\d", mistake.code), said
        assert mistake.label and mistake.hint, spec
        assert not re.search(r"[{}]\w|\w[{}]|None", said.replace("`", "")), said
        marked = spec[mistake.span.start : mistake.span.end]
        assert mistake.span.end >= len(before) or marked in "({", (spec, said)
        shown = WRITTEN[kind] or NAMES[kind]
        about = (
            shown,
            words[-1:] and WRITTEN[words[-1]],
            "comma",
            "block",
            "parenthes",
        )
        assert any(word and word in said for word in about), (spec, said)
