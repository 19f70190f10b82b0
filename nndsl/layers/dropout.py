"""Dropout: units left out while training (Srivastava and others 2014)."""

from __future__ import annotations

from dataclasses import dataclass

from nndsl.check.findings import Findings
from nndsl.diagnostics.codes_checks import DROPOUT_PLACE, OUT_OF_RANGE
from nndsl.diagnostics.record import Related
from nndsl.formulas.expression import Operation, Variable
from nndsl.language.entry import Entry, Option
from nndsl.layers.layer import NAME, Draft, Layer
from nndsl.lower.forward_pass import ForwardPass
from nndsl.program.program import DropoutMask, Map, Statement
from nndsl.spec_text.texts import percent

SHARE = Option(
    "rate",
    "share",
    "How many of the units are dropped.",
    required=True,
    phrase="share to drop",
)


@dataclass(frozen=True, slots=True)
class Dropout(Layer):
    """`rate` is the share of units that are dropped, 0 <= rate < 1."""

    entry = Entry(
        "dropout",
        "dropout SHARE%",
        "While training, drops this share of the units and scales up the others.",
        (NAME,),
        (SHARE,),
        "dropout 20%",
    )
    affine = True
    only_trains = True

    rate: float

    @classmethod
    def build(cls, draft: Draft) -> Dropout:
        return cls(*draft.head, draft.options.number("rate"))

    @classmethod
    def judge(cls, findings: Findings, draft: Draft, last: Draft | None) -> None:
        rate = draft.options.optional("rate")
        if rate is not None and rate >= 1:
            findings.add(
                OUT_OF_RANGE,
                draft.options.spans["rate"],
                f"`{percent(rate)}` of the units cannot be dropped",
                "the share is at least 0% and below 100%",
            )
        if last is not None and draft.span.start > last.span.start:
            findings.add(
                DROPOUT_PLACE,
                draft.span,
                "this drops outputs of the network",
                "put dropout before the last `dense`",
                related=(Related(last.span, "the last dense layer"),),
            )

    def lower(self, forward: ForwardPass, source: str) -> tuple[Statement, ...]:
        mask, kept = forward.value("mask", source), forward.value("h", source)
        product = Operation("multiply", (Variable(source), Variable(mask)))
        return DropoutMask(mask, source, self.rate), Map(kept, product)

    def words(self, below: Layer | None, *, defaults: bool) -> list[str]:
        return ["dropout", percent(self.rate)]
