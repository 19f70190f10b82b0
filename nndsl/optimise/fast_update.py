"""The optimizer's formula with as few passes over the vectors as it takes.

Numbers move outward and are computed once a step.  A linear state that starts at 0 is
kept divided by the number before its new part.  A local that is used once is put where
it is used.  A choice that a number makes is made for a whole step.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from nndsl.formulas.algebra.construct import ONE, ZERO, add, apply, multiply, where
from nndsl.formulas.algebra.simplify import simplify
from nndsl.formulas.expression import Expression, Operation, Step, Variable
from nndsl.formulas.traverse import rebuild, substitute, variables, visit
from nndsl.optimise.hoisting import Outward, joined
from nndsl.optimise.named_numbers import name_numbers
from nndsl.program.in_place import FastStep, FastUpdate
from nndsl.program.program import Program, Update

_MOST_CHOICES = 3
"""Each choice may double a formula."""


def fast_update(program: Program) -> FastUpdate:
    """The steps of the optimizer of `program`, for all parameters as one vector."""
    update = program.update
    known = {constant.name: float(constant.value) for constant in program.constants}
    outward = Outward(_numbers_of(update), known)
    kept = frozenset({"weight", *(s.name for s in update.states)})
    steps = _Steps(outward, kept)
    written = [steps.tidy(FastStep(step, (step,))) for step in update.steps]
    written = steps.with_plain_locals(written)
    scales: dict[str, Expression] = {}
    for state in update.states:
        own = [each.step for each in written if each.step.target == state.name]
        if state.scalar or state.start != 0 or len(own) != 1:
            continue
        scale = steps.scale_of(own[0])
        if scale is not None:
            scales[state.name] = scale
            written = steps.rescaled(written, state.name, scale)
    written = steps.with_plain_locals(written)
    numbers, written = name_numbers(written, update, outward)
    ordered = (
        FastStep(each.step, tuple(sorted(each.formulas, key=update.steps.index)))
        for each in written
        if each.step.value != Variable(each.step.target)
    )
    return FastUpdate(tuple(scales.items()), numbers, tuple(ordered))


def _numbers_of(update: Update) -> frozenset[str]:
    """The names of numbers; all others are vectors."""
    arrays = {"weight", "gradient", *(s.target for s in update.steps)}
    arrays |= {state.name for state in update.states if not state.scalar}
    steps = (*update.scalars, *update.steps)
    read = {name for step in steps for name in variables(step.value)}
    return frozenset((read | {step.target for step in update.scalars}) - arrays)


@dataclass(frozen=True, slots=True)
class _Steps:
    """`kept`: the weight and the states, which are changed in place."""

    outward: Outward
    kept: frozenset[str]

    def tidy(self, step: FastStep) -> FastStep:
        """The step with choices on the outside, then numbers."""
        target, value = step.step.target, step.step.value
        return FastStep(Step(target, self._tidy(target, value)), step.formulas)

    def _tidy(self, target: str, value: Expression) -> Expression:
        conditions = self._conditions(value)
        if 0 < len(conditions) <= _MOST_CHOICES:
            first, *_ = conditions
            parts = (self._tidy(target, _decided(value, first, at)) for at in (1, 2))
            return where(first, *parts)
        if target in self.kept and not self.outward.is_scalar(value):
            change = self._change(target, value)
            if change is not None:
                return change
        return self.outward.whole(value)

    def _conditions(self, value: Expression) -> list[Expression]:
        """What chooses between vectors, and is a number."""
        found: dict[Expression, None] = {}

        def see(node: Expression) -> None:
            match node:
                case Operation("where", (condition, *_)) if self.outward.is_scalar(
                    condition
                ) and not self.outward.is_scalar(node):
                    found.setdefault(condition)

        visit(value, see)
        return [*found]

    def _change(self, target: str, value: Expression) -> Expression | None:
        """`m = factor * m + change` with a number as the factor; else None."""
        factor: Expression = ZERO
        change: Expression = ZERO
        for sign, term in _terms(value):
            scalar, array = self.outward.split(term)
            if array == Variable(target):
                factor = simplify(apply(sign, factor, scalar))
            else:
                change = (
                    apply(sign, change, term) if change != ZERO else _one(sign, term)
                )
        if factor == ZERO or (factor != ONE and target in variables(change)):
            return None
        own = joined(factor, Variable(target))
        if change == ZERO:
            return own
        scalar, array = (
            (change, ONE)
            if self.outward.is_scalar(change)
            else self.outward.split(change)
        )
        match simplify(scalar):
            case Operation("negate", (positive,)):
                return apply("subtract", own, joined(positive, array))
        return add(own, joined(scalar, array))

    def scale_of(self, step: Step) -> Expression | None:
        """The fixed number before what is added to a linear state."""
        match step.value:
            case Operation("add" | "subtract", (own, change)):
                if self.outward.is_scalar(change):
                    return None
                scale, part = self.outward.split(change)
                linear = self.outward.split(own)[1] == Variable(step.target)
                fixed = variables(scale) <= self.outward.known.keys()
                positive = scale != ONE and self.outward.is_positive(scale)
                if linear and fixed and positive and step.target not in variables(part):
                    return scale
        return None

    def rescaled(
        self, steps: Sequence[FastStep], name: str, scale: Expression
    ) -> list[FastStep]:
        """The steps where the state is kept divided by `scale`."""
        result = []
        for each in steps:
            match each.step:
                case Step(target, Operation(sign, (own, change))) if target == name:
                    part = self.outward.split(change)[1]
                    step = Step(name, apply(sign, own, part))
                    result.append(FastStep(step, each.formulas))
                case _:
                    result += self._put([each], name, multiply(scale, Variable(name)))
        return result

    def with_plain_locals(self, steps: Sequence[FastStep]) -> list[FastStep]:
        """Locals without a number in front, and without those used only once."""
        result: list[FastStep] = []
        rest = list(steps)
        while rest:
            each, *rest = rest
            name, value = each.step.target, each.step.value
            if name in self.kept or self.outward.is_scalar(value):
                result.append(each)
                continue
            scalar, array = self.outward.split(value)
            readers = [i for i, s in enumerate(rest) if name in variables(s.step.value)]
            if not readers:
                continue
            changed = {s.step.target for s in rest[: readers[-1]]}
            once = len(readers) == 1 and _uses(rest[readers[0]].step.value, name) == 1
            if (once or isinstance(array, Variable)) and not changed & variables(array):
                at = readers[0]
                formulas = (*each.formulas, *rest[at].formulas)
                rest[at] = FastStep(rest[at].step, formulas)
                rest = self._put(rest, name, joined(scalar, array))
                continue
            if scalar != ONE:
                rest = self._put(rest, name, multiply(scalar, Variable(name)))
            result.append(FastStep(Step(name, array), each.formulas))
        return result

    def _put(
        self, steps: Sequence[FastStep], name: str, value: Expression
    ) -> list[FastStep]:
        """The steps with `value` in the place of a name."""
        put = {name: value}
        return [
            self.tidy(
                FastStep(Step(s.step.target, substitute(s.step.value, put)), s.formulas)
            )
            if name in variables(s.step.value)
            else s
            for s in steps
        ]


def _decided(value: Expression, condition: Expression, taken: int) -> Expression:
    """A formula after a choice: argument `taken` of its `where`."""

    def change(node: Expression) -> Expression:
        match node:
            case Operation("where", arguments) if arguments[0] == condition:
                return arguments[taken]
        return node

    return rebuild(value, change)


def _terms(value: Expression, sign: str = "add") -> list[tuple[str, Expression]]:
    """What a sum adds and subtracts."""
    opposite = {"add": "subtract", "subtract": "add"}
    match value:
        case Operation("add", (left, right)):
            return _terms(left, sign) + _terms(right, sign)
        case Operation("subtract", (left, right)):
            return _terms(left, sign) + _terms(right, opposite[sign])
        case Operation("negate", (inner,)):
            return _terms(inner, opposite[sign])
    return [(sign, value)]


def _one(sign: str, term: Expression) -> Expression:
    return term if sign == "add" else apply("negate", term)


def _uses(node: Expression, name: str) -> int:
    match node:
        case Variable(found):
            return int(found == name)
        case Operation(_, arguments):
            return sum(_uses(argument, name) for argument in arguments)
    return 0
