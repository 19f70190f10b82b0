"""The optimizer as a class: what it remembers, and a step as a loop over the arrays."""

from collections.abc import Mapping
from dataclasses import dataclass

from nndsl.formulas.expression import (
    Expression,
    Number,
    Operation,
    State,
    Step,
    Variable,
)
from nndsl.formulas.free_name import free_name
from nndsl.formulas.traverse import variables
from nndsl.language.module_names import class_name
from nndsl.program.program import Program, Update
from nndsl.render.escape import heading
from nndsl.render.expressions.integers import may_be_integer
from nndsl.render.expressions.named_steps import print_steps
from nndsl.render.expressions.printer import needs, print_numpy
from nndsl.render.lines import WIDTH, call, commented
from nndsl.render.network.parameters import learned_count
from nndsl.render.network.schedule import ScheduleText
from nndsl.render.prose import docstring, first_sentence

_TAKEN = frozenset({"self", "parameters", "gradients", "rate"})
UPDATE_HEAD = [
    "    def update(self, parameters: Parameters, gradients: Parameters) -> None:",
    '        """Take one step; changes the parameters in place."""',
]


@dataclass(frozen=True, slots=True)
class Context:
    """How names are written, which states are arrays and which are numbers.

    `scalars` are all names of numbers, `integers` those that may be Python's integers.
    """

    names: Mapping[str, str]
    states: frozenset[str]
    numbers: frozenset[str]
    scalars: frozenset[str]
    integers: frozenset[str]
    notes: Mapping[str, str]

    @property
    def kept(self) -> frozenset[str]:
        """What a step changes: the vectors that are there before it."""
        return self.states | {"weight"}


def read_names(update: Update) -> set[str]:
    """The names that the steps read."""
    steps = (*update.scalars, *update.steps)
    return {name for step in steps for name in variables(step.value)}


def counts_steps(update: Update, schedule: ScheduleText) -> bool:
    """Whether the optimizer has to know the number of its step."""
    by_schedule = schedule.by_step and "step" in schedule.given
    return by_schedule or "step" in read_names(update)


def optimizer_class(
    program: Program, schedule: ScheduleText
) -> tuple[list[str], set[str]]:
    """The class of the program's optimizer, and the functions that it calls."""
    update = program.update
    context = context_of(update, schedule)
    part = learned_count(program)
    lines = class_head(update, schedule)
    for state in update.states:
        made = repr(float(state.start))
        if not state.scalar:
            made = f"[{_start(state)} for w in parameters{part}]"
        line = f"        self.{state.name} = {made}"
        note = context.notes.get(state.name)
        lines += commented(line, note) if note else [line]
    lines += ["", *UPDATE_HEAD, *first_lines(update, schedule)]
    for step in update.scalars:
        lines += step_lines(step, context, "        ")
    lines += _loop(update, context, part)
    helpers = set[str]()
    for step in update.steps:
        lines += step_lines(step, context, "            ")
        helpers |= needs(step.value, context.scalars)
    return lines, helpers


def class_head(update: Update, schedule: ScheduleText) -> list[str]:
    """The class with its documentation and the start of its constructor."""
    text = first_sentence(update.documentation) or f"The optimizer {update.name}."
    arguments = ["self", "parameters: Parameters", "learning_rate: float"]
    arguments += [f"{name}: int" for name in schedule.of_optimizer]
    lines = [f"class {class_name(update.name)}:", *docstring(text, "    "), ""]
    lines += call("    def __init__(", arguments, "):")
    if counts_steps(update, schedule):
        lines.append("        self.learning_rate, self.step = learning_rate, 0")
    else:
        lines.append("        self.learning_rate = learning_rate")
    lines += [f"        self.{name} = {name}" for name in schedule.of_optimizer]
    if schedule.by_step and "epoch" in schedule.given:
        lines.append("        self.epoch = 0")
    lines += ["        self.warmup = 1.0"] * schedule.factor
    return lines


def first_lines(update: Update, schedule: ScheduleText) -> list[str]:
    """What a step does first: it counts, and looks up its learning rate."""
    lines = ["        self.step += 1"] * counts_steps(update, schedule)
    if schedule.rate != "self.learning_rate":
        lines.append(f"        rate = {schedule.rate}")
    return lines


def rate_name(schedule: ScheduleText) -> str:
    return "self.learning_rate" if schedule.rate == "self.learning_rate" else "rate"


def context_of(
    update: Update, schedule: ScheduleText, beside: frozenset[str] = frozenset()
) -> Context:
    """`beside`: names that a step has for other reasons."""
    reserved = _TAKEN | beside
    read = read_names(update)
    mentioned = {step.target for step in (*update.scalars, *update.steps)}
    mentioned |= {state.name for state in update.states} | read
    names = {
        name: free_name(f"{name}_", mentioned) if name in reserved else name
        for name in mentioned
    }
    for name, short in (("weight", "w"), ("gradient", "g")):
        names[name] = free_name(short, {*mentioned, *reserved}, link="")
    names |= {"learning_rate": rate_name(schedule), "step": "self.step"}
    names |= {s.name: f"self.{s.name}" for s in update.states if s.scalar}
    arrays = {s.name for s in update.states if not s.scalar} | {"weight", "gradient"}
    arrays |= {step.target for step in update.steps}
    numbers = frozenset(s.name for s in update.states if s.scalar)
    return Context(
        names,
        frozenset(s.name for s in update.states if not s.scalar),
        numbers,
        frozenset(read - arrays),
        frozenset({"step", *(step.target for step in update.scalars)}) - numbers,
        {name: heading(note).removeprefix("# ") for name, note in update.notes},
    )


