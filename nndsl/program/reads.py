"""Which arrays a statement reads."""

from nndsl.formulas.traverse import variables
from nndsl.program.program import (
    Activate,
    ActivateGradient,
    DropoutMask,
    Map,
    Product,
    Softmax,
    SoftmaxGradient,
    Standardise,
    StandardiseGradient,
    Statement,
    SumRows,
)


def reads(statement: Statement) -> tuple[str, ...]:
    """Every array and constant that `statement` reads."""
    if isinstance(statement, DropoutMask):
        return (statement.like,)
    return depends_on(statement)


def depends_on(statement: Statement) -> tuple[str, ...]:
    """The arrays that `statement` reads and whose change changes its target."""
    match statement:
        case Product(left=left, right=right, bias=bias):
            return (left, right) if bias is None else (left, right, bias)
        case Map(value=value) | SumRows(value=value):
            return tuple(sorted(variables(value)))
        case Activate(source=source) | Softmax(source=source):
            return (source,)
        case Standardise(source=source):
            return (source,)
        case DropoutMask():
            return ()
        case ActivateGradient(upstream=upstream, at=at):
            return (upstream, at)
        case SoftmaxGradient(upstream=upstream, output=output):
            return (upstream, output)
        case StandardiseGradient(upstream=upstream, output=output, variance=variance):
            more = (statement.factor, *(statement.sums or ()))
            return (upstream, output, variance, *filter(None, more))
