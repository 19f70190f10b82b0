"""The methods that call the mathematics in place, from `build` to `train_batch`."""

from __future__ import annotations

from dataclasses import dataclass

from nndsl.network import Network
from nndsl.optimise.plan import InPlacePasses
from nndsl.program.tree import Program
from nndsl.render.environment import rendered
from nndsl.render.escape import Code, code
from nndsl.render.inplace.flat_loss import LossText
from nndsl.render.inplace.flat_passes import open_words
from nndsl.render.inplace.flat_step import FastUpdateText
from nndsl.render.lines import call, unpack
from nndsl.render.rate_functions import ScheduleText
from nndsl.render.textbook.loss_function import has_penalties
from nndsl.render.textbook.methods import engine_view
from nndsl.render.textbook.passes import has_dropout, has_running

_CHUNK_BYTES = 2**21
_CHUNK_ROWS = 2048


@dataclass(frozen=True, slots=True)
class FastView:
    """What the template of the engine needs to know."""

    learning: tuple[Code, ...]
    step: tuple[Code, ...]
    predicting: tuple[Code, ...]
    loss: tuple[Code, ...]
    value: tuple[Code, ...]
    loss_of: tuple[Code, ...]
    backward: Code
    own_backward: Code
    update: tuple[Code, ...]
    room: tuple[Code, ...]
    room_of_all: tuple[Code, ...]
    values_of_part: Code


def rows_at_once(passes: InPlacePasses, precision: str) -> int:
    """So many rows that their arrays take at most two megabytes, 2,048 at most."""
    itemsize = 4 if precision == "float32" else 8
    per_row = 0
    for memory in passes.values:
        buffer = memory.buffer
        if buffer is not None and buffer.shape[0] == "n" and len(buffer.shape) == 2:
            width = buffer.shape[1]
            per_row += (width if isinstance(width, int) else 16) * itemsize
    rows = 64
    while rows < _CHUNK_ROWS and 2 * rows * per_row <= _CHUNK_BYTES:
        rows *= 2
    return rows


def engine(
    network: Network,
    program: Program,
    update: FastUpdateText,
    schedule: ScheduleText,
    passes: InPlacePasses,
    loss: LossText,
) -> str:
    """The methods' source, indented as in a class."""
    base = engine_view(network, program, update.arguments, schedule)
    running, dropout = has_running(program), has_dropout(program)
    p = "self._parts"
    known = [p, *(["columns(self._running)"] if running else [])]
    given = [*known, "x", "v", *(["training=True"] if running else [])]
    penalised = [p] if has_penalties(program) else []
    share = ["t", "share"]
    a = program.output
    buffers = [f"d.{buffer.name}" for buffer in loss.scratch]
    fresh = [
        "np.empty_like(a.T" + (", dtype=np.bool_)" if b.dtype == "bool" else ")")
        for b in loss.scratch
    ]
    reads = f"{p}, " if _reads_parameters(passes, program) else ""
    where = {"step": "self._step", "learning_rate": schedule.call}
    arguments = ["self._weights", "self._gradient"]
    arguments += ["self._memory"] if update.states else []
    arguments += [where[name] for name in update.arguments]
    values = _widths(open_words(passes.values))
    slopes = _widths(open_words(passes.slopes))
    view = FastView(
        learning=_lines("        forward(", given),
        step=_lines(
            "        forward(", [*given, *(["random=self._dropout"] if dropout else [])]
        ),
        predicting=_lines("            forward(", [*known, "part.T", "v"]),
        loss=_lines("        return loss(", [*penalised, f"v.{a}", *share, *buffers]),
        value=_lines("        value = loss(", [*penalised, f"v.{a}", *share, *buffers]),
        loss_of=_lines(
            "        return loss(", [*penalised, "a.T", "t.T", "turned(share)", *fresh]
        ),
        backward=code(f"backward({reads}v, d, self._gradients, x, t, share)"),
        own_backward=code(f"backward({reads}v, d, g, x, t, share)"),
        update=_lines("        update(", arguments),
        room=_room("            ", f"Values(n{values})", f"Slopes(n{slopes})"),
        room_of_all=_room("        ", f"Values(n{values})", f"Slopes(n{slopes})"),
        values_of_part=code(f"Values(len(part){values})"),
    )
    text = rendered("engines/fast.py.jinja", view=base, fast=view)
    return text.strip("\n")


def _lines(head: str, arguments: list[str]) -> tuple[Code, ...]:
    return tuple(code(line) for line in call(head, arguments))


def _room(indent: str, values: str, slopes: str) -> tuple[Code, ...]:
    """The lines that make the arrays of a pass and of its backward pass."""
    return tuple(map(code, unpack(indent, ["v", "d"], [values, slopes])))


def _widths(words: list[str]) -> str:
    attributes = {"features": "self.n_features_in_", "outputs": "self.n_outputs_"}
    return "".join(f", {attributes[word]}" for word in words)


def _reads_parameters(passes: InPlacePasses, program: Program) -> bool:
    names = {parameter.array.name for parameter in program.parameters}
    return any(
        names & {argument.removesuffix(".T") for argument in call.arguments}
        for block in passes.backward
        for group in block.groups
        for call in group.calls
    )
