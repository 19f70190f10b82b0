"""The optimizer step in place: passes over vectors that hold all parameters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from nndsl.formulas.expression import Expression, Step, Variable
from nndsl.formulas.traverse import substitute, variables
from nndsl.optimise.denormals import TINY
from nndsl.optimise.flat_update import in_place_update
from nndsl.program.in_place import Call, InPlaceUpdate, ScaledState
from nndsl.program.tree import Constant, Program, Update
from nndsl.render.expressions.named_steps import print_steps
from nndsl.render.expressions.printer import print_scalar
from nndsl.render.inplace.calls import call_lines, noted
from nndsl.render.lines import WIDTH, commented, dictionary, unpack
from nndsl.render.lines import call as calling
from nndsl.render.prose import docstring
from nndsl.render.textbook.step_function import memory_type

BLOCK = 65_536
"""So many elements of five vectors stay in a core's cache."""
THREADED = 8 * BLOCK
"""From so many parameters on a second thread takes less time than it costs."""

_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*")

_TYPES = {"step": "int", "learning_rate": "float"}
_TAKEN = frozenset(
    {
        *("memory", "weights", "gradients", "part", "start", "number"),
        *("starts", "blocks", "in_threads", "keep_from_zero"),
        *("s", "s_2", "s_3", "s_4", "k", "k_2", "k_3"),
        *(
            "root",
            "root2",
            "range",
            "slice",
            "min",
            "np",
            "math",
        ),
    }
)
"""Names that the function `update` has for other reasons."""


@dataclass(frozen=True, slots=True)
class FastUpdateText:
    """The optimizer's functions and constants, and what `update` is given."""

    memory: tuple[str, ...]
    update: tuple[str, ...]
    constants: tuple[Constant, ...]
    arguments: tuple[str, ...]
    states: tuple[ScaledState, ...]
    helpers: frozenset[str]
    fades: bool
    threaded: bool


def write_update(program: Program, precision: str) -> FastUpdateText:
    """The functions of the optimizer of `program`, in place."""
    size = program.n_parameters.fixed
    whole = size is not None and size <= BLOCK
    threaded = program.n_parameters.least >= THREADED
    names = _free_names(program.update)
    plan = in_place_update(
        _renamed(program.update, names), program.constants, precision
    )
    original = {new: name for name, new in names.items()}
    constants = []
    if not whole:
        note = "elements of the vectors at a time"
        constants.append(Constant("BLOCK", BLOCK, note))
    read = {name for step in plan.scalars for name in variables(step.value)}
    calls = [call for group in plan.groups for call in group.calls]
    read |= _named(calls) | ({"step"} if plan.fading else set())
    if plan.fading:
        note = "nearer to 0 numbers are slow to compute with"
        constants.append(Constant("TINY", TINY[precision], note))
    arguments = tuple(name for name in _TYPES if name in read)
    return FastUpdateText(
        memory=tuple(_memory(program, plan, original)),
        update=tuple(_update(program, plan, original, whole, threaded, arguments)),
        constants=tuple(constants),
        arguments=arguments,
        states=plan.states,
        helpers=frozenset(call.function for call in calls if call.helper)
        | {name for name in read if name in ("LARGEST", "SMALLEST")},
        fades=bool(plan.fading),
        threaded=threaded,
    )


def _free_names(update: Update) -> dict[str, str]:
    """Other names for those that mean something else in the function.

    Capitals are for constants, which lines of the function take for numbers.
    """
    used = {step.target for step in (*update.scalars, *update.steps)}
    used |= {state.name for state in update.states}
    capitals = {name: f"own_{name}" for name in used if name.isupper()}
    return {name: f"{name}_" for name in used & _TAKEN} | capitals


def _renamed(update: Update, names: Mapping[str, str]) -> Update:
    put: dict[str, Expression] = {name: Variable(new) for name, new in names.items()}

    def steps(old: Iterable[Step]) -> tuple[Step, ...]:
        return tuple(
            Step(names.get(s.target, s.target), substitute(s.value, put)) for s in old
        )

    states = tuple(replace(s, name=names.get(s.name, s.name)) for s in update.states)
    return replace(
        update,
        states=states,
        scalars=steps(update.scalars),
        steps=steps(update.steps),
    )


def _named(calls: Iterable[Call]) -> set[str]:
    """The names that the texts of the calls read."""
    texts = [t for c in calls for t in (*c.arguments, c.condition or "")]
    return {name for text in texts for name in _NAME.findall(text)}


