"""The head of a module: what it is, the spec it came from, and its mathematics."""

import os.path
import re
from dataclasses import dataclass

from nndsl.diagnostics.record import Source
from nndsl.network import Network
from nndsl.program.program import Program
from nndsl.render.escape import WIDTH, Code, code, comment, prose
from nndsl.render.mathematics import Mathematics
from nndsl.version import __version__


@dataclass(frozen=True, slots=True)
class Head:
    title: Code
    version: Code
    source_name: Code
    layer_table: tuple[Code, ...]
    source_comment: Code
    standard_imports: tuple[Code, ...]
    precision: Code
    constants: tuple[Code, ...]
    mathematics: Code
    engine: Code
    threaded: bool


def head(network: Network, program: Program, text: Mathematics, source: Source) -> Head:
    return Head(
        title=code(_title(network.name, program)),
        version=code(__version__),
        source_name=prose(os.path.basename(source.name)[:60]),
        layer_table=tuple(prose(row) for row in _layer_table(network, program)),
        source_comment=comment(_as_prose(source.text)),
        standard_imports=(),
        precision=code(network.train.precision),
        constants=tuple(map(code, text.constants)),
        mathematics=code(text.functions),
        engine=code(text.engine),
        threaded=text.threaded,
    )


def _as_prose(text: str) -> str:
    """A spec whose opening comment is no longer marked as one."""
    opening = re.match(r"(#.*\n)*", text)
    end = opening.end() if opening else 0
    return re.sub(r"(?m)^# ?", "", text[:end]) + text[end:]


def _title(name: str, program: Program) -> str:
    """What the network does; of the spec's words only its name."""
    width, outputs = program.data.inputs.width, program.loss.outputs
    inputs = "a row of numbers"
    if isinstance(width, int):
        inputs = f"{width} number{'s' * (width != 1)}"
    count = outputs if isinstance(outputs, int) else "several"
    match program.data.decision.kind:
        case "argmax":
            what = f"tells {count} classes apart by {inputs}"
        case "threshold":
            what = f"tells two classes apart by {inputs}"
        case "multilabel":
            what = f"says by {inputs} which of {count} labels hold"
        case "distribution":
            what = f"divides a whole into {count} shares by {inputs}"
        case "numbers" if program.data.encoding == "input":
            what = f"describes {inputs} in fewer, and draws them again"
        case "numbers" if count == 1:
            what = f"estimates a number from {inputs}"
        case _:
            what = f"estimates {count} numbers from {inputs}"
    return f"{name} {what}."


def _layer_table(network: Network, program: Program) -> list[str]:
    rows = [f"{'layer':<16}{'shape':<16}{'parameters':>10}"]
    inputs = f"(n, {program.data.inputs.width})"
    rows.append(f"{'':<16}{inputs:<16}{'':>10}  input")
    for layer in network.layers:
        shape = f"(n, {layer.n_outputs})"
        count = program.n_parameters_of(layer.name).fixed
        size = "?" if count is None else f"{count:,}"
        row = f"{layer.name:<16}{shape:<16}{size:>10}  {layer.text}"
        rows.append(row if len(row) <= WIDTH - 4 else row[: WIDTH - 5] + "…")
    return [row.rstrip() for row in rows]
