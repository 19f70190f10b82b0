"""What the templates of the CSV reader and the command line print."""

import os.path
import re
from dataclasses import dataclass

from nndsl.network import Network
from nndsl.program.data import Labels
from nndsl.program.program import Program
from nndsl.render.escape import WIDTH, Code, code, literal, number


@dataclass(frozen=True, slots=True)
class Reader:
    """How a cell of the target is read.

    `bad`: whether it is not what is `expected`; `item`: the type of its `value`;
    `type`: that of all the column's answers, `result`: the way there.
    """

    bad: Code
    expected: Code
    item: Code
    value: Code
    type: Code
    result: Code


_TEXT, _NUMBER = code("row[name]"), code("float(row[name])")
_ONE_OF = code("one of {CLASSES[:20]}")
_LABEL = Reader(
    code("row[name] not in CLASSES"),
    _ONE_OF,
    code("str"),
    _TEXT,
    code("list[str]"),
    code(", y"),
)
_NUMERIC_LABEL = Reader(
    code("not (is_number(row[name]) and float(row[name]) in CLASSES)"),
    _ONE_OF,
    code("float"),
    _NUMBER,
    code("list[float]"),
    code(", y"),
)
_ANY_LABEL = Reader(
    code("not row[name]"),
    code("a label"),
    code("str"),
    _TEXT,
    code("NDArray[Any]"),
    code(", numbers_or_text(y)"),
)
_NUMBERS = Reader(
    code("not is_number(row[name])"),
    code("a number"),
    code("float"),
    _NUMBER,
    code("Array"),
    code(", np.array(y)"),
)


@dataclass(frozen=True, slots=True)
class CommandLine:
    """The holes of `read_csv.py.jinja` and `command_line.py.jinja`.

    `inputs` and `targets` name the lists of columns; `column_finder` is the template
    that tells a file's columns apart, and `found` what it finds.  `load` makes the
    model in a function, `load_in_main` deeper.
    """

    reader: Reader
    shape: Code
    inputs: Code
    targets: Code
    column_finder: str | None
    found: Code
    weights: Code
    command: Code
    epochs: Code
    seed: Code
    new_model: Code
    load: Code
    load_in_main: Code
    summary: tuple[Code, ...]
    answer_head: Code
    has_one_answer: bool
    has_probabilities: bool


def command_line(network: Network, program: Program, source_name: str) -> CommandLine:
    """The command line of the module that is made from the file `source_name`."""
    data, name = program.data, network.name
    inputs, targets = bool(data.inputs.names), data.targets.names
    has_target = data.encoding != "input"
    finder = _finder(inputs, bool(targets), has_target)
    stem = _stem(network, source_name)
    new = f"{name}(epochs=given.epochs, seed=given.seed, verbose=1)"
    return CommandLine(
        reader=_reader(data.labels),
        shape=code(f".reshape(-1, {len(targets)})" if len(targets) > 1 else ""),
        inputs=code("FEATURES" if inputs else "inputs"),
        targets=code("TARGETS" if targets else "targets"),
        column_finder=finder and f"columns/{finder}.py.jinja",
        found=code(_found(inputs, bool(targets), has_target)),
        weights=literal(f"{stem}.npz"),
        command=literal(f"python {stem}.py {{}}"),
        epochs=number(network.train.epochs),
        seed=number(network.train.seed),
        new_model=_model(new, 12),
        load=_model(f"{name}.load(weights)", 4),
        load_in_main=_model(f"{name}.load(weights)", 12),
        summary=_summary(name),
        answer_head=code("{" + literal("_".join(["predicted", *targets])).text),
        has_one_answer=data.labels is not None
        or (program.loss.outputs == 1 and has_target),
        has_probabilities=data.decision.probabilities,
    )


def _stem(network: Network, source_name: str) -> str:
    """The module's name: the spec's, or the network's where that is no module name."""
    stem = os.path.splitext(os.path.basename(source_name))[0]
    return (
        stem
        if re.fullmatch("[A-Za-z_]\\w{0,39}", stem, re.ASCII)
        else (network.name.lower()[:40])
    )


def _finder(inputs: bool, targets: bool, has_target: bool) -> str | None:
    """Which template tells a file's columns apart, where the spec leaves it open."""
    match inputs, targets, has_target:
        case (True, _, False) | (True, True, True):
            return None
        case _, _, False:
            return "all_are_inputs"
        case True, False, _:
            return "target_after_inputs"
        case False, True, _:
            return "others_are_inputs"
        case _:
            return "last_is_target"


def _found(inputs: bool, targets: bool, has_target: bool) -> str:
    words = ["_" if inputs else "inputs"]
    if has_target:
        words.append("_" if targets else "targets")
    return ", ".join(words)


def _reader(labels: Labels | None) -> Reader:
    if labels is None:
        return _NUMBERS
    return {"text": _LABEL, "learned": _ANY_LABEL}.get(labels.kind, _NUMERIC_LABEL)


def _model(call: str, indent: int) -> Code:
    """`model = call`, wrapped where it does not fit, as a formatter would."""
    if indent + len("model = ") + len(call) <= WIDTH:
        return code(f"model = {call}")
    head, arguments = call[:-1].split("(")
    margin = " " * indent
    return code(f"model = {head}(\n{margin}    {arguments}\n{margin})")


def _summary(name: str) -> tuple[Code, ...]:
    """The lines that make the model of fixed widths whose summary is printed."""
    line = f"model = {name}.load(weights) if given.weights else {name}()"
    if len(line) + 12 <= WIDTH:
        return (code(line),)
    inner = _model(f"{name}.load(weights)", 16).text
    return code(f"model = {name}()"), code("if given.weights:"), code(f"    {inner}")
