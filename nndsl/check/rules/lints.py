"""What would be wrong or unwise although every word is right."""

from __future__ import annotations

from nndsl.check.findings import Findings
from nndsl.check.read.formula_call import SOFTMAX, is_flat
from nndsl.check.read.layer_lines import Draft
from nndsl.diagnostics.codes_checks import (
    DROPOUT_PLACE,
    LINEAR_LAYERS,
    SOFTMAX_PLACE,
    SOFTMAX_SQUARED,
    STEP,
)
from nndsl.diagnostics.record import Related
from nndsl.network import Dense, Layer, LossUse, Width
from nndsl.syntax.tree import Span

_TRAINED = ("dense", "batch_norm", "layer_norm")
_AFFINE = ("dropout", "batch_norm")
"""Layers that leave two dense layers around them one linear map."""


def check_order(findings: Findings, drafts: list[Draft]) -> None:
    """Softmax, dropout and step where they would break the network."""
    last = max((i for i, each in enumerate(drafts) if each.kind == "dense"), default=-1)
    below: Draft | None = None
    for index, draft in enumerate(drafts):
        if below is None and draft.kind in _TRAINED:
            below = draft
        if draft.kind == "dropout" and last >= 0 and index > last:
            findings.add(
                DROPOUT_PLACE,
                draft.span,
                "this drops outputs of the network",
                "dropout stands before the last `dense`",
                related=(Related(drafts[last].span, "the last dense layer"),),
            )
        use = draft.activation
        if use is None or draft.activation_span is None:
            continue
        if use.name == SOFTMAX and index < len(drafts) - 1:
            behind = drafts[index + 1]
            if behind.kind == "dropout" and index == last:
                continue
            findings.add(
                SOFTMAX_PLACE,
                draft.activation_span,
                "softmax makes the outputs; another layer follows",
                "inside a network use `relu` or another activation",
                related=(Related(behind.span, "this follows"),),
            )
        if below is not None and use.surrogate is None and is_flat(use):
            findings.add(
                STEP,
                draft.activation_span,
                f"{use.name} has no gradient: nothing up to here can learn",
                f"write `{use.name}(surrogate=sigmoid)` to learn by its slope",
                related=()
                if below is draft
                else (Related(below.span, "this would not learn"),),
                fix=f"{use.name}(surrogate=sigmoid)" if not use.arguments else None,
            )


def warn_linear(
    findings: Findings, drafts: list[Draft], layers: tuple[Layer, ...] | None
) -> None:
    """A warning for two dense layers without an activation between them."""
    by_span = {
        layer.span.start: layer for layer in layers or () if isinstance(layer, Dense)
    }
    for index, draft in enumerate(drafts):
        if draft.kind != "dense" or draft.activation or draft.name:
            continue
        behind = _behind(drafts, index)
        if layers is None or behind is None or behind.kind != "dense":
            continue
        layer, following = by_span[draft.span.start], by_span[behind.span.start]
        if _narrower(layer.n_outputs, layer.n_inputs) and _narrower(
            layer.n_outputs, following.n_outputs
        ):
            continue
        findings.add(
            LINEAR_LAYERS,
            draft.span,
            "no activation: together with the next dense this is one linear layer",
            "add an activation such as `relu`; or name the layer if it is meant",
            related=(Related(behind.span, "the next dense"),),
        )


def _behind(drafts: list[Draft], index: int) -> Draft | None:
    """The next layer that is more than a factor and a shift for each unit."""
    for place in range(index + 1, len(drafts)):
        if drafts[place].kind not in _AFFINE:
            return drafts[place]
    return None


def _narrower(a: Width, b: Width) -> bool:
    return isinstance(a, int) and (not isinstance(b, int) or a < b)


def warn_softmax(
    findings: Findings, loss: LossUse, drafts: list[Draft], loss_span: Span
) -> None:
    """A warning for softmax under mean_squared_error."""
    last = drafts[-1] if drafts else None
    use = last.activation if last else None
    if loss.name == "mean_squared_error" and use is not None and use.name == SOFTMAX:
        assert last is not None and last.activation_span is not None
        findings.add(
            SOFTMAX_SQUARED,
            loss_span,
            "behind softmax this loss learns slowly where it is most wrong",
            "write `loss categorical_crossentropy`",
            related=(Related(last.activation_span, "softmax"),),
        )
