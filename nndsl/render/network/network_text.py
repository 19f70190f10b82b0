"""The network of a generated module: from its constants to one training step."""

from collections.abc import Iterable
from dataclasses import dataclass

from nndsl.network import Network
from nndsl.program.in_place import InPlace
from nndsl.program.program import Constant, Program
from nndsl.render.escape import Code, code
from nndsl.render.expressions.helpers import helper_constants, helper_functions
from nndsl.render.functions import function_lines
from nndsl.render.network.activation_functions import Activations
from nndsl.render.network.after_step import (
    clip_function,
    limit_function,
    running_function,
    train_batch_function,
)
from nndsl.render.network.constant_lines import constant_lines
from nndsl.render.network.loss_function import loss_function, penalty_function
from nndsl.render.network.optimizer_class import optimizer_class
from nndsl.render.network.output_text import output_text
from nndsl.render.network.parameters import (
    initialize_function,
    initializer_functions,
    parameters_class,
)
from nndsl.render.network.passes import backward_function, forward_function
from nndsl.render.network.schedule import ScheduleText, schedule_text

PLATEAU = ("factor", "patience", "threshold")


@dataclass(frozen=True, slots=True)
class NetworkText:
    """`constants`: the lines of the formulas' numbers; `functions`: all that follows,
    from `Parameters` to `train_batch`; `schedule`: who sets the learning rate."""

    constants: tuple[Code, ...]
    functions: Code
    schedule: ScheduleText


def network_text(
    network: Network, program: Program, in_place: InPlace | None
) -> NetworkText:
    """The text of `program`, with `in_place` in the fast style."""
    activations = Activations()
    schedule = schedule_text(program, network.train.optimizer.learning_rate)
    output = output_text(network)
    forward, used = forward_function(program, activations, output)
    backward, more = backward_function(program, activations)
    optimizer, for_update = optimizer_class(program, schedule)
    loss, for_loss = loss_function(program)
    used |= more | for_loss | for_update | activations.used
    needed = [Constant(*each) for each in helper_constants(used, program.precision)]
    warmup = network.train.optimizer.learning_rate.warmup
    note = "epochs until the learning rate has risen"
    needed += [Constant("WARMUP", warmup, note)] * bool(warmup)
    sections = [
        parameters_class(program),
        *initializer_functions(program),
        initialize_function(program, in_place is not None),
        *(text.split("\n") for text in helper_functions(used, program.precision)),
        *activations.ordered(),
        *_fixed(used, ("softmax", "dropout_mask")),
        forward,
        _row_weights(network),
        loss,
        penalty_function(program),
        backward,
        clip_function(program),
        optimizer,
        list(schedule.function),
        function_lines("plateau") if _is_plateau(network) else [],
        limit_function(program),
        running_function(program),
        train_batch_function(program, program.update.name, in_place is not None),
    ]
    return NetworkText(
        tuple(map(code, constant_lines((*program.constants, *needed)))),
        code("\n\n\n".join("\n".join(lines) for lines in sections if lines)),
        schedule,
    )


def _is_plateau(network: Network) -> bool:
    return network.train.optimizer.learning_rate.name == "plateau"


def _row_weights(network: Network) -> list[str]:
    """The function that finds the weight of each row, or nothing."""
    if network.train.class_weights is None:
        return []
    names = {
        "classes": "row_weights",
        "labels": "row_weights_of_labels",
        "binary": "row_weights_of_two",
        "margin": "row_weights_of_two",
    }
    return function_lines(names[network.task])


def _fixed(used: Iterable[str], names: Iterable[str]) -> list[list[str]]:
    return [function_lines(name) for name in names if name in used]
