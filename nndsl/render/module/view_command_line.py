"""What the templates of the CSV reader and the command line print."""

import os.path
import re
from dataclasses import dataclass

from nndsl.layers.dense import Dense
from nndsl.network import Network
from nndsl.program.data import Columns, Data, Labels
from nndsl.program.tree import Program
from nndsl.render.escape import WIDTH, Code, code, literal, number

HOLES = ("", "?", "NA", "N/A", "n/a", "nan", "NaN", "null", "NULL")
"""Cells that stand for a missing number where the spec says what to do with one."""


_WHOLE = (code("x.extend(float(row[name]) for name in inputs)"),)
_HOLEY = (
    code('cells = ["nan" if row[name] in HOLES else row[name] for name in inputs]'),
    code("x.extend(map(float, cells))"),
)
"""How the cells of a row become numbers."""


@dataclass(frozen=True, slots=True)
class Reader:
    """How a cell of the target is read.

    `bad`: whether it is not what is `expected`; `item`: the type of its `value`;
    `type`: that of all the column's answers, `result`: the way there.
    """

    bad: str
    expected: str
    item: str
    value: str
    type: str
    result: str


_ONE_OF = "one of {CLASSES[:20]}"
LABEL = Reader(
    "row[name] not in CLASSES", _ONE_OF, "str", "row[name]", "list[str]", ", y"
)
NUMERIC = Reader(
    "not (is_number(row[name]) and float(row[name]) in CLASSES)",
    _ONE_OF,
    "float",
    "float(row[name])",
    "list[float]",
    ", y",
)
ANY_LABEL = Reader(
    "not row[name]",
    "a label",
    "str",
    "row[name]",
    "NDArray[Any]",
    ", numbers_or_text(y)",
)
NUMBER = Reader(
    "not is_number(row[name])",
    "a number",
    "float",
    "float(row[name])",
    "Array",
    ", np.array(y)",
)


@dataclass(frozen=True, slots=True)
class CommandLine:
    """The holes of `read_csv.py.jinja` and `command_line.py.jinja`."""

    has_holes: bool
    holes: Code
    wanted: Code
    used: Code
    bad_input: Code
    read_inputs: tuple[Code, ...]
    has_target: bool
    bad_target: Code
    numbers: Code
    reads_target: bool
    refuse_target: tuple[Code, ...]
    target_item: Code
    target_value: Code
    target_type: Code
    target_result: Code
    any_label: bool
    weights: Code
    command: Code
    reads_header: bool
    finds_columns: bool
    column_finder: str
    asks_model: bool
    found: Code
    x_and_y: Code
    columns: Code
    new_model: Code
    load_model: Code
    epochs: Code
    seed: Code
    evaluate: tuple[Code, ...]
    find_for_predict: tuple[Code, ...]
    x_alone: Code
    columns_alone: Code
    has_matrix: bool
    keeps_best: bool
    kept: Code
    answer_head: Code
    has_one_answer: bool
    answer_names: Code
    has_probabilities: bool
    chance_names: Code
    summary: tuple[Code, ...]
    advises_missing: bool


