"""Trained networks and their exported source text, loaded: Python, and C by ctypes."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from functools import cache
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import numpy as np

from nndsl.api import compile_text
from nndsl.compiler import understand
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Source
from nndsl.exporting import to_c, to_python
from nndsl.exporting.c.escape import c_name, prefix
from nndsl.exporting.trained import Trained, trained_of
from nndsl.lower.lower import lower
from reference.modules import load, model_class
from reference.random_specs import data_for, random_spec

COMPILER = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
FLAGS = ("-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-O1")


def trained_model(text: str, data: tuple[Any, ...]) -> tuple[Any, Trained]:
    """A model of the spec `text` after an epoch or so, and what it learned."""
    model = model_class(load(text, "textbook", ("train.epochs=2",)))().fit(*data)
    return model, learned(text, model)


def learned(text: str, model: Any) -> Trained:
    network = understand(Source("small.nn", text)).network
    return trained_of(network.name, lower(network), model)


def in_float64(text: str, model: Any, folder: Path) -> Any:
    """The same weights in the module that computes in float64."""
    path = str(folder / "weights.npz")
    model.save(path)
    module = load(text, "textbook", ("train.precision=float64",))
    other = model_class(module).load(path)
    other.parameters_ = module.Parameters(*(w.astype(float) for w in other.parameters_))
    return other


def python_text(trained: Trained, numpy: bool) -> str:
    ((_, text),) = to_python.export(trained, Path("model.py"), numpy=numpy)
    return text


def python_module(trained: Trained, numpy: bool) -> Any:
    """The exported module; it runs in a name space of its own."""
    module = ModuleType("exported")
    exec(compile(python_text(trained, numpy), "exported.py", "exec"), vars(module))
    return module


def c_text(trained: Trained) -> str:
    ((_, text),) = to_c.export(trained, Path("model.c"))
    return text


class CModel:
    """The functions of an exported C file, a row at a time as its caller has them."""

    def __init__(self, trained: Trained, folder: Path, flags: Any = FLAGS) -> None:
        self.trained, self.name = trained, prefix(trained.network)
        source, library = folder / f"{self.name}.c", folder / f"{self.name}.so"
        source.write_text(c_text(trained), encoding="utf-8")
        words = [str(COMPILER), *flags, "-shared", "-fPIC", "-o", str(library)]
        done = subprocess.run(
            [*words, str(source), "-lm"], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        self.library = ctypes.CDLL(str(library))
        width = len(trained.target_start)
        self.width = 2 if trained.program.data.decision.is_threshold else width

    @property
    def labels(self) -> list[str]:
        kind = ctypes.c_char_p * self.width
        found = kind.in_dll(self.library, f"{self.name}_labels")
        return [text.decode("utf-8", "surrogatepass") for text in found]

    def row(self, cells: Any) -> Any:
        """What a C program holds: an array of numbers, or the struct of the file."""
        if not self.trained.words:
            order = [cells[place] for place in self.trained.numbers.places]
            return (ctypes.c_double * len(order))(*order)
        words = {word.name for word in self.trained.words}
        members: list[tuple[str, Any]] = []
        for feature in self.trained.features:
            kind = ctypes.c_char_p if feature in words else ctypes.c_double
            name = c_name(feature, {name for name, _ in members})
            members.append((name, kind))
        struct = type("Row", (ctypes.Structure,), {"_fields_": members})
        return ctypes.byref(struct(*map(_cell, cells, [k for _, k in members])))

    def array(self, function: str, rows: Any, width: int, kind: Any) -> np.ndarray:
        """What a function writes to its last argument."""
        called, out = getattr(self.library, f"{self.name}_{function}"), (kind * width)()
        answers = []
        for cells in rows:
            called(self.row(cells), out)
            answers.append(list(out))
        return np.array(answers)

    def number(self, function: str, rows: Any, kind: Any) -> np.ndarray:
        """What a function returns."""
        called = getattr(self.library, f"{self.name}_{function}")
        called.restype = kind
        return np.array([called(self.row(cells)) for cells in rows])


def _cell(cell: Any, kind: Any) -> Any:
    if kind is ctypes.c_double:
        return float("nan") if cell in (None, "") else float(cell)
    if cell is None or cell != cell:
        return None
    text = cell if isinstance(cell, str) else str(cell).removesuffix(".0")
    return text.encode("utf-8")


@cache
def random_trained(seed: int) -> tuple[str, Any, Any, Trained]:
    """A random valid spec that trains: its text, X, the model, what it learned."""
    random = Random(1000 + seed)
    for _ in range(100):
        kind, text = random_spec(random, f"Net{seed}")
        try:
            compile_text(text)
            data = data_for(kind, text, 100)
            model, trained = trained_model(text, data)
        except (SpecError, FloatingPointError):
            continue
        X = data[0]
        return (
            text,
            X[~np.isnan(X).any(axis=1)] if "drop" in text else X,
            model,
            trained,
        )
    raise AssertionError("hardly a random spec trains")
