"""What all layers have in common, and a layer's line before its widths are known."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from nndsl.check.findings import Findings
from nndsl.check.read.options import Options
from nndsl.language.entry import Entry, Option
from nndsl.layers.uses import ActivationUse, Initializer, Width
from nndsl.lower.forward_pass import ForwardPass
from nndsl.program.program import Statement
from nndsl.syntax.tree import Expression, Name, Span

INPUT = "input"
"""What the first layer reads."""

NAME = Option("name", "name", "What the layer is called instead of its number.")


@dataclass(slots=True)
class Draft:
    """One layer as its line says it; the last five are found out when it is fitted.

    `word` begins the line.  Values of places stand among the options.  `activation` is
    None where there is none or it was wrong; `sound` says whether nothing was wrong.
    """

    layer: type[Layer]
    word: Name
    span: Span
    text: str
    options: Options
    activation: ActivationUse | None = None
    activation_place: Expression | None = None
    initializers: dict[str, Initializer] = field(default_factory=dict)
    sound: bool = True
    name: str = ""
    reads: str = INPUT
    n_inputs: Width | None = None
    n_outputs: Width | None = None
    below: Draft | None = None

    def all_below(self) -> Iterator[Draft]:
        """The drafts of the lines that follow this one."""
        each = self.below
        while each is not None:
            yield each
            each = each.below

    @property
    def head(self) -> tuple[str, str, Width, str, Span]:
        """The first fields of every layer, for drafts whose width is known."""
        assert self.n_outputs is not None
        return self.name, self.reads, self.n_outputs, self.text, self.span

    @property
    def units_span(self) -> Span:
        """Where the width is written, or else the whole line."""
        return self.options.spans.get("units", self.span)


@dataclass(frozen=True, slots=True)
class Layer(ABC):
    """One line of the network.  A layer is a file of this folder with a class in it.

    `name` is `dense1` or the user's; `reads` is the layer whose outputs this one is
    given, or `input`; `text` is the spec's own line.
    """

    entry: ClassVar[Entry]
    learns: ClassVar[bool] = False
    resizes: ClassVar[bool] = False
    """It has a place `units`, its width; all others are as wide as what they read."""
    centres: ClassVar[bool] = False
    """It takes the mean of every unit away, and with it biases right before."""
    affine: ClassVar[bool] = False
    """A factor and a shift for each unit: dense layers around it stay one map."""
    only_trains: ClassVar[bool] = False
    """It changes nothing when the network predicts."""

    name: str
    reads: str
    n_outputs: Width
    text: str
    span: Span = field(compare=False, repr=False)

    @classmethod
    @abstractmethod
    def build(cls, draft: Draft) -> Layer:
        """The layer of a sound draft."""

    @classmethod
    def judge(cls, findings: Findings, draft: Draft, last: Draft | None) -> None:
        """What would be wrong or unwise where it stands; `last` is the last one with a
        width of its own."""
        return

    @abstractmethod
    def lower(self, forward: ForwardPass, source: str) -> tuple[Statement, ...]:
        """What it computes of the array `source`; the last statement's target is its
        output, and no statement at all hands `source` on."""

    @abstractmethod
    def words(self, below: Layer | None, *, defaults: bool) -> list[str]:
        """Its line without the name: with all defaults, or without them and without
        what only training reads."""

    @property
    def word(self) -> str:
        """What its line begins with."""
        return self.entry.name

    @property
    def activations(self) -> tuple[ActivationUse, ...]:
        return ()

    def count(self) -> int | None:
        """How many numbers it learns; None where the data decide."""
        return 0


def automatic_names(words: Iterable[str]) -> list[str]:
    """What each layer is called where the spec does not say: `dense1`, `relu1`, …"""
    counts: Counter[str] = Counter()
    names = []
    for word in words:
        counts[word] += 1
        names.append(f"{word}{counts[word]}")
    return names
