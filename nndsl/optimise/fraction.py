"""A number as one fraction, with one square root: `EPSILON / sqrt(a / b)`."""

from collections import defaultdict
from collections.abc import Mapping

from nndsl.formulas.algebra.construct import ONE, apply, divide, multiply
from nndsl.formulas.algebra.simplify import simplify
from nndsl.formulas.expression import Expression, Number, Operation
from nndsl.formulas.traverse import variables
from nndsl.optimise.ranges import is_positive

_Powers = dict[Expression, float]


def fraction(number: Expression, known: Mapping[str, float]) -> Expression:
    """The same number, its factors put together; what cancels is gone."""
    powers: _Powers = defaultdict(float)
    _collect(simplify(number), 1.0, known, powers)
    halves = {factor: power % 1 for factor, power in powers.items() if power % 1}
    for factor in halves:
        halves[factor] = 0.5 if powers[factor] > 0 else -0.5
        powers[factor] -= halves[factor]
    if halves:
        first = min(halves, key=lambda factor: "step" in variables(factor))
        sign = 1.0 if halves[first] > 0 else -1.0
        root = _product({f: sign * 2 * power for f, power in halves.items()})
        powers[apply("sqrt", root)] += sign
    return simplify(_product(powers))


def _collect(
    node: Expression, power: float, known: Mapping[str, float], powers: _Powers
) -> None:
    """Add the factors of `node` to `powers`; a root is a power of one half."""
    match node:
        case Operation("multiply" | "divide" as name, (left, right)):
            _collect(left, power, known, powers)
            below = power if name == "multiply" else -power
            _collect(right, below, known, powers)
        case Operation("negate", (inner,)) if power % 1 == 0:
            powers[Number(-1.0)] += 1.0
            _collect(inner, power, known, powers)
        case Operation("sqrt", (inner,)) if power % 1 == 0:
            inside: _Powers = defaultdict(float)
            _collect(inner, power / 2, known, inside)
            if all(is_positive(factor, known) for factor in inside):
                for factor, each in inside.items():
                    powers[factor] += each
            else:
                powers[node] += power
        case _:
            powers[node] += power


def _product(powers: Mapping[Expression, float]) -> Expression:
    result: Expression = ONE
    for factor, power in powers.items():
        for _ in range(int(power)):
            result = multiply(result, factor)
    for factor, power in powers.items():
        for _ in range(int(-power)):
            result = divide(result, factor)
    return simplify(result)
