"""Templates as they are run: rows of text, holes, choices, loops and other templates.

Jinja reads a template (`nndsl/render/environment.py`).  What it read is plain data: a
command that keeps it does not import Jinja again.

Every value that a template prints must be `Code`, which only the functions of
`nndsl.render.escape` and our own printers make; anything else is a TypeError.  So no
string of a spec can become code, whatever template prints it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from nndsl.render.escape import Code

Layout: TypeAlias = Sequence[Any]
"""Text, or a list whose first item is one of `_STEPS`, followed by its arguments."""

LAYOUTS: dict[str, Layout] = {}
"""Every template read so far, by its path in `templates/`."""


def rendered(template: str, **context: object) -> str:
    """The text of a template whose holes are filled from `context`."""
    printed: list[str] = []
    _run(layout(template), context, printed)
    return "".join(printed)


def layout(template: str) -> Layout:
    """What Jinja reads in a template, read once."""
    if template not in LAYOUTS:
        from nndsl.render.environment import read_layout

        LAYOUTS[template] = read_layout(template)
    return LAYOUTS[template]


def only_code(value: object) -> str:
    """The text of `Code`; TypeError for everything else."""
    if type(value) is not Code:
        raise TypeError(f"a template may only print Code, not {value!r}")
    return value.text


def indent(value: Code, width: int) -> Code:
    """Every line that is not empty, `width` columns further in."""
    lines = only_code(value).split("\n")
    return Code("\n".join(" " * width + line if line else line for line in lines))


def join(values: Iterable[Code], between: str) -> Code:
    return Code(between.join(only_code(value) for value in values))


FILTERS: dict[str, Callable[..., Code]] = {"indent": indent, "join": join}

Context = Mapping[str, object]


def _run(layout: Layout, context: Context, printed: list[str]) -> None:
    for step in layout:
        if isinstance(step, str):
            printed.append(step)
        else:
            kind, *arguments = step
            _STEPS[kind](context, printed, *arguments)


def _print(
    context: Context, printed: list[str], path: list[str], *filters: list[Any]
) -> None:
    value: Any = _value(path, context)
    for name, *arguments in filters:
        value = FILTERS[name](value, *arguments)
    printed.append(only_code(value))


def _choose(
    context: Context, printed: list[str], path: list[str], yes: Layout, no: Layout
) -> None:
    _run(yes if _value(path, context) else no, context, printed)


def _repeat(
    context: Context,
    printed: list[str],
    names: list[str],
    path: list[str],
    body: Layout,
) -> None:
    """One name stands for each item; several share the parts of each."""
    items: Any = _value(path, context)
    for item in items:
        parts = (item,) if len(names) == 1 else item
        inner = {**context, **dict(zip(names, parts, strict=True))}
        _run(body, inner, printed)


def _include(context: Context, printed: list[str], template: str) -> None:
    _run(layout(template), context, printed)


def _include_named(context: Context, printed: list[str], path: list[str]) -> None:
    _include(context, printed, str(_value(path, context)))


_STEPS: dict[str, Callable[..., None]] = {
    "print": _print,
    "if": _choose,
    "for": _repeat,
    "include": _include,
    "include named": _include_named,
}


def _value(path: list[str], context: Context) -> object:
    """What `view.head.title` is; KeyError or AttributeError for what is not there."""
    name, *attributes = path
    value = context[name]
    for attribute in attributes:
        value = getattr(value, attribute)
    return value
