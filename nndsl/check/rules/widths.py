"""Drafts become layers: widths are counted through, names and defaults are given."""

from __future__ import annotations

from dataclasses import dataclass

from nndsl.check.findings import Findings
from nndsl.check.read.initializer import default_weights
from nndsl.check.read.layer_lines import Draft
from nndsl.diagnostics.codes_checks import DUPLICATE, USELESS_BIAS, WIDTH
from nndsl.diagnostics.record import Related
from nndsl.formulas.build.library import library_formula
from nndsl.language.loss_table import ANY_LOSS, LOSSES
from nndsl.network import (
    Activation,
    ActivationUse,
    BatchNorm,
    Dense,
    Dropout,
    Initializer,
    Inputs,
    Layer,
    LayerNorm,
    LossUse,
    Target,
    Width,
)
from nndsl.syntax.tree import Span

LINEAR = "linear"


@dataclass(frozen=True, slots=True)
class Words:
    """What the words `features`, `classes`, `outputs` stand for.

    None: unknown, because what they go by is wrong or says nothing; `no_classes` says
    why `classes` has no meaning here, or is empty.
    """

    features: Width
    outputs: Width | None
    classes: Width | None
    no_classes: str = ""


def meaning_of_words(
    inputs: Inputs | None, target: Target | None, loss: LossUse | None
) -> Words:
    """The widths that input, target and loss fix."""
    features: Width = "features"
    if inputs is not None and inputs.width is not None:
        features = inputs.width
    if target is None or loss is None:
        return Words(features, None, None)
    entry = LOSSES.get(loss.name, ANY_LOSS)
    one = entry.one_output or entry.task == "binary"
    outputs: Width
    match target.kind:
        case "given":
            outputs = 1 if entry.one_output else "outputs"
        case "input":
            outputs = features
        case "classes":
            outputs = 1 if one else len(target.labels)
        case "columns":
            count = len(target.columns)
            by_data = entry.task == "classes" and count == 1
            outputs = "outputs" if by_data else count
    if one:
        reason = f"`{loss.name}` has no unit for every class"
        return Words(features, outputs, None, reason)
    if target.kind == "classes":
        return Words(features, outputs, len(target.labels))
    if entry.task == "classes":
        return Words(features, outputs, "outputs")
    return Words(features, outputs, None, "`target` lists no labels")


def build_layers(
    findings: Findings, drafts: list[Draft], words: Words
) -> tuple[Layer, ...] | None:
    """The layers; None where a line was wrong."""
    layers: list[Layer] = []
    width: Width | None = words.features
    complete = True
    names = _names(findings, drafts)
    for index, (draft, name) in enumerate(zip(drafts, names, strict=True)):
        following = drafts[index + 1] if index + 1 < len(drafts) else None
        if draft.kind == "dense" and draft.sound:
            _useless_biases(findings, draft, following)
        n_outputs = _width(findings, draft, words) if draft.kind == "dense" else width
        if not draft.sound or width is None or n_outputs is None:
            complete = False
        else:
            layer = _layer(draft, name, width, n_outputs, drafts, index)
            layers.append(layer)
        width = n_outputs
    return tuple(layers) if complete else None


def _width(findings: Findings, draft: Draft, words: Words) -> Width | None:
    match draft.units:
        case "features":
            return words.features
        case "outputs":
            return words.outputs
        case "classes":
            if words.no_classes and draft.units_span is not None:
                findings.add(
                    WIDTH,
                    draft.units_span,
                    f"`classes` has no meaning: {words.no_classes}",
                    "write a number, or `outputs` for what the target needs",
                )
            return words.classes
        case int(count):
            return count
        case _:
            return None


def _names(findings: Findings, drafts: list[Draft]) -> list[str]:
    """Names by kind and place; a finding where two layers have the same."""
    counts: dict[str, int] = {}
    taken: dict[str, Draft] = {}
    names: list[str] = []
    for draft in drafts:
        word = draft.kind
        if word == "activation":
            word = draft.activation.name if draft.activation else "activation"
        counts[word] = counts.get(word, 0) + 1
        names.append(draft.name or f"{word}{counts[word]}")
    for draft, name in zip(drafts, names, strict=True):
        first = taken.setdefault(name, draft)
        if first is draft:
            continue
        named, other = (draft, first) if draft.name_span else (first, draft)
        findings.add(
            DUPLICATE,
            named.name_span or named.span,
            f"another layer is called `{name}`, too",
            "every layer has a name of its own",
            related=(Related(other.span, f"this is `{name}`"),),
        )
    return names


def _layer(
    draft: Draft,
    name: str,
    n_inputs: Width,
    n_outputs: Width,
    drafts: list[Draft],
    index: int,
) -> Layer:
    text, span, options = draft.text, draft.span, draft.options
    match draft.kind:
        case "dense":
            return _dense(draft, name, n_inputs, n_outputs, drafts, index)
        case "dropout":
            return Dropout(name, n_outputs, draft.rate, text, span=span)
        case "batch_norm":
            return BatchNorm(
                name,
                n_outputs,
                options.number("momentum"),
                options.number("epsilon"),
                text,
                span=span,
            )
        case "layer_norm":
            epsilon = options.number("epsilon")
            return LayerNorm(name, n_outputs, epsilon, text, span=span)
        case _:
            assert draft.activation is not None
            return Activation(name, n_outputs, draft.activation, text, span=span)


def _dense(
    draft: Draft,
    name: str,
    n_inputs: Width,
    n_outputs: Width,
    drafts: list[Draft],
    index: int,
) -> Dense:
    options = draft.options
    biases = draft.biases
    following = drafts[index + 1] if index + 1 < len(drafts) else None
    if _before_batch_norm(draft, following):
        biases = None
    return Dense(
        name,
        n_inputs,
        n_outputs,
        draft.activation or _linear(),
        draft.weights or _weights_by_activation(drafts, index),
        biases,
        draft.text,
        options.number("l1"),
        options.number("l2"),
        options.number("bias_l1"),
        options.number("bias_l2"),
        options.optional("max_norm"),
        span=draft.span,
    )


def _linear() -> ActivationUse:
    return ActivationUse(LINEAR, library_formula("activation", LINEAR))


def _weights_by_activation(drafts: list[Draft], index: int) -> Initializer:
    """By the activation that follows, looking through normalisation and dropout."""
    following = drafts[index].activation
    if following is None or following.name == LINEAR:
        for place in range(index + 1, len(drafts)):
            each = drafts[place]
            if each.kind == "activation":
                following = each.activation
            if each.kind in ("activation", "dense"):
                break
    return default_weights(following)


def _before_batch_norm(draft: Draft, following: Draft | None) -> bool:
    """Whether batch norm takes this layer's output as it is, and its biases away."""
    linear = draft.activation is None or draft.activation.name == LINEAR
    return linear and following is not None and following.kind == "batch_norm"


def _useless_biases(findings: Findings, draft: Draft, following: Draft | None) -> None:
    if not _before_batch_norm(draft, following):
        return
    assert following is not None
    options = draft.options
    if "use_bias" in options.spans and not options.switch("use_bias"):
        return
    for key in ("use_bias", "biases", "bias_l1", "bias_l2"):
        if key in options.spans:
            findings.add(
                USELESS_BIAS,
                options.spans[key],
                "batch_norm takes the mean away, and biases with it",
                f"leave out `{key}`; `batch_norm` has a shift of its own",
                related=(Related(following.span, "this comes next"),),
            )
            return


def span_of_units(draft: Draft) -> Span:
    return draft.units_span or draft.span
