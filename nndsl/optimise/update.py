"""The optimizer's formula as a few passes over vectors that hold all parameters.

Three rules save passes: numbers move outward; a state that grows linearly and starts at
0 is kept without the factor of what is added to it; a value that is needed once is put
where it is needed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count as numbers

from nndsl.formulas.algebra.construct import add, multiply
from nndsl.formulas.algebra.simplify import replace, simplify, substitute
from nndsl.formulas.expression import Expression, Number, Operation, Step, Variable
from nndsl.formulas.free_name import free_name
from nndsl.formulas.traverse import count, variables, visit
from nndsl.optimise.elementwise import schedule
from nndsl.optimise.expand import expanded
from nndsl.optimise.hoisting import Outward
from nndsl.optimise.ranges import is_positive
from nndsl.program.in_place import Action, Call, Choice, InPlaceUpdate, Pass
from nndsl.program.program import Program, Update

_MOST_CHOICES = 4
"""So often a number may decide between two lists of calls, one inside the other."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the formula while it is rewritten; `formulas`: what it was."""

    target: str
    value: Expression
    formulas: tuple[Step, ...]

    @property
    def read(self) -> frozenset[str]:
        return variables(self.value)


def in_place_update(program: Program) -> InPlaceUpdate:
    """The passes of the optimizer of `program`."""
    update = program.update
    known = {constant.name: float(constant.value) for constant in program.constants}
    states = {state.name for state in update.states if not state.scalar}
    fixed = states | {"weight", "gradient"}
    arrays = fixed | {step.target for step in update.steps}
    read = {name for step in update.steps for name in variables(step.value)}
    outward = Outward(frozenset(read - arrays), known)
    scales = _scales(update, outward)
    put = {name: multiply(scale, Variable(name)) for name, scale in scales.items()}
    lines = [
        _Line(s.target, _without_factor(s, scales, put, outward), (s,))
        for s in update.steps
    ]
    lines = _put_in(lines, fixed, outward)
    local = {line.target for line in lines} - fixed
    taken = fixed | local | {name for line in lines for name in line.read}
    vectors = _Vectors(taken | {step.target for step in update.scalars})
    writer = _Writer(outward, fixed | local, vectors)
    passes = []
    for line in lines:
        formulas = tuple(step for step in update.steps if step in line.formulas)
        passes.append(Pass(formulas, writer.actions(line.target, line.value)))
    vectors_made = (*sorted(local), *vectors.made)
    return InPlaceUpdate(scales, vectors_made, writer.with_roots(passes))


def _scales(update: Update, outward: Outward) -> dict[str, Expression]:
    """States that are kept without a factor: c of `m = b * m + c * g`."""
    scales: dict[str, Expression] = {}
    for state in update.states:
        written = [step for step in update.steps if step.target == state.name]
        if not state.scalar and state.start == 0 and len(written) == 1:
            parts = _linear(written[0], outward)
            if parts is not None and parts[1] != Number(1.0):
                scales[state.name] = parts[1]
    return scales


def _without_factor(
    step: Step,
    scales: Mapping[str, Expression],
    put: Mapping[str, Expression],
    outward: Outward,
) -> Expression:
    """`m = b * m + g` where m has a scale; elsewhere `c * m` for m."""
    parts = _linear(step, outward) if step.target in scales else None
    if parts is None:
        return substitute(step.value, put)
    kept, _, added = parts
    return add(kept, substitute(added, put))


def _linear(
    step: Step, outward: Outward
) -> tuple[Expression, Expression, Expression] | None:
    """`b * m`, c and g of a step `m = b * m + c * g`, if c is fixed and positive."""
    match step.value:
        case Operation("add", (left, right)):
            split = outward.split(left), outward.split(right)
        case _:
            return None
    for (factor, own), (scale, added) in (split, split[::-1]):
        linear = own == Variable(step.target) and step.target not in variables(added)
        known = variables(scale) <= outward.known.keys()
        if linear and known and is_positive(scale, outward.known):
            return multiply(factor, own), scale, added
    return None


def _put_in(lines: list[_Line], fixed: set[str], outward: Outward) -> list[_Line]:
    """Put values that are needed once, or are a number times an array, where they are
    needed, with the lines that they came from."""
    result = list(lines)
    at = 0
    while at < len(result):
        line, later = result[at], result[at + 1 :]
        users = [i for i, each in enumerate(later) if line.target in each.read]
        scalar, array = outward.split(line.value)
        once = len(users) == 1 and _uses(later[users[0]].value, line.target) == 1
        changed = {each.target for each in later[: max(users, default=0)]}
        if line.target in fixed or not users:
            at += 1
        elif (once or isinstance(array, Variable)) and not changed & variables(array):
            first = later[users[0]]
            formulas = line.formulas + first.formulas
            later[users[0]] = _Line(first.target, first.value, formulas)
            result[at:] = _with(later, line.target, multiply(scalar, array))
        else:
            put = multiply(scalar, Variable(line.target))
            own = _Line(line.target, array, line.formulas)
            result[at:] = [own, *_with(later, line.target, put)]
            at += 1
    return result


