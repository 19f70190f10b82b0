"""One network: its statements read, fitted to each other, and put together."""

from typing import Any, Literal

from nndsl import limits
from nndsl.check.definitions import Formulas
from nndsl.check.findings import Findings
from nndsl.check.read.body import Body, read_body
from nndsl.check.read.class_weights import resolve_weights
from nndsl.check.read.columns import read_inputs
from nndsl.check.read.layer_lines import read_layer
from nndsl.check.read.loss_line import (
    check_last_layer,
    check_target,
    check_width,
    read_loss,
    task_of,
)
from nndsl.check.read.metric_lines import Placed, check_metrics, read_metrics
from nndsl.check.read.split_setting import WHOLE
from nndsl.check.read.target_line import read_target
from nndsl.check.read.train_block import Settings, read_train
from nndsl.check.rules.lints import judge_layers, warn_softmax
from nndsl.check.rules.monitor import early_stopping
from nndsl.check.rules.widths import build_layers, meaning_of_words
from nndsl.diagnostics.codes_checks import CONTRADICTION, TARGET, TOO_LARGE
from nndsl.diagnostics.record import Related
from nndsl.layers.layer import Draft, Layer
from nndsl.layers.uses import ActivationUse
from nndsl.network import Inputs, LossUse, Network, Target, Task, Train
from nndsl.syntax.tree import Name, Statement
from nndsl.written.canonical import identity

GIVEN = Target("given")


def build_network(
    findings: Findings,
    formulas: Formulas,
    statement: Statement,
    name: Name,
    allow_large: bool,
) -> Network | None:
    """The network of a statement; None where a finding stands in its way."""
    body = read_body(findings, formulas, statement, name)
    if len(body.layers) > limits.LAYERS:
        return None
    read = body.statements
    inputs = read_inputs(findings, read["input"]) if "input" in read else None
    target: Target | None = GIVEN
    if "target" in read:
        target = read_target(findings, read["target"])
    loss = read_loss(findings, formulas, read["loss"]) if "loss" in read else None
    metrics: tuple[Placed, ...] = ()
    if "metrics" in read:
        metrics = read_metrics(findings, read["metrics"])
    drafts = [read_layer(findings, formulas, line) for line in body.layers]
    settings = read_train(findings, formulas, read.get("train"))
    _other_column(findings, body, inputs, target)
    words = meaning_of_words(inputs, target, loss)
    layers = build_layers(findings, drafts, words, settings)
    judge_layers(findings, drafts)
    task = None
    if loss is not None and target is not None:
        fits = _fit(findings, body, drafts, layers, inputs, target, loss)
        if fits and layers:
            task = task_of(loss, _last(drafts), layers[-1].n_outputs, target)
            check_metrics(findings, metrics, task, layers[-1].n_outputs)
    train = _train(findings, settings, metrics, target, task, loss)
    if layers is not None and not allow_large:
        _count(findings, layers, name)
    if findings.errors or not (inputs and layers and target and loss and task):
        return None
    assert train is not None
    return Network(
        name.text,
        inputs,
        layers,
        layers[-1].n_outputs,
        target,
        task,
        loss,
        tuple(metric for metric, _ in metrics),
        train,
        _narrowest(layers) if target.kind == "input" else None,
        identity(inputs, layers, target),
    )


def _other_column(
    findings: Findings, body: Body, inputs: Inputs | None, target: Target | None
) -> None:
    """A finding where the answer is among the inputs."""
    if inputs is None or target is None or inputs.columns is None:
        return
    shared = [column for column in target.columns if column in inputs.columns]
    span, first = body.span("target"), body.span("input")
    if shared and span is not None and first is not None:
        findings.add(
            CONTRADICTION,
            span,
            f"the column `{shared[0]}` is among the inputs, too",
            "a network that is given the answer learns nothing else",
            related=(Related(first, "the inputs"),),
        )


def _last(drafts: list[Draft]) -> ActivationUse | None:
    """What the network's outputs went through last."""
    for draft in reversed(drafts):
        if not draft.layer.only_trains:
            return draft.activation
    return None


