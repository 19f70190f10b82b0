"""The methods that call the mathematics, from `build` to `train_batch`."""

from dataclasses import dataclass

from nndsl.network import Network
from nndsl.program.program import Program
from nndsl.render.environment import rendered
from nndsl.render.escape import Code, code, literal
from nndsl.render.rate_functions import RATE_METHOD, ScheduleText
from nndsl.render.shapes import dimension, size
from nndsl.render.textbook.passes import has_dropout, has_running, uses_parameters
from nndsl.render.textbook.step_function import UpdateText


@dataclass(frozen=True, slots=True)
class EngineView:
    """What the template of the engine needs to know."""

    output: Code
    last_layer: Code
    share: Code
    forward: Code
    training_forward: Code
    step_forward: Code
    unpack: Code
    loss: Code
    loss_of: Code
    backward: Code
    own_backward: Code
    update: Code
    start: Code
    start_running: Code
    input_width: Code
    output_width: Code
    n_parameters: Code
    rate: tuple[Code, ...]
    scalar_states: tuple[tuple[Code, Code], ...]
    has_memory: bool
    has_running: bool
    has_dropout: bool
    has_rate: bool
    clips: bool
    limits: bool
    open_input: bool
    open_output: bool
    least_width: Code
    open_names: Code
    is_open: bool
    scales_open: bool
    scales_target_open: bool
    fills_open: bool
    is_plateau: bool
    plans: bool


def engine(
    network: Network, program: Program, update: UpdateText, schedule: ScheduleText
) -> str:
    """The methods' source, indented as in a class."""
    view = engine_view(network, program, update.arguments, schedule)
    return rendered("engines/textbook.py.jinja", view=view).strip("\n")


def engine_view(
    network: Network,
    program: Program,
    update_arguments: tuple[str, ...],
    schedule: ScheduleText,
) -> EngineView:
    """What the templates of both styles need; `update_arguments`: step and rate."""
    running, dropout = has_running(program), has_dropout(program)
    given = "r, x" if running else "x"
    training = ", training=True" if running else ""
    penalised = bool(program.penalties)
    states, data = program.update.states, program.data
    widths = [*_open(program), ""]
    arguments = ["p", "gradients"]
    arguments += ["self._memory"] if states else []
    where = {"step": "self._step", "learning_rate": schedule.call}
    arguments += [where[name] for name in update_arguments]
    own = "p" if running else "self.parameters"
    unpack = (
        "p, r = self.parameters, self._running" if running else "p = self.parameters"
    )
    output = dict(program.outputs)[network.layers[-1].name]
    rate = network.train.optimizer.learning_rate
    unknown = ["n_features"] if network.inputs.width is None else []
    unknown += ["n_outputs"] if network.n_outputs == "outputs" else []
    return EngineView(
        output=code(output),
        last_layer=literal(network.layers[-1].name),
        share=code(
            "1 / len(t)" if network.train.class_weights is None else "self._share(t)"
        ),
        forward=code(f"forward({own}, {given})"),
        training_forward=code(f"forward({own}, {given}{training})"),
        step_forward=code(
            f"forward(p, {given}{training}"
            + (", random=self._dropout)" if dropout else ")")
        ),
        unpack=code(unpack),
        loss=code("loss(p, " if penalised else "loss("),
        loss_of=code("loss(self.parameters, " if penalised else "loss("),
        backward=code(
            "backward(p, v, t" if uses_parameters(program) else "backward(v, t"
        ),
        own_backward=code(
            f"backward({own}, v, t" if uses_parameters(program) else "backward(v, t"
        ),
        update=code(f"update({', '.join(arguments)})"),
        start=code(
            f"start({', '.join(['random_stream(self.seed, 0)', *widths[:-1]])})"
        ),
        start_running=code(f"start_running({', '.join(_running_widths(program))})"),
        input_width=code(dimension(program.arrays["x"].shape[1])),
        output_width=code(dimension(network.n_outputs)),
        n_parameters=code(size(program.n_parameters)),
        rate=tuple(code(line) for line in schedule.rate),
        scalar_states=tuple(
            (code(s.name), literal(s.name)) for s in states if s.scalar
        ),
        has_memory=bool(states),
        has_running=running,
        has_dropout=dropout,
        has_rate="learning_rate" in update_arguments and schedule.call == RATE_METHOD,
        clips=program.clipping.norm is not None or program.clipping.value is not None,
        limits=any(p.max_norm for p in program.parameters),
        open_input=network.inputs.width is None,
        open_output=network.n_outputs == "outputs",
        is_open=bool(_open(program)),
        scales_open=data.scaling.scales and network.inputs.width is None,
        scales_target_open=data.encoding == "numbers"
        and data.target_scaling.scales
        and network.n_outputs == "outputs",
        fills_open=data.filling.fills and network.inputs.width is None,
        least_width=code(
            f"min({', '.join(unknown)})" if len(unknown) > 1 else "".join(unknown)
        ),
        open_names=code(" and ".join(unknown)),
        is_plateau=rate.name == "plateau",
        plans="steps" in schedule.given,
    )


def _open(program: Program) -> list[str]:
    """The widths that come from the data, as arguments of `start`."""
    found = {size for p in program.parameters for size in p.array.shape}
    return [f"n_{word}" for word in ("features", "outputs") if word in found]


def _running_widths(program: Program) -> list[str]:
    found = {size for array in program.running for size in array.shape}
    return [f"n_{word}" for word in ("features", "outputs") if word in found]
