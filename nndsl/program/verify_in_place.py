"""Checks that nothing is read after another array has taken its memory, and that the
optimizer's calls read only what is there."""

from collections.abc import Iterable

from nndsl.formulas.traverse import variables
from nndsl.program.in_place import Action, Call, Choice, InPlace
from nndsl.program.program import Program, Standardise
from nndsl.program.reads import reads
from nndsl.program.verify import ProgramError


def verify_in_place(program: Program, in_place: InPlace) -> None:
    """Raise ProgramError where an array is overwritten too early, or does not fit."""
    gone: set[str] = set()
    statements = [
        statement
        for block in (*program.forward, *program.backward)
        for statement in block.statements
    ]
    for statement in statements:
        target = statement.target
        for name in gone.intersection(reads(statement)):
            raise ProgramError(f"{target} reads {name}, which was overwritten")
        source = in_place.over.get(target)
        if source is None:
            continue
        if program.arrays[source].shape != program.arrays[target].shape:
            raise ProgramError(f"{target} has not the shape of {source}")
        if source not in {s.target for s in statements}:
            raise ProgramError(f"{source} is not ours to be overwritten")
        gone.add(source)
    kept = {program.output, *(gradient for _, gradient in program.gradients)}
    kept |= {s.mean for s in statements if isinstance(s, Standardise)}
    for name in gone & kept:
        raise ProgramError(f"{name} is overwritten and needed")
    _verify_update(program, in_place)


def _verify_update(program: Program, in_place: InPlace) -> None:
    update, plan = program.update, in_place.update
    known = {constant.name for constant in program.constants}
    known |= {"weight", "gradient", "step", "learning_rate"}
    known |= {state.name for state in update.states}
    known |= {step.target for step in update.scalars}
    writable = {state.name for state in update.states if not state.scalar}
    writable |= {"weight", *plan.vectors}
    for each in plan.passes:
        known = _verified(each.actions, known, writable)


def _verified(
    actions: Iterable[Action], known: set[str], writable: set[str]
) -> set[str]:
    """What is known after the actions."""
    known = set(known)
    for action in actions:
        match action:
            case Call(arguments=values, out=out):
                missing: set[str] | frozenset[str] = {
                    name for v in values for name in variables(v)
                } - known
                if out not in writable:
                    raise ProgramError(f"{out} is not the optimizer's to write")
                known |= {out}
            case Choice(condition, then, otherwise):
                missing = variables(condition) - known
                ends = [_verified(part, known, writable) for part in (then, otherwise)]
                known |= ends[0] & ends[1]
            case _:
                missing = variables(action.value) - known
                known |= {action.target}
        if missing:
            raise ProgramError(f"the optimizer reads {min(missing)} too early")
    return known
