"""Which states of an optimizer fade, so that they have to be kept away from 0.

A state that decays at every step becomes subnormal and stays so, because the smallest
subnormal number rounds to itself; processors may be a hundred times slower with such
numbers.  A state is kept at ±TINY instead where that changes nothing else: where the
formulas are continuous in it but for its sign, and divide by nothing near 0.
"""

import math
from collections.abc import Mapping

from nndsl.formulas.expression import Expression, Number, Operation, Variable
from nndsl.formulas.traverse import variables, visit
from nndsl.optimise.hoisting import Outward
from nndsl.optimise.ranges import ANYTHING, Range, of_operation, scalar_range
from nndsl.program.program import Update

TINY = {"float32": 1e-30, "float64": 1e-290}
"""How far from 0 a state is kept."""
_LEAST_DIVISOR = 1e-9
_CONTINUOUS = frozenset(
    {"add", "subtract", "multiply", "negate", "square", "sqrt", "abs", "sign"}
    | {"maximum", "minimum", "where"}
)
"""What does not jump; a choice does where its condition does."""


def fading_states(
    update: Update, outward: Outward, scalars: frozenset[str]
) -> tuple[str, ...]:
    """The states of `update` that decay and may be kept at ±TINY."""
    known: dict[str, Range] = {n: (v, v) for n, v in outward.known.items()}
    known["step"] = (1.0, math.inf)
    for step in update.scalars:
        known[step.target] = _range(step.value, known)
    ranges = _states_not_negative(update, known)
    if not _all_continuous(update, ranges, scalars):
        return ()
    near = {s.name for s in update.states if not ranges.get(s.name, ANYTHING)[0] > 0}
    return tuple(
        state.name
        for state in update.states
        if not state.scalar and state.name in near
        if _decays(update, state.name, outward)
    )


def _decays(update: Update, state: str, outward: Outward) -> bool:
    """Whether a step is the state times a number below 1, and something added."""
    written = [step.value for step in update.steps if step.target == state]
    match written:
        case [Operation("add" | "subtract" | "maximum", sides)]:
            for side in sides:
                number, array = outward.split(side)
                if array == Variable(state):
                    low, high = scalar_range(number, outward.known)
                    return 0 < low <= high < 1
    return False


def _states_not_negative(
    update: Update, known: Mapping[str, Range]
) -> dict[str, Range]:
    """What is known of every name before a step, some states never being negative."""
    held = {s.name for s in update.states if not s.scalar and s.start >= 0}
    while True:
        before = {**known, **dict.fromkeys(held, (0.0, math.inf))}
        after = dict(before)
        for step in update.steps:
            after[step.target] = _range(step.value, after)
        negative = {name for name in held if after[name][0] < 0}
        if not negative:
            return before
        held -= negative


def _all_continuous(
    update: Update, ranges: dict[str, Range], scalars: frozenset[str]
) -> bool:
    """Whether nothing jumps; `ranges` are those after the step from then on."""
    found = True

    def see(node: Expression) -> None:
        nonlocal found
        if not isinstance(node, Operation) or variables(node) <= scalars:
            return
        match node:
            case Operation("divide", (_, below)):
                plain = variables(below) <= scalars
                found &= plain or _range(below, ranges)[0] >= _LEAST_DIVISOR
            case _:
                found &= node.name in _CONTINUOUS

    for step in update.steps:
        visit(step.value, see)
        ranges[step.target] = _range(step.value, ranges)
    return found


def _range(node: Expression, ranges: Mapping[str, Range]) -> Range:
    """The least and the greatest value, as far as they are known."""
    match node:
        case Number(value):
            return value, value
        case Variable(name):
            return ranges.get(name, ANYTHING)
        case Operation("where", (_, *branches)):
            lows, highs = zip(*(_range(each, ranges) for each in branches), strict=True)
            return min(lows), max(highs)
        case Operation(name, arguments):
            inside = [_range(argument, ranges) for argument in arguments]
    match name, inside:
        case "sqrt", [(low, high)]:
            return math.sqrt(max(low, 0.0)), math.sqrt(max(high, 0.0))
        case "square" | "abs", [(low, high)] if low < 0:
            return 0.0, math.inf
        case "abs", [same]:
            return same
        case "maximum", [(a, b), (c, d)]:
            return max(a, c), max(b, d)
        case "minimum", [(a, b), (c, d)]:
            return min(a, c), min(b, d)
    return of_operation(name, inside)
