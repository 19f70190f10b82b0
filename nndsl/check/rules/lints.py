"""What would be wrong or unwise although every word is right."""

from collections.abc import Sequence

from nndsl.check.findings import Findings
from nndsl.check.read.formula_call import is_flat
from nndsl.diagnostics.codes_checks import SOFTMAX_PLACE, SOFTMAX_SQUARED, STEP
from nndsl.diagnostics.record import Related
from nndsl.layers.activation import SOFTMAX
from nndsl.layers.layer import Draft
from nndsl.network import LossUse
from nndsl.syntax.tree import Span


def judge_layers(findings: Findings, drafts: Sequence[Draft]) -> None:
    """What the layers themselves and their activations have to say."""
    sized = [index for index, each in enumerate(drafts) if each.layer.resizes]
    last = sized[-1] if sized else -1
    below: Draft | None = None
    for index, draft in enumerate(drafts):
        draft.layer.judge(findings, drafts, index)
        if below is None and draft.layer.learns:
            below = draft
        use, span = draft.activation, draft.activation_span
        if use is None or span is None:
            continue
        if use.name == SOFTMAX.name and index < len(drafts) - 1:
            behind = drafts[index + 1]
            if behind.layer.only_trains and index == last:
                continue
            findings.add(
                SOFTMAX_PLACE,
                span,
                "softmax makes the outputs; another layer follows",
                "inside a network use `relu` or another activation",
                related=(Related(behind.span, "this follows"),),
            )
        if below is not None and use.surrogate is None and is_flat(use):
            findings.add(
                STEP,
                span,
                f"{use.name} has no gradient: nothing up to here can learn",
                f"write `{use.name}(surrogate=sigmoid)` to learn by its slope",
                related=()
                if below is draft
                else (Related(below.span, "this would not learn"),),
                fix=f"{use.name}(surrogate=sigmoid)" if not use.arguments else None,
            )


def warn_softmax(
    findings: Findings, loss: LossUse, last: Draft, loss_span: Span
) -> None:
    """A warning for softmax under mean_squared_error."""
    use, span = last.activation, last.activation_span
    if loss.name == "mean_squared_error" and use and span and use.name == SOFTMAX.name:
        findings.add(
            SOFTMAX_SQUARED,
            loss_span,
            "behind softmax this loss learns slowly where it is most wrong",
            "write `loss categorical_crossentropy`",
            related=(Related(span, "softmax"),),
        )
