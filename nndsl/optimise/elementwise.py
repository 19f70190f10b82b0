"""Schedules an elementwise formula as calls that write into existing arrays.

What an expert does by hand: the larger part of a formula is computed first, into the
array that the result goes to; an array is overwritten as soon as nothing needs it any
more; what depends on numbers alone is one number.
"""

from collections.abc import Collection, Iterator

from nndsl.formulas.algebra.comparisons import is_mask
from nndsl.formulas.expression import Expression, Operation, Variable
from nndsl.formulas.traverse import variables, visit
from nndsl.program.in_place import Call


def schedule(
    target: str,
    value: Expression,
    arrays: Collection[str],
    scratch: Iterator[str],
) -> tuple[Call, ...]:
    """The calls that leave `value` in the array `target`.

    Equal parts of `value` are one object.  `arrays`: the names that are arrays, of one
    shape; all others are numbers.  `scratch`: names of further arrays to write into.
    """
    scheduler = _Scheduler(target, arrays, scratch)
    scheduler.run(value)
    return tuple(scheduler.calls)


class _Scheduler:
    def __init__(
        self, target: str, arrays: Collection[str], scratch: Iterator[str]
    ) -> None:
        self.target = target
        self.arrays = frozenset(arrays)
        self.scratch = scratch
        self.calls: list[Call] = []
        self.uses: dict[int, int] = {}
        self.holds: dict[str, Expression | None] = {target: None}
        self.found: dict[int, str] = {}
        self.root: Expression | None = None

    def run(self, value: Expression) -> None:
        self.root = value
        self._count(value)
        visit(value, self._see)
        if self._is_call(value):
            self._compute(value)
        elif value != Variable(self.target):
            self.calls.append(Call("copy", (self._compute(value),), self.target))

    def _count(self, node: Expression) -> None:
        """How many operations need each part."""
        self.uses[id(node)] = self.uses.get(id(node), 0) + 1
        if self.uses[id(node)] == 1 and self._is_array(node):
            for argument in _arguments(node):
                self._count(argument)

    def _see(self, node: Expression) -> None:
        """An array of ours that the formula reads holds what it needs."""
        if isinstance(node, Variable) and node.name in self.holds:
            self.holds[node.name] = node

    def _is_array(self, node: Expression) -> bool:
        return not self.arrays.isdisjoint(variables(node))

    def _is_call(self, node: Expression) -> bool:
        """Whether a part takes a call of its own: a comparison stands in another's."""
        return bool(_arguments(node)) and self._is_array(node) and not is_mask(node)

    def _compute(self, node: Expression) -> Expression:
        """Make the calls for a part; how it is written in the call that needs it."""
        if id(node) in self.found:
            return Variable(self.found[id(node)])
        if not isinstance(node, Operation) or not self._is_array(node):
            return node
        parts = {id(part): self._compute(part) for part in self._ordered(node)}
        arguments = tuple(parts[id(part)] for part in node.arguments)
        if not self._is_call(node):
            return Operation(node.name, arguments)
        for part in node.arguments:
            self._release(part)
        out = self._place(node)
        self.calls.append(Call(node.name, arguments, out))
        self.holds[out], self.found[id(node)] = node, out
        return Variable(out)

    def _ordered(self, node: Operation) -> list[Expression]:
        """The part that needs most arrays first; then the one that frees the target."""
        held = self.holds[self.target]

        def rank(part: Expression) -> tuple[int, bool]:
            return -self._need(part), held is None or not _contains(part, held)

        return sorted(node.arguments, key=rank)

    def _need(self, node: Expression) -> int:
        """How many arrays it takes to compute a part."""
        if id(node) in self.found or not self._is_array(node):
            return 0
        needs = sorted(map(self._need, _arguments(node)), reverse=True)
        own = int(self._is_call(node))
        return max([own, *(need + at for at, need in enumerate(needs) if need)])

    def _release(self, node: Expression) -> None:
        """One use of a part is over."""
        self.uses[id(node)] -= 1
        if self.uses[id(node)] == 0 and is_mask(node) and self._is_array(node):
            for argument in _arguments(node):
                self._release(argument)

    def _place(self, node: Operation) -> str:
        """Where to put a part: its target, an argument that is done, or scratch."""
        if node is self.root:
            return self.target
        own = [
            argument.name if isinstance(argument, Variable) else self.found.get(key)
            for argument, key in ((a, id(a)) for a in node.arguments)
        ]
        for name in (*own, *self.holds):
            if name in self.holds and self._is_free(self.holds[name]):
                return name
        return next(self.scratch)

    def _is_free(self, held: Expression | None) -> bool:
        return held is None or self.uses[id(held)] == 0


def _arguments(node: Expression) -> tuple[Expression, ...]:
    return node.arguments if isinstance(node, Operation) else ()


def _contains(node: Expression, part: Expression) -> bool:
    return node is part or any(_contains(each, part) for each in _arguments(node))
