"""Templates lay out: they neither decide nor compute, and print only Code."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import nodes

from nndsl.render.environment import environment
from nndsl.render.escape import Code, code, comment, literal, name, number, prose
from nndsl.resources import folder

TEMPLATES = sorted(
    path.relative_to(folder("templates")).as_posix()
    for path in Path(folder("templates")).rglob("*.jinja")
)
ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.For,
    nodes.If,
    nodes.Include,
    nodes.Filter,
    nodes.Const,
    nodes.Tuple,
)


def _is_path(node: nodes.Node) -> bool:
    while isinstance(node, nodes.Getattr):
        node = node.node
    return isinstance(node, nodes.Name)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_only_lays_out(template: str) -> None:
    text = Path(folder("templates"), template).read_text()
    assert text.startswith("{#"), "the first line names the context"
    tree = environment().parse(text)
    for node in tree.find_all(nodes.Node):
        assert isinstance(node, ALLOWED), f"{type(node).__name__} in {template}"
    for test in tree.find_all(nodes.If):
        assert _is_path(test.test), f"{template}: an if decides"
        assert not test.elif_
    for loop in tree.find_all(nodes.For):
        assert _is_path(loop.iter)
        assert loop.test is None
    for used in tree.find_all(nodes.Filter):
        assert used.name in ("indent", "join")
        assert all(isinstance(argument, nodes.Const) for argument in used.args)


@pytest.mark.parametrize("value", ["text", 1, 1.5, None, True, ("a",)])
def test_only_code_is_printed(value: object) -> None:
    template = environment().from_string("{{ value }}")
    assert template.render(value=code("x = 1")) == "x = 1"
    with pytest.raises(TypeError, match="Code"):
        template.render(value=value)


def test_filters_keep_the_marker() -> None:
    lines = (code("a"), code("b"))
    template = environment().from_string('{{ lines | join("\n\n") | indent(2) }}')
    assert template.render(lines=lines) == "  a\n\n  b"
    with pytest.raises(TypeError, match="Code"):
        template.render(lines=("a", "b"))


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
