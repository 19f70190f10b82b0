"""A small classifier and its rows, for tests of how generated modules learn."""

from __future__ import annotations

import functools
import sys
import types
from typing import Any

import numpy as np

from nndsl import compile_text

HEAD = "input 2; dense 6 tanh; dense 3 softmax; loss categorical_crossentropy"


@functools.cache
def module(text: str) -> types.ModuleType:
    made = types.ModuleType(f"made_for_training_{len(sys.modules)}")
    exec(compile(compile_text(text, "made.nn"), "made.py", "exec"), made.__dict__)
    sys.modules[made.__name__] = made  # pickle finds its class there
    return made


def net(settings: str = "", head: str = HEAD) -> Any:
    return module(f"network Net {{ {head}; train {{ {settings} }} }}").Net


RANDOM = np.random.RandomState(3)
X = RANDOM.standard_normal((60, 2))
Y = (X[:, 0] > 0).astype(int) + (X[:, 1] > 0.5)


def same(one: Any, other: Any) -> bool:
    return all(
        np.array_equal(array, other.parameters[name])
        for name, array in one.parameters.items()
    )
