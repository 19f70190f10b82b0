"""The first batch that a model trains on, with everything `fit` made for it."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class FirstBatch:
    """What `train_batch` is called with for the first time, by name.

    `p` are the first parameters; `optimizer` has the learning rate of the first epoch.
    """

    given: Mapping[str, Any]
    p: Any
    optimizer: Any
    x: Array
    t: Array

    @property
    def more(self) -> list[Any]:
        """What the loss is given beside prediction and targets."""
        names = "sample_weight", "weights"
        return [self.given[name] for name in names if name in self.given]


class _Found(Exception):
    """Ends `fit` where it would train."""


def first_batch(module: ModuleType, fit: Callable[[], object], rows: int) -> FirstBatch:
    """The first `rows` rows of the first batch that `fit`, of a model of the module,
    trains on.

    Raises what `fit` raises before.
    """
    train_batch = module.train_batch
    found: dict[str, Any] = {}

    def instead(*given: Any, **named: Any) -> None:
        bound = inspect.signature(train_batch).bind(*given, **named)
        found.update(bound.arguments)
        raise _Found

    names = vars(module)
    names["train_batch"] = instead
    try:
        fit()
    except _Found:
        pass
    finally:
        names["train_batch"] = train_batch
    by_row = {"x", "t", "sample_weight"}
    given = {
        name: np.array(value[:rows]) if name in by_row else value
        for name, value in found.items()
    }
    p, optimizer = list(given.values())[:2]
    return FirstBatch(given, p, optimizer, given["x"], given["t"])
