"""What layers are given: widths, activations and starting numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from nndsl.formulas.expression import Formula

Width: TypeAlias = int | Literal["features", "outputs"]
"""A number, or the word for what only the data can tell."""

Arguments = tuple[tuple[str, float], ...]
"""Every parameter of a formula with its value, in the order of its definition."""


@dataclass(frozen=True, slots=True)
class ActivationUse:
    """An activation with its arguments.  `formula` is None for the operation `softmax`.

    `surrogate`: the activation whose derivative the backward pass uses instead.
    """

    name: str
    formula: Formula | None
    arguments: Arguments = ()
    surrogate: ActivationUse | None = None


@dataclass(frozen=True, slots=True)
class Initializer:
    name: str
    arguments: Arguments = ()
