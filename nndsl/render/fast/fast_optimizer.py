"""The optimizer for all parameters as one vector, block by block if it is long."""

import textwrap
from dataclasses import replace

from nndsl.formulas.expression import Expression, Operation, Step, Variable
from nndsl.formulas.traverse import variables
from nndsl.program.in_place import FastStep, FastUpdate
from nndsl.program.program import Program
from nndsl.render.expressions.printer import (
    needs,
    print_mathematics,
    print_numpy,
    print_scalar,
)
from nndsl.render.lines import WIDTH, call, commented, unpack
from nndsl.render.network.optimizer_class import (
    UPDATE_HEAD,
    Context,
    change_of,
    class_head,
    context_of,
    first_lines,
    step_lines,
)
from nndsl.render.network.parameters import learned_count
from nndsl.render.network.schedule import ScheduleText
from nndsl.render.prose import listed

BLOCK = 65_536
"""So many numbers of several vectors stay in a core's cache."""
_SPACE = "\N{NO-BREAK SPACE}"
_LOCALS = frozenset({"vector", "array", "new", "blocks", "to_vector", "views"})
_LOCALS |= {"math", "np", "zip", "float"}
"""Names that an update in the fast style has for other reasons."""


def in_blocks(program: Program) -> bool:
    """Whether the parameters may be too many for one block."""
    size = program.n_parameters.fixed
    return size is None or size > BLOCK


def fast_optimizer(
    program: Program, fast: FastUpdate, schedule: ScheduleText
) -> tuple[list[str], set[str]]:
    """The class of the program's optimizer, and the functions that it calls."""
    update = program.update
    steps = [each.step for each in fast.steps]
    whole = replace(
        update,
        scalars=(*update.scalars, *fast.numbers),
        steps=(*update.steps, *steps),
    )
    context = context_of(whole, schedule, _LOCALS)
    lines = class_head(update, schedule) + _start(program, context)
    lines += ["", *UPDATE_HEAD, *first_lines(update, schedule)]
    for step in update.scalars:
        lines += step_lines(step, context, "        ")
    lines += _scales(fast, context)
    for step in fast.numbers:
        lines += step_lines(step, context, "        ")
    lines += _vectors(program, context)
    indent = "            " if in_blocks(program) else "        "
    helpers = set[str]()
    for each in fast.steps:
        lines += _explained(each, context, indent)
        helpers |= needs(each.step.value, context.scalars)
    vector = "vector" if _is_named(program) else context.names["weight"]
    lines += [
        f"        if {vector} is not parameters[0].base:  # a copy: write it back",
        f"            parts = views({vector}, parameters)",
        "            for array, new in zip(parameters, parts, strict=True):",
        "                array[:] = new",
    ]
    return lines, helpers


def _start(program: Program, context: Context) -> list[str]:
    """The rest of the constructor: the states, and memory for the gradients."""
    part, size = learned_count(program), "w.size"
    lines = ["        w = to_vector(parameters)"]
    vectors = [state for state in program.update.states if not state.scalar]
    if part:
        size = "size"
        lines.append(f"        size = sum(array.size for array in parameters{part})")
        lines += ["        self.size = size"] * (not vectors)
    for state in program.update.states:
        made = repr(float(state.start))
        if not state.scalar:
            made = f"np.full({size}, {state.start!r}, DTYPE)"
            if state.start == 0:
                made = f"np.zeros({size}, DTYPE)"
        line = f"        self.{state.name} = {made}"
        note = context.notes.get(state.name)
        lines += commented(line, note) if note else [line]
    gradients = "views(np.zeros_like(w), parameters)"
    return [*lines, f"        self.gradients = {gradients}  # for backward"]


