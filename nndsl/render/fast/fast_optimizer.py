"""The optimizer for all parameters as one vector, block by block."""

from nndsl.program.program import Program
from nndsl.render.expressions.printer import needs
from nndsl.render.network.optimizer_class import (
    UPDATE_HEAD,
    class_head,
    context_of,
    first_lines,
    step_lines,
)
from nndsl.render.network.parameters import learned_count
from nndsl.render.network.schedule import ScheduleText

BLOCK = 65_536
"""So many numbers of several vectors stay in a core's cache."""


def fast_optimizer(
    program: Program, schedule: ScheduleText
) -> tuple[list[str], set[str]]:
    """The class of the program's optimizer, and the functions that it calls."""
    update = program.update
    context = context_of(update, schedule)
    part = learned_count(program)
    states = [state for state in update.states if not state.scalar]
    lines = class_head(update, schedule)
    lines.append("        w = to_vector(parameters)")
    size = "w.size"
    if part:
        size = "size"
        total = f"sum(array.size for array in parameters{part})"
        lines.append(f"        size = {total}")
        lines += ["        self.size = size"] * (not states)
    for state in update.states:
        made = repr(float(state.start))
        if not state.scalar:
            made = f"np.full({size}, {state.start!r}, DTYPE)"
            if state.start == 0:
                made = f"np.zeros({size}, DTYPE)"
        note = context.notes.get(state.name)
        comment = f"  # {note}" if note else ""
        lines.append(f"        self.{state.name} = {made}{comment}")
    lines.append(
        "        self.gradients = views(np.zeros_like(w), parameters)  # for backward"
    )
    lines += ["", *UPDATE_HEAD, *first_lines(update, schedule)]
    for step in update.scalars:
        lines += step_lines(step, context, "        ")
    lines.append("        vector = to_vector(parameters)")
    names = [context.names["weight"], context.names["gradient"]]
    names += [context.names[state.name] for state in states]
    size = f"[: {size_of_learned(program)}]" if part else ""
    given = [f"vector{size}", f"to_vector(gradients){size}"]
    given += [f"self.{state.name}" for state in states]
    lines.append(f"        vectors = {', '.join(given)}")
    lines.append("        for start in range(0, vectors[0].size, BLOCK):")
    each = "(each[start : start + BLOCK] for each in vectors)"
    lines.append(f"            {', '.join(names)} = {each}")
    helpers = set[str]()
    for step in update.steps:
        lines += step_lines(step, context, "            ", changes=True)
        helpers |= needs(step.value, context.scalars)
    lines += [
        "        if vector is not parameters[0].base:  # a copy: write it back",
        "            parts = views(vector, parameters)",
        "            for array, new in zip(parameters, parts, strict=True):",
        "                array[:] = new",
    ]
    return lines, helpers


def size_of_learned(program: Program) -> str:
    """How many numbers of the vector are learned, as an expression of the optimizer."""
    states = [state for state in program.update.states if not state.scalar]
    return f"self.{states[0].name}.size" if states else "self.size"