def _memory(
    program: Program, plan: InPlaceUpdate, original: Mapping[str, str]
) -> list[str]:
    """`REMEMBERED`, the states with their units, and `remember`, which makes them."""
    if not plan.states:
        return []
    arrays = [(original.get(s.name, s.name), s) for s in plan.states if not s.scalar]
    numbers = [(original.get(s.name, s.name), s) for s in plan.states if s.scalar]
    units = [(key, print_scalar(s.scale) if s.scale else "1") for key, s in arrays]
    note = f"states of {program.update.name}, kept divided by these"
    kind = "" if units else ": dict[str, float]"
    lines = dictionary(f"REMEMBERED{kind} = ", units)
    lines = commented(lines[0], note) if len(lines) == 1 else [f"# {note}", *lines]
    memory = "{name: np.zeros(size, dtype=FLOAT) for name in REMEMBERED}"
    started = [
        f'    memory["{key}"].fill({s.start!r})' for key, s in arrays if s.start != 0.0
    ]
    started += [f'    memory["{key}"] = {float(s.start)!r}' for key, s in numbers]
    kind = memory_type(program.update)
    lines += ["", "", f"def remember(size: int) -> {kind}:"]
    lines.append('    """The optimizer\'s memory before the first step."""')
    if not started:
        return [*lines, f"    return {memory}"]
    return [*lines, f"    memory: {kind} = {memory}", *started, "    return memory"]


def _update(
    program: Program,
    plan: InPlaceUpdate,
    original: Mapping[str, str],
    whole: bool,
    threaded: bool,
    arguments: tuple[str, ...],
) -> list[str]:
    vectors = ("weight", "gradient") if whole else ("weights", "gradients")
    given = [f"{name}: Array" for name in vectors]
    given += [f"memory: {memory_type(program.update)}"] if plan.states else []
    given += [f"{name}: {_TYPES[name]}" for name in arguments]
    lines = calling("def update(", given, ") -> None:")
    note = program.update.documentation or "One step."
    written = [c.out for group in plan.groups for c in group.calls]
    if "gradient" in written or _in_place_of_gradient(plan):
        note += " Writes over the gradient."
    lines += docstring(note, "    ")
    lines += _numbers(plan, original)
    states = [state.name for state in plan.states if not state.scalar]
    kept = [f'memory["{original.get(name, name)}"]' for name in states]
    passes = _passes(plan)
    if whole:
        if states:
            lines += unpack("    ", states, kept)
        return [*lines, *_scratch(plan, "    "), *_indented(passes, "    ")]
    names = ["weight", "gradient", *states]
    values = ["weights[part]", "gradients[part]"]
    values += [f"{memory}[part]" for memory in kept]
    blocks = "range(0, weights.size, BLOCK)"
    indent = "        " if threaded else "    "
    inner = indent + "    "
    if threaded:
        lines += ["", "    def blocks(starts: range) -> None:"]
    lines.append(f"{indent}for start in {'starts' if threaded else blocks}:")
    lines.append(f"{inner}part = slice(start, start + BLOCK)")
    for pair in (slice(0, 2), slice(2, None)):
        if names[pair]:
            lines += unpack(inner, names[pair], values[pair])
    lines += [*_scratch(plan, inner), *_indented(passes, inner)]
    return lines + ["", f"    in_threads(blocks, {blocks})"] * threaded


def _numbers(plan: InPlaceUpdate, original: Mapping[str, str]) -> list[str]:
    """The numbers of a step; a scalar state keeps its place in the memory."""
    names = {
        s.name: f'memory["{original.get(s.name, s.name)}"]'
        for s in plan.states
        if s.scalar
    }
    lines = []
    for step in plan.scalars:
        scalars = variables(step.value)
        target = names.get(step.target, step.target)
        made = print_steps(step.value, target, WIDTH - 4, names, scalars)
        if len(made) > 1 and step.target in names:
            new = f"new_{step.target}"
            made = print_steps(step.value, new, WIDTH - 4, names, scalars)
            made.append(f"{target} = {new}")
        lines += [f"    {line}" for line in made]
    read = _named(call for group in plan.groups for call in group.calls)
    lines += [f"    {n} = {text}" for n, text in names.items() if n in read]
    return lines


def _scratch(plan: InPlaceUpdate, indent: str) -> list[str]:
    """The lines that make the arrays the passes need; one is the gradient itself."""
    spent = _in_place_of_gradient(plan)
    lines = [f"{indent}{spent} = gradient  # which nothing reads once this is written"]
    return lines * bool(spent) + [
        f"{indent}{buffer.name} = np.empty_like(weight"
        + (", dtype=np.bool_)" if buffer.dtype == "bool" else ")")
        for buffer in plan.scratch
        if buffer.name != spent
    ]


def _in_place_of_gradient(plan: InPlaceUpdate) -> str:
    """The array that is first written when the gradient has been read for good."""
    calls = [call for group in plan.groups for call in group.calls]
    read = [
        i for i, call in enumerate(calls) if "gradient" in (*call.arguments, call.out)
    ]
    last = max(read, default=-1)
    for buffer in plan.scratch:
        used = [i for i, c in enumerate(calls) if buffer.name in (*c.arguments, c.out)]
        if buffer.dtype == "float" and used and min(used) > last:
            return buffer.name
    return ""


def _passes(plan: InPlaceUpdate) -> list[str]:
    lines: list[str] = []
    if plan.fading:
        lines.append("if step % 100 == 0:")
        lines += [f"    keep_from_zero({name})" for name in plan.fading]
    for group in plan.groups:
        if group.calls:
            if len(group.calls) > 1:
                lines += noted(group.formula, "")
            lines += call_lines(group.calls, "")
    return lines


def _indented(lines: list[str], indent: str) -> list[str]:
    return [indent + line for line in lines]
