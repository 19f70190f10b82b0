"""Simplification: neutral elements, small constants, and forms that stay accurate.

Constants are folded only through + - * / and the square root, which give the same
bits on every machine, and only where the result is as short as what it replaces:
`2 * 0.5` becomes `1`, `1 / 3` stays.  Constants that are compared are true or false,
and of a choice that they decide only the chosen part stays.  Names are never folded.
"""

from nndsl.formulas.algebra.rewrites import REWRITES
from nndsl.formulas.expression import Expression, Operation
from nndsl.formulas.traverse import (
    Shared,
    count,
    depth,
    replace,
    substitute,
    variables,
)

__all__ = [
    "Simplifier",
    "count",
    "depth",
    "replace",
    "simplify",
    "substitute",
    "variables",
]


class Simplifier:
    """Simplifies several expressions that share parts, each part once."""

    def __init__(self) -> None:
        self._share = Shared()
        self._known: dict[int, tuple[Expression, Expression]] = {}

    def __call__(self, expression: Expression) -> Expression:
        seen = self._known.get(id(expression))
        if seen is not None:
            return seen[1]
        result = self._rewritten(expression)
        self._known[id(expression)] = (expression, result)
        self._known[id(result)] = (result, result)
        return result

    def _rewritten(self, expression: Expression) -> Expression:
        if not isinstance(expression, Operation):
            return self._share(expression)
        arguments = tuple(map(self, expression.arguments))
        node = self._share(Operation(expression.name, arguments))
        rewrite = REWRITES.get(expression.name)
        better = rewrite(*arguments) if rewrite else None
        return node if better is None else self(better)


def simplify(expression: Expression) -> Expression:
    """An expression of the same value, shorter or more accurate; equal parts shared."""
    return Simplifier()(expression)
