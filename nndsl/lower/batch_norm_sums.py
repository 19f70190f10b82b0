"""The gradient of batch norm from sums that are there: those of its scale and shift."""

from collections.abc import Sequence
from dataclasses import replace

from nndsl.formulas.expression import Expression, Operation, Variable
from nndsl.program.program import Map, StandardiseGradient, Statement, SumRows


def sums_used(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """The statements with the scale taken out of each gradient over the rows.

    With dh = dy * scale the means of dh and of dh * h are the scale times the means of
    dy and of dy * h, whose sums are the gradients of shift and scale (Ioffe and
    Szegedy, 2015, section 3); dh itself is not needed.
    """
    scaled = {s.target: s.value for s in statements if isinstance(s, Map)}
    sums = {s.value: s.target for s in statements if isinstance(s, SumRows)}
    gone: set[str] = set()
    result: list[Statement] = []
    for statement in statements:
        match statement:
            case StandardiseGradient(upstream=dh, output=h, axis=0):
                factors = _factors(scaled.get(dh))
                if factors is not None:
                    dy, scale = factors
                    along = Operation("multiply", (dy, Variable(h)))
                    if dy in sums and along in sums:
                        gone.add(dh)
                        statement = replace(
                            statement,
                            upstream=dy.name,
                            factor=scale.name,
                            sums=(sums[dy], sums[along]),
                        )
        result.append(statement)
    return tuple(s for s in result if s.target not in gone)


def _factors(value: Expression | None) -> tuple[Variable, Variable] | None:
    match value:
        case Operation("multiply", (Variable() as upstream, Variable() as scale)):
            return upstream, scale
    return None
