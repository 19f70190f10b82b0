"""Jinja as it is used here: it reads the templates, `nndsl.render.layout` runs them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes

from nndsl.render.layout import FILTERS, Layout, only_code
from nndsl.resources import folder, read


@cache
def environment() -> Environment:
    """The environment of the folder `templates`."""
    made = Environment(
        loader=FileSystemLoader(folder("templates")),
        undefined=StrictUndefined,
        finalize=only_code,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        auto_reload=False,
    )
    made.filters = dict(FILTERS)
    made.tests = {}
    made.globals = {}
    return made


def read_layout(template: str) -> Layout:
    """The layout of a template, by its path in `templates/`.

    Raises ValueError for what a template may not do: it lays out, and no more.
    """
    return layout_of(read("templates", template))


def layout_of(text: str) -> Layout:
    """The layout of a template's text."""
    return list(_steps(environment().parse(text).body))


def _steps(body: list[nodes.Node]) -> Iterator[object]:
    for node in body:
        match node:
            case nodes.Output(nodes=printed):
                yield from map(_printed, printed)
            case nodes.If(test=test, body=yes, elif_=[], else_=no):
                yield ["if", _path(test), list(_steps(yes)), list(_steps(no))]
            case nodes.For(
                target=target, iter=rows, body=inner, else_=[], test=None
            ) if not node.recursive:
                yield ["for", _names(target), _path(rows), list(_steps(inner))]
            case nodes.Include(template=nodes.Const(value=str(name))):
                yield ["include", name]
            case nodes.Include(template=name):
                yield ["include named", _path(name)]
            case _:
                raise _refused(node)


def _printed(node: nodes.Node) -> object:
    """Text as it is, or the path of a value with its filters in their order."""
    if isinstance(node, nodes.TemplateData):
        return node.data
    filters: list[list[Any]] = []
    while isinstance(node, nodes.Filter):
        arguments = [_constant(argument) for argument in node.args]
        if node.name not in FILTERS or node.kwargs or node.node is None:
            raise _refused(node)
        filters.insert(0, [node.name, *arguments])
        node = node.node
    return ["print", _path(node), *filters]


def _names(target: nodes.Node) -> list[str]:
    items = target.items if isinstance(target, nodes.Tuple) else [target]
    return [_path(item)[0] for item in items]


def _path(node: nodes.Node) -> list[str]:
    match node:
        case nodes.Name(name=name):
            return [name]
        case nodes.Getattr(node=inner, attr=attribute):
            return [*_path(inner), attribute]
        case _:
            raise _refused(node)


def _constant(node: nodes.Node) -> object:
    if isinstance(node, nodes.Const):
        return node.value
    raise _refused(node)


def _refused(node: nodes.Node) -> ValueError:
    kind = type(node).__name__
    return ValueError(f"line {node.lineno}: a template lays out, it may hold no {kind}")