def _vectors(program: Program, context: Context) -> list[str]:
    """The vectors under the names of the formula, or a loop over their blocks."""
    states = [state.name for state in program.update.states if not state.scalar]
    names = [context.names[name] for name in ("weight", "gradient", *states)]
    values = ["to_vector(parameters)", "to_vector(gradients)"]
    values += [f"self.{name}" for name in states]
    lines = []
    if _is_named(program):
        lines = [f"        vector = {values[0]}"]
        values[0] = "vector"
    if program.running:
        size = f"self.{states[0]}.size" if states else "self.size"
        values[:2] = [f"{value}[: {size}]" for value in values[:2]]
    if in_blocks(program):
        head = f"        for {', '.join(names)} in blocks("
        return lines + call(head, values, "):")
    if len(f"        {', '.join(names)} = {', '.join(values)}") <= WIDTH:
        return lines + unpack("        ", names, values)
    lines += unpack("        ", names[:2], values[:2])
    return lines + unpack("        ", names[2:], values[2:])


def _is_named(program: Program) -> bool:
    """Whether what is changed may be a part of the vector of all parameters."""
    return in_blocks(program) or bool(program.running)


def _scales(fast: FastUpdate, context: Context) -> list[str]:
    """Says which states are kept without a factor."""
    if not fast.scales:
        return []
    names = [name for name, _ in fast.scales]
    factors = list(dict.fromkeys(_unbroken(scale) for _, scale in fast.scales))
    verb, whose = ("are", "their") if len(names) > 1 else ("is", "its")
    noun = "factors" if len(factors) > 1 else "factor"
    text = f"{listed(names)} {verb} kept without {whose} {noun} {listed(factors)}"
    return _comment(text, "        ")


def _unbroken(number: Expression) -> str:
    return print_scalar(number).replace(" ", _SPACE)


def _explained(each: FastStep, context: Context, indent: str) -> list[str]:
    """A step, below the formulas of the spec if it is written in another way."""
    lines = _step(each.step, context, indent)
    plain = [line for step in each.formulas for line in _step(step, context, indent)]
    if lines == plain:
        return lines
    texts = [_formula(step, context) for step in each.formulas]
    return [line for text in texts for line in _comment(text, indent)] + lines


def _formula(step: Step, context: Context) -> str:
    """A formula of the spec as one line, for a comment."""
    names = {**context.names, "step": "step"}
    names |= {name: name for name in context.numbers}
    if names["learning_rate"] != "rate":
        names["learning_rate"] = "learning_rate"
    target = names.get(step.target, step.target)
    sign, value = change_of(step)
    text = print_mathematics(value, names, context.scalars)
    note = context.notes.get(step.target)
    behind = f"  # {note}" if note and step.target not in context.states else ""
    return f"{target} {sign}= {text}{behind}"


def _comment(text: str, indent: str) -> list[str]:
    lines = textwrap.wrap(
        text,
        WIDTH,
        initial_indent=f"{indent}# ",
        subsequent_indent=f"{indent}#     ",
        break_on_hyphens=False,
    )
    return [line.replace(_SPACE, " ") for line in lines]


def _step(step: Step, context: Context, indent: str) -> list[str]:
    """A step in place; a choice that a number makes as `if`."""
    match step.value:
        case Operation("where", (condition, then, otherwise)) if (
            variables(condition) <= context.scalars
        ):
            test = print_numpy(condition, context.names, context.scalars)
            first, second = (
                _branch(step.target, branch, context, indent + "    ")
                for branch in (then, otherwise)
            )
            if not first:
                return [f"{indent}if not ({test}):", *second]
            lines = [f"{indent}if {test}:", *first]
            return [*lines, f"{indent}else:", *second] if second else lines
    return step_lines(step, context, indent, changes=True)


def _branch(target: str, value: Expression, context: Context, indent: str) -> list[str]:
    """One side of a choice: nothing where the target stays as it is."""
    if value == Variable(target):
        return []
    if variables(value) <= context.scalars and target not in context.kept:
        number = print_numpy(value, context.names, context.scalars)
        name, like = context.names[target], context.names["gradient"]
        return [f"{indent}{name} = np.full_like({like}, {number})"]
    return _step(Step(target, value), context, indent)
