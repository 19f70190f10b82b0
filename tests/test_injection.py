"""No text of a spec becomes code: columns, labels, comments and names, from a spec on.

The syntax tree of the module, with constants and names blanked, is that of a module
whose spec has harmless words in the same places.
"""

from __future__ import annotations

import ast
import contextlib
from functools import cache

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from nndsl import SpecError, compile_text
from nndsl.api import module_of
from nndsl.program.in_place import Style
from nndsl.render.module.module import MARK, digest

NASTY = [
    '"""',
    "'''",
    "\\",
    '\\"',
    "'",
    "{x}",
    "{{ view }}",
    "{% raw %}",
    "%s",
    "# coding: utf-7",
    "+AG8AcwAuAHMAeQBzAHQAZQBt-",
    "import os",
    "__import__('os').system('id')",
    "\\x00",
    "\\N{BULLET}",
    "\r",
    "\x0c",
    "\x1a",
    "\x85",
    "\u2028",
    "\u2029",
    "\u202e",
    "\u2066",
    "\ufeff",
    "\u200b",
    "𝐧𝐩",
    "\U0001f40d",
    "ſ",
    "\t",
    "x" * 190,
]
REFUSED = NASTY[15:24]
# controls, marks of direction and line ends of Unicode are refused everywhere
READABLE = st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp"))
ANY_TEXT = st.text(READABLE, max_size=40)
TEXTS = st.one_of(
    ANY_TEXT,
    st.lists(st.one_of(st.sampled_from(NASTY[:16]), ANY_TEXT), max_size=4).map("".join),
)
STYLES = st.sampled_from(["textbook", "fast"])
IDENTIFIERS = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,9}", fullmatch=True)


def quoted(text: str) -> str:
    """A string of the language."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n") + '"'


def spec(
    columns: tuple[str, str] = ('"a"', '"b"'),
    labels: tuple[str, str] = ('"x"', '"y"'),
    target: str = '"k"',
    network: str = "Harmless",
    layer: str = "first",
    formula: str = "bend",
    parameter: str = "much",
    comment: str = "",
) -> str:
    return (
        f"# {comment}\n"
        f"activation {formula}(x, {parameter}=0.7) = x * tanh({parameter} * x)\n"
        f"network {network} {{\n"
        f"    input {', '.join(columns)}\n"
        f"    dense 3 {formula} name={layer}\n"
        f"    dense 2 softmax # {comment.partition(chr(10))[0]}\n"
        f"    target {target}: {' | '.join(labels)}\n"
        "    loss categorical_crossentropy\n"
        "    metrics accuracy, f1\n"
        "    train { scale standard; missing mean; class_weights balanced\n"
        "            split 80% / 10% / 10% }\n"
        "}\n"
    )


class Blanked(ast.NodeTransformer):
    """Takes constants and names away, and writes `a, b = c, d` as two assignments."""

    def visit_Assign(self, node: ast.Assign) -> ast.AST | list[ast.AST]:
        match node:
            case ast.Assign(
                targets=[ast.Tuple(elts=left)], value=ast.Tuple(elts=right)
            ) if len(left) == len(right):
                pairs = zip(left, right, strict=True)
                made = [ast.Assign([one], other) for one, other in pairs]
                return [self.generic_visit(each) for each in made]
            case _:
                return self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant(type(node.value).__name__)

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for field in ("id", "name", "arg"):
            if isinstance(getattr(node, field, None), str):
                setattr(node, field, "_")
        return node


def blanked(text: str) -> str:
    """The shape of a module's code; read as Python reads a file, from bytes."""
    return ast.dump(Blanked().visit(ast.parse(text.encode("utf-8"))))


@cache
def harmless(style: Style) -> str:
    return blanked(compile_text(spec(), "harmless.nn", style=style))


def compiled(text: str, style: Style) -> str | None:
    """The module, or None for a spec that is refused."""
    try:
        return compile_text(text, "any.nn", style=style)
    except SpecError as error:
        assert error.diagnostics
        return None


def constants(text: str, *names: str) -> list[list[object]]:
    """The lists that a module assigns to these names."""
    found = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        if node.targets[0].id in names
    }
    return [found[name] for name in names]


