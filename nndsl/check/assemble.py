"""One network: its lines read, judged, and put together."""

from dataclasses import replace

from nndsl import limits
from nndsl.check.definitions import Formulas
from nndsl.check.findings import Findings
from nndsl.check.read.body import read_body
from nndsl.check.read.input_line import read_inputs
from nndsl.check.read.layer_lines import read_layer
from nndsl.check.read.loss_line import read_loss
from nndsl.check.read.metric_lines import read_metrics
from nndsl.check.read.target_line import read_target
from nndsl.check.read.train_block import read_train
from nndsl.check.read.weight_line import read_weight
from nndsl.check.rules.build_layers import (
    build_layers,
    judge_size,
    meaning_of_words,
    narrowest,
)
from nndsl.check.rules.data_rules import judge_columns, judge_weight, target_of
from nndsl.check.rules.input_rules import inputs_of
from nndsl.check.rules.layer_rules import judge_layers, warn_bounded_output
from nndsl.check.rules.loss_rules import learned_task
from nndsl.check.rules.metric_rules import judge_metrics
from nndsl.check.rules.own_formulas import judge_loss
from nndsl.check.rules.training import judge_batches, training_of
from nndsl.network import Network, Target
from nndsl.spec_text.canonical import identity
from nndsl.syntax.tree import Name, Statement


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
    lines = body.statements
    input_lines = [read_inputs(findings, line) for line in body.inputs]
    target_line = read_target(findings, lines["target"]) if "target" in lines else None
    weight = read_weight(findings, lines["weight"]) if "weight" in lines else None
    loss = read_loss(findings, formulas, lines["loss"]) if "loss" in lines else None
    placed = read_metrics(findings, lines["metrics"]) if "metrics" in lines else ()
    drafts = [read_layer(findings, formulas, line) for line in body.layers]
    settings = read_train(findings, formulas, lines.get("train"), name.span)

    judged = inputs_of(findings, input_lines, settings)
    inputs = judged.inputs if judged else None
    target = target_of(findings, target_line) if target_line else None
    if "target" not in lines and body.complete:
        target = Target("given")
    elif inputs and target:
        spans = lines["input"].span, lines["target"].span
        judge_columns(findings, inputs, target, *spans)
    if loss and not judge_loss(findings, loss):
        loss = None
    if weight:
        judge_weight(findings, weight, inputs, target)
    words = meaning_of_words(inputs, target, loss.value if loss else None)
    layers = build_layers(findings, drafts, words, settings)
    judge_layers(findings, drafts, complete=body.complete)
    judge_batches(findings, settings, drafts)
    if drafts and body.complete:
        warn_bounded_output(findings, drafts[-1], settings.scale_target)
    metrics = tuple(metric.value for metric in placed)
    task = None
    if loss and target:
        span = lines["target"].span if "target" in lines else None
        layout = drafts if body.complete else ()
        task = learned_task(findings, loss, target, span, inputs, layout)
    judge_metrics(findings, placed, task, drafts[-1].n_outputs if drafts else None)
    used = loss.value.name if loss else ""
    wrong = "metrics" in lines and len(placed) < len(lines["metrics"].groups)
    said = metrics if body.complete and not wrong else None
    train = training_of(findings, settings, said, target, task, used)
    if layers and not allow_large:
        judge_size(findings, layers, name.text)

    if findings.errors:
        return None
    assert judged and inputs and target and loss and layers and task and train
    return Network(
        name.text,
        inputs,
        layers,
        layers[-1].n_outputs,
        target,
        task,
        loss.value,
        metrics,
        replace(train, scale=judged.scale, missing=judged.missing),
        narrowest(layers) if target.kind == "input" else None,
        identity(inputs, layers, target),
        weight.value if weight else None,
    )
