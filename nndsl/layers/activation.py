"""An activation on a line of its own."""

from __future__ import annotations

from dataclasses import dataclass

from nndsl.language.entry import Entry, Option
from nndsl.layers.layer import NAME, Draft, Layer
from nndsl.layers.uses import ActivationUse
from nndsl.lower.forward_pass import ForwardPass
from nndsl.program.program import Activate, Softmax, Statement
from nndsl.spec_text.texts import activation_text

LINEAR = "linear"

SURROGATE = Option(
    "surrogate",
    "activation",
    "The activation whose derivative the backward pass uses instead.",
)

SOFTMAX = Entry(
    "softmax",
    "softmax",
    "exp(x) over its sum along the row: positive outputs that add up to 1.",
)
"""The activation that is no formula of single numbers."""


@dataclass(frozen=True, slots=True)
class Activation(Layer):
    """`name` is `relu1`, `relu2`, …"""

    entry = Entry(
        "activation",
        "NAME[(ARGUMENTS)]",
        "An activation on a line of its own is applied there.",
        (NAME,),
    )

    activation: ActivationUse

    @classmethod
    def build(cls, draft: Draft) -> Activation:
        assert draft.activation is not None
        return cls(*draft.head, draft.activation)

    def lower(self, forward: ForwardPass, source: str) -> tuple[Statement, ...]:
        return applied(self.activation, forward, source)

    def words(self, below: Layer | None, *, defaults: bool) -> list[str]:
        return [activation_text(self.activation, defaults=defaults)]

    @property
    def word(self) -> str:
        return self.activation.name

    @property
    def activations(self) -> tuple[ActivationUse, ...]:
        return (self.activation,)


def applied(
    use: ActivationUse, forward: ForwardPass, source: str
) -> tuple[Statement, ...]:
    """The statement of an activation; none for the one that changes nothing."""
    if use.name == LINEAR and use.surrogate is None:
        return ()
    a = forward.value("a", source)
    return (Activate(a, source, use) if use.formula else Softmax(a, source),)
