"""Scalars move outward: `sqrt(s * v)` is `sqrt(s) * sqrt(v)`, computed once for s.

A formula over arrays becomes one number times a formula that has as few numbers in it
as can be; every number left is a pass over the arrays.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from nndsl.formulas.algebra.construct import (
    ONE,
    add,
    apply,
    divide,
    multiply,
    negate,
    subtract,
)
from nndsl.formulas.algebra.simplify import simplify
from nndsl.formulas.expression import Expression, Number, Operation
from nndsl.formulas.traverse import variables
from nndsl.optimise.ranges import is_positive

_EVEN = frozenset({"sqrt", "abs"})


@dataclass(frozen=True, slots=True)
class Outward:
    """`scalars` are names of numbers, `known` the values of those that are fixed."""

    scalars: Collection[str]
    known: Mapping[str, float]

    def whole(self, expression: Expression) -> Expression:
        """The same value, its numbers moved outward.

        A sum as a whole keeps the numbers of its parts: no pass would be saved.
        """
        if self._is_scalar(expression):
            return expression
        match expression:
            case Operation("add" | "subtract" as name, (left, right)):
                (s, a), (r, b) = self._parts(left), self._parts(right)
                if a is not None and b is not None and a != b and s != r:
                    return _added(name, _joined(s, a), r, b)
        return _joined(*self.split(expression))

    def split(self, node: Expression) -> tuple[Expression, Expression]:
        """A scalar and an array formula whose product is `node`."""
        if not isinstance(node, Operation):
            return ONE, node
        match node:
            case Operation("multiply" | "divide" as name, (left, right)):
                return self._product(name, left, right)
            case Operation("add" | "subtract" as name, (left, right)):
                return self._sum(name, left, right)
            case Operation("negate", (inner,)):
                scalar, array = self.split(inner)
                return simplify(negate(scalar)), array
            case Operation("square", (inner,)):
                scalar, array = self.split(inner)
                return simplify(apply("square", scalar)), apply("square", array)
            case Operation("sqrt" | "abs" as name, (inner,)):
                scalar, array = self.split(inner)
                if self._positive(scalar):
                    outside = simplify(apply(name, scalar)) if name in _EVEN else ONE
                    return (scalar if name == "abs" else outside), apply(name, array)
                return ONE, apply(name, _joined(scalar, array))
            case Operation("sign", (inner,)):
                scalar, array = self.split(inner)
                if self._positive(scalar):
                    return ONE, apply("sign", array)
                return ONE, apply("sign", _joined(scalar, array))
            case Operation(name, arguments):
                return ONE, Operation(name, tuple(map(self.whole, arguments)))

    def _is_scalar(self, node: Expression) -> bool:
        return all(name in self.scalars for name in variables(node))

    def _positive(self, scalar: Expression) -> bool:
        return is_positive(scalar, self.known)

    def _product(
        self, name: str, left: Expression, right: Expression
    ) -> tuple[Expression, Expression]:
        first, second = self._parts(left), self._parts(right)
        scalar = simplify(apply(name, first[0], second[0]))
        if second[1] is None:
            return scalar, ONE if first[1] is None else first[1]
        if first[1] is None:
            array = second[1] if name == "multiply" else divide(ONE, second[1])
            return scalar, array
        return scalar, apply(name, first[1], second[1])

    def _parts(self, node: Expression) -> tuple[Expression, Expression | None]:
        return (node, None) if self._is_scalar(node) else self.split(node)

    def _sum(
        self, name: str, left: Expression, right: Expression
    ) -> tuple[Expression, Expression]:
        (s, a), (r, b) = self._parts(left), self._parts(right)
        if a is None and b is not None:
            if s == ONE or r == ONE or not self._positive(r):
                return ONE, apply(name, s, _joined(r, b))
            return r, apply(name, simplify(divide(s, r)), b)
        assert a is not None
        if b is None:
            if s == ONE or not self._positive(s):
                return ONE, apply(name, _joined(s, a), r)
            return s, apply(name, a, simplify(divide(r, s)))
        if a == b:
            return simplify(apply(name, s, r)), a
        if s == r:
            return s, apply(name, a, b)
        if s == ONE or r == ONE or not self._positive(s):
            return ONE, _added(name, _joined(s, a), r, b)
        return s, _added(name, a, simplify(divide(r, s)), b)


def _added(name: str, a: Expression, r: Expression, b: Expression) -> Expression:
    """`a ± r * b`, a minus before r put into the sign."""
    match r:
        case Operation("negate", (positive,)):
            r, name = positive, "subtract" if name == "add" else "add"
        case Number(value) if value < 0:
            r, name = Number(-value), "subtract" if name == "add" else "add"
    return (add if name == "add" else subtract)(a, _joined(r, b))


def _joined(scalar: Expression, array: Expression) -> Expression:
    match scalar:
        case Number(1.0):
            return array
        case Number(-1.0):
            return negate(array)
        case Operation("divide", (Number(1.0), divisor)):
            return divide(array, divisor)
    return multiply(scalar, array)
