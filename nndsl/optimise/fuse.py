"""Activations put in as formulas, their slopes from the output where that is enough.

A slope that can be found from what the activation gave (`relu`, `tanh`, `sigmoid`)
leaves nobody who needs what it was given: both may then live in one array.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain

from nndsl.formulas.algebra.construct import multiply
from nndsl.formulas.algebra.differentiate import differentiate
from nndsl.formulas.algebra.rewrites import MIRRORED
from nndsl.formulas.algebra.simplify import simplify, substitute, variables
from nndsl.formulas.expression import Expression, Number, Operation, Variable
from nndsl.formulas.traverse import count, rebuild, replace, visit
from nndsl.layers.uses import ActivationUse
from nndsl.optimise.normal_steps import for_precision
from nndsl.program.tree import Activate, ActivateGradient, Block, Map, Statement

_X = Variable("x")
_OUTPUT = Variable("output")
_COSTLY = frozenset({"normal_cdf", "sigmoid", "softplus", "tanh", "exp", "expm1"})


def fused(blocks: Sequence[Block], precision: str) -> tuple[Block, ...]:
    """The blocks with a formula in the place of every activation and its gradient."""
    result = []
    for block in blocks:
        parts = [_fused(statement, precision) for statement in block.statements]
        statements = tuple(chain.from_iterable(parts))
        result.append(Block(block.text, block.layer, statements, block.span))
    return tuple(result)


def _fused(statement: Statement, precision: str) -> tuple[Statement, ...]:
    match statement:
        case Activate(target, source, use):
            at: dict[str, Expression] = {"x": Variable(source)}
            value, part = value_of(use, precision), kept_part(use, precision)
            if part is None:
                return (Map(target, substitute(value, at)),)
            name = kept_name(part, target)
            rest = substitute(replace(value, part, Variable(name)), at)
            return (Map(name, substitute(part, at)), Map(target, rest))
        case ActivateGradient(target, upstream, source, output, use):
            slope = slope_of(use, precision)
            part = kept_part(use, precision)
            if part is not None:
                slope = replace(slope, part, Variable(kept_name(part, output)))
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


@lru_cache(maxsize=64)
def kept_part(use: ActivationUse, precision: str) -> Operation | None:
    """The largest costly part that the activation and its slope have in common.

    It is computed once and kept.  None where there is none, or the output is enough.
    """
    slope = slope_of(use, precision)
    if use.surrogate is not None or "x" not in variables(slope):
        return None
    parts = [_costly(value_of(use, precision)), _costly(slope)]
    shared = sorted(parts[0] & parts[1], key=lambda part: (count(part), part.name))
    return shared[-1] if shared else None


def kept_name(part: Operation, output: str) -> str:
    """The array that holds the part, named after what it is a part of."""
    return f"{part.name}_{output}"


def _costly(expression: Expression) -> set[Operation]:
    found: set[Operation] = set()

    def see(node: Expression) -> None:
        if isinstance(node, Operation) and node.name in _COSTLY and variables(node):
            found.add(node)

    visit(expression, see)
    return found


@lru_cache(maxsize=64)
def value_of(use: ActivationUse, precision: str) -> Expression:
    """The formula over `x`, its arguments put in as numbers."""
    if use.formula is None:
        raise ValueError(f"{use.name} is no formula")
    put: dict[str, Expression] = {name: Number(v) for name, v in use.arguments}
    value = simplify(substitute(use.formula.value, put))
    return for_precision(value, precision)


@lru_cache(maxsize=64)
def slope_of(use: ActivationUse, precision: str) -> Expression:
    """The derivative over `x` and `output`; without `x` where the output is enough."""
    if use.surrogate is not None:
        return _derivative(use.surrogate, precision)
    value = value_of(use, precision)
    slope = _derivative(use, precision)
    known = simplify(replace(_by_sign(slope, value), value, _OUTPUT))
    return known if "x" not in variables(known) else slope


def _derivative(use: ActivationUse, precision: str) -> Expression:
    return for_precision(differentiate(value_of(use, precision), "x"), precision)


def _by_sign(slope: Expression, value: Expression) -> Expression:
    """Comparisons of x made comparisons of the output, where they say the same."""
    bounds = _kept_comparisons(value)

    def change(node: Expression) -> Expression:
        match node:
            case Operation(name, (x, Number(bound))) if (
                x == _X and name in MIRRORED and (name, bound) in bounds
            ):
                return Operation(name, (_OUTPUT, Number(bound)))
        return node

    return rebuild(slope, change)


def _kept_comparisons(value: Expression) -> set[tuple[str, float]]:
    """Comparisons that hold for `value` exactly where they hold for x."""
    match value:
        case Operation("maximum", (Variable("x"), Number(low))):
            return {("greater", low), ("less_equal", low)}
        case Operation("clip", (Variable("x"), Number(low), Number(high))):
            kept = {("greater", low), ("less_equal", low)}
            return kept | {("less", high), ("greater_equal", high)}
        case Operation(
            "where",
            (Operation("greater", (Variable("x"), Number(0.0))), then, otherwise),
        ):
            if _rises(then, strictly=True) and _rises(otherwise):
                return {("greater", 0.0), ("less_equal", 0.0)}
    return set()


def _rises(value: Expression, strictly: bool = False) -> bool:
    """Whether the formula is x times a number that keeps its sign."""
    match value:
        case Variable("x"):
            return True
        case Operation("multiply", (Number(factor), Variable("x"))):
            return factor > 0 or (factor == 0 and not strictly)
    return False
