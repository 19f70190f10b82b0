"""The optimizer for all parameters as one vector, every call in place."""

import textwrap

from nndsl.formulas.expression import Expression, Step
from nndsl.formulas.traverse import variables
from nndsl.program.in_place import InPlaceUpdate, Pass
from nndsl.program.program import Program
from nndsl.render.expressions.printer import print_mathematics, print_scalar
from nndsl.render.fast.call_lines import CallWriter, functions_called
from nndsl.render.lines import WIDTH, commented
from nndsl.render.network.optimizer_class import (
    UPDATE_HEAD,
    Context,
    change_of,
    class_head,
    context_of,
    first_lines,
    step_lines,
)
from nndsl.render.network.schedule import ScheduleText

_INDENT = "        "
_MEMORY = "memory for update"


def fast_optimizer(
    program: Program, plan: InPlaceUpdate, schedule: ScheduleText
) -> tuple[list[str], set[str]]:
    """The class of the program's optimizer, and the functions that it calls."""
    update = program.update
    context = context_of(update, schedule, plan.vectors)
    states = [state for state in update.states if not state.scalar]
    lines = class_head(update, schedule)
    lines += _vectors_made(bool(program.running))
    for state in update.states:
        made = (
            "np.zeros_like(w)"
            if state.start == 0
            else f"np.full_like(w, {state.start!r})"
        )
        made = repr(float(state.start)) if state.scalar else made
        line = f"{_INDENT}self.{state.name} = {made}"
        note = _note(context.notes.get(state.name), plan.scales.get(state.name))
        lines += commented(line, note) if note else [line]
    for name in plan.vectors:
        lines.append(
            f"{_INDENT}self.{context.names[name]} = np.zeros_like(w)  # {_MEMORY}"
        )
    vector = "vector" if program.running else "w"
    made = f"self.gradients = views(np.zeros_like({vector}), parameters)"
    lines += [f"{_INDENT}{made}  # memory for backward", "", *UPDATE_HEAD]
    lines += first_lines(update, schedule)
    for step in update.scalars:
        lines += step_lines(step, context, _INDENT)
    lines += _vectors_found(context, bool(program.running))
    names = [*(s.name for s in states), *(context.names[name] for name in plan.vectors)]
    if names:
        values = ", ".join(f"self.{name}" for name in names)
        lines.append(f"{_INDENT}{', '.join(names)} = {values}")
    writer = CallWriter(context.names, context.scalars)
    helpers: set[str] = set()
    for each in plan.passes:
        lines += _comment(each, plan, context) + writer.lines(each.actions, _INDENT)
        helpers |= functions_called(each.actions, writer.scalars)
    w = vector if program.running else context.names["weight"]
    pairs = f"zip(parameters, views({w}, parameters), strict=True)"
    return [
        *lines,
        f"{_INDENT}if {w} is not parameters[0].base:"
        "  # a copy: the arrays are not its views",
        f"{_INDENT}    for array, new in {pairs}:",
        f"{_INDENT}        array[:] = new",
    ], helpers


def _vectors_made(running: bool) -> list[str]:
    """The vector of what is learned, which the states are made like."""
    if not running:
        return [f"{_INDENT}w = to_vector(parameters)"]
    return [
        f"{_INDENT}vector = to_vector(parameters)",
        f"{_INDENT}self.learned = sum(array.size for array in parameters[:LEARNED])",
        f"{_INDENT}w = vector[: self.learned]",
    ]


def _vectors_found(context: Context, running: bool) -> list[str]:
    """The vectors of the parameters and of their gradients, as far as they learn."""
    names = f"{_INDENT}{context.names['weight']}, {context.names['gradient']} = "
    if not running:
        return [f"{names}to_vector(parameters), to_vector(gradients)"]
    part = "[: self.learned]"
    return [
        f"{_INDENT}vector = to_vector(parameters)",
        f"{names}vector{part}, to_vector(gradients){part}",
    ]


def _note(note: str | None, scale: Expression | None) -> str | None:
    """What a state is, divided by the factor that it is kept without."""
    if scale is None:
        return note
    return f"{note} / ({print_scalar(scale)})" if note else _without(scale)


def _without(scale: Expression) -> str:
    return f"without the factor {print_scalar(scale)}"


def _comment(each: Pass, plan: InPlaceUpdate, context: Context) -> list[str]:
    """The formulas of a pass over its calls, unless a call says the same."""
    if len(each.actions) < 2 and len(each.formulas) < 2:
        return []
    lines: list[str] = []
    for step in each.formulas:
        note = context.notes.get(step.target)
        if note and step.target not in context.states:
            lines.append(f"{_INDENT}# {note}")
        text = _formula(step, context)
        if step.target in plan.scales:
            text += f", here {_without(plan.scales[step.target])}"
        beside = f"{lines[-1]}, {text}" if lines and not note else ""
        if beside and len(beside) <= WIDTH and step.target != "weight":
            lines[-1] = beside
            continue
        lines += textwrap.wrap(
            text,
            WIDTH,
            initial_indent=f"{_INDENT}# ",
            subsequent_indent=f"{_INDENT}#     ",
            break_on_hyphens=False,
            break_long_words=False,
        )
    return lines


def _formula(step: Step, context: Context) -> str:
    """`w -= learning_rate * m_hat`: a line of the formula as mathematics."""
    names = {**context.names, "step": "step"}
    if names["learning_rate"] != "rate":
        names["learning_rate"] = "learning_rate"
    names |= {name: name for name in context.numbers}
    scalars = context.scalars & variables(step.value)
    sign, value = change_of(step)
    target = context.names.get(step.target, step.target)
    return f"{target} {sign}= {print_mathematics(value, names, scalars)}"