def _loop(update: Update, context: Context, part: str) -> list[str]:
    """`for w, g, m in zip(parameters, gradients, self.m, strict=True):`."""
    states = [state.name for state in update.states if not state.scalar]
    names = [context.names["weight"], context.names["gradient"]]
    names += [context.names[name] for name in states]
    values = [f"parameters{part}", f"gradients{part}", *(f"self.{s}" for s in states)]
    line = f"        for {', '.join(names)} in zip("
    whole = f"{line}{', '.join(values)}, strict=True):"
    if len(whole) <= WIDTH:
        return [whole]
    inner = f"            {', '.join(values)}, strict=True"
    if len(inner) <= WIDTH:
        return [line, inner, "        ):"]
    each = [f"            {value}," for value in (*values, "strict=True")]
    return [line, *each, "        ):"]


def _start(state: State) -> str:
    if state.start == 0.0:
        return "np.zeros_like(w)"
    return f"np.full_like(w, {state.start!r})"


def step_lines(
    step: Step, context: Context, indent: str, changes: bool = False
) -> list[str]:
    """One step of the formula; with `changes` a state is changed in place."""
    target = context.names.get(step.target, step.target)
    if changes and step.target in context.kept:
        parts = _factor_and_rest(step)
        if parts is not None:
            return [
                line
                for sign, value in parts
                for line in _changed(f"{target} {sign}= ", value, context, indent)
            ]
    sign, value = change_of(step)
    if sign:
        head = f"{target} {sign}= "
    elif step.target == "weight" or step.target in context.states:
        head = f"{target}[:] = "
    else:
        head = f"{target} = "
    text = print_numpy(value, context.names, context.scalars)
    if head == f"{target} = ":
        text = _own(text, value, context)
    whole = step.target in context.numbers and may_be_integer(value, context.integers)
    if whole:
        text = f"float({text})"
    if len(indent) + len(head) + len(text) <= WIDTH:
        line = indent + head + text
        note = context.notes.get(step.target)
        if note is None or step.target in context.states | context.numbers:
            return [line]
        return commented(line, note)
    plain = head == f"{target} = " and step.target in context.scalars and not whole
    if plain and step.target not in context.numbers:
        lines = print_steps(
            value, target, WIDTH - len(indent), context.names, context.scalars
        )
        return [indent + line for line in lines]
    name = free_name(f"new_{step.target}", context.names)
    steps = print_steps(
        value, name, WIDTH - len(indent), context.names, context.scalars
    )
    last = f"float({name})" if whole else name
    return [*(indent + line for line in steps), f"{indent}{head}{last}"]


def _own(text: str, value: Expression, context: Context) -> str:
    """`text`, copied where it may be an array that a later line changes in place."""
    match value:
        case Variable(name) if name not in context.scalars:
            return f"{text}.copy()"
        case Operation("where", (condition, *branches)) if variables(
            condition
        ) <= context.scalars and any(
            isinstance(branch, Variable) for branch in branches
        ):
            return f"np.array({text}, DTYPE)"
    return text


def change_of(step: Step) -> tuple[str, Expression]:
    """`weight = weight - d` as (`-`, d)."""
    signs = {"subtract": "-", "add": "+"}
    match step.value:
        case Operation(name, (Variable(left), change)) if (
            left == step.target == "weight" and name in signs
        ):
            return signs[name], change
        case _:
            return "", step.value


def _factor_and_rest(step: Step) -> list[tuple[str, Expression]] | None:
    """`m = beta * m + change` as `*` beta and `+` change."""
    own = Variable(step.target)
    signs = {"add": "+", "subtract": "-"}
    match step.value:
        case Operation("add" | "subtract" as name, (first, change)):
            rest = [(signs[name], change)]
        case first:
            rest, change = [], Number(0.0)
    match first:
        case Variable(step.target) if rest:
            return rest
        case Operation("multiply", (factor, kept) | (kept, factor)) if kept == own:
            if step.target not in variables(change) | variables(factor):
                return [("*", factor), *rest]
    return None


def _changed(head: str, value: Expression, context: Context, indent: str) -> list[str]:
    """`m += value`, in several lines if it is long."""
    line = f"{indent}{head}{print_numpy(value, context.names, context.scalars)}"
    if len(line) <= WIDTH:
        return [line]
    names, scalars = context.names, context.scalars
    name = free_name("change", set(names.values()))
    lines = print_steps(value, name, WIDTH - len(indent), names, scalars)
    return [*(indent + each for each in lines), f"{indent}{head}{name}"]
