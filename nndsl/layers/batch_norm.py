"""Batch norm (Ioffe and Szegedy 2015)."""

from __future__ import annotations

from dataclasses import dataclass

from nndsl.check.read.values import format_number
from nndsl.language.entry import Entry, Option
from nndsl.layers.layer import NAME, Draft, Layer
from nndsl.layers.standardising import EPSILON, standardised
from nndsl.lower.forward_pass import ForwardPass
from nndsl.program.program import Statement

MOMENTUM = Option(
    "momentum",
    "number",
    "The share of the new batch in the running mean and variance.",
    0.1,
    low=0,
    high=1,
    low_open=True,
)


@dataclass(frozen=True, slots=True)
class BatchNorm(Layer):
    """`momentum` is the share of the new batch in the running statistics."""

    entry = Entry(
        "batch_norm",
        "batch_norm",
        "Standardises every unit over the batch, then scales and shifts it.",
        (MOMENTUM, EPSILON, NAME),
    )
    learns = True
    centres = True
    affine = True

    momentum: float
    epsilon: float

    @classmethod
    def build(cls, draft: Draft) -> BatchNorm:
        options = draft.options
        return cls(*draft.head, options.number("momentum"), options.number("epsilon"))

    def lower(self, forward: ForwardPass, source: str) -> tuple[Statement, ...]:
        return standardised(self, self.epsilon, forward, source, self.momentum)

    def words(self, below: Layer | None, *, defaults: bool) -> list[str]:
        words = [self.word]
        if defaults:
            words.append(f"momentum={format_number(self.momentum)}")
        if defaults or self.epsilon != EPSILON.default:
            words.append(f"epsilon={format_number(self.epsilon)}")
        return words

    def count(self) -> int | None:
        return 2 * self.n_outputs if isinstance(self.n_outputs, int) else None
