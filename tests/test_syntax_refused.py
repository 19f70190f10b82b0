"""Reading specs: what is refused, and that any text is read or explained."""

from __future__ import annotations

import gzip
import logging
import re
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import Lark, logger
from reference.reading import TEXTS, read, refusals

from nndsl import limits, resources
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.layout import RENDERERS, render_text
from nndsl.diagnostics.record import Source
from nndsl.syntax.characters import decode
from nndsl.syntax.parse import parse


@pytest.mark.parametrize(
    "text",
    [
        "10abc",
        "1.",
        "1__0",
        "1_",
        "_1%",
        "1.5.5",
        "1e",
        "0x10",
        "1e5x",
        "3..x.4",
        "20%%",
        "5%x",
        "1.e3",
        "٣",
        "1é",
    ],
)
def test_malformed_words(text: str) -> None:
    assert refusals(f"dense {text}")[0][0] in {"E004", "E005", "E006"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\rb", [("E003", "\r")]),
        ("a\x00b", [("E003", "\x00")]),
        ("a # \x1b[2J", [("E003", "\x1b")]),
        ("a # \u202e", [("E003", "\u202e")]),
        ("a\u2028b", [("E003", "\u2028")]),
        ("a\ufeff", [("E003", "\ufeff")]),
        ("a \ud800", [("E003", "\ud800")]),
        ("a\x0cb\x0b", [("E003", "\x0c"), ("E003", "\x0b")]),
        ("a\u00a0b", [("E004", "\u00a0")]),
        ("a { b", [("E021", "{")]),
        ("f(", [("E020", "(")]),
        ("a\nb }c\n {\nd\n}", [("E022", "}")]),
        ("a {\n x = \n}\nb =", [("E023", ""), ("E023", "")]),
        ("m = " + "(" * 51 + "1" + ")" * 51, [("E012", "(")]),
        ("a {" * 51 + "}" * 51, [("E012", "{")]),
        ("m = " + "-" * 60 + "1", [("E013", "-" * 60 + "1")]),
        ("x " + "f(1, " * 40 + "1" + ")" * 40 + "\n)", [("E022", ")")]),
        ("a b(" + "1," * 600 + "1)", [("E013", "b(" + "1," * 600 + "1)")]),
    ],
)
def test_refused(text: str, expected: list[tuple[str, str]]) -> None:
    assert refusals(text) == expected


def test_limits_are_reached_without_complaint() -> None:
    assert read("m = " + "(" * 50 + "1" + ")" * 50).lines
    assert read("m = " + "-" * 49 + "1").lines
    assert read(f"network {'a' * limits.TEXT_LENGTH}").lines
    assert len(read("dense 3\n" * 20_000).lines) == 20_000


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"network \xff", "E001"),
        ("a é".encode("latin-1"), "E001"),
        ("network A".encode("utf-16"), "E001"),
        (b"a\n" * (limits.SPEC_BYTES // 2) + b"a", "E002"),
    ],
)
def test_bytes_that_are_no_spec(data: bytes, code: str) -> None:
    with pytest.raises(SpecError) as caught:
        decode(data, "test.nn")
    assert [each.code for each in caught.value.diagnostics] == [code]
    assert str(caught.value)


SPEC = TEXTS[0] + "# é"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (SPEC.encode("utf-16"), "UTF-16 is not UTF-8"),
        (SPEC.encode("utf-16-le"), "UTF-16 is not UTF-8"),
        (SPEC.encode("utf-16-be"), "UTF-16 is not UTF-8"),
        (SPEC.encode("utf-32"), "UTF-32 is not UTF-8"),
        (
            b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\0>\0\x01\0\0\0\xd0a",
            "this is not text",
        ),
        (gzip.compress(SPEC.encode(), mtime=0), "this is not text"),
        (bytes(40), "this is not text"),
    ],
    ids=["UTF-16", "UTF-16-LE", "UTF-16-BE", "UTF-32", "ELF", "gzip", "zeros"],
)
def test_bytes_of_another_kind_are_named_and_not_shown(data: bytes, said: str) -> None:
    with pytest.raises(SpecError) as caught:
        decode(data, "test.nn")
    assert str(caught.value) == (
        "test.nn:1:1: error[E001]: not UTF-8\n 1 |\n"
        f"   | ^ {said}\n   = a spec is text; save it as UTF-8\n"
    )


