"""What would be wrong or unwise although every word is right."""

from __future__ import annotations

from nndsl.check.findings import Findings
from nndsl.check.formulas import SOFTMAX, STEP_NAME
from nndsl.check.layers import Draft
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
    for index, draft in enumerate(drafts):
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
        trained = [each for each in drafts[: index + 1] if each.kind in _TRAINED]
        if use.name == STEP_NAME and use.surrogate is None and trained:
            findings.add(
                STEP,
                draft.activation_span,
                "step has no gradient: nothing up to here can learn",
                "write `step(surrogate=sigmoid)`, and learning borrows its slope",
                related=(Related(trained[0].span, "this would not learn"),),
                fix="step(surrogate=sigmoid)",
            )


def warn_linear(
    findings: Findings, drafts: list[Draft], layers: tuple[Layer, ...] | None
) -> None:
    """A warning for two dense layers without an activation between them."""
    for index, draft in enumerate(drafts):
        if draft.kind != "dense" or draft.activation or draft.name:
            continue
        behind = drafts[index + 1 :]
        while behind and behind[0].kind in _AFFINE:
            behind = behind[1:]
        if not behind or behind[0].kind != "dense":
            continue
        if layers is None or _bottleneck(layers, draft, behind[0]):
            continue
        findings.add(
            LINEAR_LAYERS,
            draft.span,
            "no activation: together with the next dense this is one linear layer",
            "add an activation such as `relu`; or name the layer if it is meant",
            related=(Related(behind[0].span, "the next dense"),),
        )


def _bottleneck(layers: tuple[Layer, ...], draft: Draft, behind: Draft) -> bool:
    """Whether a layer is narrower than what it sees and than the dense behind it."""
    by_span = {layer.span.start: layer for layer in layers if isinstance(layer, Dense)}
    layer, following = by_span[draft.span.start], by_span[behind.span.start]
    return _narrower(layer.n_outputs, layer.n_inputs) and _narrower(
        layer.n_outputs, following.n_outputs
    )


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
