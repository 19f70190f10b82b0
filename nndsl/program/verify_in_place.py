"""Checks that nothing is read after another array has taken its memory."""

from nndsl.program.in_place import InPlace
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
