"""Which arrays share memory: those that are never needed at the same time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import TypeAlias

from nndsl.program.in_place import Buffer, Memory
from nndsl.program.program import Shape

Kind: TypeAlias = tuple[Shape, str]
"""Arrays of one kind may share memory: the same shape, the same type of element."""


@dataclass(frozen=True, slots=True)
class Life:
    """An array from the step that first writes it to the last that needs it.

    `successor_of`: arrays whose memory it may take over while they are read for the
    last time, because every element depends on the same element alone.
    """

    buffer: Buffer
    first: int
    last: int
    successor_of: tuple[str, ...] = ()


@dataclass(slots=True)
class _Memory:
    """A memory while arrays are put into it; `last`: when it is needed no more."""

    buffer: Buffer
    place: int
    names: list[str] = field(default_factory=list)
    last: int = -1


def shared(lives: Iterable[Life]) -> tuple[Memory, ...]:
    """The memories needed for `lives`, the earliest first."""
    memories: list[_Memory] = []
    homes: dict[str, int] = {}
    ends: dict[Kind, list[tuple[int, int]]] = {}
    for life in sorted(lives, key=lambda each: each.first):
        ending = ends.setdefault(_kind(life.buffer), [])
        memory = _successor(life, memories, homes) or _dead(life, memories, ending)
        if memory is None:
            memory = _Memory(life.buffer, len(memories))
            memories.append(memory)
        memory.names.append(life.buffer.name)
        memory.last = life.last
        heappush(ending, (memory.last, memory.place))
        homes[life.buffer.name] = memory.place
    return tuple(Memory(tuple(m.names), m.buffer) for m in memories)


def _successor(
    life: Life, memories: Sequence[_Memory], homes: Mapping[str, int]
) -> _Memory | None:
    for place in sorted(homes[name] for name in life.successor_of if name in homes):
        memory = memories[place]
        fits = _fits(life, memory) and memory.last == life.first
        if fits and memory.names[-1] in life.successor_of:
            return memory
    return None


def _dead(
    life: Life, memories: Sequence[_Memory], ending: list[tuple[int, int]]
) -> _Memory | None:
    """The memory of this kind that has been free for longest; `ending` is a heap."""
    while ending and ending[0][0] < life.first:
        last, place = heappop(ending)
        if memories[place].last == last:
            return memories[place]
    return None


def _fits(life: Life, memory: _Memory) -> bool:
    return _kind(memory.buffer) == _kind(life.buffer)


def _kind(buffer: Buffer) -> Kind:
    return buffer.shape, buffer.dtype
