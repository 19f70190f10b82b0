"""Checks that a program in place holds together: every call reads what was written
before, and no array is read once another has taken its memory.

Compiling a spec does not need it; it runs behind the optimiser in the tests.
"""

from collections.abc import Iterable

from nndsl.program.in_place import Call, Group, InPlace, Memory, Ref, names_read
from nndsl.program.program import Map, Program
from nndsl.program.verify import GIVEN, ProgramError

_MADE = frozenset({"ones", "average", "training"})
"""Arrays and switches that a pass is given beside those of the program."""


def verify_in_place(program: Program, in_place: InPlace) -> None:
    """Raise ProgramError where `in_place` does not hold together."""
    fixed = {constant.name for constant in program.constants} | _MADE
    fixed |= {n for n, array in program.arrays.items() if array.kind in GIVEN}
    fixed |= {"n_outputs", *_joined(in_place)}
    gradients = {gradient for _, gradient in program.gradients}
    memories = [*in_place.values, *in_place.slopes]
    passes = _Pass(fixed, memories, gradients | set(_joined(in_place)))
    passes.run(g for block in in_place.forward for g in block.groups)
    passes.calls(in_place.loss.calls)
    passes.run(g for block in in_place.backward for g in block.groups)
    if program.output not in passes.written:
        raise ProgramError(f"{program.output} is never computed")
    _verify_update(program, in_place)


def _joined(in_place: InPlace) -> list[str]:
    """Arrays that hold two others: weights above biases, an output above ones."""
    both = [f"{first}_and_{second}" for first, second in in_place.joined.items()]
    return both + [f"{name}_and_1" for name in in_place.above_ones]


def _verify_update(program: Program, in_place: InPlace) -> None:
    update = in_place.update
    numbers = {constant.name for constant in program.constants}
    numbers |= {"step", "learning_rate", *(s.name for s in update.states if s.scalar)}
    for step in update.scalars:
        numbers.add(step.target)
    arrays = {"weight", "gradient", *(s.name for s in update.states if not s.scalar)}
    memories = [Memory((buffer.name,), buffer) for buffer in update.scratch]
    passes = _Pass(numbers | arrays, memories, arrays)
    passes.run(update.groups)


class _Pass:
    """Runs calls by name alone; `written` is what has a value so far."""

    def __init__(
        self, fixed: Iterable[str], memories: Iterable[Memory], outputs: Iterable[str]
    ) -> None:
        self.fixed = frozenset(fixed)
        self.outputs = frozenset(outputs)
        self.homes = {name: memory for memory in memories for name in memory.names}
        self.holds: dict[int, str] = {}
        self.written: set[str] = set()

    def run(self, groups: Iterable[Group]) -> None:
        for group in groups:
            self.calls(group.calls)
            if not group.calls and isinstance(group.statement, Map):
                self._write(group.statement.target)  # a copy in the same memory

    def calls(self, calls: Iterable[Call]) -> None:
        for call in calls:
            given = {a.name for a in call.arguments if isinstance(a, Ref)}
            for name in names_read(call):
                self._read(name, call, written_by_helper=call.helper == "writes")
            outs = {call.out} | (
                given - self.fixed if call.helper == "writes" else set()
            )
            for name in outs:
                self._write(name)

    def _read(self, name: str, call: Call, *, written_by_helper: bool) -> None:
        if name in self.fixed or name in self.outputs or written_by_helper:
            return
        memory = self.homes.get(name)
        if memory is None:
            raise ProgramError(f"{call.out} is computed from {name}, which is nowhere")
        zeros = memory.buffer.dtype == "zeros"
        if not zeros and name not in self.written and name != call.out:
            raise ProgramError(f"{call.out} reads {name} before it is computed")
        holds = self.holds.get(id(memory), name)
        if holds != name:
            raise ProgramError(f"{call.out} reads {name}, overwritten by {holds}")

    def _write(self, name: str) -> None:
        memory = self.homes.get(name)
        if memory is not None:
            self.holds[id(memory)] = name
        elif name not in self.outputs:
            raise ProgramError(f"{name} is written, but has no memory")
        self.written.add(name)
