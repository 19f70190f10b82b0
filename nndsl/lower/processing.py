"""Lowering what stands around the layers: how a table becomes arrays, and an answer."""

from collections.abc import Iterator
from dataclasses import replace

from nndsl.network import Inputs, Network, Scale, Task
from nndsl.program.data import (
    Columns,
    Data,
    Decision,
    Encoding,
    Filling,
    LabelColumn,
    LabelKind,
    Labels,
    NumberColumns,
    Scaling,
)

_TASKS: dict[Task, tuple[Encoding, Decision]] = {
    "classes": ("one_hot", Decision("argmax")),
    "binary": ("binary", Decision("threshold", 0.5)),
    "margin": ("sign", Decision("threshold", 0.0)),
    "labels": ("numbers", Decision("multilabel", 0.5)),
    "distribution": ("numbers", Decision("distribution")),
    "numbers": ("numbers", Decision("numbers")),
}
"""How the targets of each task are made, and its answers."""

_LIMITS: dict[Task, tuple[float, float]] = {"labels": (0, 1), "distribution": (0, 1)}
"""Where the targets of a task lie, if not anywhere."""

_CROSSENTROPIES = ("binary_crossentropy", "categorical_crossentropy")
"""The losses that make probabilities of the outputs."""

_KINDS: dict[type, LabelKind] = {str: "text", int: "integer", float: "float"}


def lower_data(network: Network) -> Data:
    """What stands before and behind the layers of `network`."""
    given, scale = network.inputs, network.train.scale
    encoding, decision = _TASKS[network.task]
    probabilities = network.loss.name in _CROSSENTROPIES and decision.kind != "numbers"
    limits = (given.low, given.high)
    scaling = _scaling(scale, *limits)
    target_scaling = Scaling("standard" if network.train.scale_target else "none")
    if network.target.kind == "input":
        encoding, target_scaling = "input", scaling
    width = len(given.columns) if given.columns else given.width
    filling = Filling(network.train.missing)
    if given.groups:
        drops = any(group.missing == "drop" for group in given.groups)
        filling, scaling = Filling("drop" if drops else "error"), Scaling("none")
    return Data(
        inputs=Columns(width or "features", given.columns or (), *limits),
        filling=filling,
        scaling=scaling,
        targets=_targets(network, encoding),
        labels=None if encoding in ("numbers", "input") else _labels(network),
        encoding=encoding,
        target_scaling=target_scaling,
        decision=replace(decision, probabilities=probabilities),
        weight=network.weight,
        number_columns=tuple(_number_columns(given)),
        label_columns=tuple(_label_columns(given)),
        drops_targets=network.train.missing == "drop",
    )


def _number_columns(given: Inputs) -> Iterator[NumberColumns]:
    for group in given.groups:
        if group.labels is None:
            assert group.missing != "label"
            yield NumberColumns(
                group.columns,
                Filling(group.missing),
                _scaling(group.scale, group.low, group.high),
                group.low,
                group.high,
            )


def _label_columns(given: Inputs) -> Iterator[LabelColumn]:
    for group in given.groups:
        if group.labels is not None:
            for name in group.columns:
                yield LabelColumn(
                    name,
                    group.all_labels,
                    learned=group.learned,
                    has_other=group.other,
                    fill=group.fill,
                    drops=group.missing == "drop",
                )


def _scaling(scale: Scale, low: float | None, high: float | None) -> Scaling:
    """A declared range is what minmax scales by."""
    return Scaling(scale, low, high) if scale == "minmax" else Scaling(scale)


def _targets(network: Network, encoding: Encoding) -> Columns:
    """The columns of y: one of labels, or one for each output."""
    low, high = _LIMITS.get(network.task, (None, None))
    if network.loss.name == "poisson":
        low = 0
    width = network.n_outputs if encoding in ("numbers", "input") else 1
    return Columns(width, network.target.columns, low, high)


def _labels(network: Network) -> Labels:
    """The labels of the target, declared or learned."""
    values = network.target.labels
    kind = _KINDS[type(values[0])] if values else "learned"
    count = 2 if network.task in ("binary", "margin") else network.n_outputs
    return Labels(kind, count, values)
