"""Drafts become layers: widths are counted through, names and defaults are given."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from nndsl import limits
from nndsl.check.findings import Findings
from nndsl.check.read.options import Options
from nndsl.check.read.train_block import Settings
from nndsl.check.rules.python_names import check_name
from nndsl.diagnostics.codes_checks import DUPLICATE, TOO_LARGE, WIDTH
from nndsl.diagnostics.record import Related
from nndsl.language.loss_table import ANY_LOSS, LOSSES
from nndsl.layers.layer import INPUT, NAME, Draft, Layer, automatic_names
from nndsl.layers.uses import Width
from nndsl.network import Inputs, LossUse, Target
from nndsl.syntax.tree import Name


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
    findings: Findings, drafts: Sequence[Draft], words: Words, settings: Settings
) -> tuple[Layer, ...] | None:
    """The layers; None where a line was wrong."""
    _give_names(findings, drafts)
    reads = INPUT
    width: Width | None = words.features
    for draft, below in pairwise(drafts):
        draft.below = below
    for draft in drafts:
        draft.reads, draft.n_inputs = reads, width
        if draft.layer.resizes:
            width = _width(findings, draft, words)
        reads, draft.n_outputs = draft.name, width
        _preset(draft.options, settings)
    if not all(each.sound and each.n_outputs is not None for each in drafts):
        return None
    return tuple(draft.layer.build(draft) for draft in drafts)


def _width(findings: Findings, draft: Draft, words: Words) -> Width | None:
    match draft.options.values["units"]:
        case "features":
            return words.features
        case "outputs":
            return words.outputs
        case "classes":
            if words.no_classes:
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


def _preset(options: Options, settings: Settings) -> None:
    """Give an option the value of the train block's setting of the same name."""
    settled = settings.values.values
    for name in options.values.keys() & settled.keys() - options.spans.keys():
        options.values[name] = settled[name]


def _give_names(findings: Findings, drafts: Sequence[Draft]) -> None:
    """Names by word and place; a finding where two layers have the same."""
    taken: dict[str, Draft] = {}
    automatic = automatic_names(draft.word.text for draft in drafts)
    for draft, name in zip(drafts, automatic, strict=True):
        given = draft.options.raw.get(NAME.name)
        is_fit = isinstance(given, Name) and check_name(findings, given, "layer")
        draft.name = given.text if isinstance(given, Name) and is_fit else name
    for draft in drafts:
        first = taken.setdefault(draft.name, draft)
        if first is draft:
            continue
        is_named = NAME.name in draft.options.raw
        named, other = (draft, first) if is_named else (first, draft)
        name_at = named.options.raw.get(NAME.name)
        findings.add(
            DUPLICATE,
            name_at.span if name_at else named.span,
            f"another layer is called `{draft.name}`, too",
            "every layer has a name of its own",
            related=(Related(other.span, f"this is `{draft.name}`"),),
        )


def judge_size(findings: Findings, layers: Sequence[Layer], name: str) -> None:
    """A finding where the widths the spec fixes make too many parameters."""
    total = 0
    for layer in layers:
        total += layer.count() or 0
        if total > limits.PARAMETERS:
            findings.add(
                TOO_LARGE,
                layer.span,
                f"up to here `{name}` has {total:,} parameters",
                f"at most {limits.PARAMETERS:,}; `--allow-large` allows more",
            )
            return


def narrowest(layers: Sequence[Layer]) -> str | None:
    """The layer an autoencoder's `transform` answers with.

    The narrowest before the last dense; of several as narrow in a row the last, so
    that the activation behind a dense counts.
    """
    last = max(i for i, layer in enumerate(layers) if layer.resizes)
    chosen: Layer | None = None
    run = False
    for layer in layers[:last]:
        if layer.only_trains or not isinstance(layer.n_outputs, int):
            continue
        if layer.resizes:
            run = chosen is None or layer.n_outputs < int(chosen.n_outputs)
        if run:
            chosen = layer
    return chosen.name if chosen else None
