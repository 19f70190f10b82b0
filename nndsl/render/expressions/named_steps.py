"""Splits a long expression into named steps, each of which fits on its line."""

from collections.abc import Collection, Mapping

from nndsl.formulas.algebra.guard import guard
from nndsl.formulas.algebra.rewrites import is_mask
from nndsl.formulas.expression import Expression, Operation, Variable
from nndsl.formulas.free_name import free_name
from nndsl.formulas.traverse import (
    Shared,
    count,
    rebuild,
    replace,
    variables,
)
from nndsl.render.expressions.forms import FORMS
from nndsl.render.expressions.printer import print_guarded
from nndsl.render.library import NUMPY, Library

# What a step is called after the operation at its root.
_NOUNS = {
    "add": "total",
    "subtract": "difference",
    "multiply": "product",
    "divide": "quotient",
    "power": "power",
    "negate": "opposite",
    "square": "square",
    "where": "choice",
    "sqrt": "root",
    "abs": "magnitude",
    "clip": "clipped",
}
# The shortest text worth a step of its own.
_WORTHWHILE = 12


def print_steps(
    expression: Expression,
    result_name: str,
    width: int = 88,
    names: Mapping[str, str] | None = None,
    scalars: Collection[str] = (),
    library: Library = NUMPY,
) -> list[str]:
    """Lines `name = …`, the last `result_name = …`, none longer than `width`.

    A part that costs something and stands in the expression more than once is computed
    once, in a step of its own; then the largest parts of what does not fit are.  Steps
    are called after their operation: `root`, or `dz1_sigmoid`.  A line stays longer
    than `width` only where names alone fill it.
    """
    splitter = _Splitter(result_name, width, dict(names or {}), set(scalars), library)
    return splitter.lines(guard(expression, frozenset(scalars)))


class _Splitter:
    def __init__(
        self,
        result: str,
        width: int,
        names: dict[str, str],
        scalars: set[str],
        library: Library,
    ) -> None:
        self.result = result
        self.width = width
        self.names = names
        self.scalars = scalars
        self.library = library
        self.taken = {result, *names, *names.values()}
        self.shared = Shared()

    def lines(self, expression: Expression) -> list[str]:
        self.taken |= variables(expression)
        steps: list[tuple[str, Expression]] = [(self.result, expression)]
        while (part := self._repeated([value for _, value in steps])) is not None:
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
        return f"{name} = {self._printed(value)}"

    def _printed(self, value: Expression) -> str:
        return print_guarded(value, self.names, self.scalars, self.library)

    def _name(
        self, part: Operation, steps: list[tuple[str, Expression]]
    ) -> list[tuple[str, Expression]]:
        """Computes `part` in a step before the first that uses it."""
        name = self._name_of(part)
        self.taken.add(name)
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

    def _name_of(self, part: Operation) -> str:
        noun = _NOUNS.get(part.name, part.name)
        if noun in _NOUNS.values() and noun not in self.taken:
            return noun
        return free_name(f"{self.result}_{noun}", self.taken, link="")

    def _too_long(self, name: str, value: Expression) -> Operation | None:
        """The largest part whose own step leaves this line shorter, if it must be."""
        if len(self._line(name, value)) <= self.width:
            return None
        room = self.width - len(" = ")
        uses: dict[int, tuple[Operation, int]] = {}
        self._count_uses(value, uses)
        lengths = {
            part: len(self._printed(part))
            for part, _ in uses.values()
            if part is not value
        }
        sizes = {part: size for part, size in lengths.items() if not is_mask(part)}
        fitting = {
            part: size
            for part, size in sizes.items()
            if size + len(self._name_of(part)) <= room
        }
        for choice in (fitting, sizes, lengths):
            part = max(choice, key=lambda each: choice[each], default=None)
            if part is not None and choice[part] >= _WORTHWHILE:
                return part
        return None

    def _repeated(self, values: list[Expression]) -> Operation | None:
        """The largest part worth a step that is used more than once."""
        uses: dict[int, tuple[Operation, int]] = {}
        for value in map(self.share, values):
            self._count_uses(value, uses)
        repeated = [part for part, times in uses.values() if times > 1 and _costs(part)]
        return max(repeated, key=count, default=None)

    def _count_uses(
        self, node: Expression, uses: dict[int, tuple[Operation, int]]
    ) -> None:
        """How many operations use each part; none in a branch that may be skipped."""
        if not isinstance(node, Operation):
            return
        times = uses[id(node)][1] if id(node) in uses else 0
        uses[id(node)] = (node, times + 1)
        if times:
            return
        arguments = node.arguments
        if node.name == "where" and variables(arguments[0]) <= self.scalars:
            arguments = arguments[:1]
        for argument in arguments:
            self._count_uses(argument, uses)

    def share(self, value: Expression) -> Expression:
        return rebuild(value, self.shared)


def _costs(part: Operation) -> bool:
    """A function, or several operations; a constant or a lone sum does not."""
    if not variables(part) or is_mask(part):
        return False
    return FORMS[part.name].numpy.text.endswith(")") or count(part) > 5
