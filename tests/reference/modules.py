"""Generated modules for tests: loaded from a spec's text, with their parts found."""

from __future__ import annotations

import inspect
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

from nndsl.api import compile_text, module_of
from nndsl.program.in_place import Style

STYLES: tuple[Style, ...] = ("textbook", "fast")
FLOAT64 = ("train.precision=float64",)


@cache
def load(text: str, style: Style = "textbook", settings: tuple[str, ...] = ()) -> Any:
    """The module of the spec `text`."""
    compiled = compile_text(text, "small.nn", settings=settings, style=style)
    return module_of(compiled, "small.nn")


def model_class(module: ModuleType) -> Any:
    """The class with `fit`."""
    return next(each for each in _classes(module) if hasattr(each, "fit"))


def optimizer_class(module: ModuleType) -> Any:
    """The class that takes a step."""
    return next(
        each
        for each in _classes(module)
        if "gradients" in inspect.signature(getattr(each, "update", len)).parameters
    )


def _classes(module: ModuleType) -> list[type]:
    return [each for each in vars(module).values() if isinstance(each, type)]


def loss_function(module: ModuleType) -> Any:
    """The function that gives the loss of an output and t: what `measure` calls."""
    names = inspect.getsource(module.measure).split('"loss": ')[1].split("(")[0]
    return getattr(module, names)


class Run:
    """A module's functions with parameters, an optimizer and a source of batches.

    `widths`: those that the spec leaves to the data.  Dropout drops the same units in
    every call of `outputs`.
    """

    def __init__(
        self,
        text: str,
        style: Style = "textbook",
        settings: tuple[str, ...] = FLOAT64,
        *,
        widths: dict[str, int] | None = None,
        rate: float = 0.01,
        seed: int = 3,
        **given: Any,
    ) -> None:
        self.module: Any = load(text, style, settings)
        module, self.given = self.module, {}
        wanted = inspect.signature(module.initialize).parameters
        open_ = {name: (widths or {})[name] for name in wanted if name != "rng"}
        self.p = module.initialize(np.random.default_rng(seed), **open_)
        self.optimizer = optimizer_class(module)(self.p, rate, **given)
        self.has_dropout = "rng" in inspect.signature(module.train_batch).parameters
        self.has_norm = "training" in inspect.signature(module.forward).parameters
        self.dropout = np.random.default_rng(seed + 1)

    def outputs(self, x: np.ndarray) -> Any:
        """The outputs of the layers as training computes them."""
        given: dict[str, Any] = {}
        if self.has_dropout:
            given["rng"] = np.random.default_rng(9)
        if self.has_norm:
            given["training"] = True
        return self.module.forward(self.p, x, **given)

    def loss(self, x: np.ndarray, t: np.ndarray, *weights: Any) -> float:
        """The loss of a batch, penalties included, as it is differentiated."""
        value = loss_function(self.module)(self.outputs(x)[-1], t, *weights)
        if hasattr(self.module, "penalty"):
            value += self.module.penalty(self.p)
        return float(value)

    def gradients(self, x: np.ndarray, t: np.ndarray, *weights: Any) -> Any:
        return self.module.backward(self.p, x, self.outputs(x), t, *weights)

    def step(self, x: np.ndarray, t: np.ndarray, *weights: Any) -> None:
        rng = (self.dropout,) if self.has_dropout else ()
        self.module.train_batch(self.p, self.optimizer, x, t, *rng, *weights)


def numeric_gradients(
    run: Run, x: np.ndarray, t: np.ndarray, *weights: Any, h: float = 1e-6
) -> dict[str, np.ndarray]:
    """Central differences of the loss for every number of every parameter."""
    found = {}
    for name, w in run.p._asdict().items():
        slopes = np.zeros_like(w)
        for place in np.ndindex(w.shape):
            before = w[place]
            w[place] = before + h
            above = run.loss(x, t, *weights)
            w[place] = before - h
            slopes[place] = (above - run.loss(x, t, *weights)) / (2 * h)
            w[place] = before
        found[name] = slopes
    return found


def far(one: Any, other: Any) -> float:
    """The largest difference, relative to each array's largest number."""
    pairs = zip(one, other, strict=True)
    return max(np.abs(a - b).max() / max(np.abs(a).max(), 1e-9) for a, b in pairs)
