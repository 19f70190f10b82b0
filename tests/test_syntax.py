"""Reading specs: what the tree says, where it says it stands, and what is refused."""

from __future__ import annotations

import dataclasses
import gzip
import logging
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nndsl import limits
from nndsl.diagnostics.record import Source, SpecError
from nndsl.diagnostics.render import RENDERERS, render_text
from nndsl.resources import folder
from nndsl.syntax import spans
from nndsl.syntax.parse import decode, parse
from nndsl.syntax.tree import (
    Argument,
    Assignment,
    Binary,
    Call,
    Comment,
    Definition,
    Expression,
    File,
    Line,
    Mark,
    Name,
    Number,
    Option,
    Percent,
    Span,
    Statement,
    Text,
    Unary,
)

SPECS = sorted((Path(__file__).parent.parent / "specs").glob("*.nn"))
TEXTS = [path.read_text(encoding="utf-8") for path in SPECS]


def read(text: str) -> File:
    return parse(Source("test.nn", text))


def refusals(text: str) -> list[tuple[str, str]]:
    """The code and the marked text of every mistake."""
    with pytest.raises(SpecError) as caught:
        read(text)
    return [
        (each.code, text[each.span.start : each.span.end])
        for each in caught.value.diagnostics
    ]


def line(text: str) -> Line:
    (only,) = read(text).lines
    return only


def formula(text: str) -> Expression:
    statement = line(f"y = {text}")
    assert isinstance(statement, Assignment)
    return statement.value


def spelled(node: Expression) -> str:
    """A formula with all its parentheses."""
    match node:
        case Binary(operator, left, right):
            return f"({spelled(left)}{operator}{spelled(right)})"
        case Unary(operator, operand):
            return f"({operator}{spelled(operand)})"
        case Call(name, arguments):
            return f"{name.text}[{','.join(spelled(a.value) for a in arguments)}]"
        case Text(value):
            return repr(value)
        case _:
            return node.text


def nodes(tree: object) -> Iterator[object]:
    """Every tree node below and including `tree`, in the order of the file."""
    if isinstance(tree, tuple):
        for item in tree:
            yield from nodes(item)
    elif dataclasses.is_dataclass(tree) and not isinstance(tree, Span):
        yield tree
        for field in dataclasses.fields(tree):
            yield from nodes(getattr(tree, field.name))


@pytest.mark.parametrize("text", TEXTS, ids=[path.stem for path in SPECS])
def test_spans_of_specs(text: str) -> None:
    for node in nodes(read(text)):
        if isinstance(node, File):
            continue
        span = node.span  # every other node has one
        source = text[span.start : span.end]
        assert span == spans.at(text, span.start, span.end)
        match node:
            case Name(word) | Number(word) | Percent(word) | Mark(word):
                assert source == word
            case Text(value):
                assert source == f'"{value}"'
            case Comment(words):
                assert source == f"# {words}"
            case Call(name):
                assert source.startswith(name.text) and source.endswith(")")
            case Option(key, value) | Argument(Name() as key, value, None):
                inside = text[value.span.start : value.span.end]
                assert re.fullmatch(
                    rf"{key.text}\s*=\s*{re.escape(inside)}", source, re.DOTALL
                )
            case Statement(head, _, block):
                assert source.startswith(head.text)
                assert block is None or source.endswith("}")
            case _:
                assert source == source.strip()


@pytest.mark.parametrize("text", TEXTS, ids=[path.stem for path in SPECS])
def test_every_word_of_a_spec_is_in_its_tree(text: str) -> None:
    leaves = Name | Number | Percent | Mark
    words = [node.text for node in nodes(read(text).lines) if isinstance(node, leaves)]
    code = re.sub(r"#.*", "", text)
    written = re.findall(r"\d[\d_.]*(?:e-\d+)?%?|[A-Za-z_]\w*", code.replace("..", " "))
    told = [word for word in words if re.match(r"\w", word)]
    assert told == written


@pytest.mark.parametrize("text", TEXTS, ids=[path.stem for path in SPECS])
def test_blanks_comments_and_line_ends_change_nothing(text: str) -> None:
    tree = read(text)
    assert read(re.sub(r" *#.*", "", text)) == tree
    assert read(text.replace("    ", "\t")) == tree
    assert read(text.replace("\n", "\r\n")) == tree
    assert read(text.replace("\n", "  # remark, (of } any kind\n")) == tree
    assert read(text.rstrip("\n")) == tree
    assert read("\n\n" + text.replace("\n", "\n\n") + "\n") == tree
    assert decode(text.encode("utf-8-sig"), "test.nn").text == text


