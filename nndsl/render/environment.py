"""Jinja as it is used here: a template lays out, and only escaped text gets through.

Every value that a template prints must be `Code`, which only the functions of
`nndsl.render.escape` and our own printers make; anything else is a TypeError.  So no
string of a spec can become code, whatever template prints it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from nndsl.render.escape import Code
from nndsl.resources import folder


def _only_code(value: object) -> str:
    if type(value) is not Code:
        raise TypeError(f"a template may only print Code, not {value!r}")
    return value.text


def _indent(value: Code, width: int) -> Code:
    """Every line that is not empty, `width` columns further in."""
    lines = _only_code(value).split("\n")
    return Code("\n".join(" " * width + line if line else line for line in lines))


def _join(values: Iterable[Code], between: str) -> Code:
    return Code(between.join(_only_code(value) for value in values))


@cache
def environment() -> Environment:
    """The environment of the folder `templates`."""
    made = Environment(
        loader=FileSystemLoader(folder("templates")),
        undefined=StrictUndefined,
        finalize=_only_code,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        auto_reload=False,
    )
    made.filters = {"indent": _indent, "join": _join}
    made.tests = {}
    made.globals = {}
    return made
