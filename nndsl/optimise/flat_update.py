"""The optimizer's formula as a few passes over flat vectors.

Four general rules: numbers move outward; a state that grows linearly and starts at 0
is kept divided by the number that its new part is multiplied with; a state is updated
under its own name; what no array reaches is one number, computed once a step.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from nndsl.formulas.algebra.construct import ONE, multiply, where
from nndsl.formulas.algebra.rewrites import MIRRORED
from nndsl.formulas.algebra.simplify import replace, simplify, substitute, variables
from nndsl.formulas.expression import Expression, Number, Operation, Step, Variable
from nndsl.formulas.free_name import free_name
from nndsl.formulas.traverse import count, rebuild, visit
from nndsl.optimise.denormals import TINY, fading_states
from nndsl.optimise.elementwise import Setting, schedule
from nndsl.optimise.expand import expanded
from nndsl.optimise.hoisting import Outward
from nndsl.optimise.local_names import is_taken, length, with_free_names
from nndsl.optimise.normal_distribution import for_precision, in_place_helpers
from nndsl.optimise.ranges import is_positive
from nndsl.program.in_place import (
    Buffer,
    Call,
    Group,
    InPlaceUpdate,
    Ref,
    ScaledState,
)
from nndsl.program.program import Program, Update

_FLAT = ("n",)
_TOTAL = frozenset({"add", "subtract", "multiply", "negate", "square", "abs"})
_TOTAL |= MIRRORED.keys()
"""What every number has a value of."""
_SHORT = 10
"""A number of at most so many characters stands in the pass that uses it."""
_BLOCK = 65_536
"""So many elements of five vectors stay in a core's cache."""
_THREADED = 8 * _BLOCK
"""From so many parameters on a second thread takes less time than it costs."""


def in_place_update(program: Program) -> InPlaceUpdate:
    """The passes of the optimizer of `program`.

    In float32 linear states may be kept divided: float64 holds them exactly in the
    formula's units for a weights file.
    """
    precision = program.precision
    update, keys = with_free_names(program.update)
    known = {constant.name: float(constant.value) for constant in program.constants}
    states = {state.name for state in update.states if not state.scalar}
    scalars = _scalar_names(update, states)
    outward = Outward(scalars, known)
    steps = [
        Step(s.target, outward.whole(for_precision(s.value, precision)))
        for s in update.steps
    ]
    scales: dict[str, Expression] = {}
    if precision == "float32":
        steps, scales = _rescaled(steps, update, outward)
    steps = _with_plain_locals(steps, states, outward)
    writer = _Passes(update, scalars, states, precision)
    groups = writer.groups(steps)
    scratch = tuple(writer.scratch.values())
    fading = fading_states(update, outward, scalars)
    size = program.n_parameters
    return InPlaceUpdate(
        states=tuple(
            ScaledState(
                s.name, keys.get(s.name, s.name), s.start, s.scalar, scales.get(s.name)
            )
            for s in update.states
        ),
        scalars=(*update.scalars, *_with_roots(writer.numbers)),
        groups=groups,
        scratch=scratch,
        fading=fading,
        tiny=TINY[precision] if fading else 0.0,
        spent=_spent(groups, scratch),
        block=None if size.fixed is not None and size.fixed <= _BLOCK else _BLOCK,
        threaded=size.least >= _THREADED,
    )


def _spent(groups: Sequence[Group], scratch: Sequence[Buffer]) -> str | None:
    """The buffer that is first written when the gradient has been read for good."""
    calls = [call for group in groups for call in group.calls]
    read = [i for i, call in enumerate(calls) if "gradient" in _touched(call)]
    last = max(read, default=-1)
    for buffer in scratch:
        used = [i for i, call in enumerate(calls) if buffer.name in _touched(call)]
        if buffer.dtype == "float" and used and min(used) > last:
            return buffer.name
    return None


def _touched(call: Call) -> set[str]:
    """The arrays that a call reads or writes."""
    return {call.out, *(a.name for a in call.arguments if isinstance(a, Ref))}


def _scalar_names(update: Update, states: set[str]) -> frozenset[str]:
    arrays = {"weight", "gradient"} | states | {s.target for s in update.steps}
    read = {
        name
        for step in (*update.scalars, *update.steps)
        for name in variables(step.value)
    }
    return frozenset((read | {s.target for s in update.scalars}) - arrays)


