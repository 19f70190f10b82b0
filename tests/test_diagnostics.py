"""How mistakes look, and which names are suggested."""

from __future__ import annotations

import json

import pytest

from nndsl.diagnostics.layout import render_github, render_json, render_text
from nndsl.diagnostics.record import Diagnostic, Edit, Related, Source
from nndsl.diagnostics.suggest import distance, suggest
from nndsl.syntax.spans import at

TEXT = "network A {\n\tdense 16 rleu\n\tdense 16 10x\n}\n"
SOURCE = Source("dir/a.nn", TEXT)


def mark(word: str, label: str = "here", hint: str = "") -> Diagnostic:
    start = TEXT.index(word)
    return Diagnostic("E005", at(TEXT, start, start + len(word)), label, hint)


def test_text() -> None:
    related = (Related(at(TEXT, 8, 9), "in this network"),)
    first = mark("10x")
    both = Diagnostic(first.code, first.span, "no number", "write 10", related)
    assert render_text(SOURCE, [both]) == (
        "dir/a.nn:3:11: error[E005]: malformed number\n"
        " 3 |     dense 16 10x\n"
        "   |              ^^^ no number\n"
        " 1 | network A {\n"
        "   |         - in this network\n"
        "   = write 10\n"
    )


def test_nothing_found_says_nothing() -> None:
    assert render_text(SOURCE, []) == ""
    assert json.loads(render_json([(SOURCE, [])])) == []
    assert render_github([(SOURCE, [])]) == ""


@pytest.mark.parametrize(
    ("text", "start", "end", "shown", "marks"),
    [
        ("abc", 3, 3, "abc", "   ^"),
        ("abc\n", 4, 4, "", "^"),
        ("", 0, 0, "", "^"),
        ("a\tbc", 2, 4, "a    bc", "     ^^"),
        ("数据 b", 3, 4, "数据 b", "     ^"),
        ("数据", 0, 2, "数据", "^^^^"),
        ("a\x1b[2Jb", 1, 2, "a\\x1b[2Jb", " ^^^^"),
        ("e\u0301 b", 3, 4, "e\u0301 b", "  ^"),
        ("ab\ncd", 1, 5, "ab", " ^"),
        ("ab\r\ncd", 1, 6, "ab", " ^"),
    ],
)
def test_marks_stand_under_what_they_mark(
    text: str, start: int, end: int, shown: str, marks: str
) -> None:
    diagnostic = Diagnostic("E004", at(text, start, end), "x")
    _, line, under = render_text(Source("a", text), [diagnostic]).splitlines()
    number = diagnostic.span.line
    assert line == f" {number} | {shown}".rstrip()
    assert under == f"   | {marks} x"


def test_long_lines_are_cut_around_the_marks() -> None:
    text = "a" * 500 + "BAD" + "c" * 500
    diagnostic = Diagnostic("E004", at(text, 500, 503), "x")
    _, line, under = render_text(Source("a", text), [diagnostic]).splitlines()
    assert len(line) < 110
    column = line.index("BAD")
    assert under[column : column + 3] == "^^^"
    assert under.count("^") == 3


def test_what_a_terminal_obeys_is_escaped_everywhere() -> None:
    text = "\x1b]0;t\x07\x9b\u202e"
    diagnostic = Diagnostic("E003", at(text, 0, 2), "la\x1bbel", "hi\x9bnt\u2066")
    shown = render_text(Source("na\x1bme", text), [diagnostic])
    assert shown.replace("\n", "").isprintable()
    assert "\\x1b" in shown


def test_json_has_every_fact() -> None:
    diagnostic = mark("10x", "label", "hint")
    edit = Edit(diagnostic.span, "10")
    related = Related(at(TEXT, 0, 7), "there")
    full = Diagnostic("E005", diagnostic.span, "label", "hint", (related,), (edit,))
    (record,) = json.loads(render_json([(SOURCE, [full])]))
    assert record["file"] == "dir/a.nn"
    assert (record["code"], record["severity"]) == ("E005", "error")
    assert (record["title"], record["message"]) == ("malformed number", "label")
    assert record["hint"] == "hint"
    span = record["span"]
    assert TEXT[span["start"] : span["end"]] == "10x"
    assert [span[key] for key in ("line", "column", "end_line", "end_column")] == [
        *(3, 11, 3, 14)
    ]
    assert record["fixes"] == [{"span": span, "text": "10", "certain": True}]
    assert record["related"][0]["message"] == "there"


def test_annotations_cannot_be_broken_out_of() -> None:
    source = Source("a,b:c%\n.nn", TEXT)
    line = render_github([(source, [mark("10x", "50%\n::error::", "hint")])])
    assert line == (
        "::error file=a%2Cb%3Ac%25%0A.nn,line=3,col=11,endLine=3,endColumn=14,"
        "title=E005 malformed number::50%25%0A::error::. hint\n"
    )


@pytest.mark.parametrize(
    ("a", "b", "steps"),
    [
        ("", "", 0),
        ("abc", "", 3),
        ("relu", "relu", 0),
        ("rleu", "relu", 1),
        ("kitten", "sitting", 3),
        ("ca", "abc", 3),
        ("sgmoid", "sigmoid", 1),
        ("dorpuot", "dropout", 2),
    ],
)
def test_distance(a: str, b: str, steps: int) -> None:
    assert distance(a, b) == distance(b, a) == steps


NAMES = (
    *("relu", "relu6", "elu", "selu", "celu", "gelu", "silu"),
    *("sigmoid", "softmax", "softplus", "step", "tanh"),
)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("rleu", ("relu",)),
        ("ReLU", ("relu",)),
        ("sigmiod", ("sigmoid",)),
        ("softmx", ("softmax",)),
        ("xelu", ("selu", "celu", "relu", "elu", "gelu")),
        ("stpe", ("step",)),
        ("banana", ()),
        ("x", ()),
        ("", ()),
    ],
)
def test_suggestions(word: str, expected: tuple[str, ...]) -> None:
    assert suggest(word, NAMES) == expected
