"""The network of a generated module: from its constants to one training step."""

from collections.abc import Iterable
from dataclasses import dataclass

from nndsl.network import Network
from nndsl.program.in_place import InPlace
from nndsl.program.program import Constant, Program
from nndsl.render.escape import Code, code
from nndsl.render.expressions.helpers import helper_constants, helper_functions
from nndsl.render.fast.fast_optimizer import BLOCK, fast_optimizer, in_blocks
from nndsl.render.fast.fast_passes import fast_backward, fast_forward
from nndsl.render.functions import function_lines, function_text
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

_OF_VECTORS = ("fast/views", "fast/to_vector")


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
    if in_place is None:
        forward, used = forward_function(program, activations, output)
        backward, more = backward_function(program, activations)
        optimizer, for_update = optimizer_class(program, schedule)
    else:
        forward, used = fast_forward(program, in_place, activations, output)
        backward, more = fast_backward(program, in_place, activations)
        optimizer, for_update = fast_optimizer(program, in_place.update, schedule)
    loss, for_loss = loss_function(program)
    used |= more | for_loss | for_update | activations.used
    needed = [Constant(*each) for each in helper_constants(used, program.precision)]
    needed += warmup_constants(network)
    if in_place is not None and in_blocks(program):
        note = "so many numbers of several vectors fit into a core's cache"
        needed.append(Constant("BLOCK", BLOCK, note))
    weights = row_weights_name(network)
    sections = [
        parameters_class(program),
        *initializer_functions(program),
        *([] if in_place is None else map(function_lines, _OF_VECTORS)),
        *[function_lines("fast/blocks")]
        * (in_place is not None and in_blocks(program)),
        initialize_function(program, in_place is not None),
        *(text.split("\n") for text in _helpers(used, program, in_place)),
        *activations.ordered(),
        *_fixed(used, ("softmax", "dropout_mask"), in_place is not None),
        forward,
        function_lines(weights) if weights else [],
        loss,
        penalty_function(program),
        backward,
        clip_function(program),
        optimizer,
        list(schedule.function),
        function_lines("plateau") if is_plateau(network) else [],
        limit_function(program),
        running_function(program),
        train_batch_function(program, in_place is not None),
    ]
    return NetworkText(
        tuple(map(code, constant_lines((*program.constants, *needed)))),
        code("\n\n\n".join("\n".join(lines) for lines in sections if lines)),
        schedule,
    )


def warmup_constants(network: Network) -> list[Constant]:
    warmup = network.train.optimizer.learning_rate.warmup
    note = "epochs until the learning rate has risen"
    return [Constant("WARMUP", warmup, note)] if warmup else []


def is_plateau(network: Network) -> bool:
    return network.train.optimizer.learning_rate.name == "plateau"


def row_weights_name(network: Network) -> str:
    """The template of the function that finds the weight of each row, or nothing."""
    if network.train.class_weights is None:
        return ""
    names = {
        "classes": "row_weights",
        "labels": "row_weights_of_labels",
        "binary": "row_weights_of_two",
        "margin": "row_weights_of_two",
    }
    return names[network.task]


def _helpers(
    used: Iterable[str], program: Program, in_place: InPlace | None
) -> tuple[str, ...]:
    """The functions that formulas call; sigmoid works in place in the fast style."""
    texts = helper_functions(used, program.precision)
    if in_place is None:
        return texts
    fast = function_text(f"fast/{program.precision}/sigmoid")
    return tuple(fast if text.startswith("def sigmoid(") else text for text in texts)


def _fixed(used: Iterable[str], names: Iterable[str], fast: bool) -> list[list[str]]:
    return [
        function_lines(f"fast/{name}" if fast and name == "softmax" else name)
        for name in names
        if name in used
    ]
