"""Activations and their slopes put in as formulas."""

from collections.abc import Mapping, Sequence
from dataclasses import replace as replace_fields
from itertools import chain

from nndsl.formulas.algebra.construct import multiply
from nndsl.formulas.algebra.simplify import simplify, substitute, variables
from nndsl.formulas.expression import Expression, Number, Operation, Variable
from nndsl.formulas.traverse import count, replace, visit
from nndsl.optimise.normal_distribution import for_precision
from nndsl.program.activation_value import value_of
from nndsl.program.program import (
    Activate,
    ActivateGradient,
    Block,
    Map,
    Program,
    Statement,
)

_COSTLY = frozenset({"normal_cdf", "sigmoid", "softplus", "tanh", "exp", "expm1"})


def fused(program: Program) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Both passes with a formula in the place of every activation and its gradient."""
    kept = {
        statement.output: part
        for block in program.backward
        for statement in block.statements
        if isinstance(statement, ActivateGradient)
        if (part := _kept_part(statement, program.precision)) is not None
    }

    def written(blocks: Sequence[Block]) -> tuple[Block, ...]:
        result = []
        for block in blocks:
            parts = [_fused(s, kept, program.precision) for s in block.statements]
            statements = tuple(chain.from_iterable(parts))
            result.append(replace_fields(block, statements=statements))
        return tuple(result)

    return written(program.forward), written(program.backward)


def _fused(
    statement: Statement, kept: Mapping[str, Operation], precision: str
) -> tuple[Statement, ...]:
    match statement:
        case Activate(target, source, use):
            at: dict[str, Expression] = {"x": Variable(source)}
            value, part = for_precision(value_of(use), precision), kept.get(target)
            if part is None:
                return (Map(target, substitute(value, at)),)
            name = _kept_name(part, target)
            rest = substitute(replace(value, part, Variable(name)), at)
            return (Map(name, substitute(part, at)), Map(target, rest))
        case ActivateGradient(target, upstream, source, output):
            slope = for_precision(statement.slope.value, precision)
            if output in kept:
                part = kept[output]
                slope = replace(slope, part, Variable(_kept_name(part, output)))
            put: dict[str, Expression] = {
                "x": Variable(source),
                "output": Variable(output),
            }
            product = multiply(Variable(upstream), substitute(slope, put))
            slope = product if _is_switch(slope) else simplify(product)
            return (Map(target, slope),)
    return (statement,)


def _is_switch(slope: Expression) -> bool:
    """Whether the slope is one number or another."""
    match slope:
        case Operation("where", (_, Number(), Number())):
            return True
    return False


def _kept_part(gradient: ActivateGradient, precision: str) -> Operation | None:
    """The largest costly part that the activation and its slope have in common.

    It is computed once and kept.  None where there is none, or the output is enough.
    """
    use, slope = gradient.use, for_precision(gradient.slope.value, precision)
    if use.surrogate is not None or "x" not in variables(slope):
        return None
    parts = [_costly(for_precision(value_of(use), precision)), _costly(slope)]
    shared = sorted(parts[0] & parts[1], key=lambda part: (count(part), part.name))
    return shared[-1] if shared else None


def _kept_name(part: Operation, output: str) -> str:
    """The array that holds the part, named after what it is a part of."""
    return f"{part.name}_{output}"


def _costly(expression: Expression) -> set[Operation]:
    found: set[Operation] = set()

    def see(node: Expression) -> None:
        if isinstance(node, Operation) and node.name in _COSTLY and variables(node):
            found.add(node)

    visit(expression, see)
    return found
