"""The optimizer in JAX: what it remembers as a tuple, and a step that makes another."""

from dataclasses import replace

from nndsl.formulas.expression import State, Step
from nndsl.formulas.free_name import free_name
from nndsl.language.module_names import class_name
from nndsl.program.program import Program, Update
from nndsl.render.expressions.named_steps import print_steps
from nndsl.render.expressions.printer import needs, print_numpy
from nndsl.render.library import JAX
from nndsl.render.lines import WIDTH, call, commented
from nndsl.render.network.optimizer_class import Context, change_of, context_of
from nndsl.render.network.parameters import learned_count
from nndsl.render.network.schedule import ScheduleText
from nndsl.render.prose import docstring, first_sentence

_BESIDE = frozenset({"changed", "count", "index", "start", "states", "update"})
"""Names that the class or its step has, or that every tuple has."""


def jax_optimizer(
    program: Program, schedule: ScheduleText
) -> tuple[list[str], set[str]]:
    """The class of the program's optimizer, and the functions that it calls."""
    update, part = program.update, learned_count(program)
    name = class_name(update.name)
    context = _traced(context_of(update, schedule, _BESIDE), update)
    text = first_sentence(update.documentation) or f"The optimizer {update.name}."
    numbers = [state for state in update.states if state.scalar]
    arrays = [state for state in update.states if not state.scalar]
    lines = [f"class {name}(NamedTuple):", *docstring(text, "    "), ""]
    lines.append("    step: Array  # so many were taken")
    for states, kind in ((numbers, "Array"), (arrays, "tuple[Array, ...]")):
        for state in states:
            line = f"    {context.names[state.name]}: {kind}"
            note = context.notes.get(state.name)
            lines += commented(line, note) if note else [line]
    starts = ["spread(np.zeros((), np.int32))"]
    starts += [f"spread(np.array({state.start!r}, DTYPE))" for state in numbers]
    starts += [f"tuple({_start(state)} for w in parameters{part})" for state in arrays]
    lines += [
        "",
        "    @classmethod",
        f'    def start(cls, parameters: Parameters) -> "{name}":',
        '        """Return what it remembers before the first step."""',
        *call("        return cls(", starts),
        "",
        *call(
            "    def update(",
            [
                "self",
                "parameters: Parameters",
                "gradients: Parameters",
                "learning_rate: float",
            ],
            f') -> tuple[Parameters, "{name}"]:',
        ),
        '        """Take one step; return new parameters, and what it remembers."""',
        "        step = self.step + 1",
    ]
    names = [context.names[state.name] for state in numbers]
    lines += [f"        {each} = self.{each}" for each in names]
    helpers = set[str]()
    for step in (*update.scalars, *update.steps):
        helpers |= needs(step.value, context.scalars)
    for step in update.scalars:
        lines += _step_lines(step, context, "        ")
    kept = [context.names[state.name] for state in arrays]
    w, g = context.names["weight"], context.names["gradient"]
    sources = [f"parameters{part}", f"gradients{part}"]
    sources += [f"self.{each}" for each in kept]
    lines.append("        changed = []")
    lines += call(
        f"        for {', '.join([w, g, *kept])} in zip(",
        [*sources, "strict=True"],
        "):",
    )
    for step in update.steps:
        lines += _step_lines(step, context, "            ")
    behind = ", *parameters[LEARNED:]" if part else ""
    first = ", *states" if arrays else ""
    named = "new, *states" if arrays else "(new,)"
    lines += [
        f"            changed.append(({', '.join([w, *kept])}{',' * (not kept)}))",
        f"        {named} = zip(*changed, strict=True)",
        f"        after = {name}({', '.join(['step', *names])}{first})",
        f"        return Parameters(*new{behind}), after",
    ]
    return lines, helpers


def _traced(context: Context, update: Update) -> Context:
    """The context in which only the constants are Python numbers."""
    taken = set(context.names.values())
    names = {**context.names, "learning_rate": "learning_rate", "step": "step"}
    for state in update.states:
        if state.scalar:
            name = state.name
            reserved = name in _BESIDE
            names[name] = free_name(f"{name}_", taken) if reserved else name
    computed = {step.target for step in update.scalars}
    traced = {"step", "learning_rate", *computed, *context.numbers}
    return replace(context, names=names, scalars=context.scalars - traced)


def _start(state: State) -> str:
    if state.start == 0.0:
        return "jnp.zeros_like(w)"
    return f"jnp.full_like(w, {state.start!r})"


def _step_lines(step: Step, context: Context, indent: str) -> list[str]:
    """One step of the formula: an assignment, in several lines if it is long."""
    names, scalars = context.names, context.scalars
    target = names.get(step.target, step.target)
    sign, value = change_of(step)
    head = f"{indent}{target} {sign}= "
    text = print_numpy(value, names, scalars, JAX)
    if len(head) + len(text) <= WIDTH:
        note = context.notes.get(step.target)
        noted = note and step.target not in context.states | context.numbers
        return commented(head + text, str(note)) if noted else [head + text]
    room = WIDTH - len(indent)
    if not sign:
        steps = print_steps(value, target, room, names, scalars, JAX)
        return [indent + line for line in steps]
    name = free_name("change", set(names.values()))
    steps = print_steps(value, name, room, names, scalars, JAX)
    return [*(indent + line for line in steps), f"{head}{name}"]
