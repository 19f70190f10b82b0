"""Layer norm (Ba, Kiros and Hinton 2016)."""

from __future__ import annotations

from dataclasses import dataclass

from nndsl.check.read.values import format_number
from nndsl.language.entry import Entry
from nndsl.layers.layer import NAME, Draft, Layer
from nndsl.layers.standardising import EPSILON, standardised
from nndsl.lower.forward_pass import ForwardPass
from nndsl.program.program import Statement


@dataclass(frozen=True, slots=True)
class LayerNorm(Layer):
    entry = Entry(
        "layer_norm",
        "layer_norm",
        "Standardises every row over its units, then scales and shifts each unit.",
        (EPSILON, NAME),
    )
    learns = True

    epsilon: float

    @classmethod
    def build(cls, draft: Draft) -> LayerNorm:
        return cls(*draft.head, draft.options.number("epsilon"))

    def lower(self, forward: ForwardPass, source: str) -> tuple[Statement, ...]:
        return standardised(self, self.epsilon, forward, source)

    def words(self, below: Layer | None, *, defaults: bool) -> list[str]:
        if defaults or self.epsilon != EPSILON.default:
            return [self.word, f"epsilon={format_number(self.epsilon)}"]
        return [self.word]

    def count(self) -> int | None:
        return 2 * self.n_outputs if isinstance(self.n_outputs, int) else None
