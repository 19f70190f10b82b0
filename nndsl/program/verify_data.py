"""Checks that the data of a program fit its inputs, its outputs and each other."""

from collections.abc import Iterator

from nndsl.program.data import Columns, Data, LabelColumn, Labels, Scaling

_DECISIONS = {
    "one_hot": ("argmax",),
    "binary": ("threshold",),
    "sign": ("threshold",),
    "numbers": ("multilabel", "distribution", "numbers"),
    "input": ("distribution", "numbers"),
}
"""The decisions that lead from outputs back to what was encoded."""

_TYPES = {"text": str, "integer": int, "float": float}


def misfits(data: Data, n_inputs: int | str, n_outputs: int | str) -> Iterator[str]:
    """What does not fit a network of so many inputs and outputs."""
    decision, labels = data.decision, data.labels
    if decision.kind not in _DECISIONS[data.encoding]:
        yield f"{decision.kind} does not answer what {data.encoding} encodes"
    if (decision.threshold is None) == (decision.kind in ("threshold", "multilabel")):
        yield f"{decision.kind} with the threshold {decision.threshold}"
    if (labels is None) != (data.encoding in ("numbers", "input")):
        yield f"{data.encoding} encodes {'no' if labels is None else 'its'} labels"
    if n_outputs == "features" and data.encoding != "input":
        yield "the targets are as wide as the input, and not the input"
    if data.has_columns:
        yield from _of_mixed(data, n_inputs)
    else:
        yield from _of_columns("inputs", data.inputs, n_inputs)
    yield from _of_columns("targets", data.targets, 1 if labels else n_outputs)
    yield from _of_scaling(data)
    if labels is not None:
        yield from _of_labels(labels, n_outputs, decision.kind == "threshold")


def _of_columns(what: str, columns: Columns, width: int | str) -> Iterator[str]:
    low, high, names = columns.low, columns.high, columns.names
    if columns.width != width:
        yield f"{what}: {columns.width} columns for {width}"
    if names and len(set(names)) != columns.width:
        yield f"{what}: {len(set(names))} names for {columns.width} columns"
    yield from _of_range(what, low, high)


def _of_range(what: str, low: float | None, high: float | None) -> Iterator[str]:
    if low is not None and high is not None and not low < high:
        yield f"{what}: no number lies between {low} and {high}"


def _of_mixed(data: Data, n_inputs: int | str) -> Iterator[str]:
    """Whether columns of numbers and of labels are the inputs, each once."""
    names = [name for each in data.number_columns for name in each.names]
    names += [each.name for each in data.label_columns]
    if sorted(names) != sorted(data.inputs.names) or len(set(names)) != len(names):
        yield f"the columns {names} are not {list(data.inputs.names)}"
    widths = [each.width for each in data.label_columns]
    widths += [1 for each in data.number_columns for _ in each.names]
    known = [width for width in widths if width is not None]
    expected = sum(known) if len(known) == len(widths) else "features"
    if n_inputs != expected:
        yield f"{n_inputs} inputs, and columns for {expected}"
    drops = [each.filling.drops for each in data.number_columns]
    if data.filling.drops != any(drops + [each.drops for each in data.label_columns]):
        yield f"missing {data.filling.kind}, and columns that say otherwise"
    if data.filling.fills or data.scaling.scales or data.encoding == "input":
        yield "columns that are treated alike, and each in its own way"
    for each in data.number_columns:
        yield from _of_range(f"numbers {each.names}", each.low, each.high)
        yield from _of_declared(each.scaling, each.low, each.high)
    for column in data.label_columns:
        yield from _of_label_column(column)


def _of_label_column(column: LabelColumn) -> Iterator[str]:
    labels = column.labels
    if len(set(labels)) != len(labels) or "" in labels:
        yield f"{column.name}: labels that cannot be told apart: {labels}"
    if column.has_other != ("other" in labels[-1:]):
        yield f"{column.name}: the last label is not `other`"
    if column.learned != (len(labels) == column.has_other):
        yield f"{column.name}: labels that are learned, and {labels}"
    if column.fill is not None and (
        column.drops or not (column.learned or column.fill in labels)
    ):
        yield f"{column.name}: a missing label becomes {column.fill}"


def _of_scaling(data: Data) -> Iterator[str]:
    scaling, back = data.scaling, data.target_scaling
    yield from _of_declared(scaling, data.inputs.low, data.inputs.high)
    if data.encoding == "input" and back != scaling:
        yield "the input is scaled back in another way"
    if data.encoding != "input" and back.scales and data.decision.kind != "numbers":
        yield f"{data.decision.kind} of targets that are scaled"


def _of_declared(
    scaling: Scaling, low: float | None, high: float | None
) -> Iterator[str]:
    declared = (scaling.low, scaling.high)
    if declared != (None, None) and (
        scaling.kind != "minmax" or declared != (low, high)
    ):
        yield f"{scaling.kind} scaling from {scaling.low} to {scaling.high}"


def _of_labels(labels: Labels, n_outputs: int | str, by_one: bool) -> Iterator[str]:
    values = labels.values
    if by_one and n_outputs != 1:
        yield f"one threshold for {n_outputs} outputs"
    if labels.count != (2 if by_one else n_outputs):
        yield f"{labels.count} labels for {n_outputs} outputs"
    if labels.declared != bool(values):
        yield f"{labels.kind} labels: {values}"
    if values and len(set(values)) != labels.count:
        yield f"{len(set(values))} labels are declared, not {labels.count}"
    if any(type(value) is not _TYPES.get(labels.kind) for value in values):
        yield f"labels that are not all of the kind {labels.kind}"