FORMULAS = {
    "a + b * c": "(a+(b*c))",
    "a - b - c": "((a-b)-c)",
    "a / b * c": "((a/b)*c)",
    "a ^ b ^ c": "(a^(b^c))",
    "-x ^ 2": "(-(x^2))",
    "2 ^ -x": "(2^(-x))",
    "2 ^ -x ^ 3": "(2^(-(x^3)))",
    "2 ^ -x * 3": "((2^(-x))*3)",
    "-x * y": "((-x)*y)",
    "a * -b + c": "((a*(-b))+c)",
    "--x": "(-(-x))",
    "+x - -y": "((+x)-(-y))",
    "a + b < c * d": "((a+b)<(c*d))",
    "(a < b) * (b < c)": "((a<b)*(b<c))",
    "(a + b) * c": "((a+b)*c)",
    "f (x, 2)": "f[x,2]",
    "f() != g(-x)": "(f[]!=g[(-x)])",
    "f((a), b=(c))": "f[a,c]",
}


@pytest.mark.parametrize(("text", "expected"), FORMULAS.items())
def test_operators_bind_as_in_mathematics(text: str, expected: str) -> None:
    assert spelled(formula(text)) == expected


def test_parentheses_belong_to_the_span() -> None:
    text = "y = (a + b) * c"
    product_ = formula("(a + b) * c")
    assert isinstance(product_, Binary)
    assert text[product_.span.start : product_.span.end] == "(a + b) * c"
    assert text[product_.left.span.start : product_.left.span.end] == "(a + b)"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("1_000", 1000),
        ("007", 7),
        ("0.5", 0.5),
        (".5", 0.5),
        ("1e-3", 1e-3),
        ("1_0.5E+2", 1050.0),
        ("1e308", 1e308),
        ("0e999", 0.0),
        ("9" * 200, int("9" * 200)),
    ],
)
def test_numbers(text: str, value: float) -> None:
    node = formula(text)
    assert isinstance(node, Number)
    assert node.value == value
    assert type(node.value) is type(value)


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


def test_parts_of_a_statement() -> None:
    statement = line('input a, "b c", 0.5 in -1..16 70%/30% x|y: l2=-5e-4 f(g)')
    assert isinstance(statement, Statement)
    assert [len(group) for group in statement.groups] == [1, 1, 15]
    kinds = [type(part).__name__ for part in statement.groups[2]]
    assert kinds[:7] == [
        "Number",
        "Name",
        "Mark",
        "Number",
        "Mark",
        "Number",
        "Percent",
    ]
    assert statement.groups[1][0] == Text("b c", spans.at("", 0, 0))
    option = statement.groups[2][-2]
    assert isinstance(option, Option)
    assert spelled(option.value) == "(-5e-4)"


def test_escapes_in_quoted_text() -> None:
    node = formula(r'"a\"b\\c\td\n"')
    assert isinstance(node, Text)
    assert node.value == 'a"b\\c\td\n'


def test_state_is_a_statement_and_activation_a_definition() -> None:
    state = line("state m = 0")
    assert isinstance(state, Statement)
    (((option,),)) = state.groups
    assert isinstance(option, Option)
    assert (option.key.text, spelled(option.value)) == ("m", "0")
    bent = line("activation bent(x, a=1 in 0..a+1) = x * a")
    assert isinstance(bent, Definition)
    limit = bent.head.arguments[1].limits
    assert limit is not None
    assert (limit.word.text, spelled(limit.low), spelled(limit.high)) == (
        "in",
        "0",
        "(a+1)",
    )


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a\nb", 2),
        ("a;b; c\n;d;\n", 4),
        ("a b,\n c", 1),
        ("a b\n, c", 1),
        ("m =\n 3", 1),
        ("m = 3\n + 4", 1),
        ("m = 3 +\n 4", 1),
        ("split 70%\n / 30%", 1),
        ("target t: a\n | b", 1),
        ("loss f(a,\n\n b\n)", 1),
        ("loss f(a in\n 0..1)", 1),
        ("loss f(a\n in 0..1)", 1),
        ("a\n{\n b\n}\nc", 2),
        ("a { b; c }\nd", 2),
        ("a # note,\nb", 2),
        ("", 0),
        ("\n;\n", 0),
        ("# only a comment", 0),
        ("\ufeffa", 1),
    ],
)
def test_what_ends_a_statement(text: str, count: int) -> None:
    assert len(read(text).lines) == count


def test_comments_are_kept_with_their_places() -> None:
    text = "#  two\na # one, {\n#\n"
    assert [comment.text for comment in read(text).comments] == [" two", "one, {", ""]
    assert [comment.span.line for comment in read(text).comments] == [1, 2, 3]


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
            "this is no text",
        ),
        (gzip.compress(SPEC.encode()), "this is no text"),
        (bytes(40), "this is no text"),
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
    from lark import Lark, logger

    level = logger.level
    logger.addHandler(caplog.handler)
    logger.setLevel(logging.DEBUG)
    try:
        text = (folder("grammar") / "nn.lark").read_text(encoding="utf-8")
        Lark(text, parser="lalr", lexer="basic", start="file", debug=True)
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
