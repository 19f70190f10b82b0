"""Schedules an elementwise formula as calls that write into existing arrays.

What an expert does by hand: the larger part of a formula is computed first, into the
array that the result goes to; an array is overwritten as soon as nothing needs it any
more; what depends on numbers alone is computed once, as Python numbers.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from nndsl.formulas.algebra.construct import ONE, ZERO, subtract
from nndsl.formulas.algebra.operations import OPERATIONS
from nndsl.formulas.algebra.rewrites import MIRRORED, is_mask
from nndsl.formulas.algebra.simplify import simplify
from nndsl.formulas.expression import Expression, Number, Operation, Variable
from nndsl.formulas.traverse import variables
from nndsl.program.in_place import Buffer, Call, Condition, Operand, Ref, Value
from nndsl.program.program import Shape

_COMMUTES = frozenset({"add", "multiply", "maximum", "minimum"})
_APART = frozenset({"sign"})
"""What NumPy computes number by number, five times slower, over its own argument."""


@dataclass(slots=True)
class Place:
    """An array to write to.  `holds`: the part of the formula that is in it."""

    name: str
    storage: str
    mask: bool = False
    holds: Expression | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """What a formula is scheduled among.

    `shapes`: of the arrays.  `storage`: arrays with one name here share their memory.
    `mine`: arrays that may be overwritten once the formula has used them.
    `named_number` may name a part without arrays.  `prefix` begins scratch names.
    `helpers`: functions of the module that write into an array, and how many more they
    write over.  `zeros`: whether there may be an array of zeros to compare with.
    """

    shapes: Mapping[str, Shape]
    scalars: Collection[str]
    storage: Mapping[str, str] = field(default_factory=dict)
    mine: Collection[str] = ()
    named_number: Callable[[Expression], Expression] | None = None
    prefix: str = ""
    helpers: Mapping[str, int] = field(default_factory=dict)
    zeros: bool = False


def schedule(
    target: str, value: Expression, setting: Setting
) -> tuple[tuple[Call, ...], tuple[Buffer, ...]]:
    """The calls that leave `value` in the array `target`, and the scratch they need.

    `value` is expanded and shared: equal parts are one object, computed once.
    """
    scheduler = _Scheduler(target, setting)
    scheduler.run(value)
    return tuple(scheduler.calls), tuple(scheduler.scratch)


class _Scheduler:
    def __init__(self, target: str, setting: Setting) -> None:
        self.setting = setting
        self.shape = setting.shapes[target]
        self.calls: list[Call] = []
        self.scratch: list[Buffer] = []
        self.uses: dict[int, int] = {}
        self.root: Expression | None = None
        self.target = Place(target, setting.storage.get(target, target))
        self.places = [self.target]
        self.held: dict[int, Place] = {}

    def run(self, value: Expression) -> None:
        self.root = value
        self._count(value)
        self._claim(value)
        if isinstance(value, Operation) and not self._is_plain(value):
            self._evaluate(value)
            return
        operand = self._operand(value)
        if isinstance(value, Number) or not self._is_array(value):
            self._call("fill", (operand,), self.target)
        elif self.held.get(id(value)) is not self.target:
            self._call("copyto", (operand,), self.target)

    def _count(self, node: Expression) -> None:
        """How many operations use each part."""
        self.uses[id(node)] = self.uses.get(id(node), 0) + 1
        first = self.uses[id(node)] == 1
        if first and isinstance(node, Operation) and not self._is_plain(node):
            for argument in node.arguments:
                self._count(argument)

    def _claim(self, value: Expression) -> None:
        """Enter the arrays of the formula that may be overwritten after their use."""
        found: dict[str, Variable] = {}

        def see(node: Expression) -> None:
            if isinstance(node, Variable):
                found[node.name] = node
            elif isinstance(node, Operation):
                for argument in node.arguments:
                    see(argument)

        see(value)
        for name, node in found.items():
            if self.setting.shapes.get(name) != self.shape or id(node) not in self.uses:
                continue
            storage = self.setting.storage.get(name, name)
            if storage == self.target.storage:
                self.target.holds = node
                self.held[id(node)] = self.target
            elif name in self.setting.mine:
                place = Place(name, storage, False, node)
                self.places.append(place)
                self.held[id(node)] = place

    def _is_plain(self, node: Expression) -> bool:
        """Whether no array of the full shape takes part: Python computes it at once."""
        shapes = self.setting.shapes
        return all(shapes.get(name) != self.shape for name in variables(node))

    def _is_array(self, node: Expression) -> bool:
        return bool(variables(node) - set(self.setting.scalars))

    def _operand(self, node: Expression) -> Operand:
        place = self.held.get(id(node))
        if place is not None and place.holds is node:
            return Ref(node.name if isinstance(node, Variable) else place.name)
        if isinstance(node, Variable):
            number = node.name in self.setting.scalars
            return Value(node) if number else Ref(node.name)
        if self.setting.named_number is not None and not self._is_array(node):
            return Value(self.setting.named_number(node))
        return Value(node)

    def _evaluate(self, node: Expression) -> None:
        """Compute `node` into some place, unless it is in one or is plain."""
        if not isinstance(node, Operation) or self._is_plain(node):
            return
        place = self.held.get(id(node))
        if place is not None and place.holds is node:
            return
        if node.name == "where":
            self._where(node)
            return
        for argument in self._ordered(node.arguments):
            self._evaluate(argument)
        if node.name in self.setting.helpers:
            self._help(node)
            return
        operands = self._with_zeros(node)
        for argument in node.arguments:
            self._used(argument)
        if node.name in _APART and node is not self.root:
            out = self._elsewhere(node.arguments)
        else:
            out = self._place(node, node.arguments)
        if OPERATIONS[node.name].composite:
            self._call(node.name, operands, out, helper="gives")
        else:
            self._call(self._function(node), self._arranged(node, operands), out)
        self._hold(node, out)

    def _with_zeros(self, node: Operation) -> tuple[Operand, ...]:
        """The arguments; of two arrays NumPy finds the larger numbers much faster."""
        operands = tuple(map(self._operand, node.arguments))
        if not (self.setting.zeros and node.name in ("maximum", "minimum")):
            return operands
        name = f"zeros{self.setting.prefix}"
        if ZERO in node.arguments:
            self.scratch.append(Buffer(name, self.shape, "zeros"))
        pairs = zip(operands, node.arguments, strict=True)
        return tuple(Ref(name) if part == ZERO else each for each, part in pairs)

    def _help(self, node: Operation) -> None:
        """Call a function that writes into an array other than its argument."""
        operands = tuple(map(self._operand, node.arguments))
        held = [self.held.get(id(argument)) for argument in node.arguments]
        out = self._place(node, ())
        if out in held:
            out = self._new(False)
        more: list[Place] = []
        while len(more) < self.setting.helpers[node.name]:
            taken = (out, *held, *more)
            free = [p for p in self.places if not p.mask and self._free(p)]
            spare = [p for p in free if p not in taken]
            more.append(spare[0] if spare else self._new(False))
        for place in more:
            place.holds = None
        written = tuple(Ref(place.name) for place in (out, *more))
        self._call(node.name, (*operands, *written), out, helper="writes")
        for argument in node.arguments:
            self._used(argument)
        self._hold(node, out)
        if node is self.root and out is not self.target:
            self._call("copyto", (Ref(out.name),), self.target)

    def _function(self, node: Operation) -> str:
        if node.name in MIRRORED and self._is_plain(node.arguments[0]):
            return MIRRORED[node.name]
        return node.name

    def _arranged(
        self, node: Operation, operands: tuple[Operand, ...]
    ) -> tuple[Operand, ...]:
        """The array first, where the order does not matter."""
        swapped = node.name in _COMMUTES or node.name in MIRRORED
        if swapped and self._is_plain(node.arguments[0]):
            return operands[::-1]
        return operands

    def _ordered(self, arguments: tuple[Expression, ...]) -> list[Expression]:
        """The part that needs most arrays first; then the one that frees the target."""

        def rank(part: Expression) -> tuple[int, bool]:
            return -self._need(part), self._waits(part)

        return sorted(arguments, key=rank)

    def _need(self, node: Expression) -> int:
        if not isinstance(node, Operation) or self._is_plain(node):
            return 0
        if id(node) in self.held and self.held[id(node)].holds is node:
            return 0
        needs = sorted(map(self._need, node.arguments), reverse=True)
        return max([1, *(n + index for index, n in enumerate(needs) if n)])

    def _waits(self, node: Expression) -> bool:
        """Whether what the target still holds stands elsewhere than in `node`."""
        holds = self.target.holds
        return not (isinstance(holds, Variable) and holds.name in variables(node))

    def _used(self, node: Expression) -> None:
        """One use of `node` is over; after the last its place is free."""
        if id(node) in self.uses:
            self.uses[id(node)] -= 1

    def _free(self, place: Place) -> bool:
        return place.holds is None or self.uses.get(id(place.holds), 0) <= 0

    def _place(self, node: Expression, operands: tuple[Expression, ...]) -> Place:
        """Where to put `node`: its target, an operand that is done, or scratch."""
        mask = is_mask(node)
        if node is self.root:
            return self.target
        own = [self.held.get(id(operand)) for operand in operands]
        free = [p for p in self.places if p.mask == mask and self._free(p)]
        for place in (*own, *free):
            if place is not None and place.mask == mask and self._free(place):
                return place
        return self._new(mask)

    def _elsewhere(self, operands: tuple[Expression, ...]) -> Place:
        """An array that none of the operands is in."""
        own = [self.held.get(id(operand)) for operand in operands]
        free = [p for p in self.places if not p.mask and self._free(p)]
        return next((p for p in free if p not in own), None) or self._new(False)

    def _new(self, mask: bool) -> Place:
        letter = "k" if mask else "s"
        number = 1 + sum(place.mask == mask for place in self.places[1:])
        number -= sum(p.name in self.setting.mine for p in self.places[1:] if not mask)
        name = f"{letter}{self.setting.prefix}" + (f"_{number}" if number > 1 else "")
        kind: Literal["bool", "float"] = "bool" if mask else "float"
        self.scratch.append(Buffer(name, self.shape, kind))
        place = Place(name, name, mask)
        self.places.append(place)
        return place

    def _hold(self, node: Expression, place: Place) -> None:
        place.holds = node
        self.held[id(node)] = place

    def _call(
        self,
        function: str,
        arguments: tuple[Operand, ...],
        out: Place,
        condition: Condition | None = None,
        helper: Literal["", "gives", "writes"] = "",
    ) -> None:
        self.calls.append(Call(function, arguments, out.name, condition, helper))

    def _where(self, node: Operation) -> None:
        condition, then, otherwise = node.arguments
        if not self._is_array(condition):
            self._choose(node, condition, then, otherwise)
        elif (
            is_mask(condition)
            and self._is_plain(then)
            and self._is_plain(otherwise)
            and self.uses[id(condition)] == 1
        ):
            self._switch(node, condition, then, otherwise)
        else:
            for part in self._ordered((then, otherwise)):
                self._evaluate(part)
            self._evaluate(condition)
            operands = tuple(map(self._operand, node.arguments))
            for part in node.arguments:
                self._used(part)
            out = self._place(node, (then, otherwise))
            self._call("where", operands, out)
            self._hold(node, out)

    def _switch(
        self,
        node: Operation,
        condition: Expression,
        then: Expression,
        otherwise: Expression,
    ) -> None:
        """One number or another: the mask as 0 and 1, stretched and shifted."""
        assert isinstance(condition, Operation)
        for argument in condition.arguments:
            self._evaluate(argument)
        operands = tuple(map(self._operand, condition.arguments))
        for argument in condition.arguments:
            self._used(argument)
        out = self._place(node, condition.arguments)
        self._call(self._function(condition), self._arranged(condition, operands), out)
        difference = simplify(subtract(then, otherwise))
        for function, number, nothing in (
            ("multiply", difference, ONE),
            ("add", otherwise, ZERO),
        ):
            if number != nothing:
                self._call(function, (Ref(out.name), self._operand(number)), out)
        self._hold(node, out)

    def _choose(
        self,
        node: Operation,
        condition: Expression,
        then: Expression,
        otherwise: Expression,
    ) -> None:
        """A choice that a number decides: what was not chosen is copied over."""
        for part in self._ordered((then, otherwise)):
            self._evaluate(part)
        operands = self._operand(then), self._operand(otherwise)
        held = self.held.get(id(then)), self.held.get(id(otherwise))
        for part in (then, otherwise):
            self._used(part)
        out = self._place(node, (then, otherwise))
        if out is not held[0]:
            self._copy(then, operands[0], out, Condition(condition))
        if out is not held[1]:
            self._copy(otherwise, operands[1], out, Condition(condition, holds=False))
        self._hold(node, out)

    def _copy(
        self, part: Expression, operand: Operand, out: Place, condition: Condition
    ) -> None:
        function = "copyto" if self._is_array(part) else "fill"
        self._call(function, (operand,), out, condition)
