"""The optimizer step in place: passes over vectors that hold all parameters."""

from dataclasses import dataclass

from nndsl.formulas.free_name import free_name
from nndsl.formulas.traverse import variables
from nndsl.program.in_place import InPlaceUpdate, names_read
from nndsl.program.program import Constant, Program
from nndsl.render.expressions.integers import may_be_integer
from nndsl.render.expressions.named_steps import print_steps
from nndsl.render.expressions.printer import needs, print_scalar
from nndsl.render.inplace.calls import call_lines, functions_called
from nndsl.render.inplace.formula_comments import formula_of, noted
from nndsl.render.lines import WIDTH, commented, dictionary, unpack
from nndsl.render.lines import call as calling
from nndsl.render.prose import docstring
from nndsl.render.textbook.step_function import memory_type

_TYPES = {"step": "int", "learning_rate": "float"}


@dataclass(frozen=True, slots=True)
class FastUpdateText:
    """The optimizer's functions and constants, and what `update` is given."""

    memory: tuple[str, ...]
    update: tuple[str, ...]
    constants: tuple[Constant, ...]
    arguments: tuple[str, ...]
    helpers: frozenset[str]


def write_update(program: Program, plan: InPlaceUpdate) -> FastUpdateText:
    """The functions of the optimizer of `program`, in place."""
    constants = []
    if plan.block is not None:
        note = "elements of the vectors at a time"
        constants.append(Constant("BLOCK", plan.block, note))
    if plan.fading:
        note = "nearer to 0 numbers are slow to compute with"
        constants.append(Constant("TINY", plan.tiny, note))
    read = {name for step in plan.scalars for name in variables(step.value)}
    read |= _names_in_passes(plan) | ({"step"} if plan.fading else set())
    arguments = tuple(name for name in _TYPES if name in read)
    helpers = functions_called(plan.groups)
    for step in plan.scalars:
        helpers |= needs(step.value, variables(step.value))
    return FastUpdateText(
        memory=tuple(_memory(program, plan)),
        update=tuple(_update(program, plan, arguments)),
        constants=tuple(constants),
        arguments=arguments,
        helpers=frozenset(helpers),
    )


def _names_in_passes(plan: InPlaceUpdate) -> set[str]:
    """The names that the passes read."""
    calls = [call for group in plan.groups for call in group.calls]
    found = {name for call in calls for name in names_read(call)}
    for call in calls:
        if call.condition is not None:
            found |= variables(call.condition.value)
    return found


def _memory(program: Program, plan: InPlaceUpdate) -> list[str]:
    """`REMEMBERED`, the states with their units, and `remember`, which makes them."""
    if not plan.states:
        return []
    arrays = [state for state in plan.states if not state.scalar]
    numbers = [state for state in plan.states if state.scalar]
    units = [(s.key, print_scalar(s.scale) if s.scale else "1") for s in arrays]
    note = f"states of {program.update.name}, kept divided by these"
    kind = "" if units else ": dict[str, float]"
    lines = dictionary(f"REMEMBERED{kind} = ", units)
    lines = commented(lines[0], note) if len(lines) == 1 else [f"# {note}", *lines]
    memory = "{name: np.zeros(size, dtype=FLOAT) for name in REMEMBERED}"
    started = [
        f'    memory["{s.key}"].fill({s.start!r})' for s in arrays if s.start != 0.0
    ]
    started += [f'    memory["{s.key}"] = {float(s.start)!r}' for s in numbers]
    kind = memory_type(program.update)
    lines += ["", "", f"def remember(size: int) -> {kind}:"]
    lines.append('    """The optimizer\'s memory before the first step."""')
    if not started:
        return [*lines, f"    return {memory}"]
    return [*lines, f"    memory: {kind} = {memory}", *started, "    return memory"]


def _update(
    program: Program, plan: InPlaceUpdate, arguments: tuple[str, ...]
) -> list[str]:
    whole, threaded = plan.block is None, plan.threaded
    vectors = ("weight", "gradient") if whole else ("weights", "gradients")
    given = [f"{name}: Array" for name in vectors]
    given += [f"memory: {memory_type(program.update)}"] if plan.states else []
    given += [f"{name}: {_TYPES[name]}" for name in arguments]
    lines = calling("def update(", given, ") -> None:")
    note = program.update.documentation or "One step."
    written = [c.out for group in plan.groups for c in group.calls]
    if "gradient" in written or plan.spent:
        note += " Writes over the gradient."
    lines += docstring(note, "    ")
    lines += _numbers(plan)
    states = [state.name for state in plan.states if not state.scalar]
    kept = [f'memory["{state.key}"]' for state in plan.states if not state.scalar]
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


def _numbers(plan: InPlaceUpdate) -> list[str]:
    """The numbers of a step; a scalar state keeps its place in the memory."""
    kept = {s.name: f'memory["{s.key}"]' for s in plan.states if s.scalar}
    names = {step.target: step.target for step in plan.scalars} | kept
    names |= {name: name for name in _names_in_passes(plan) - names.keys()}
    integers = {"step", *(s.target for s in plan.scalars)} - kept.keys()
    lines = []
    for step in plan.scalars:
        scalars = variables(step.value)
        target = names[step.target]
        made = print_steps(step.value, target, WIDTH - 4, names, scalars)
        whole = step.target in kept and may_be_integer(step.value, integers)
        if step.target in kept and (whole or len(made) > 1):
            new = free_name(f"new_{step.target}", names)
            made = print_steps(step.value, new, WIDTH - 4, names, scalars)
            made.append(f"{target} = {f'float({new})' if whole else new}")
        lines += [f"    {line}" for line in made]
    read = _names_in_passes(plan)
    lines += [f"    {n} = {text}" for n, text in kept.items() if n in read]
    return lines


def _scratch(plan: InPlaceUpdate, indent: str) -> list[str]:
    """The lines that make the arrays the passes need; one is the gradient itself."""
    spent = plan.spent
    lines = [f"{indent}{spent} = gradient  # which nothing reads once this is written"]
    return lines * bool(spent) + [
        f"{indent}{buffer.name} = np.empty_like(weight"
        + (", dtype=np.bool_)" if buffer.dtype == "bool" else ")")
        for buffer in plan.scratch
        if buffer.name != spent
    ]


def _passes(plan: InPlaceUpdate) -> list[str]:
    lines: list[str] = []
    if plan.fading:
        lines.append("if step % 100 == 0:")
        lines += [f"    keep_from_zero({name})" for name in plan.fading]
    for group in plan.groups:
        if group.calls:
            if len(group.calls) > 1:
                lines += noted(formula_of(group, {}), "")
            lines += call_lines(group.calls, "", group.numbers)
    return lines


def _indented(lines: list[str], indent: str) -> list[str]:
    return [indent + line for line in lines]
