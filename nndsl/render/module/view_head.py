"""The head of a module: what it is, the spec it came from, and its mathematics."""

from __future__ import annotations

import os.path
import re
from dataclasses import dataclass

from nndsl.diagnostics.record import Source
from nndsl.network import Network
from nndsl.render.escape import WIDTH, Code, code, comment, prose
from nndsl.render.textbook.mathematics import Mathematics
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


def head(network: Network, text: Mathematics, source: Source) -> Head:
    return Head(
        title=code(_title(network)),
        version=code(__version__),
        source_name=prose(os.path.basename(source.name)[:60]),
        layer_table=tuple(prose(row) for row in _layer_table(network)),
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


def _title(network: Network) -> str:
    """What the network does; of the spec's words only its name."""
    inputs = "a row of numbers"
    if network.inputs.width is not None:
        inputs = f"{network.inputs.width} number{'s' * (network.inputs.width != 1)}"
    count = network.n_outputs if isinstance(network.n_outputs, int) else "several"
    match network.task:
        case "classes":
            what = f"tells {count} classes apart by {inputs}"
        case "binary" | "margin":
            what = f"tells two classes apart by {inputs}"
        case "labels":
            what = f"says by {inputs} which of {count} labels hold"
        case "distribution":
            what = f"divides a whole into {count} shares by {inputs}"
        case "numbers" if network.target.kind == "input":
            what = f"describes {inputs} in fewer, and draws them again"
        case "numbers" if count == 1:
            what = f"estimates a number from {inputs}"
        case _:
            what = f"estimates {count} numbers from {inputs}"
    return f"{network.name} {what}."


def _layer_table(network: Network) -> list[str]:
    rows = [f"{'layer':<16}{'shape':<16}{'parameters':>10}"]
    inputs: int | str = network.inputs.width or "features"
    rows.append(f"{'':<16}{f'(n, {inputs})':<16}{'':>10}  input")
    for layer in network.layers:
        shape = f"(n, {layer.n_outputs})"
        row = f"{layer.name:<16}{shape:<16}{_count(layer.count()):>10}  {layer.text}"
        rows.append(row if len(row) <= WIDTH - 4 else row[: WIDTH - 5] + "…")
    return [row.rstrip() for row in rows]


def _count(parameters: int | None) -> str:
    return "?" if parameters is None else f"{parameters:,}"
