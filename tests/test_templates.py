"""Templates lay out: they compute nothing, and print only Code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError, nodes

from nndsl.render.environment import ENVIRONMENT
from nndsl.render.escape import Code, code, comment, literal, name, number, prose
from nndsl.resources import folder

FOLDER = folder("templates")
TEMPLATES = sorted(path.relative_to(FOLDER) for path in FOLDER.rglob("*.jinja"))
CONDITIONS = (nodes.Not, nodes.And, nodes.Or)
ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.For,
    nodes.If,
    nodes.Include,
    nodes.Macro,
    nodes.Call,
    nodes.Const,
    nodes.Tuple,
    *CONDITIONS,
)


def breaches(text: str) -> Iterator[str]:
    """What a template does besides laying out: loops, choices, includes and macros."""
    tree = ENVIRONMENT.parse(text)
    macros = {macro.name for macro in tree.find_all(nodes.Macro)}
    names = {node.template for node in tree.find_all(nodes.Include)}
    for node in tree.find_all(nodes.Node):
        match node:
            case nodes.If(test=test) if not is_condition(test):
                yield "an if that computes"
            case nodes.For(iter=rows, test=test, else_=else_):
                if not is_path(rows) or test or else_ or node.recursive:
                    yield "a loop that decides"
            case nodes.Include(template=name):
                if not is_path(name) and not isinstance(name, nodes.Const):
                    yield "an include that computes"
            case nodes.Const() if node not in names:
                yield "a constant"
            case nodes.Call(node=called, args=arguments):
                is_macro = isinstance(called, nodes.Name) and called.name in macros
                if not is_macro or not all(map(is_path, arguments)):
                    yield "a call"
            case _ if not isinstance(node, ALLOWED):
                yield type(node).__name__


def is_path(node: nodes.Node) -> bool:
    """Whether it is a name, or an attribute of an attribute ... of a name."""
    while isinstance(node, nodes.Getattr):
        node = node.node
    return isinstance(node, nodes.Name)


def is_condition(node: nodes.Node) -> bool:
    if isinstance(node, CONDITIONS):
        return all(map(is_condition, node.iter_child_nodes()))
    return is_path(node)


def render(text: str, **context: object) -> str:
    return ENVIRONMENT.from_string(text).render(context)


@pytest.mark.parametrize("template", TEMPLATES, ids=str)
def test_a_template_only_lays_out(template: Path) -> None:
    text = (FOLDER / template).read_text(encoding="utf-8")
    assert text.startswith("{#") or "{{" not in text, "the first line names the context"
    assert list(breaches(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "{% if a.b and not (c or d) %}x{% elif e %}y{% else %}z{% endif %}",
        "{% for a, b in c.d %}{{ a }}{{ b.e }}{% endfor %}",
        "{% include a.b %}{% include 'c' %}",
        "{% macro a(b) %}{{ b }}{% endmacro %}{{ a(c.d) }}",
    ],
)
def test_what_lays_out_is_allowed(text: str) -> None:
    assert list(breaches(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "{{ a + b }}",
        "{{ a() }}",
        "{{ a.b(c) }}",
        "{{ a[0] }}",
        "{{ 'a' }}",
        "{{ a | upper }}",
        "{{ a if b else c }}",
        "{% set a = b %}",
        "{% if a == b %}{% endif %}",
        "{% if a is defined %}{% endif %}",
        "{% if not a | length %}{% endif %}",
        "{% if b %}{% elif a > 1 %}{% endif %}",
        "{% for a in b if a %}{% endfor %}",
        "{% for a in b %}{% else %}x{% endfor %}",
        "{% for a in b recursive %}{% endfor %}",
        "{% for a in b.c() %}{% endfor %}",
        "{% include a ~ b %}",
        "{% macro a(b) %}{% endmacro %}{{ a(c + d) }}",
    ],
)
def test_what_decides_or_computes_is_refused(text: str) -> None:
    assert list(breaches(text)) != []


@pytest.mark.parametrize("value", ["text", 1, 1.5, None, True, ("a",)])
def test_only_code_is_printed(value: object) -> None:
    macro = "{% macro shown(x) %}{{ x }}{% endmacro %}{{ shown(value) }}"
    for text in ("{{ value }}", "{{ whole.text }}", macro):
        with pytest.raises(TypeError, match="Code"):
            render(text, value=value, whole=code("x = 1"))


def test_code_is_printed_as_it_stands() -> None:
    assert render("{{ value }}", value=code("a < 'b' & c")) == "a < 'b' & c"
    text = "{% macro row(x) %}<{{ x }}>{% endmacro %}{{ row(value) }}"
    assert render(text, value=code('"&"')) == '<"&">'


def test_loops_choices_and_white_space() -> None:
    text = (
        "{# rows #}\n{% for left, right in rows %}\n"
        "    {% if right.text %}\n  {{ left }} = {{ right }}\n    {% else %}\n"
        "  {{ left }}\n    {% endif %}\n{% for left in more %}\n{{ left }},"
        "{% endfor %}\n{{ left }}\n{% endfor %}\n\n"
    )
    rows = ((code("a"), code("1")), (code("b"), code("")))
    expected = "  a = 1\nc,a\n  b\nc,b\n\n"
    assert render(text, rows=rows, more=(code("c"),)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "{{ absent }}",
        "{{ view.absent }}",
        "{% if view.absent %}{% endif %}",
        "{% if not view.absent %}{% endif %}",
        "{% for line in view.absent %}{% endfor %}",
        "{% include view.absent %}",
    ],
)
def test_what_is_not_there_is_an_error(text: str) -> None:
    with pytest.raises(UndefinedError, match="absent"):
        render(text, view=code("x"))


@given(st.text())
def test_a_literal_is_the_string_and_nothing_else(text: str) -> None:
    printed = literal(text)
    assert type(printed) is Code
    assert ast.literal_eval(printed.text) == text
    assert len(printed.text.splitlines()) <= 1


@given(st.text())
def test_a_comment_cannot_be_left(text: str) -> None:
    printed = comment(text).text
    assert ast.parse(printed + "\n").body == []
    assert all(line.startswith("#") for line in printed.splitlines())
    printed.encode()


@pytest.mark.parametrize(
    "text", ["a\rimport os", "a\fb", "a\x85b", "a\u2028import os", "\x00", "\ud800"]
)
def test_what_ends_a_line_elsewhere_is_shown(text: str) -> None:
    assert comment(text).text.isprintable()


@given(st.text())
def test_prose_cannot_leave_a_docstring(text: str) -> None:
    module = ast.parse(f'"""Words.\n\n{prose(text).text}\n"""\n')
    assert len(module.body) == 1
    assert isinstance(module.body[0], ast.Expr)


@pytest.mark.parametrize("bad", ["1a", "a b", "class", "__name__", "é", "", "a" * 65])
def test_only_identifiers_are_names(bad: str) -> None:
    with pytest.raises(ValueError, match="name"):
        name(bad)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_only_finite_numbers_have_literals(bad: float) -> None:
    with pytest.raises(ValueError, match="literal"):
        number(bad)
