"""Numbers move outward: `sqrt(s * v)` is `sqrt(s) * sqrt(v)`.

A formula over arrays becomes one number times a formula with as few numbers in it as
can be: each that is left costs a pass over the arrays.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from nndsl.formulas.algebra.construct import ONE, apply, divide, multiply, negate
from nndsl.formulas.algebra.simplify import simplify
from nndsl.formulas.expression import Expression, Number, Operation
from nndsl.formulas.traverse import variables
from nndsl.optimise.fraction import fraction
from nndsl.optimise.ranges import is_positive


@dataclass(frozen=True, slots=True)
class Outward:
    """`scalars` are names of numbers, `known` the values of those that are fixed."""

    scalars: Collection[str]
    known: Mapping[str, float]

    def whole(self, node: Expression) -> Expression:
        """The same value, its numbers moved outward."""
        return node if self.is_scalar(node) else joined(*self.split(node))

    def is_scalar(self, node: Expression) -> bool:
        return all(name in self.scalars for name in variables(node))

    def is_positive(self, scalar: Expression) -> bool:
        return is_positive(scalar, self.known)

    def split(self, node: Expression) -> tuple[Expression, Expression]:
        """A number and a formula over arrays whose product is `node`."""
        match node:
            case Operation("multiply" | "divide" as name, (left, right)):
                return self._product(name, self._parts(left), self._parts(right))
            case Operation("add" | "subtract" as name, (left, right)):
                return self._sum(name, self._parts(left), self._parts(right))
            case Operation("negate", (inner,)):
                scalar, array = self.split(inner)
                return simplify(negate(scalar)), array
            case Operation("square" | "sqrt" | "abs" | "sign" as name, (inner,)):
                scalar, array = self.split(inner)
                if name == "square" or self.is_positive(scalar):
                    plain = {"sign": ONE, "abs": scalar}
                    outside = plain.get(name, apply(name, scalar))
                    return fraction(outside, self.known), apply(name, array)
                return ONE, apply(name, joined(scalar, array))
            case Operation(name, arguments):
                return ONE, Operation(name, tuple(map(self.whole, arguments)))
        return ONE, node

    def _parts(self, node: Expression) -> tuple[Expression, Expression | None]:
        return (node, None) if self.is_scalar(node) else self.split(node)

    def _product(
        self,
        name: str,
        left: tuple[Expression, Expression | None],
        right: tuple[Expression, Expression | None],
    ) -> tuple[Expression, Expression]:
        (s, a), (r, b) = left, right
        scalar = fraction(apply(name, s, r), self.known)
        if b is None:
            return scalar, ONE if a is None else a
        if a is None:
            return scalar, b if name == "multiply" else divide(ONE, b)
        return scalar, apply(name, a, b)

    def _sum(
        self,
        name: str,
        left: tuple[Expression, Expression | None],
        right: tuple[Expression, Expression | None],
    ) -> tuple[Expression, Expression]:
        (s, a), (r, b) = left, right
        if a is not None and a == b:
            return simplify(apply(name, s, r)), a
        if a is not None and b is not None and s == r:
            return s, apply(name, a, b)
        if a is None and b is not None:
            if r != ONE and self.is_positive(r):
                return r, apply(name, fraction(divide(s, r), self.known), b)
            return ONE, _added(name, s, r, b)
        assert a is not None
        saves = s != ONE and (b is None or r != ONE)
        if saves and self.is_positive(s):
            return s, _added(name, a, fraction(divide(r, s), self.known), b)
        return ONE, _added(name, joined(s, a), r, b)


def _added(
    name: str, first: Expression, scalar: Expression, array: Expression | None
) -> Expression:
    """`first + scalar * array`; a minus before the number goes into the sign."""
    if array is None:
        return apply(name, first, scalar)
    opposite = {"add": "subtract", "subtract": "add"}[name]
    match scalar:
        case Operation("negate", (positive,)):
            return apply(opposite, first, joined(positive, array))
        case Number(value) if value < 0:
            return apply(opposite, first, joined(Number(-value), array))
    return apply(name, first, joined(scalar, array))


def joined(scalar: Expression, array: Expression) -> Expression:
    """The product, its number in front: `scale * m / v`."""
    match scalar, array:
        case Number(1.0), _:
            return array
        case Number(-1.0), _:
            return negate(array)
        case _, Number(1.0):
            return scalar
        case _, Operation("divide", (above, below)):
            return divide(joined(scalar, above), below)
    return multiply(scalar, array)
