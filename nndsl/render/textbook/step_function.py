"""The optimizer step as a textbook writes it: a loop over the arrays."""

from collections.abc import Mapping
from dataclasses import dataclass

from nndsl.formulas.expression import Expression, Operation, State, Step, Variable
from nndsl.formulas.free_name import free_name
from nndsl.formulas.traverse import variables
from nndsl.program.program import Update
from nndsl.render.expressions.integers import may_be_integer
from nndsl.render.expressions.named_steps import print_steps
from nndsl.render.expressions.printer import needs, print_numpy
from nndsl.render.lines import WIDTH, call
from nndsl.render.prose import docstring

_TAKEN = frozenset({"p", "gradients", "memory", "name"})
_ARGUMENTS = {"step": "int", "learning_rate": "float"}


@dataclass(frozen=True, slots=True)
class UpdateText:
    """The functions of the optimizer, and what they take beside the arrays."""

    remember: tuple[str, ...]
    update: tuple[str, ...]
    arguments: tuple[str, ...]
    helpers: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Context:
    """How names are written, which states are arrays and which are numbers.

    `scalars` are all names of numbers, `integers` those that may be Python's integers.
    """

    names: Mapping[str, str]
    states: frozenset[str]
    numbers: frozenset[str]
    scalars: frozenset[str]
    integers: frozenset[str]


def write_update(update: Update) -> UpdateText:
    """The functions of `update`, for the textbook style."""
    context = _context(update)
    read = {
        v for step in (*update.scalars, *update.steps) for v in variables(step.value)
    }
    arguments = tuple(name for name in _ARGUMENTS if name in read)
    lines = _head(update, arguments)
    for step in update.scalars:
        lines += _lines(step, context, "    ")
    lines.append("    for name, weight in p.items():")
    lines += _local_arrays(update, context, read)
    helpers = set[str]()
    for step in update.steps:
        lines += _lines(step, context, "        ")
        helpers |= needs(step.value, context.scalars)
    return UpdateText(
        remember=tuple(_remember(update)),
        update=tuple(lines),
        arguments=arguments,
        helpers=frozenset(helpers),
    )


def _read(update: Update) -> set[str]:
    """The names that the steps read."""
    steps = (*update.scalars, *update.steps)
    return {name for step in steps for name in variables(step.value)}


def _context(update: Update) -> _Context:
    mentioned = {step.target for step in (*update.scalars, *update.steps)}
    mentioned |= {state.name for state in update.states}
    names = {
        name: free_name(f"{name}_", mentioned) if name in _TAKEN else name
        for name in mentioned
    }
    names |= {s.name: f'memory["{s.name}"]' for s in update.states if s.scalar}
    arrays = {s.name for s in update.states if not s.scalar} | {"weight", "gradient"}
    arrays |= {step.target for step in update.steps}
    read = {
        v for step in (*update.scalars, *update.steps) for v in variables(step.value)
    }
    numbers = frozenset(s.name for s in update.states if s.scalar)
    return _Context(
        names,
        frozenset(s.name for s in update.states if not s.scalar),
        numbers,
        frozenset(read - arrays),
        frozenset({"step", *(step.target for step in update.scalars)}) - numbers,
    )


def _head(update: Update, arguments: tuple[str, ...]) -> list[str]:
    given = ["p: Arrays", "gradients: Arrays"]
    if update.states:
        given.append(f"memory: {memory_type(update)}")
    given += [f"{name}: {_ARGUMENTS[name]}" for name in arguments]
    text = update.documentation or f"One step of {update.name}."
    return [*call("def update(", given, ") -> None:"), *docstring(text, "    ")]


def _local_arrays(update: Update, context: _Context, read: set[str]) -> list[str]:
    """`gradient, m = gradients[name], memory[f"m/{name}"]`."""
    states = [state for state in update.states if not state.scalar]
    names = [context.names[state.name] for state in states]
    values = [f'memory[f"{state.name}/{{name}}"]' for state in states]
    if "gradient" in read:
        names, values = ["gradient", *names], ["gradients[name]", *values]
    if not names:
        return []
    line = f"        {', '.join(names)} = {', '.join(values)}"
    if len(line) <= WIDTH:
        return [line]
    return [f"        {n} = {v}" for n, v in zip(names, values, strict=True)]


def _remember(update: Update) -> list[str]:
    """`remember`: `m/dense1.weights` for a state m of that array, numbers by name."""
    if not update.states:
        return []
    arrays = [state for state in update.states if not state.scalar]
    numbers = [state for state in update.states if state.scalar]
    kind = memory_type(update)
    start = ", ".join(f'"{state.name}": {float(state.start)!r}' for state in numbers)
    lines = [
        f"def remember(parameters: Arrays) -> {kind}:",
        '    """The optimizer\'s memory before the first step."""',
        f"    memory: {kind} = {{{start}}}",
    ]
    if arrays:
        lines.append("    for name, weight in parameters.items():")
    for state in arrays:
        lines.append(f'        memory[f"{state.name}/{{name}}"] = {_start(state)}')
    return [*lines, "    return memory"]


def memory_type(update: Update) -> str:
    """The type of the optimizer's memory."""
    scalar = any(state.scalar for state in update.states)
    return "dict[str, Any]" if scalar else "Arrays"


def _start(state: State) -> str:
    if state.start == 0.0:
        return "np.zeros_like(weight)"
    return f"np.full_like(weight, {state.start!r})"


def _lines(step: Step, context: _Context, indent: str) -> list[str]:
    target = context.names.get(step.target, step.target)
    sign, value = _change(step)
    if sign:
        head = f"{target} {sign}= "
    elif step.target == "weight" or step.target in context.states:
        head = f"{target}[...] = "
    else:
        head = f"{target} = "
    text = print_numpy(value, context.names, context.scalars)
    if head == f"{target} = ":
        text = _own(text, value, context)
    whole = step.target in context.numbers and may_be_integer(value, context.integers)
    if whole:
        text = f"float({text})"
    if len(indent) + len(head) + len(text) <= WIDTH:
        return [indent + head + text]
    name = free_name(f"new_{step.target}", context.names)
    steps = print_steps(
        value, name, WIDTH - len(indent), context.names, context.scalars
    )
    last = f"float({name})" if whole else name
    return [*(indent + line for line in steps), f"{indent}{head}{last}"]


def _own(text: str, value: Expression, context: _Context) -> str:
    """`text`, copied where it may be an array that a later line changes in place."""
    match value:
        case Variable(name) if name not in context.scalars:
            return f"{text}.copy()"
        case Operation("where", (condition, *branches)) if variables(
            condition
        ) <= context.scalars and any(
            isinstance(branch, Variable) for branch in branches
        ):
            return f"np.array({text}, dtype=FLOAT)"
    return text


def _change(step: Step) -> tuple[str, Expression]:
    """`weight = weight - d` as (`-`, d)."""
    signs = {"subtract": "-", "add": "+"}
    match step.value:
        case Operation(name, (Variable(left), change)) if (
            left == step.target == "weight" and name in signs
        ):
            return signs[name], change
        case _:
            return "", step.value
