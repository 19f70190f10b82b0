"""Which lines of a textbook module a line of the spec became.

The module's own syntax tree says where each name is defined and used; the network and
its program say which names are whose.
"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from nndsl.check.check import Checked
from nndsl.language.module_names import class_name
from nndsl.lower.lower import lower
from nndsl.program.program import Block, Program
from nndsl.render.module_lines import ModuleLines
from nndsl.render.network.loss_function import loss_name
from nndsl.syntax.tree import Block as Lines
from nndsl.syntax.tree import Call, Definition, Line, Name, Span, Statement

_STATEMENTS = {
    "input": "FEATURES NUMBERS LABELS OTHER FILLED MISSING DROP LIMITS LOW HIGH "
    "check_rows to_columns find_labels to_positions sort_labels",
    "target": "TARGETS CLASSES one_hot signs zeros_and_ones check_targets find_classes",
    "weight": "check_weights",
}
"""What is defined in a module because of a statement."""
_SETTINGS = {
    "split": "split_rows",
    "scale": "_scale _scale_targets mean_and_std low_and_range median_and_iqr "
    "start_and_spread",
    "missing": "fill_values complete_rows",
    "precision": "DTYPE",
    "checkpoint": "CHECKPOINT",
    "class_weights": "CLASS_WEIGHTS class_weights row_weights",
    "clip_gradients": "clip_gradients",
    "l1": "penalty",
    "l2": "penalty",
}
"""What is defined in a module because of a setting."""
_FIELDS = {
    "optimizer": "learning_rate",
    "early_stopping": "patience min_delta",
}
"""The fields of the model that a setting gives, where they are called otherwise."""


def origins(checked: Checked, module: str) -> Mapping[int, tuple[int, ...]]:
    """The lines of `module` that each line of the spec became, both counted from 1.

    `module` is the textbook module of the network, and the spec is `checked.source`.
    A line that became none is left out; a line of the module, such as that of a
    function that two layers call, may have several origins.
    """
    program = lower(checked.network)
    text = ModuleLines(module, _apart(checked, program))
    found: dict[int, set[int]] = {}

    def became(span: Span, lines: Iterable[int], head_only: bool = False) -> None:
        last = span.line if head_only else span.end_line
        for line in range(span.line, last + 1):
            found.setdefault(line, set()).update(lines)

    for span, lines in _layers(checked, program, text):
        became(span, lines)
    for line in checked.tree.lines:
        if isinstance(line, Statement) and _word(line) == "network":
            became(line.span, text.head_of(checked.network.name), head_only=True)
            for each in _inside(line.block):
                lines = _statement(_word(each), program, text)
                became(each.span, lines, head_only=each.block is not None)
                for setting in _inside(each.block):
                    lines = _setting(_word(setting), checked, program, text)
                    became(setting.span, lines)
        else:
            became(line.span, _definition(line, program, text))
    return {line: tuple(sorted(lines)) for line, lines in found.items() if lines}


def _inside(block: Lines | None) -> Iterator[Statement]:
    for line in block.lines if block else ():
        if isinstance(line, Statement):
            yield line


def _word(line: Statement) -> str:
    return (line.head.name if isinstance(line.head, Call) else line.head).text


def _apart(checked: Checked, program: Program) -> frozenset[str]:
    """What other definitions call, and yet is no part of what they became."""
    names = "Parameters LEARNED DTYPE NETWORK initialize forward penalty backward "
    names += "train_batch measure"
    return frozenset({*names.split(), loss_name(program), checked.network.name})


def _layers(
    checked: Checked, program: Program, text: ModuleLines
) -> Iterator[tuple[Span, set[int]]]:
    """Each layer's statements, arrays and initial values, and what these call."""
    statements: dict[str, list[ast.AST]] = defaultdict(list)
    for function, blocks in (
        ("forward", program.forward),
        ("backward", program.backward),
    ):
        found = text.computing(function, _targets(blocks))
        for block in blocks:
            for target in _targets([block]):
                statements[block.layer] += found[target]
    places = [text.fields("Parameters"), text.arguments("initialize")]
    places += [
        text.reading(f, "p") for f in ("penalty", "limit_norms", "update_running")
    ]
    for array in (*(p.array for p in program.parameters), *program.running):
        for place in places:
            statements[array.layer] += place[array.key]
    for layer in checked.network.layers:
        nodes = statements[layer.name]
        yield layer.span, text.lines(nodes) | text.comments_over(nodes)


def _targets(blocks: Iterable[Block]) -> frozenset[str]:
    return frozenset(s.target for block in blocks for s in block.statements)


def _statement(word: str, program: Program, text: ModuleLines) -> set[int]:
    match word:
        case "loss":
            return text.defined(loss_name(program))
        case "metrics":
            return text.defined("measure", "confusion_matrix")
        case "train":
            return text.alone([text.known["train_batch"]])
    return text.defined(*_STATEMENTS.get(word, "").split())


def _setting(
    word: str, checked: Checked, program: Program, text: ModuleLines
) -> set[int]:
    names = _SETTINGS.get(word, "").split()
    if word == "optimizer":
        rate = checked.network.train.optimizer.learning_rate.name
        names = [class_name(program.update.name), "WARMUP"]
        names.append("Plateau" if rate == "plateau" else rate)
    fields = _FIELDS.get(word, word).split()
    places = text.fields(checked.network.name), text.reading("fit", "self")
    nodes = [node for field in fields for place in places for node in place[field]]
    return text.defined(*names) | text.alone(nodes)


def _definition(line: Line, program: Program, text: ModuleLines) -> set[int]:
    match line:
        case Definition(Name("loss")):
            return text.defined(loss_name(program))
        case Definition(head=Call(Name(name))):
            return text.defined(name, f"{name}_slope")
        case Statement(groups=((Call(Name(name)),),)):
            return text.defined(class_name(name))
    return set()
