"""Which arrays of the forward pass are needed after it."""

from nndsl.program.program import Program, Standardise, Statement
from nndsl.program.reads import reads


def kept_values(program: Program) -> list[str]:
    """The arrays that the backward pass, the running statistics or the user need, in
    the order in which they are computed; the output is the last."""
    needed = {name for b in program.backward for s in b.statements for name in reads(s)}
    needed |= {program.output, program.narrowest or program.output}
    names = []
    for block in program.forward:
        for statement in block.statements:
            if isinstance(statement, Standardise) and statement.axis == 0:
                needed |= {statement.mean, statement.variance}
            names += [name for name in _computed(statement) if name in needed]
    return sorted(names, key=program.output.__eq__)


def _computed(statement: Statement) -> list[str]:
    if isinstance(statement, Standardise):
        return [statement.mean, statement.variance, statement.target]
    return [statement.target]
