"""nndsl's side of every comparison: the generated module of a network, and its step."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import numpy as np
from networks import Batch, Network

from nndsl.api import compile_text, module_of
from nndsl.program.in_place import Style

LEARNING_RATE = 0.001


def module(
    network: Network, style: Style = "fast", settings: Sequence[str] = ()
) -> Any:
    """The module that the network is compiled to."""
    text = compile_text(network.spec, settings=settings, style=style)
    return module_of(text, network.title)


@dataclass(frozen=True)
class Trainer:
    """The parameters of a network, and the optimizer that changes them."""

    module: Any
    parameters: Any
    optimizer: Any
    more: tuple[Any, ...]

    def step(self, batch: Batch) -> None:
        """What `fit` does for a batch."""
        self.module.train_batch(self.parameters, self.optimizer, *batch, *self.more)


def trainer(network: Network, style: Style = "fast") -> Trainer:
    """A network at its start."""
    made = module(network, style)
    rng = np.random.default_rng(0)
    parameters = made.initialize(rng)
    optimizer = _optimizer_class(made)(parameters, LEARNING_RATE)
    has_dropout = "rng" in inspect.signature(made.train_batch).parameters
    return Trainer(made, parameters, optimizer, (rng,) if has_dropout else ())


def _optimizer_class(made: Any) -> Any:
    return next(
        each
        for each in vars(made).values()
        if isinstance(each, type) and hasattr(each, "update")
    )


def steps(network: Network, style: Style = "fast") -> Callable[[], object]:
    """One step a call, on batches made beforehand, taken in turn."""
    run = trainer(network, style).step
    batches = cycle(one_hot_batches(network))
    return lambda: run(next(batches))


def one_hot_batches(network: Network, n: int | None = None) -> list[Batch]:
    """The network's batches with a row of 0 and 1 for each class."""
    return [(x, one_hot(network, classes)) for x, classes in network.batches(n)]


def one_hot(network: Network, classes: np.ndarray) -> np.ndarray:
    """What `train_batch` takes for classes, (n, outputs)."""
    rows: np.ndarray = np.eye(network.sizes[-1], dtype=np.float32)[classes]
    return rows
