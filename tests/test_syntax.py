"""Reading specs: what the tree says, and where it says it stands."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

import pytest
from reference.reading import SPECS, TEXTS, formula, line, read

from nndsl import resources
from nndsl.syntax import spans
from nndsl.syntax.characters import decode
from nndsl.syntax.parse import parser
from nndsl.syntax.tree import (
    Argument,
    Binary,
    Call,
    Comment,
    Definition,
    Expression,
    File,
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


def test_the_grammar_is_the_one_in_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    grammar = resources.read("grammar", "nn.lark").replace("_END: /;|", "_END: /;|&|")
    monkeypatch.setattr("nndsl.syntax.parse.read", lambda *_: grammar)
    parser.cache_clear()
    try:
        assert len(read("a & b & c").lines) == 3
    finally:
        parser.cache_clear()
