"""The train block, fitted to what is learned."""

from collections.abc import Sequence
from typing import Any

from nndsl.check.findings import Findings
from nndsl.check.read.train_block import Settings
from nndsl.check.rules.label_weights import weights_of_labels
from nndsl.check.rules.monitor import early_stopping
from nndsl.check.rules.own_formulas import judge_optimizer
from nndsl.check.rules.shares import split_of
from nndsl.diagnostics.codes_checks import CONTRADICTION, TARGET
from nndsl.diagnostics.record import Related
from nndsl.layers.layer import Draft
from nndsl.network import Metric, Split, Target, Task, Train

_UNSCALED = "poisson", "binary_crossentropy"
"""Losses whose targets are no numbers of just any size."""


def training_of(
    findings: Findings,
    settings: Settings,
    metrics: Sequence[Metric] | None,
    target: Target | None,
    task: Task | None,
    loss: str,
) -> Train | None:
    """The train block; None where its optimizer is wrong.

    What must suit the task is not looked at where `task` is None.
    """
    weights = None
    if task is not None and target is not None:
        _judge_task(findings, settings, target, task, loss)
        if settings.weights is not None:
            span = settings.spans["class_weights"]
            weights = weights_of_labels(findings, settings.weights, target, task, span)
    split: Split | None = Split(1.0, 0.0, 0.0)
    if "split" in settings.spans:
        shares = settings.shares
        split = split_of(findings, shares) if shares is not None else None
    names = None if metrics is None else [metric.name for metric in metrics]
    stopping = early_stopping(findings, settings, split, names)
    clip = settings.options.get("clip_gradients")
    if clip is not None and len(clip.spans) > 1:
        first, second = clip.spans.values()
        findings.add(
            CONTRADICTION,
            second,
            "gradients are clipped by `norm` or by `value`, not by both",
            "leave one of them out",
            related=(Related(first, "the other one"),),
        )
    optimizer = settings.optimizer
    if optimizer is None or not judge_optimizer(findings, optimizer) or split is None:
        return None
    checkpoint = settings.options.get("checkpoint")
    values = settings.values
    size = values.values["batch_size"]
    precision: Any = values.word("precision")  # words of the table of settings
    missing: Any = values.word("missing")
    scale: Any = settings.scale
    return Train(
        optimizer.use,
        values.count("epochs"),
        None if size == "all" else values.count("batch_size"),
        values.switch("shuffle"),
        values.count("seed"),
        precision,
        split,
        scale,
        settings.scale_target is not None,
        missing,
        weights,
        clip.optional("norm") if clip else None,
        clip.optional("value") if clip else None,
        stopping,
        int(checkpoint.optional("every") or 0) or None if checkpoint else None,
    )


def judge_batches(
    findings: Findings, settings: Settings, drafts: Sequence[Draft]
) -> None:
    """A finding where a batch of one row meets a layer that takes its mean away."""
    norms = [draft for draft in drafts if draft.layer.centres]
    if norms and settings.values.values["batch_size"] == 1:
        findings.add(
            CONTRADICTION,
            settings.spans["batch_size"],
            f"`{norms[0].word.text}` makes every number of a single row 0",
            "a batch needs two rows or more: for example `batch_size 32`",
            related=(Related(norms[0].span, "computed from the rows of a batch"),),
        )


def _judge_task(
    findings: Findings, settings: Settings, target: Target, task: Task, loss: str
) -> None:
    span = settings.scale_target
    any_numbers = task == "numbers" and target.kind != "input" and loss not in _UNSCALED
    if span is not None and not any_numbers:
        findings.add(
            TARGET,
            span,
            "only a target of any numbers can be scaled",
            "leave `target=standard` out",
        )
    stratified = settings.shares is not None and settings.shares.stratified
    if stratified and task not in ("classes", "binary", "margin"):
        findings.add(
            TARGET,
            settings.spans["split"],
            "`stratified` needs classes, and none are learned",
            "leave `stratified` out",
        )
