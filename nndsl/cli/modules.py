"""Modules from checked specs, by templates that are read once."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib.util import source_hash

from nndsl.check.check import Checked
from nndsl.compiler import module_text
from nndsl.program.in_place import Style
from nndsl.render import layout
from nndsl.resources import place
from nndsl.version import __version__

_READERS = ("layout.py", "environment.py")
"""The modules on which it depends what is read in a template."""


def module_of_spec(checked: Checked, style: Style) -> str:
    """The module's text.  What Jinja reads in the templates is kept where Python keeps
    its compiled modules, if that may be written."""
    folder = place("templates")
    kept = _kept(folder)
    stored = _stored(kept, folder)
    layout.LAYOUTS.update(stored)
    text = module_text(checked, style)
    if len(layout.LAYOUTS) > len(stored) and not sys.dont_write_bytecode:
        _store(kept, folder)
    return text


def _kept(folder: str) -> str:
    """The file for what is read in `folder`, as `importlib.util.cache_from_source`
    places a compiled module."""
    if sys.pycache_prefix is None:
        return os.path.join(folder, "__pycache__", "layouts.json")
    below = os.path.splitdrive(folder)[1].lstrip(os.sep)
    return os.path.join(sys.pycache_prefix, below, "layouts.json")


def _stored(kept: str, folder: str) -> dict[str, layout.Layout]:
    """What is kept of the templates that are still as they were.

    The first line is a checksum of the rest: of a file that anything else has written
    to, nothing is used.
    """
    from json import loads

    try:
        with open(kept, "rb") as file:
            checksum, text = file.readline(), file.read()
        if checksum != _checksum(text):
            return {}
        return {
            name: read
            for name, (digest, read) in loads(text).items()
            if digest == _digest(os.path.join(folder, name))
        }
    except OSError:
        return {}


def _store(kept: str, folder: str) -> None:
    from json import dumps

    temporary = f"{kept}.{os.urandom(6).hex()}.tmp"
    try:
        templates = {
            name: (_digest(os.path.join(folder, name)), read)
            for name, read in layout.LAYOUTS.items()
        }
        text = dumps(templates).encode()
        os.makedirs(os.path.dirname(kept), exist_ok=True)
        with open(temporary, "xb") as file:
            file.write(_checksum(text) + text)
        os.replace(temporary, kept)
    except OSError:
        # The templates are read each time where nothing may be written.
        with suppress(OSError):
            os.unlink(temporary)


def _checksum(text: bytes) -> bytes:
    """A line that only this text has, and only in this version with these readers."""
    folder = os.path.dirname(layout.__file__)
    readers = (_digest(os.path.join(folder, name)) for name in _READERS)
    parts = (__version__, *readers)
    return source_hash("\n".join(parts).encode() + text).hex().encode() + b"\n"


def _digest(path: str) -> str:
    """What changes with a file's bytes.  Raises OSError."""
    with open(path, "rb") as file:
        return source_hash(file.read()).hex()
