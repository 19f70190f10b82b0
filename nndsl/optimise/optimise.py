"""Optimising: an array that nothing reads any more gives its memory to the next one,
and the optimizer takes few passes over the parameters."""

from collections.abc import Iterator, Sequence

from nndsl.formulas.expression import Expression, Operation, Variable
from nndsl.formulas.traverse import variables
from nndsl.layers.uses import ActivationUse
from nndsl.optimise.fast_update import fast_update
from nndsl.program.in_place import InPlace
from nndsl.program.kept import kept_values
from nndsl.program.program import (
    Activate,
    ActivateGradient,
    Block,
    Map,
    Program,
    Softmax,
    Standardise,
    Statement,
)
from nndsl.program.reads import reads

UFUNCS = frozenset({"maximum", "minimum", "tanh", "exp", "abs", "square", "sqrt"})
"""Operations that NumPy computes with an array of ours for the result."""
CHANGES = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"}
"""Operations that are an assignment too: `a += b`."""


def optimise(program: Program) -> InPlace:
    """The program's arrays with as little memory as its statements need."""
    kept = {*kept_values(program), *_given(program)}
    forward = _over(program, program.forward, kept)
    fixed = {gradient for _, gradient in program.gradients} | _values(program)
    over = forward | _over(program, program.backward, fixed)
    return InPlace(over, fast_update(program))


def _given(program: Program) -> set[str]:
    return {name for name, a in program.arrays.items() if a.kind != "value"}


def _values(program: Program) -> set[str]:
    """What the backward pass only reads."""
    return set(program.arrays) - {
        s.target for block in program.backward for s in block.statements
    }


def _over(program: Program, blocks: Sequence[Block], fixed: set[str]) -> dict[str, str]:
    """Which array each of a pass replaces; those in `fixed` are never replaced."""
    statements = [s for block in blocks for s in block.statements]
    over: dict[str, str] = {}
    computed: set[str] = set()
    for at, statement in enumerate(statements):
        read_later = {name for s in statements[at + 1 :] for name in reads(s)}
        for source in _replaceable(statement):
            if source not in computed - read_later - fixed - set(over.values()):
                continue
            if program.arrays[source].shape == program.arrays[statement.target].shape:
                over[statement.target] = source
                break
        computed.add(statement.target)
    return over


def _replaceable(statement: Statement) -> Iterator[str]:
    """The arrays that the statement may write its result over."""
    match statement:
        case Softmax(source=source) | Standardise(source=source):
            yield source
        case Activate(source=source, use=use) if in_place_function(use):
            yield source
        case ActivateGradient(upstream=upstream):
            yield upstream
        case Map(value=value):
            first = leftmost(value)
            if first is not None:
                yield first


def in_place_function(use: ActivationUse) -> Operation | None:
    """The operation over x that an activation is, if it can be computed in place."""
    if use.formula is None or use.formula.parameters:
        return None
    match use.formula.value:
        case Operation(name, (Variable("x"), *others)) as value if (
            name in UFUNCS and not any(map(variables, others))
        ):
            return value
    return None


def leftmost(value: Expression) -> str | None:
    """The array that a formula starts with: `a` of `a * b / c`, if it is there once."""
    node = value
    while isinstance(node, Operation) and node.name in CHANGES:
        left, right = node.arguments
        node = left
        if isinstance(left, Variable) and left.name in variables(right):
            return None
    if not isinstance(node, Variable) or node is value:
        return None
    return node.name if _uses(value, node.name) == 1 else None


def _uses(value: Expression, name: str) -> int:
    match value:
        case Variable(found):
            return int(found == name)
        case Operation(_, arguments):
            return sum(_uses(argument, name) for argument in arguments)
    return 0
