"""What the templates of the CSV reader and the command line print."""

from __future__ import annotations

import os.path
import re

from nndsl.network import Dense, Network
from nndsl.records import dataclass
from nndsl.render.escape import WIDTH, Code, code, listing, literal

HOLES = ("", "?", "NA", "N/A", "nan", "NaN", "null")
"""Cells that stand for a missing number where the spec says what to do with one."""


@dataclass(frozen=True, slots=True)
class Reader:
    """How the target's cells are read.

    `template` defines the function `function`; `type` is that of all the column's
    answers, `start` the empty list of one file, `result` the way from there to `type`.
    """

    template: str
    function: str
    type: str
    start: str
    result: str


LABEL = Reader("label", "read_label", "list[str]", ": list[str] = []", ", y")
NUMERIC = Reader(
    "numeric_label", "read_label", "list[float]", ": list[float] = []", ", y"
)
ANY_LABEL = Reader(
    "any_label",
    "read_label",
    "NDArray[Any]",
    ": list[str] = []",
    ", numbers_or_text(y)",
)
NUMBER = Reader(
    "number",
    "read_number",
    "NDArray[np.float64]",
    ": list[float] = []",
    ", np.array(y)",
)
NO_HOLE = Reader("no_hole", "read_target", NUMBER.type, NUMBER.start, NUMBER.result)
NOTHING = Reader("nothing", "", "", "", "")


@dataclass(frozen=True, slots=True)
class CommandLine:
    """The holes of `read_csv.py.jinja` and `command_line.py.jinja`."""

    constants: tuple[Code, ...]
    has_holes: bool
    has_target: bool
    target_reader: str
    target_type: Code
    target_start: Code
    target_result: Code
    read_target: Code
    and_targets: Code
    weights: Code
    command: Code
    finds_columns: bool
    column_finder: str
    asks_model: bool
    found: Code
    x_and_y: Code
    columns: Code
    new_model: Code
    load_model: Code
    find_for_evaluate: tuple[Code, ...]
    find_for_predict: tuple[Code, ...]
    x_alone: Code
    columns_alone: Code
    has_matrix: bool
    keeps_best: bool
    kept: Code
    answer_names: Code
    has_probabilities: bool
    chance_names: Code
    summary: Code


def command_line(network: Network, source_name: str) -> CommandLine:
    """The command line of the module that is made from the file `source_name`."""
    target = network.target
    has_target = target.kind != "input"
    inputs_named = network.inputs.columns is not None
    targets_named = bool(target.columns)
    finder = _finder(inputs_named, targets_named, has_target)
    reader = _reader(network)
    stem = _stem(network, source_name)
    name = network.name
    inputs = "FEATURES" if inputs_named else "inputs"
    targets = "TARGETS" if targets_named else "targets"
    keeps_best = network.train.early_stopping is not None
    return CommandLine(
        constants=_constants(network, reader),
        has_holes=network.train.missing != "error",
        has_target=has_target,
        target_reader=f"targets/{reader.template}.py.jinja",
        target_type=code(reader.type),
        target_start=code(reader.start),
        target_result=code(_result(network, reader)),
        read_target=code(reader.function),
        and_targets=code(f", {targets}" if has_target else ""),
        weights=literal(f"{stem}.npz"),
        command=literal(f"python {stem}.py {{}}"),
        finds_columns=finder is not None,
        column_finder=f"columns/{finder}.py.jinja",
        asks_model=not inputs_named,
        found=code(_found(inputs_named, targets_named, has_target)),
        x_and_y=code("x, y" if has_target else "x"),
        columns=code(f"{inputs}, {targets}" if has_target else inputs),
        new_model=_fitting(
            f"model = {name}({_given(network)})",
            f"model = {name}(\n    {_given(network)}\n)",
        ),
        load_model=_fitting(
            f"model = {name}.load(weights)", f"model = {name}.load(\n    weights\n)"
        ),
        find_for_evaluate=_find_for_evaluate(inputs_named, targets_named, has_target),
        find_for_predict=() if inputs_named else (code(_KNOWN),),
        x_alone=code("x, _" if has_target else "x"),
        columns_alone=code(f"{inputs}, []" if has_target else inputs),
        has_matrix=any(m.name == "confusion_matrix" for m in network.metrics),
        keeps_best=keeps_best,
        kept=code(
            "kept epoch {best + 1} of {epochs}" if keeps_best else "{epochs} epochs"
        ),
        answer_names=code(_answer_names(network, inputs)),
        has_probabilities=_has_probabilities(network),
        chance_names=code(_chance_names(network)),
        summary=_fitting(
            f"print({name}().summary())", f"print(\n    {name}().summary()\n)", 16
        ),
    )