def command_line(network: Network, program: Program, source_name: str) -> CommandLine:
    """The command line of the module that is made from the file `source_name`."""
    data = program.data
    has_target = data.encoding != "input"
    inputs_named = bool(data.inputs.names)
    targets_named = bool(data.targets.names)
    finder = _finder(inputs_named, targets_named, has_target)
    reader = _reader(data.labels)
    stem = _stem(network, source_name)
    name = network.name
    inputs = "FEATURES" if inputs_named else "inputs"
    targets = "TARGETS" if targets_named else "targets"
    keeps_best = network.train.early_stopping is not None
    holes = data.filling.fills or data.filling.drops
    widths = (data.inputs.width, program.loss.outputs)
    fixed = all(isinstance(width, int) for width in widths)
    apart = has_target and (holes or reader is not NUMBER)
    return CommandLine(
        has_holes=holes,
        holes=_holes(),
        wanted=code("[*inputs, *targets]" if has_target else "inputs"),
        used=code(f"{{*inputs, *{targets}}}" if has_target else "set(inputs)"),
        bad_input=code(
            "not (row[name] in HOLES or is_number(row[name]))"
            if holes
            else "not is_number(row[name])"
        ),
        read_inputs=_HOLEY if holes else _WHOLE,
        has_target=has_target,
        bad_target=code(reader.bad),
        numbers=code("[*inputs, *targets]" if has_target and not apart else "inputs"),
        reads_target=apart,
        refuse_target=_refusal(reader.expected),
        target_item=code(reader.item),
        target_value=code(reader.value),
        target_type=code(reader.type),
        target_result=code(_result(data.targets, reader) if has_target else ""),
        any_label=reader is ANY_LABEL,
        weights=literal(f"{stem}.npz"),
        command=literal(f"python {stem}.py {{}}"),
        reads_header=finder is not None or not inputs_named,
        finds_columns=finder is not None,
        column_finder=f"columns/{finder}.py.jinja",
        asks_model=not inputs_named,
        found=code(_found(inputs_named, targets_named, has_target)),
        x_and_y=code("x, y" if has_target else "x"),
        columns=code(f"{inputs}, {targets}" if has_target else inputs),
        new_model=_fitting(
            f"model = {name}(epochs=given.epochs, seed=given.seed, verbose=1)",
            f"model = {name}(\n    epochs=given.epochs, seed=given.seed, verbose=1\n)",
            12,
        ),
        load_model=_fitting(
            f"model = {name}.load(weights)", f"model = {name}.load(\n    weights\n)"
        ),
        epochs=number(network.train.epochs),
        seed=number(network.train.seed),
        evaluate=_evaluate(network.name, data),
        find_for_predict=() if inputs_named else (code(_KNOWN),),
        x_alone=code("x, _" if has_target else "x"),
        columns_alone=code(f"{inputs}, []" if has_target else inputs),
        has_matrix=any(m.name == "confusion_matrix" for m in network.metrics),
        keeps_best=keeps_best,
        kept=code(
            "epoch {best + 1} of {epochs}"
            if keeps_best
            else "the last of {epochs} epochs"
        ),
        answer_head=code(
            "{" + literal("_".join(["predicted", *data.targets.names])).text
        ),
        has_one_answer=data.labels is not None
        or (program.loss.outputs == 1 and has_target),
        answer_names=code(_answer_names(program, inputs)),
        has_probabilities=_has_probabilities(network, data),
        chance_names=code(_chance_names(data)),
        summary=_summary(name, fixed),
        advises_missing=not holes,
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


def _summary(name: str, fixed: bool) -> tuple[Code, ...]:
    """The lines that make the model whose summary is printed."""

    def loaded(indent: int) -> Code:
        line = f"model = {name}.load(weights)"
        return _fitting(line, f"model = {name}.load(\n    weights\n)", indent)

    if not fixed:
        return (loaded(12),)
    line = f"model = {name}.load(weights) if given.weights else {name}()"
    if len(line) + 12 <= WIDTH:
        return (code(line),)
    inner = loaded(16).text
    return code(f"model = {name}()"), code("if given.weights:"), code(f"    {inner}")


def _evaluate(name: str, data: Data) -> tuple[Code, ...]:
    """The lines that print how well a trained model does."""
    columns = "FEATURES"
    lines = [
        _fitting(
            f"model = {name}.load(weights)",
            f"model = {name}.load(\n    weights\n)",
            12,
        )
    ]
    if not data.inputs.names:
        lines.append(code("inputs = known_columns(model, data)"))
        columns = "inputs"
    if data.encoding == "input":
        given = f"read_csv(data, {columns})"
    elif data.targets.names:
        given = f"*read_csv(data, {columns}, TARGETS)"
    else:
        lines.append(code("targets = read_header(data)[-1:]"))
        given = f"*read_csv(data, {columns}, targets)"
    return (*lines, code(f"print_figures(model.evaluate({given}))"))


def _reader(labels: Labels | None) -> Reader:
    if labels is None:
        return NUMBER
    return {"text": LABEL, "learned": ANY_LABEL}.get(labels.kind, NUMERIC)


def _refusal(expected: str) -> tuple[Code, ...]:
    """What is wrong with a cell of the target, on lines that fit."""
    line = f'wrong = f"expected {expected}, found {{row[name][:50]!r}}"'
    if len(line) + 20 <= WIDTH:
        return (code(line),)
    wanted = f'wanted = f"expected {expected}"'
    return code(wanted), code('wrong = f"{wanted}, found {row[name][:50]!r}"')


def _result(targets: Columns, reader: Reader) -> str:
    several = len(targets.names)
    if several > 1:
        return f"{reader.result}.reshape(-1, {several})"
    return reader.result


def _holes() -> Code:
    """The constant that turns the cells of holes into text that float understands."""
    cells = ", ".join(literal(hole).text for hole in HOLES)
    return code(f"HOLES = ({cells})")


def _fitting(line: str, wrapped: str, indent: int = 4) -> Code:
    """`line` where it fits, else `wrapped`, as a formatter would lay it out."""
    if indent + len(line) <= WIDTH:
        return code(line)
    return code(wrapped.replace("\n", "\n" + " " * indent))


def _has_probabilities(network: Network, data: Data) -> bool:
    if data.decision.threshold == 0.5:
        return True
    last = network.layers[-1]
    return (
        data.decision.kind == "argmax"
        and isinstance(last, Dense)
        and last.activation.name == "softmax"
    )


def _answer_names(program: Program, inputs: str) -> str:
    """The expression for the names of the columns of predictions."""
    if program.data.encoding == "input":
        return f'[f"predicted_{{name}}" for name in {inputs}]'
    if program.data.targets.names:
        return '[f"predicted_{name}" for name in TARGETS]'
    if program.data.labels is None and program.loss.outputs != 1:
        return '[f"predicted_{place}" for place in range(answers.shape[1])]'
    return '["predicted"]'


def _chance_names(data: Data) -> str:
    """The expression for the names of the columns of probabilities."""
    if data.labels is not None:
        return "model.classes_"
    return "TARGETS" if data.targets.names else "range(answers.shape[1])"
