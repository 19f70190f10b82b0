"""Templates lay out: they neither decide nor compute, and print only Code."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import TemplateAssertionError, nodes

from nndsl.compiler import understand
from nndsl.diagnostics.record import Source
from nndsl.lower.lower import lower
from nndsl.program.in_place import Style
from nndsl.render.environment import environment, layout_of
from nndsl.render.escape import Code, code, comment, literal, name, number, prose
from nndsl.render.layout import LAYOUTS, rendered
from nndsl.render.module.view import module_view
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
SPECS = sorted((folder("templates").parent / "specs").glob("*.nn"))


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


@pytest.fixture
def render(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """What Jinja makes of a template's text, which our own running agrees with."""

    def both(text: str, **context: object) -> str:
        monkeypatch.setitem(LAYOUTS, "test.jinja", layout_of(text))
        template = environment().from_string(text)
        try:
            expected = template.render(context)
        except TypeError:
            with pytest.raises(TypeError, match="Code"):
                rendered("test.jinja", **context)
            raise
        assert rendered("test.jinja", **context) == expected
        return expected

    return both


@pytest.mark.parametrize("style", ["textbook", "fast"])
@pytest.mark.parametrize("path", SPECS, ids=[path.stem for path in SPECS])
def test_modules_are_laid_out_as_by_jinja(path: Path, style: Style) -> None:
    checked = understand(Source(path.name, path.read_text(encoding="utf-8")))
    program = lower(checked.network)
    view = module_view(checked.network, program, checked.source, style)
    template = environment().get_template("module.py.jinja")
    assert rendered("module.py.jinja", view=view) == template.render(view=view)


@pytest.mark.parametrize("value", ["text", 1, 1.5, None, True, ("a",)])
def test_only_code_is_printed(render: Callable[..., str], value: object) -> None:
    assert render("{{ value }}", value=code("x = 1")) == "x = 1"
    with pytest.raises(TypeError, match="Code"):
        render("{{ value }}", value=value)


def test_filters_keep_the_marker(render: Callable[..., str]) -> None:
    text = '{{ lines | join("\n\n") | indent(2) }}'
    assert render(text, lines=(code("a"), code("b"))) == "  a\n\n  b"
    with pytest.raises(TypeError, match="Code"):
        render(text, lines=("a", "b"))


def test_loops_choices_and_white_space(render: Callable[..., str]) -> None:
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
        "{{ a + b }}",
        "{{ a() }}",
        "{{ a[0] }}",
        "{{ a | upper }}",
        "{{ a | join(b) }}",
        "{% set a = b %}",
        "{% if not a %}{% endif %}",
        "{% if a %}{% elif b %}{% endif %}",
        "{% for a in b if a %}{% endfor %}",
        "{% for a in b %}{% else %}x{% endfor %}",
        "{% for a in b recursive %}{% endfor %}",
        "{% macro a() %}{% endmacro %}",
    ],
)
def test_what_decides_or_computes_is_refused(text: str) -> None:
    with pytest.raises((ValueError, TemplateAssertionError)):
        layout_of(text)


def test_what_is_not_there_is_an_error() -> None:
    LAYOUTS["test.jinja"] = layout_of("{% if view.absent %}{% endif %}")
    with pytest.raises(KeyError):
        rendered("test.jinja")
    with pytest.raises(AttributeError):
        rendered("test.jinja", view=code("x"))
    del LAYOUTS["test.jinja"]


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