def _fit(
    findings: Findings,
    body: Body,
    drafts: list[Draft],
    layers: tuple[Layer, ...] | None,
    inputs: Inputs | None,
    target: Target,
    loss: LossUse,
) -> bool:
    """Whether loss, target and last layer fit; at most one finding."""
    loss_span = body.statements["loss"].groups[0][0].span
    target_span = body.span("target")
    if target_span is not None and not check_target(
        findings, loss, target, loss_span, target_span
    ):
        return False
    tail = [draft for draft in drafts if not draft.layer.only_trains]
    dense = [draft for draft in drafts if draft.layer.resizes]
    if not tail or not dense or not tail[-1].sound or not dense[-1].sound:
        return False
    last = _last(drafts)
    place = tail[-1].activation_span or tail[-1].units_span
    is_written = tail[-1].activation_span is not None
    if not check_last_layer(findings, loss, last, (place, is_written), loss_span):
        return False
    if layers is None or inputs is None:
        return False
    units = dense[-1].units_span
    spans = (units, loss_span, target_span)
    width = layers[-1].n_outputs
    fits = check_width(findings, loss, last, width, inputs, target, spans)
    if fits:
        warn_softmax(findings, loss, tail[-1], loss_span)
    return fits


def _train(
    findings: Findings,
    settings: Settings,
    metrics: tuple[Placed, ...],
    target: Target | None,
    task: Task | None,
    loss: LossUse | None,
) -> Train | None:
    """The train block, fitted to what is learned."""
    spans = settings.spans
    if task is not None and loss is not None and target is not None:
        _fit_task(findings, settings, target, task, loss)
    weights: Literal["balanced"] | tuple[tuple[str | int | float, float], ...] | None
    weights = None
    if settings.weights is not None and task is not None and target is not None:
        span = spans["class_weights"]
        resolved = resolve_weights(findings, settings.weights, target, task, span)
        weights = "balanced" if settings.weights.balanced else resolved
    names = tuple(metric.name for metric, _ in metrics)
    stopping = early_stopping(findings, settings, names)
    if settings.optimizer is None:
        return None
    clip = settings.options.get("clip_gradients")
    checkpoint = settings.options.get("checkpoint")
    size = settings.values["batch_size"]
    precision: Any = settings.word("precision")  # words of the table of settings
    missing: Any = settings.word("missing")
    scale: Any = settings.scale
    return Train(
        settings.optimizer,
        settings.count("epochs"),
        None if size == "all" else settings.count("batch_size"),
        settings.values["shuffle"] is True,
        settings.count("seed"),
        precision,
        settings.split or WHOLE,
        scale,
        settings.scale_target is not None,
        missing,
        weights,
        clip.optional("norm") if clip else None,
        clip.optional("value") if clip else None,
        stopping,
        int(checkpoint.optional("every") or 0) or None if checkpoint else None,
    )


def _fit_task(
    findings: Findings, settings: Settings, target: Target, task: Task, loss: LossUse
) -> None:
    span = settings.scale_target
    if span is not None and (
        task != "numbers"
        or target.kind == "input"
        or loss.name in ("poisson", "binary_crossentropy")
    ):
        findings.add(
            TARGET,
            span,
            "only a target of any numbers can be scaled",
            "leave `target=standard` out",
        )
    stratified = settings.split is not None and settings.split.stratified
    if stratified and task not in ("classes", "binary", "margin"):
        findings.add(
            TARGET,
            settings.spans["split"],
            "`stratified` goes by classes, and none are learned",
            "leave `stratified` out",
        )


def _count(findings: Findings, layers: tuple[Layer, ...], name: Name) -> None:
    """A finding where the widths the spec fixes make too many parameters."""
    total = 0
    for layer in layers:
        total += layer.count() or 0
        if total > limits.PARAMETERS:
            findings.add(
                TOO_LARGE,
                layer.span,
                f"up to here `{name.text}` has {total:,} parameters",
                f"the most are {limits.PARAMETERS:,}; `--allow-large` allows more",
            )
            return


def _narrowest(layers: tuple[Layer, ...]) -> str | None:
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
