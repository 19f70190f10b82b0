"""The mathematics of a generated module, in place."""

from nndsl.formulas.expression import Step
from nndsl.network import Network
from nndsl.optimise.normal_distribution import in_place_helpers
from nndsl.program.in_place import Group, InPlace, Ones
from nndsl.program.program import Constant, Program
from nndsl.render.constant_lines import constant_lines
from nndsl.render.expressions.helpers import helper_constants, helper_functions
from nndsl.render.expressions.printer import needs
from nndsl.render.functions import function_lines, function_text
from nndsl.render.initializer_functions import (
    initializer_functions,
    running_function,
    start_function,
)
from nndsl.render.inplace.calls import functions_called
from nndsl.render.inplace.flat_after_step import clip_function, running_update_function
from nndsl.render.inplace.flat_loss import loss_function
from nndsl.render.inplace.flat_methods import engine
from nndsl.render.inplace.flat_passes import (
    averaging,
    backward_function,
    forward_function,
    memory_class,
    outputs_table,
)
from nndsl.render.inplace.flat_step import write_update
from nndsl.render.lines import commented
from nndsl.render.mathematics import Mathematics
from nndsl.render.rate_functions import write_schedule
from nndsl.render.textbook.after_step import limit_function


def in_place_mathematics(
    network: Network, program: Program, in_place: InPlace
) -> Mathematics:
    """The mathematics of `network`, whose `program` is computed `in_place`."""
    precision = program.precision
    update = write_update(program, in_place.update)
    schedule = write_schedule(network.train.optimizer.learning_rate, program.schedule)
    running = [(array.key, array.shape) for array in program.running]
    sections = [
        *initializer_functions(program.parameters),
        start_function(program.forward, program.parameters),
        running_function(running) if running else [],
        function_lines("inplace/parts"),
        function_lines("inplace/views"),
        function_lines("inplace/columns") if program.running else [],
        memory_class(
            "Values",
            "What a pass through the network computes: a column for each of n rows."
            " Names joined by = share an array, whose earlier values nothing needs.",
            in_place.values,
            in_place.above_ones,
            averaging(program),
        ),
        memory_class(
            "Slopes",
            "What the backward pass computes: a column for each of n rows.",
            in_place.slopes,
            in_place.above_ones,
            ["self.ones = np.ones((n, 1), dtype=FLOAT)"],
        ),
        outputs_table(program),
        forward_function(program, in_place),
        loss_function(program, in_place.loss),
        backward_function(program, in_place),
        function_lines("inplace/turned"),
        clip_function(program),
        update.memory,
        schedule.function,
        function_lines("inplace/keep_from_zero") if in_place.update.fading else [],
        update.update,
        limit_function(program),
        running_update_function(program),
    ]
    used = _functions_used(in_place) | update.helpers
    written = used & in_place_helpers(precision).keys()
    functions = (
        function_text("inplace/number"),
        *helper_functions(used - written, precision),
        *_written_in_place(written),
        *("\n".join(lines) for lines in sections if lines),
    )
    note = "rows at a time when the network predicts"
    constants = (
        *program.constants,
        *schedule.constants,
        *update.constants,
        *(Constant(*each) for each in helper_constants(used, precision)),
        Constant("ROWS", in_place.rows, note),
    )
    return Mathematics(
        (*constant_lines(constants), *_ones(in_place)),
        "\n\n\n".join(functions),
        engine(network, program, update, schedule, in_place),
        in_place.update.threaded,
    )


def _written_in_place(names: set[str]) -> list[str]:
    """The functions of the normal distribution that write into existing arrays."""
    parts = {"normal_cdf": ("normal_tail", "normal_cdf"), "normal_pdf": ("normal_pdf",)}
    return [
        function_text(f"inplace/{part}")
        for name, several in parts.items()
        if name in names
        for part in several
    ]


def _functions_used(in_place: InPlace) -> set[str]:
    """The functions and constants that the passes and the loss call."""
    loss = in_place.loss
    blocks = (*in_place.forward, *in_place.backward)
    found = functions_called(group for block in blocks for group in block.groups)
    whole = Group(Step("mean", loss.factor), loss.calls, (), loss.numbers)
    return found | functions_called([whole]) | needs(loss.factor, loss.numbers)


def _ones(in_place: InPlace) -> list[str]:
    """The matrices of ones that the passes multiply with."""
    widths = {
        operand.width
        for block in (*in_place.forward, *in_place.backward)
        for group in block.groups
        for call in group.calls
        for operand in call.arguments
        if isinstance(operand, Ones)
    }
    return [
        line
        for k in sorted(widths)
        for line in commented(
            f"ONES{k} = np.ones(({k}, {k}), dtype=FLOAT)",
            f"ONES{k}·a has the sums of a's columns in each row",
        )
    ]