_KNOWN = "inputs = known_columns(model, data)"


def _stem(network: Network, source_name: str) -> str:
    """The module's name: the spec's, or the network's where that is no module name."""
    stem = os.path.splitext(os.path.basename(source_name))[0]
    return (
        stem
        if re.fullmatch("[A-Za-z_]\\w{0,39}", stem, re.ASCII)
        else (network.name.lower()[:40])
    )


def _finder(inputs: bool, targets: bool, has_target: bool) -> str | None:
    """The template that tells a file's columns apart, where the spec leaves it open."""
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


def _find_for_evaluate(
    inputs: bool, targets: bool, has_target: bool
) -> tuple[Code, ...]:
    lines = [] if inputs else [_KNOWN]
    if has_target and not targets:
        lines.append("targets = read_header(data)[-1:]")
    return tuple(map(code, lines))


def _reader(network: Network) -> Reader:
    target = network.target
    if target.kind == "input":
        return NOTHING
    if target.kind == "classes":
        return LABEL if isinstance(target.labels[0], str) else NUMERIC
    if network.task in ("classes", "binary", "margin"):
        return ANY_LABEL
    return NUMBER if network.train.missing == "error" else NO_HOLE


def _result(network: Network, reader: Reader) -> str:
    several = len(network.target.columns)
    if several > 1:
        return f"{reader.result}.reshape(-1, {several})"
    return reader.result


def _constants(network: Network, reader: Reader) -> tuple[Code, ...]:
    lines = []
    if network.train.missing != "error":
        holes = listing([literal(hole) for hole in HOLES], 0, len("HOLES = "))
        lines.append(code(f"HOLES = {holes.text}"))
    if network.target.columns:
        names = [literal(name) for name in network.target.columns]
        lines.append(code(f"TARGETS = {listing(names, 0, len('TARGETS = ')).text}"))
    return tuple(lines)


def _fitting(line: str, wrapped: str, indent: int = 4) -> Code:
    """`line` where it fits, else `wrapped`, as a formatter would lay it out."""
    if indent + len(line) <= WIDTH:
        return code(line)
    return code(wrapped.replace("\n", "\n" + " " * indent))


def _has_probabilities(network: Network) -> bool:
    if network.task in ("binary", "labels"):
        return True
    last = network.layers[-1]
    return (
        network.task == "classes"
        and isinstance(last, Dense)
        and last.activation.name == "softmax"
    )


def _answer_names(network: Network, inputs: str) -> str:
    """The expression for the names of the columns of predictions."""
    if network.target.kind == "input":
        return f'[f"predicted_{{name}}" for name in {inputs}]'
    if network.target.columns:
        return '[f"predicted_{name}" for name in TARGETS]'
    if network.task in ("labels", "distribution", "numbers") and network.n_outputs != 1:
        return '[f"predicted_{place}" for place in range(answers.shape[1])]'
    return '["predicted"]'


def _chance_names(network: Network) -> str:
    """The expression for the names of the columns of probabilities."""
    if network.task != "labels":
        return "model.classes_"
    return "TARGETS" if network.target.columns else "range(answers.shape[1])"


def _given(network: Network) -> str:
    """What `train` makes the model with; checkpoints go to the file it will save."""
    if network.train.checkpoint_every is None:
        return "verbose=1, **settings"
    return "verbose=1, checkpoint_path=output, **settings"
