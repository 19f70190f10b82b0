"""Specs in colours: Pygments' lexer and the grammar of editors."""

import json
import re
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Error, Keyword, Name, Number

from nndsl.highlighting import NndslLexer, textmate
from nndsl.language.statements import STATEMENTS

ROOT = Path(__file__).parent.parent
SPECS = sorted((ROOT / "specs").glob("*.nn"))
EXTENSION = ROOT / "editors" / "vscode"


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_every_character_of_a_spec_is_known(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tokens = list(NndslLexer(stripnl=False).get_tokens(text))
    assert "".join(value for _, value in tokens) == text
    assert not [value for kind, value in tokens if kind is Error]
    keywords = {value for kind, value in tokens if kind is Keyword}
    assert {"network", "input", "dense", "loss"} <= keywords


def test_words_are_what_they_are_where_they_stand() -> None:
    text = "network A { input 4; dense 3 relu l2=0.1 # dense\n target input: loss }"
    tokens = [(k, v) for k, v in NndslLexer().get_tokens(text) if v.strip()]
    assert (Keyword, "dense") in tokens and (Name.Builtin, "relu") in tokens
    assert (Name.Attribute, "l2") in tokens and (Number, "0.1") in tokens
    assert (Comment.Single, "# dense") in tokens
    assert (Name, "loss") in tokens  # a label
    assert [kind for kind, value in tokens if value == "input"] == [Keyword, Name]


def test_pygments_finds_the_lexer() -> None:
    if not entry_points(group="pygments.lexers", name="nndsl"):
        pytest.skip("nndsl was installed before it had the entry point")
    assert get_lexer_by_name("nndsl").name == "nndsl"


def test_the_grammar_of_the_extension_is_that_of_the_language() -> None:
    path = EXTENSION / "syntaxes" / "nndsl.tmLanguage.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    assert found == textmate(), "run `python editors/make_grammar.py`"
    statement = re.compile(found["patterns"][0]["match"], re.MULTILINE)
    for name in STATEMENTS:
        match = statement.search(f"network A {{\n    {name} 4")
        assert match and match[1] == "network"
        assert statement.findall(f"a 1; {name} 2") == [name]


def test_the_problem_matcher_reads_what_check_prints() -> None:
    package = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))
    pattern = package["contributes"]["problemMatchers"][0]["pattern"][0]
    line = "specs/my net.nn:5:17: error[E101]: unknown name"
    match = re.match(pattern["regexp"], line)
    assert match is not None
    keys = ("file", "line", "column", "severity", "code", "message")
    assert [match[pattern[key]] for key in keys] == [
        *("specs/my net.nn", "5", "17", "error", "E101", "unknown name")
    ]
