"""Modules from checked specs, by templates that are read once."""

from __future__ import annotations

import json
import os
import sys

from nndsl.check.check import Checked
from nndsl.compiler import module_text
from nndsl.render import layout
from nndsl.resources import place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nndsl.program.inplace import Style

_READERS = ("layout.py", "environment.py")
"""The modules on which it depends what is read in a template."""


def module_of_spec(checked: Checked, style: Style) -> str:
    """The module's text.  What Jinja reads in the templates is kept in their folder's
    `__pycache__`, as Python keeps its compiled modules, where it may be written."""
    folder = place("templates")
    kept = os.path.join(folder, "__pycache__", "layouts.json")
    stored = _stored(kept, folder)
    layout.LAYOUTS.update(stored)
    text = module_text(checked, style)
    if len(layout.LAYOUTS) > len(stored) and not sys.dont_write_bytecode:
        _store(kept, folder)
    return text


def _stored(kept: str, folder: str) -> dict[str, layout.Layout]:
    """What is kept of the templates that are still as they were."""
    try:
        with open(kept, encoding="utf-8") as file:
            readers, templates = json.load(file)
        if readers != _readers():
            return {}
        return {
            name: read
            for name, (stamp, read) in templates.items()
            if stamp == _stamp(os.path.join(folder, name))
        }
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def _store(kept: str, folder: str) -> None:
    templates = {
        name: (_stamp(os.path.join(folder, name)), read)
        for name, read in layout.LAYOUTS.items()
    }
    temporary = f"{kept}.{os.urandom(6).hex()}.tmp"
    try:
        os.makedirs(os.path.dirname(kept), exist_ok=True)
        with open(temporary, "x", encoding="utf-8") as file:
            json.dump((_readers(), templates), file)
        os.replace(temporary, kept)
    except OSError:
        return  # a folder that may not be written: the templates are read each time


def _readers() -> list[list[int]]:
    folder = os.path.dirname(layout.__file__)
    return [_stamp(os.path.join(folder, name)) for name in _READERS]


def _stamp(path: str) -> list[int]:
    """What changes with a file; no template is kept of one that is not there."""
    try:
        found = os.stat(path)
    except OSError:
        return []
    return [found.st_mtime_ns, found.st_size]
