"""What would be wrong or unwise although every word is right."""

import math
from collections.abc import Sequence

from nndsl.check.findings import Findings
from nndsl.check.rules.own_formulas import is_flat, judge_activation
from nndsl.diagnostics.codes_checks import (
    BOUNDED_OUTPUT,
    CONTRADICTION,
    SOFTMAX_PLACE,
    SOFTMAX_SQUARED,
    STEP,
    WRONG_VALUE,
)
from nndsl.diagnostics.record import Related
from nndsl.formulas.algebra.bounds import bounds
from nndsl.language.initializers import FOR_WEIGHTS_ONLY
from nndsl.layers.activation import SOFTMAX
from nndsl.layers.layer import Draft
from nndsl.network import LossUse
from nndsl.syntax.tree import Span


def judge_layers(
    findings: Findings, drafts: Sequence[Draft], *, complete: bool
) -> None:
    """What the layers themselves and their activations have to say.

    Their order is judged only where every line is known (`complete`).
    """
    last = next((each for each in reversed(drafts) if each.layer.resizes), None)
    first: Draft | None = None
    for draft in drafts:
        _judge_initializers(findings, draft)
        if complete:
            draft.layer.judge(findings, draft, last)
        if first is None and draft.layer.learns:
            first = draft
        use, place = draft.activation, draft.activation_place
        if use is None or place is None:
            continue
        if not judge_activation(findings, use, place):
            draft.sound = False
            continue
        below = draft.below
        if use.name == SOFTMAX.name and below is not None and complete:
            if below.layer.only_trains and draft is last:
                continue
            findings.add(
                SOFTMAX_PLACE,
                place.span,
                "softmax makes the outputs; another layer follows",
                "inside a network use `relu` or another activation",
                related=(Related(below.span, "this follows"),),
            )
        if first is not None and use.surrogate is None and is_flat(use):
            findings.add(
                STEP,
                place.span,
                f"{use.name} has no gradient: nothing up to here can learn",
                f"write `{use.name}(surrogate=sigmoid)` to learn by its slope",
                related=()
                if first is draft
                else (Related(first.span, "this would not learn"),),
                fix=f"{use.name}(surrogate=sigmoid)" if not use.arguments else None,
                certain=False,
            )


def _judge_initializers(findings: Findings, draft: Draft) -> None:
    """Whether biases can start so, and the ends of `uniform` are in order."""
    for what, use in draft.initializers.items():
        span = draft.options.raw[what].span
        if what == "biases" and use.name in FOR_WEIGHTS_ONLY:
            findings.add(
                WRONG_VALUE,
                span,
                f"`{use.name}` needs both widths of a matrix; biases have only one",
                "biases take `zeros`, `ones`, `constant`, `normal` or `uniform`",
            )
        elif use.name == "uniform" and not use.arguments[0][1] < use.arguments[1][1]:
            findings.add(
                CONTRADICTION,
                span,
                "the low end is not below the high end",
                "write the smaller number first: `uniform(-0.05, 0.05)`",
            )


def warn_softmax(
    findings: Findings, loss: LossUse, last: Draft, loss_span: Span
) -> None:
    """A warning for softmax under mean_squared_error."""
    use, place = last.activation, last.activation_place
    if use is None or place is None or use.name != SOFTMAX.name:
        return
    if loss.name == "mean_squared_error":
        findings.add(
            SOFTMAX_SQUARED,
            loss_span,
            "after softmax this loss learns slowly where it is most wrong",
            "write `loss categorical_crossentropy`",
            related=(Related(place.span, "softmax"),),
        )


def warn_bounded_output(
    findings: Findings, last: Draft, target_scaled: Span | None
) -> None:
    """A warning where a standardised target is out of the last activation's reach."""
    use, place = last.activation, last.activation_place
    if target_scaled is None or use is None or use.formula is None or place is None:
        return
    low, high = bounds(use.formula.value)
    if low < -1 and high > 1:
        return
    reach = f"stays between {low:g} and {high:g}"
    if math.isinf(low) or math.isinf(high):
        reach = (
            f"is never below {low:g}" if math.isinf(high) else f"never above {high:g}"
        )
    findings.add(
        BOUNDED_OUTPUT,
        place.span,
        f"`{use.name}` {reach}; a standardised target is not so bounded",
        "leave out the activation of the last layer, or `target=standard`",
        related=(Related(target_scaled, "the target is standardised"),),
    )
