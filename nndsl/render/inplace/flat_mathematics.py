"""The mathematics of a generated module, in place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nndsl.network import Network
from nndsl.optimise.buffers import Memory
from nndsl.optimise.normal_steps import in_place_functions, in_place_helpers
from nndsl.optimise.plan import Names, in_place_passes
from nndsl.program.in_place import Buffer
from nndsl.program.tree import Constant, Program
from nndsl.render.constant_lines import constant_lines, name_constants
from nndsl.render.expressions.helpers import helper_constants, helper_functions
from nndsl.render.initializer_functions import (
    initializer_functions,
    running_function,
    start_function,
)
from nndsl.render.inplace.calls import NUMBER
from nndsl.render.inplace.flat_after_step import (
    COLUMNS,
    KEEP_FROM_ZERO,
    PARTS,
    TURNED,
    VIEWS,
    clip_function,
    running_update_function,
)
from nndsl.render.inplace.flat_loss import loss_function
from nndsl.render.inplace.flat_methods import engine, rows_at_once
from nndsl.render.inplace.flat_passes import (
    averaging,
    backward_function,
    forward_function,
    memory_class,
    outputs_table,
)
from nndsl.render.inplace.flat_step import write_update
from nndsl.render.lines import commented
from nndsl.render.rate_functions import write_schedule
from nndsl.render.textbook.after_step import limit_function

_FUNCTIONS = ("normal_cdf", "normal_pdf", "times_normal_cdf")
_CONSTANTS = ("LARGEST", "SMALLEST")
Sections = tuple[tuple[str, ...], str, str, bool]


def fast_mathematics(network: Network, program: Program) -> Sections:
    """Constants, functions and methods of `network`; whether the update has threads."""
    named = name_constants(program)
    names = Names(named.epsilon, named.l1, named.l2)
    passes = in_place_passes(program, names, network.train.precision)
    loss = loss_function(program, named, network.train.precision)
    passes = replace(passes, slopes=(*passes.slopes, *map(_memory, loss.scratch)))
    precision = network.train.precision
    update = write_update(program, precision)
    schedule = write_schedule(network.train.optimizer.learning_rate, program.schedule)
    running = [(array.key, array.shape) for array in program.running]
    sections = [
        *initializer_functions(program.parameters),
        start_function(program.forward, program.parameters),
        running_function(running) if running else [],
        PARTS,
        VIEWS,
        COLUMNS if program.running else [],
        memory_class(
            "Values",
            "What a pass through the network computes: a column for each of n rows."
            " Names joined by = share an array, whose earlier values nothing needs.",
            passes.values,
            passes.above_ones,
            averaging(program),
        ),
        memory_class(
            "Slopes",
            "What the backward pass computes: a column for each of n rows.",
            passes.slopes,
            passes.above_ones,
            ["self.ones = np.ones((n, 1), dtype=FLOAT)"],
        ),
        outputs_table(program),
        forward_function(program, passes),
        loss.function,
        backward_function(program, passes),
        TURNED,
        clip_function(program),
        update.memory,
        schedule.function,
        KEEP_FROM_ZERO if update.fades else [],
        update.update,
        limit_function(program, named),
        running_update_function(program, named),
    ]
    helpers = _helpers(sections, precision)
    texts = [*helpers.functions, *_texts(sections)]
    texts.insert(0, "\n".join(NUMBER))
    note = "rows at a time when the network predicts"
    rows = Constant("ROWS", rows_at_once(passes, precision), note)
    constants = constant_lines(
        (
            *named.constants,
            *schedule.constants,
            *update.constants,
            *helpers.constants,
            rows,
        )
    )
    return (
        (*constants, *_ones(texts)),
        "\n\n\n".join(texts),
        engine(network, program, update, schedule, passes, loss),
        update.threaded,
    )


def _memory(buffer: Buffer) -> Memory:
    return Memory([buffer.name], 0, buffer)


def _helpers(sections: Sequence[Sequence[str]], precision: str) -> Helpers:
    """The functions that the lines call, and the constants they name."""
    lines = [line for section in sections for line in section]
    text = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    used = {name for name in _FUNCTIONS if f"{name}(" in text}
    used |= {name for name in _CONSTANTS if name in text}
    in_place = used & in_place_helpers(precision).keys()
    return Helpers(
        tuple(Constant(*each) for each in helper_constants(used, precision)),
        (*helper_functions(used - in_place, precision), *in_place_functions(in_place)),
    )


def _ones(texts: Sequence[str]) -> list[str]:
    """The matrices of ones that the functions multiply with."""
    widths = {int(k) for text in texts for k in re.findall(r"\bONES(\d+)\.dot", text)}
    return [
        line
        for k in sorted(widths)
        for line in commented(
            f"ONES{k} = np.ones(({k}, {k}), dtype=FLOAT)",
            f"ONES{k}·a has the sums of a's columns in each row",
        )
    ]


@dataclass(frozen=True, slots=True)
class Helpers:
    """What the formulas call beside NumPy."""

    constants: tuple[Constant, ...]
    functions: tuple[str, ...]


def _texts(sections: Sequence[Sequence[str]]) -> list[str]:
    return ["\n".join(lines) for lines in sections if lines]
