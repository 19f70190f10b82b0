"""Describe a neural network in a few lines; get readable NumPy that trains it."""

from __future__ import annotations

from nndsl.api import compile_text, load
from nndsl.diagnostics.record import SpecError

__version__ = "0.1.0"
__all__ = ["SpecError", "__version__", "compile_text", "load"]

_HOMES = {
    "compile_text": "nndsl.api",
    "load": "nndsl.api",
    "SpecError": "nndsl.diagnostics.record",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for: `nndsl --help` needs none."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'nndsl' has no attribute {name!r}")
    found: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = found
    return found
