"""The head of a module: its title, the names of columns and classes, its network."""

import textwrap

from nndsl.check.read.values import format_number
from nndsl.network import Network
from nndsl.program.program import Program
from nndsl.render.escape import Code, listing, literal, value
from nndsl.render.lines import WIDTH
from nndsl.render.module.column_text import column_lines
from nndsl.render.prose import docstring

_PLACES = 82
"""So many characters of the network stand on a line."""


def title(name: str, program: Program, stem: str, library: str = "NumPy") -> list[str]:
    """What the network does, and how it is trained, as the module's docstring."""
    y = "" if program.data.encoding == "input" else ", y"
    use = f"Train it by `python {stem}.py {stem}.csv`, or from Python by `{name}().fit"
    text = f"{name}, a neural network in {library}: it {purpose(program)}."
    return docstring(f"{text}\n\n{use}(X{y})`.", "")


def purpose(program: Program) -> str:
    """What the network does, in words of our own."""
    width, outputs = program.data.inputs.width, program.loss.outputs
    inputs = "a row of numbers"
    if program.data.has_columns:
        inputs = f"{width} columns"
    elif isinstance(width, int):
        inputs = f"{width} number{'s' * (width != 1)}"
    count = f"{outputs} " if isinstance(outputs, int) else ""
    match program.data.decision.kind:
        case "argmax":
            what = f"tells {count}classes apart by {inputs}"
        case "threshold":
            what = f"tells two classes apart by {inputs}"
        case "multilabel":
            what = f"finds which of {count}labels hold for {inputs}"
        case "distribution":
            what = f"estimates a distribution over {count}outputs from {inputs}"
        case "numbers" if program.data.encoding == "input":
            what = f"compresses {inputs} and restores them"
        case "numbers" if outputs == 1:
            what = f"estimates a number from {inputs}"
        case _:
            what = f"estimates {count}numbers from {inputs}"
    return what


def name_lines(network: Network, program: Program) -> list[str]:
    """`FEATURES`, `TARGET`, `CLASSES` and other facts of the spec, one a line."""
    data, train = program.data, network.train
    lists = {
        "FEATURES": data.inputs.names,
        "TARGETS": data.targets.names if len(data.targets.names) > 1 else (),
        "CLASSES": data.labels.values if data.labels else (),
    }
    lines = [
        _list(name, [value(item) for item in items])
        for name, items in lists.items()
        if items
    ]
    lines[bool(data.inputs.names) :] = [
        *column_lines(data),
        *lines[bool(data.inputs.names) :],
    ]
    limits = {"LOW": data.inputs.low, "HIGH": data.inputs.high}
    given = {
        name: format_number(end) for name, end in limits.items() if end is not None
    }
    if given:
        note = "the range of the inputs"
        lines.append(f"{', '.join(given)} = {', '.join(given.values())}  # {note}")
    weights = train.class_weights
    if isinstance(weights, tuple):
        by_label = dict(weights)
        values = data.labels.values if data.labels else tuple(by_label)
        parts = [Code(format_number(by_label.get(label, 1.0))) for label in values]
        lines.append(_list("CLASS_WEIGHTS", parts))
    if train.checkpoint_every is not None:
        note = "epochs from one checkpoint to the next"
        lines.append(f"CHECKPOINT = {train.checkpoint_every}  # {note}")
    return lines


def _list(name: str, items: list[Code]) -> str:
    return f"{name} = {listing(items, 0, len(name) + 3).text}"


def network_line(network: Network) -> str:
    """The layers as one string literal, in parentheses where it is long."""
    inputs = network.lines[0].removeprefix("input ")
    if network.inputs.columns:
        inputs = str(network.inputs.width or "any")
    layers = [line for line in network.lines[1:] if not line.startswith("target ")]
    text = " -> ".join([inputs, *layers])
    line = f"{literal(text).text}  # see save and load"
    if len(f"NETWORK = {line}") <= WIDTH:
        return line
    parts = textwrap.wrap(text, _PLACES, drop_whitespace=False, break_on_hyphens=False)
    rows = "".join(f"    {literal(part).text}\n" for part in parts)
    return f"(  # see save and load\n{rows})"