def _rescaled(
    steps: list[Step], update: Update, outward: Outward
) -> tuple[list[Step], dict[str, Expression]]:
    """Keep each linear state that starts at 0 divided by its new part's number."""
    scales: dict[str, Expression] = {}
    starts = {s.name: s.start for s in update.states if not s.scalar}
    for name, start in starts.items():
        written = [step for step in steps if step.target == name]
        if start != 0.0 or len(written) != 1:
            continue
        scale = _new_part(written[0], outward)
        if scale is None:
            continue
        scales[name] = scale
        put: dict[str, Expression] = {name: multiply(scale, Variable(name))}
        steps = [_scaled_step(step, name, scale, put, outward) for step in steps]
    return steps, scales


def _new_part(step: Step, outward: Outward) -> Expression | None:
    """The fixed number that multiplies what is added to a linear state."""
    match step.value:
        case Operation("add", (left, right)):
            sides = [outward.split(side) for side in (left, right)]
        case Operation("multiply", (Operation("add", (left, right)), scalar)):
            sides = [outward.split(multiply(side, scalar)) for side in (left, right)]
        case _:
            return None
    for own, new in (sides, sides[::-1]):
        scale, part = new
        fixed = variables(scale) <= outward.known.keys()
        if own[1] != Variable(step.target) or step.target in variables(part):
            continue
        if fixed and scale != Number(1.0) and is_positive(scale, outward.known):
            return scale
    return None


def _scaled_step(
    step: Step,
    name: str,
    scale: Expression,
    put: Mapping[str, Expression],
    outward: Outward,
) -> Step:
    if step.target != name:
        return Step(step.target, outward.whole(substitute(step.value, put)))
    match step.value:
        case Operation("multiply", (Operation("add", (left, right)), scalar)):
            sides: list[Expression] = [
                multiply(left, scalar),
                multiply(right, scalar),
            ]
        case Operation("add", (left, right)):
            sides = [left, right]
        case _:
            raise ValueError("a rescaled state is a sum")
    (s, a), (r, b) = (outward.split(side) for side in sides)
    if b == Variable(name):
        (s, a), (r, b) = (r, b), (s, a)
    kept = outward.whole(multiply(a, s))
    return Step(name, Operation("add", (kept, b)))


def _with_plain_locals(
    steps: list[Step], states: set[str], outward: Outward
) -> list[Step]:
    """Locals without a number in front, and without those used only once."""
    result = list(steps)
    index = 0
    while index < len(result):
        step = result[index]
        later = result[index + 1 :]
        targets = [s.target for s in result]
        if step.target in states | {"weight"} or targets.count(step.target) > 1:
            index += 1
            continue
        scalar, array = outward.split(step.value)
        uses = sum(_uses(s.value, step.target) for s in later)
        changed = {s.target for s in _until_last_use(later, step.target)}
        once = uses == 1 or isinstance(array, Variable)
        if once and not changed & variables(array):
            put: dict[str, Expression] = {step.target: multiply(array, scalar)}
            result[index:] = _replaced(later, put, outward)
            continue
        if scalar != Number(1.0):
            put = {step.target: multiply(Variable(step.target), scalar)}
            own = Step(step.target, array)
            result[index:] = [own, *_replaced(later, put, outward)]
        index += 1
    return result


def _replaced(
    steps: Sequence[Step], put: Mapping[str, Expression], outward: Outward
) -> list[Step]:
    return [
        Step(s.target, outward.whole(substitute(s.value, put)))
        if put.keys() & variables(s.value)
        else s
        for s in steps
    ]


def _until_last_use(steps: Sequence[Step], name: str) -> Sequence[Step]:
    """The steps before the last that reads `name`."""
    last = max(
        (i for i, step in enumerate(steps) if name in variables(step.value)), default=0
    )
    return steps[:last]


def _uses(node: Expression, name: str) -> int:
    match node:
        case Variable(found):
            return int(found == name)
        case Operation(_, arguments):
            return sum(_uses(argument, name) for argument in arguments)
    return 0


def _lazy(value: Expression, scalars: frozenset[str]) -> Expression:
    """Numbers of a branch that a number decides are 1 where it is not taken.

    They are computed before the choice is made, and may have no value elsewhere.
    """

    def change(node: Expression) -> Expression:
        match node:
            case Operation("where", (condition, then, otherwise)) if (
                variables(condition) <= scalars and not variables(node) <= scalars
            ):
                return where(
                    condition,
                    _only_where(then, scalars, lambda n: where(condition, n, ONE)),
                    _only_where(otherwise, scalars, lambda n: where(condition, ONE, n)),
                )
        return node

    return rebuild(value, change)