def _with(lines: Sequence[_Line], name: str, put: Expression) -> list[_Line]:
    """The lines with an expression in the place of a name."""
    return [
        _Line(each.target, substitute(each.value, {name: put}), each.formulas)
        for each in lines
    ]


def _uses(node: Expression, name: str) -> int:
    match node:
        case Variable(found):
            return int(found == name)
        case Operation(_, arguments):
            return sum(_uses(argument, name) for argument in arguments)
    return 0


class _Vectors:
    """Names for vectors that the passes write into, made as they are needed."""

    def __init__(self, taken: set[str]) -> None:
        self.taken = taken
        self.made: list[str] = []

    def names(self) -> Iterator[str]:
        """Those made before, then new ones."""
        for at in numbers():
            if at == len(self.made):
                self.made.append(
                    free_name("change", {*self.taken, *self.made}, link="")
                )
            yield self.made[at]


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes one line as calls."""

    outward: Outward
    arrays: set[str]
    vectors: _Vectors

    def actions(
        self, target: str, value: Expression, depth: int = 0
    ) -> tuple[Action, ...]:
        choice = self._choice(value) if depth < _MOST_CHOICES else None
        if choice is not None:
            condition = choice.arguments[0]
            decided = (_decided(value, condition, at) for at in (1, 2))
            then, otherwise = (
                self.with_roots([Pass((), self.actions(target, value, depth + 1))])
                for value in decided
            )
            return (Choice(condition, then[0].actions, otherwise[0].actions),)
        whole = expanded(self.outward.whole(value), self.scalars)
        calls = schedule(target, whole, self.arrays, self.vectors.names())
        return calls

    @property
    def scalars(self) -> frozenset[str]:
        return frozenset(self.outward.scalars)

    def _choice(self, value: Expression) -> Operation | None:
        """A `where` over arrays that a number decides."""
        found: list[Operation] = []

        def see(node: Expression) -> None:
            match node:
                case Operation("where", (condition, *_)) if (
                    variables(condition) <= self.scalars
                    and not variables(node) <= self.scalars
                ):
                    found.append(node)

        visit(value, see)
        return found[-1] if found else None

    def with_roots(self, passes: Sequence[Pass]) -> tuple[Pass, ...]:
        """A square root of a number that is needed twice is computed before."""
        roots: list[Expression] = []

        def see(node: Expression) -> None:
            if isinstance(node, Operation) and node.name == "sqrt":
                roots.append(node)

        for action in (each for one in passes for each in one.actions):
            for argument in action.arguments if isinstance(action, Call) else ():
                if variables(argument) <= self.scalars:
                    visit(argument, see)
        repeated = {root for root in roots if roots.count(root) > 1}
        result = list(passes)
        for root in sorted(repeated, key=count, reverse=True):
            name = free_name("root", self.vectors.taken, link="")
            self.vectors.taken.add(name)
            result = _with_root(result, Step(name, root))
        return tuple(result)


def _with_root(passes: Sequence[Pass], root: Step) -> list[Pass]:
    """The passes with the number's name in its place, computed before the first."""
    result: list[Pass] = []
    for each in passes:
        named = [_named(action, root.value, root.target) for action in each.actions]
        changed = tuple(named) != each.actions
        first = changed and all(root not in one.actions for one in result)
        result.append(Pass(each.formulas, (*[root] * first, *named)))
    return result


def _named(action: Action, part: Expression, name: str) -> Action:
    """The action with a name in the place of a part of its numbers."""
    match action:
        case Call(operation, arguments, out):
            put = tuple(replace(each, part, Variable(name)) for each in arguments)
            return Call(operation, put, out)
        case Step(target, value):
            return Step(target, replace(value, part, Variable(name)))
    return action


def _decided(value: Expression, condition: Expression, at: int) -> Expression:
    """The formula where all choices of a condition are made."""
    match value:
        case Operation("where", arguments) if arguments[0] == condition:
            return _decided(arguments[at], condition, at)
        case Operation(name, arguments):
            return simplify(
                Operation(name, tuple(_decided(a, condition, at) for a in arguments))
            )
    return value