def strings_of(text: str) -> set[object]:
    """The values of all literals of a module."""
    nodes = ast.walk(ast.parse(text))
    return {node.value for node in nodes if isinstance(node, ast.Constant)}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A dozen examples of each property, or ten times as many with `--all`."""
    if "part" in metafunc.fixturenames:
        parts = range(10 if metafunc.config.getoption("--all") else 1)
        metafunc.parametrize("part", parts)


def expect(text: str, style: Style) -> None:
    first, _, rest = text.partition("\n")
    assert first == f"{MARK}{digest(rest)}"
    assert "\r" not in text and "\x00" not in text
    shape = "no Python at all"
    with contextlib.suppress(SyntaxError):
        shape = blanked(text)
    assert shape == harmless(style)


EXAMPLES = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


@EXAMPLES
@given(
    columns=st.tuples(TEXTS, TEXTS),
    labels=st.tuples(TEXTS, TEXTS),
    target=TEXTS,
    style=STYLES,
)
def test_columns_and_labels_are_data(
    part: int,
    columns: tuple[str, str],
    labels: tuple[str, str],
    target: str,
    style: Style,
) -> None:
    columns = (f"a{columns[0]}", f"b{columns[1]}")  # no name stands twice
    labels = (f"{labels[0]}a", f"{labels[1]}b")
    target = f"c{target}"
    strings = [quoted(text) for text in (*columns, *labels, target)]
    first, second, third, fourth, fifth = strings
    text = compiled(spec((first, second), (third, fourth), fifth), style)
    assume(text is not None)
    assert text is not None
    expect(text, style)
    assert constants(text, "FEATURES", "CLASSES") == [list(columns), list(labels)]
    assert target in strings_of(text)


@EXAMPLES
@given(comment=TEXTS, style=STYLES)
def test_comments_stay_comments(part: int, comment: str, style: Style) -> None:
    text = compiled(spec(comment=comment.replace("\n", " ")), style)
    assume(text is not None)
    assert text is not None
    expect(text, style)


@EXAMPLES
@given(
    network=IDENTIFIERS,
    layer=IDENTIFIERS,
    formula=IDENTIFIERS,
    parameter=IDENTIFIERS,
    style=STYLES,
)
def test_names_change_no_code(
    part: int, network: str, layer: str, formula: str, parameter: str, style: Style
) -> None:
    words = {
        "network": network,
        "layer": layer,
        "formula": formula,
        "parameter": parameter,
    }
    text = compiled(spec(**words), style)
    assume(text is not None)
    assert text is not None
    expect(text, style)
    assert hasattr(module_of(text, "any.nn"), network)


@pytest.mark.parametrize("number", range(len(NASTY)))
def test_what_has_broken_others(number: int) -> None:
    """Refused, or data; a module that comes of it can be imported."""
    text = NASTY[number]
    style: Style = "fast" if number % 2 else "textbook"
    words = quoted(f"a{text}"), quoted(f"{text}b")
    module = compiled(spec(words, words, quoted(f"c{text}")), style)
    assert (module is None) == (text in REFUSED)
    if module is not None:
        expect(module, style)
        named = [f"a{text}", f"{text}b"]
        assert list(map(list, constants(module, "FEATURES", "CLASSES"))) == [named] * 2
        assert module_of(module, "any.nn").Harmless().parameters_ is None
    comments = (text, f"a{text}", f'"""{text}', f"{text}\\")
    module = compiled(spec(comment="\n# ".join(comments)), style)
    if module is not None:
        expect(module, style)


@pytest.mark.parametrize("text", ["\x00", "a\x00b"])
def test_nul_is_refused(text: str) -> None:
    assert compiled(spec(columns=(quoted(text), '"b"')), "textbook") is None


@pytest.mark.parametrize(
    "name",
    [
        "np",
        "math",
        "class",
        "match",
        "print",
        "__class__",
        "self",
        "Parameters",
        "𝐧𝐩",
        "é",
    ],
)
def test_names_that_mean_something_are_refused(name: str) -> None:
    assert compiled(spec(network=name), "textbook") is None
    assert compiled(spec(formula=name), "textbook") is None