def _only_where(
    node: Expression,
    scalars: frozenset[str],
    limited: Callable[[Expression], Expression],
) -> Expression:
    """The numbers in `node` that may have no value, each made `limited`."""
    if not isinstance(node, Operation):
        return node
    if variables(node) <= scalars:
        return limited(node) if _may_fail(node) else node
    parts = (_only_where(part, scalars, limited) for part in node.arguments)
    return Operation(node.name, tuple(parts))


def _may_fail(node: Expression) -> bool:
    """Whether the number holds a function of a name: a quotient, a root, a power."""
    found: list[Operation] = []

    def see(part: Expression) -> None:
        if isinstance(part, Operation) and variables(part) and part.name not in _TOTAL:
            found.append(part)

    visit(node, see)
    return bool(found)


def _with_roots(numbers: Sequence[Step]) -> tuple[Step, ...]:
    """A square root that several numbers need gets a name of its own."""
    roots: list[Expression] = []

    def see(node: Expression) -> None:
        if isinstance(node, Operation) and node.name == "sqrt":
            roots.append(node)

    for step in numbers:
        visit(step.value, see)
    repeated = sorted(
        dict.fromkeys(root for root in roots if roots.count(root) > 1), key=count
    )
    result = list(numbers)
    for index, root in enumerate(repeated):
        name = "root" if index == 0 else f"root{index + 1}"
        put = [Step(s.target, replace(s.value, root, Variable(name))) for s in result]
        result = [Step(name, root), *put]
    return tuple(result)


@dataclass(slots=True)
class _Passes:
    """Schedules the steps over the flat vectors, numbers in front computed before."""

    update: Update
    scalar_names: frozenset[str]
    states: set[str]
    precision: str
    numbers: list[Step] = field(default_factory=list)
    scratch: dict[str, Buffer] = field(default_factory=dict)
    named: dict[Expression, str] = field(default_factory=dict)
    written: dict[Expression, str] = field(default_factory=dict)

    def groups(self, steps: Sequence[Step]) -> tuple[Group, ...]:
        names = {"weight", "gradient", *self.states, *(s.target for s in steps)}
        shapes = dict.fromkeys(names, _FLAT)
        local = names - self.states - {"weight", "gradient"}
        for name in sorted(local):
            self.scratch[name] = Buffer(name, _FLAT)
        result = []
        for index, step in enumerate(steps):
            later = {n for s in steps[index + 1 :] for n in variables(s.value)}
            setting = Setting(
                shapes,
                self.scalar_names,
                mine=(local | {"gradient"}) - later - {step.target},
                named_number=self._number,
                helpers=in_place_helpers(self.precision),
            )
            lazy = _lazy(step.value, self.scalar_names)
            calls, scratch = schedule(
                step.target, expanded(lazy, self.scalar_names), setting
            )
            for buffer in scratch:
                self.scratch.setdefault(buffer.name, buffer)
            value = step.value
            for node, name in self.written.items():
                value = replace(value, node, Variable(name))
            known = self.scalar_names | set(self.written.values())
            result.append(Group(Step(step.target, value), calls, scratch, known))
        return tuple(result)

    def _number(self, node: Expression) -> Expression:
        """A short number as it is; a longer one under a name, computed once."""
        simple = simplify(node)
        plain = not variables(simple) or simple == Variable("learning_rate")
        if plain or length(simple) <= _SHORT:
            return simple
        if simple not in self.named:
            self.named[simple] = self._free_name(simple)
            self.numbers.append(Step(self.named[simple], simple))
        self.written[node] = self.named[simple]
        return Variable(self.named[simple])

    def _free_name(self, node: Expression) -> str:
        found = variables(node)
        taken = {*self.named.values(), *self.scalar_names, *self.scratch, *self.states}
        taken |= {s.target for s in (*self.update.steps, *self.update.scalars)}
        taken |= {"weight", "gradient", "step"}
        if "learning_rate" in found:
            base = "rate"
        else:
            constants = sorted(name for name in found if name.isupper())
            short = [name for name in constants if "EPSILON" in name]
            base = (short or constants or ["factor"])[0].lower()
        if is_taken(base):
            base = f"{base}_"
        return free_name(base, taken, link="")
