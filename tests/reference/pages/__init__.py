"""Pages written by hand, as the generator shall print them; README.md has the rules.

What follows runs them and, beside them, what the generator prints for the same specs:
`made_iris_fast` is the latter of `iris_fast`.  Another DTYPE is put into the text.
"""

from __future__ import annotations

import functools
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from nndsl.api import compile_text
from nndsl.program.in_place import Style

FOLDER = Path(__file__).parent
DATA = FOLDER.parent.parent.parent / "specs" / "data"
# the class, the optimizer, the widths, the lines allowed in both styles
NETWORKS = {
    "any_table": ("AnyTable", "Adam", (7, 4), (430, 510)),
    "diabetes": ("Diabetes", "SGD", (10, 1), (500, 590)),
    "digits": ("Digits", "AdamW", (64, 10), (500, 590)),
    "iris": ("Iris", "Adam", (4, 3), (365, 430)),
    "xor": ("Xor", "Adam", (2, 1), (280, 340)),
}
PAGES = [f"{name}{style}" for name in NETWORKS for style in ("", "_fast")]
MADE = [f"made_{page}" for page in PAGES]


def name_of(page: str) -> str:
    """The spec's name."""
    return page.removeprefix("made_").removesuffix("_fast")


@functools.cache
def text_of(page: str) -> str:
    """The text of a module: a page, or what the generator makes of its spec."""
    if not page.startswith("made_"):
        return (FOLDER / f"{page}.py").read_text("utf-8")
    path = DATA.parent / f"{name_of(page)}.nn"
    style: Style = "fast" if page.endswith("_fast") else "textbook"
    return compile_text(path.read_text("utf-8"), path.name, style=style)


def load(page: str, dtype: str = "float32") -> Any:
    """The module of a page, its DTYPE replaced."""
    name = f"{page}_{dtype}"
    if name not in sys.modules:
        text = text_of(page)
        assert text.count("DTYPE = np.float32\n") == 1
        text = text.replace("DTYPE = np.float32", f"DTYPE = np.{dtype}")
        module = sys.modules[name] = types.ModuleType(name)
        exec(compile(text, page, "exec"), module.__dict__)
    return sys.modules[name]


def model_of(page: str, **settings: Any) -> Any:
    return getattr(load(page), NETWORKS[name_of(page)][0])(**settings)


@functools.cache
def fitted(page: str) -> Any:
    return model_of(page, epochs=3).fit(*table(page))


def table(page: str) -> tuple[Any, Any]:
    """X and y of the page's table in specs/data."""
    frame = pd.read_csv(DATA / f"{name_of(page)}.csv")
    return frame.iloc[:, :-1].to_numpy(float), frame.iloc[:, -1].to_numpy()


class Network:
    """A page's functions with parameters, an optimizer, and batches of random rows."""

    def __init__(self, page: str, dtype: str = "float64", rate: float = 0.01) -> None:
        self.name = name_of(page)
        self.module, self.dtype = load(page, dtype), dtype
        _, optimizer, (self.n_in, self.n_out), _ = NETWORKS[self.name]
        widths = (self.n_in, self.n_out) if self.name == "any_table" else ()
        self.p = self.module.initialize(np.random.default_rng(3), *widths)
        self.optimizer = getattr(self.module, optimizer)(self.p, learning_rate=rate)
        self.dropout, self.rows = map(np.random.default_rng, (4, 5))

    def batch(self, n: int = 16) -> tuple[np.ndarray, np.ndarray]:
        x = self.rows.normal(size=(n, self.n_in))
        t = np.eye(self.n_out)[self.rows.integers(0, self.n_out, n)]
        if self.n_out == 1:
            t = self.rows.integers(0, 2, (n, 1))
        return x.astype(self.dtype), t.astype(self.dtype)

    def train(self, steps: int) -> None:
        rng = (self.dropout,) if self.name == "digits" else ()
        for _ in range(steps):
            self.module.train_batch(self.p, self.optimizer, *self.batch(), *rng)

    def outputs(self, x: np.ndarray) -> Any:
        """The outputs as training computes them; dropout drops the same every time."""
        if self.name != "digits":
            return self.module.forward(self.p, x)
        return self.module.forward(self.p, x, np.random.default_rng(9), training=True)

    def loss(self, x: np.ndarray, t: np.ndarray) -> float:
        output = self.outputs(x)[-1]
        if self.name == "diabetes":
            return self.module.huber(output, t) + self.module.penalty(self.p)
        return self.module.cross_entropy(output, t)


def far(one: Any, other: Any) -> float:
    """The largest difference, relative to each array's largest number."""
    pairs = zip(one, other, strict=True)
    return max(np.abs(a - b).max() / max(np.abs(a).max(), 1e-9) for a, b in pairs)
