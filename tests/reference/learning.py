"""A small classifier and its rows, for tests of how generated modules learn."""

from __future__ import annotations

from typing import Any

import numpy as np

from nndsl.program.in_place import Style
from reference.modules import load, model_class

HEAD = "input 2; dense 6 tanh; dense 3 softmax; loss categorical_crossentropy"
NUMBER = "input 2; dense 3 tanh; dense 1; loss mean_squared_error"


def module(
    settings: str = "epochs 2", head: str = HEAD, style: Style = "textbook"
) -> Any:
    """The module of a network `head` that is trained with `settings`."""
    return load(f"network Net {{\n{head}\ntrain {{ {settings} }}\n}}\n", style)


def net(settings: str = "epochs 2", head: str = HEAD, style: Style = "textbook") -> Any:
    """The class of that network."""
    return model_class(module(settings, head, style))


RANDOM = np.random.RandomState(3)
X = RANDOM.standard_normal((60, 2))
Y = (X[:, 0] > 0).astype(int) + (X[:, 1] > 0.5)


def same(one: Any, other: Any) -> bool:
    """Whether two models have the same parameters, bit for bit."""
    pairs = zip(one.parameters_, other.parameters_, strict=True)
    return all(a.tobytes() == b.tobytes() for a, b in pairs)
