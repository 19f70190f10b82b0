"""The forward pass as it predicts: without dropout, norms by running statistics."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from nndsl.formulas.algebra.construct import add, apply, divide, subtract
from nndsl.formulas.algebra.simplify import simplify, substitute
from nndsl.formulas.expression import Expression, Number, Variable
from nndsl.program.program import (
    Activate,
    Block,
    DropoutMask,
    Map,
    Product,
    Program,
    Softmax,
    Standardise,
    Statement,
)


@dataclass(frozen=True, slots=True)
class Predicting:
    """Blocks of `Product`, `Map`, `Activate`, `Softmax` and layer norms.

    `output`: the array of the answer; `code`: that of an autoencoder's narrowest layer,
    None for other networks.
    """

    blocks: tuple[Block, ...]
    output: str
    code: str | None

    @property
    def statements(self) -> tuple[Statement, ...]:
        return tuple(each for block in self.blocks for each in block.statements)


def predicting(program: Program) -> Predicting:
    """What is left of the forward pass of `program` when it predicts."""
    known: dict[str, Expression] = {}
    blocks = []
    for block in program.forward:
        statements = []
        for statement in block.statements:
            kept = _kept(statement, known)
            statements += [] if kept is None else [kept]
        if statements:
            blocks.append(replace(block, statements=tuple(statements)))
    code = program.narrowest
    return Predicting(
        tuple(blocks),
        _name(program.output, known),
        None if code is None else _name(code, known),
    )


def _kept(statement: Statement, known: dict[str, Expression]) -> Statement | None:
    """The statement as it predicts; None where `known` says what its target is."""
    match statement:
        case DropoutMask(target=target):
            known[target] = Number(1.0)
        case Map(target=target, value=value):
            value = simplify(substitute(value, known))
            if not isinstance(value, Variable):
                return Map(target, value)
            known[target] = value
        case Standardise(axis=0):
            return _by_running_statistics(statement, known)
        case Product(left=left):
            return replace(statement, left=_name(left, known))
        case Activate(source=source) | Softmax(source=source):
            return replace(statement, source=_name(source, known))
        case Standardise(source=source):
            return replace(statement, source=_name(source, known))
        case _:
            raise ValueError(f"{statement.target} is not of a forward pass")
    return None


def _by_running_statistics(
    statement: Standardise, known: Mapping[str, Expression]
) -> Map:
    source = Variable(_name(statement.source, known))
    mean = Variable(str(statement.running_mean))
    variance = Variable(str(statement.running_variance))
    deviation = apply("sqrt", add(variance, Number(statement.epsilon)))
    return Map(statement.target, divide(subtract(source, mean), deviation))


def _name(array: str, known: Mapping[str, Expression]) -> str:
    """The array that `array` is when the network predicts."""
    value = known.get(array)
    return value.name if isinstance(value, Variable) else array
