"""Splits a long expression into named steps, each of which fits on its line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from nndsl.formulas.expression import Expression, Operation, Variable
from nndsl.formulas.guard import guard
from nndsl.formulas.operations import OPERATIONS
from nndsl.formulas.printer import print_numpy
from nndsl.formulas.traverse import replace, share, variables

# What a step is called after the operation at its root.
_NOUNS = {
    "add": "sum",
    "subtract": "difference",
    "multiply": "product",
    "divide": "quotient",
    "power": "power",
    "negate": "opposite",
    "square": "square",
    "where": "choice",
    "sqrt": "root",
    "abs": "size",
}


def print_steps(
    expression: Expression,
    result_name: str,
    width: int = 88,
    names: Mapping[str, str] | None = None,
    scalars: Collection[str] = (),
) -> list[str]:
    """Lines `name = …`, the last `result_name = …`, none longer than `width`.

    A part that costs something and stands in the expression more than once is computed
    once, in a step of its own; then the largest parts of what does not fit are.  Steps
    are called after the result and their operation: `dz1_sigmoid`.  A line stays longer
    than `width` only where names alone fill it.
    """
    splitter = _Splitter(result_name, width, dict(names or {}), set(scalars))
    return splitter.lines(guard(expression, frozenset(scalars)))


class _Splitter:
    def __init__(
        self, result: str, width: int, names: dict[str, str], scalars: set[str]
    ) -> None:
        self.result = result
        self.width = width
        self.names = names
        self.scalars = scalars
        self.taken = {result, *names.values()}

    def lines(self, expression: Expression) -> list[str]:
        expression = share(expression)
        self.taken |= variables(expression)
        steps: list[tuple[str, Expression]] = [(self.result, expression)]
        while (part := _repeated([value for _, value in steps])) is not None:
            steps = self._name(part, steps)
        position = 0
        while position < len(steps):
            part = self._too_long(*steps[position])
            if part is None:
                position += 1
            else:
                steps = self._name(part, steps)
                position = 0
        return [self._line(name, value) for name, value in steps]

    def _line(self, name: str, value: Expression) -> str:
        return f"{name} = {print_numpy(value, self.names, self.scalars)}"

    def _name(
        self, part: Operation, steps: list[tuple[str, Expression]]
    ) -> list[tuple[str, Expression]]:
        """Computes `part` in a step before the first that uses it."""
        name = self._free_name(part)
        if variables(part) <= self.scalars:
            self.scalars.add(name)
        changed = [
            (target, replace(value, part, Variable(name))) for target, value in steps
        ]
        first = next(
            index
            for index, (old, new) in enumerate(zip(steps, changed, strict=True))
            if old[1] != new[1]
        )
        return [*changed[:first], (name, part), *changed[first:]]

    def _free_name(self, part: Operation) -> str:
        noun = _NOUNS.get(part.name, part.name)
        name = f"{self.result}_{noun}"
        number = 2
        while name in self.taken:
            name = f"{self.result}_{noun}{number}"
            number += 1
        self.taken.add(name)
        return name

    def _too_long(self, name: str, value: Expression) -> Operation | None:
        """The largest part whose own step leaves this line shorter, if it must be."""
        if len(self._line(name, value)) <= self.width:
            return None
        room = self.width - len(self.result) - 20
        parts = [part for part in _unconditional(value) if part is not value]
        sizes = {
            part: len(print_numpy(part, self.names, self.scalars)) for part in parts
        }
        fitting = [part for part in parts if 25 < sizes[part] <= room]
        candidates = fitting or [part for part in parts if sizes[part] > 25]
        return max(candidates, key=lambda part: sizes[part], default=None)


def _repeated(values: list[Expression]) -> Operation | None:
    """The largest part worth a step that stands in the values more than once."""
    found: Counter[Operation] = Counter()
    for value in values:
        found.update(_unconditional(value))
    repeated = [part for part, times in found.items() if times > 1 and _costs(part)]
    return max(repeated, key=_weight, default=None)


def _unconditional(expression: Expression) -> list[Operation]:
    """Every operation as often as it stands; none of a branch that may be skipped."""
    match expression:
        case Operation("where", (condition, _, _)) if not _chooses_by_array(condition):
            return [expression, *_unconditional(condition)]
        case Operation(_, arguments):
            inner = [part for argument in arguments for part in _unconditional(argument)]
            return [expression, *inner]
    return []


def _chooses_by_array(condition: Expression) -> bool:
    return bool(variables(condition))


def _costs(part: Operation) -> bool:
    """A function, or several operations; a constant or a lone sum does not."""
    if not variables(part) or OPERATIONS[part.name].mask:
        return False
    return _is_call(part) or _weight(part) > 2


def _is_call(part: Operation) -> bool:
    return OPERATIONS[part.name].numpy.text.endswith(")")


def _weight(part: Expression) -> int:
    if not isinstance(part, Operation):
        return 0
    return 1 + sum(map(_weight, part.arguments))
