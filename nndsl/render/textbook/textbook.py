"""The mathematics of a generated module, in the textbook style.

From constants and small functions to forward, loss, backward and update: functions of
parameters and arrays, without a guard, a file or an option.
"""

from collections.abc import Iterable, Sequence

from nndsl.network import Network
from nndsl.program.program import Constant, Program
from nndsl.render.constant_lines import constant_lines
from nndsl.render.expressions.helpers import helper_constants, helper_functions
from nndsl.render.functions import function_lines
from nndsl.render.initializer_functions import (
    initializer_functions,
    running_function,
    start_function,
)
from nndsl.render.lines import dictionary
from nndsl.render.mathematics import Mathematics
from nndsl.render.rate_functions import write_schedule
from nndsl.render.textbook.activation_functions import Activations
from nndsl.render.textbook.after_step import limit_function, running_update_function
from nndsl.render.textbook.loss_function import loss_function
from nndsl.render.textbook.methods import engine
from nndsl.render.textbook.passes import (
    backward_function,
    forward_function,
    values_class,
)
from nndsl.render.textbook.step_function import write_update


def textbook_mathematics(network: Network, program: Program) -> Mathematics:
    """The mathematics of `network`, from its `program`."""
    activations = Activations()
    forward, used = forward_function(program, activations)
    backward, more = backward_function(program, activations)
    loss, for_loss = loss_function(program)
    update = write_update(program.update)
    schedule = write_schedule(network.train.optimizer.learning_rate, program.schedule)
    used |= more | for_loss | update.helpers | activations.used
    used |= {"clip_norm"} if program.clipping.norm else set()
    used |= {"clip_value"} if program.clipping.value else set()
    precision = program.precision
    needed = [Constant(*each) for each in helper_constants(used, precision)]
    running = [(array.key, array.shape) for array in program.running]
    outputs = [(layer, f'"{array}"') for layer, array in program.outputs]
    sections = [
        *initializer_functions(program.parameters),
        start_function(program.forward, program.parameters),
        running_function(running) if running else [],
        *(t.rstrip().split("\n") for t in helper_functions(used, precision)),
        *activations.ordered(),
        *_fixed(used, ("softmax", "dropout_mask")),
        values_class(program),
        dictionary("OUTPUTS = ", outputs),
        forward,
        loss,
        backward,
        *_fixed(used, ("clip_norm", "clip_value")),
        update.remember,
        schedule.function,
        update.update,
        limit_function(program),
        running_update_function(program),
    ]
    return Mathematics(
        constants=constant_lines((*program.constants, *schedule.constants, *needed)),
        functions="\n\n\n".join("\n".join(lines) for lines in sections if lines),
        engine=engine(network, program, update, schedule),
    )


def _fixed(used: Iterable[str], names: Sequence[str]) -> list[list[str]]:
    return [function_lines(name) for name in names if name in used]
