"""The specs and the tables beside them, read without the project's own reader."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from nndsl.api import compile_text, module_of
from nndsl.program.in_place import Style

SPECS = {
    path.stem: path
    for path in sorted((Path(__file__).parent.parent.parent / "specs").glob("*.nn"))
}
STYLES: tuple[Style, ...] = ("textbook", "fast")
UNSUPERVISED = frozenset({"autoencoder"})
TAGS = 4


@cache
def module_for(name: str, style: Style, *settings: str) -> ModuleType:
    """The module of the spec `name`."""
    text = SPECS[name].read_text(encoding="utf-8")
    compiled = compile_text(text, f"{name}.nn", settings=settings, style=style)
    return module_of(compiled, f"{name}.nn")


def model_class(module: ModuleType) -> type[Any]:
    """The class of the network in a generated module."""
    found = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and value.__module__ == module.__name__
        and hasattr(value, "fit")
    ]
    return found[0]


@cache
def table(name: str) -> tuple[np.ndarray, np.ndarray | None]:
    """X and y of a spec's table; y is None where the network learns its input."""
    path = SPECS[name].parent / "data" / f"{name}.csv"
    with open(path, encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    if name in UNSUPERVISED:
        return np.array(rows, dtype=float), None
    if name == "tags":
        numbers = np.array(rows, dtype=float)
        return numbers[:, :-TAGS], numbers[:, -TAGS:]
    y = [row[-1] for row in rows]
    x = np.array([row[:-1] for row in rows], dtype=float)
    if name in ("iris", "any_table"):
        return x, np.array(y)
    if name in ("diabetes", "formulas"):
        return x, np.array(y, dtype=float)
    return x, np.array(y, dtype=int)


LINTERS = {
    "ruff check": ("ruff", "check", "--no-cache", "--config=pyproject.toml"),
    "ruff format": (
        "ruff",
        "format",
        "--check",
        "--no-cache",
        "--config=pyproject.toml",
    ),
    "mypy": ("mypy", "--config-file="),
}
"""What a generated module has to pass, as words behind `python -m`."""
