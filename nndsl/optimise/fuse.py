"""Activations put in as formulas, their slopes from the output where that is enough.

A slope that can be found from what the activation gave (`relu`, `tanh`, `sigmoid`)
leaves nobody who needs what it was given: both may then live in one array.
"""

from __future__ import annotations

from collections.abc import Sequence

from nndsl.formulas.construct import multiply
from nndsl.formulas.differentiate import differentiate
from nndsl.formulas.expression import Expression, Number, Operation, Variable
from nndsl.formulas.rewrites import MIRRORED
from nndsl.formulas.simplify import simplify, substitute, variables
from nndsl.formulas.traverse import rebuild, replace
from nndsl.network import ActivationUse
from nndsl.program.tree import Activate, ActivateGradient, Block, Map, Statement

_X = Variable("x")
_OUTPUT = Variable("output")


def fused(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks with a formula in the place of every activation and its gradient."""
    return tuple(
        Block(b.text, b.layer, tuple(map(_fused, b.statements)), b.span) for b in blocks
    )


def _fused(statement: Statement) -> Statement:
    match statement:
        case Activate(target, source, use):
            value = substitute(value_of(use), {"x": Variable(source)})
            return Map(target, value)
        case ActivateGradient(target, upstream, source, output, use):
            slope = slope_of(use)
            put: dict[str, Expression] = {
                "x": Variable(source),
                "output": Variable(output),
            }
            product = multiply(Variable(upstream), substitute(slope, put))
            return Map(target, product if _is_switch(slope) else simplify(product))
    return statement


def _is_switch(slope: Expression) -> bool:
    """Whether the slope is one number or another."""
    match slope:
        case Operation("where", (_, Number(), Number())):
            return True
    return False


def value_of(use: ActivationUse) -> Expression:
    """The formula over `x`, its arguments put in as numbers."""
    if use.formula is None:
        raise ValueError(f"{use.name} is no formula")
    put: dict[str, Expression] = {name: Number(v) for name, v in use.arguments}
    return simplify(substitute(use.formula.value, put))


def slope_of(use: ActivationUse) -> Expression:
    """The derivative over `x` and `output`; without `x` where the output is enough."""
    if use.surrogate is not None:
        return differentiate(value_of(use.surrogate), "x")
    value = value_of(use)
    slope = differentiate(value, "x")
    known = simplify(replace(_by_sign(slope, value), value, _OUTPUT))
    return known if "x" not in variables(known) else slope


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