def test_the_first_byte_that_is_not_utf_8_is_shown_in_its_place() -> None:
    with pytest.raises(SpecError) as caught:
        decode("# one\n# zwei für\n# drei für\n".encode("latin-1"), "test.nn")
    assert str(caught.value) == (
        "test.nn:2:9: error[E001]: not UTF-8\n"
        " 2 | # zwei f\ufffdr\n"
        "   |         ^ byte 0xfc is not UTF-8\n"
        "   = a spec is text; save it as UTF-8\n"
    )


def test_too_many_words() -> None:
    assert refusals("a;" * (limits.WORDS // 2) + "b") == [("E014", "b")]


def test_text_too_large() -> None:
    assert refusals("é" * (limits.SPEC_BYTES // 2 + 1))[0][0] == "E002"


def test_columns_count_characters() -> None:
    with pytest.raises(SpecError) as caught:
        read('a "数据\u0301" 1x')
    (mistake,) = caught.value.diagnostics
    assert (mistake.span.line, mistake.span.column) == (1, 9)


def test_the_grammar_has_no_conflicts(caplog: pytest.LogCaptureFixture) -> None:
    level = logger.level
    logger.addHandler(caplog.handler)
    logger.setLevel(logging.DEBUG)
    try:
        grammar = resources.read("grammar", "nn.lark")
        Lark(grammar, parser="lalr", lexer="basic", start="file", debug=True)
    finally:
        logger.setLevel(level)
        logger.removeHandler(caplog.handler)
    assert "conflict" not in caplog.text.lower()


WORDS = (
    *("a", "3", "20%", '"t"', "=", ",", "(", ")", "{", "}", ";", "\n"),
    *("+", "*", "/", "^", "<", "|", ":", "..", "**", ":=", "1x", "é", '"', "'", "?"),
)
BEGINNINGS = (
    *("", "a", "a 3", "a b c", "f(a)", "a f(a)", "a b=", "a b=-", "a b=3", "a 3,"),
    *("a |", "m =", "m = a", "m = a +", "m = -", "m = (", "m = (a", "m = a < b"),
    *("f(", "f(a", "f(a,", "f(a=", "f(a=3", "f(a=3 in", "f(a in 0", "f(a in 0.."),
    *("f(a in 0..1", "k f(x) =", "k f(x) = x", "a {", "a { b", "a { b;", "a { }"),
)


@pytest.mark.one_in(3)
@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_every_word_after_every_beginning_is_read_or_explained(beginning: str) -> None:
    for following in product(WORDS, WORDS):
        text = f"{beginning} {' '.join(following)}"
        try:
            read(text)
        except SpecError as error:
            for mistake in error.diagnostics:
                assert mistake.label
                assert 0 <= mistake.span.start <= mistake.span.end <= len(text)
            message = str(error)
            assert not re.search(r"(?i)\b(token|terminal|lalr|parser)", message)
            assert not re.search(r"[A-Z]{4,}", re.sub(r"U\+.*", "", message))


def survives(text: str) -> None:
    """Reading gives a tree or a SpecError, and every form of its message exists."""
    source = Source("test.nn", text)
    try:
        parse(source)
    except SpecError as error:
        message = render_text(error.source, error.diagnostics)
        assert re.fullmatch(r"[^\x00-\x09\x0b-\x1f\x7f-\x9f]+", message)
        for render in RENDERERS.values():
            assert render([(error.source, error.diagnostics)])


ALPHABET = st.one_of(
    st.sampled_from("(){}=,;|:./%+-*^<>!\"'#\\ \n\t\r0123456789abe_é\x1b\ufeff"),
    st.characters(),
)


@given(st.text(ALPHABET, max_size=80))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_explained(text: str) -> None:
    survives(text)


@given(st.binary(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_explained(data: bytes) -> None:
    try:
        survives(decode(data, "test.nn").text)
    except SpecError as error:
        assert str(error)


@st.composite
def edited_specs(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        other = draw(st.one_of(st.text(ALPHABET, max_size=6), st.sampled_from(WORDS)))
        text = text[:start] + other + text[end:]
    return text


@given(edited_specs())
@settings(max_examples=300, deadline=None)
def test_edited_specs_are_read_or_explained(text: str) -> None:
    survives(text)
