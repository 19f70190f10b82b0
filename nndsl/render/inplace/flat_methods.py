"""The methods that call the mathematics in place, from `build` to `train_batch`."""

from dataclasses import dataclass

from nndsl.network import Network
from nndsl.program.in_place import InPlace
from nndsl.program.program import Program
from nndsl.render.environment import rendered
from nndsl.render.escape import Code, code
from nndsl.render.inplace.flat_passes import open_words, reads_parameters
from nndsl.render.inplace.flat_step import FastUpdateText
from nndsl.render.lines import call, unpack
from nndsl.render.rate_functions import ScheduleText
from nndsl.render.textbook.methods import engine_view
from nndsl.render.textbook.passes import has_dropout, has_running


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


def engine(
    network: Network,
    program: Program,
    update: FastUpdateText,
    schedule: ScheduleText,
    in_place: InPlace,
) -> str:
    """The methods' source, indented as in a class."""
    base = engine_view(network, program, update.arguments, schedule)
    running, dropout = has_running(program), has_dropout(program)
    p = "self._parts"
    known = [p, *(["columns(self._running)"] if running else [])]
    given = [*known, "x", "v", *(["training=True"] if running else [])]
    penalised = [p] if program.penalties else []
    share = ["t", "share"]
    a = program.output
    buffers = [f"d.{buffer.name}" for buffer in in_place.loss.scratch]
    fresh = [
        "np.empty_like(a.T" + (", dtype=np.bool_)" if b.dtype == "bool" else ")")
        for b in in_place.loss.scratch
    ]
    reads = f"{p}, " if reads_parameters(program, in_place) else ""
    where = {"step": "self._step", "learning_rate": schedule.call}
    arguments = ["self._weights", "self._gradient"]
    arguments += ["self._memory"] if in_place.update.states else []
    arguments += [where[name] for name in update.arguments]
    values = _widths(open_words(in_place.values))
    slopes = _widths(open_words(in_place.slopes))
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
