"""Watches a module run: each statement, with the values that it read and made."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import CodeType, FrameType, ModuleType
from typing import Any

import numpy as np

from nndsl.step.arrays import Arrays, Names
from nndsl.step.statements import Piece, Statement

Number = float | None


@dataclass(frozen=True, slots=True)
class Shown:
    """An array that a statement touched: its name there, and what it is elsewhere.

    `array` is its number among the recorded arrays, `before` that of the values which
    the statement read and changed; -1 for none.
    """

    name: str
    known_as: str
    array: int
    written: bool
    before: int = -1


@dataclass(frozen=True, slots=True)
class Moment:
    """One statement that ran; `called_from` are the lines of the calls it is in."""

    statement: Statement
    phase: str
    function: str
    called_from: tuple[int, ...]
    arrays: tuple[Shown, ...]
    numbers: tuple[tuple[str, Number, bool], ...]


@dataclass(slots=True)
class _Waiting:
    """A statement that has begun to run."""

    statement: Statement
    arrays: list[Shown]
    numbers: list[tuple[str, Number, bool]]
    before: dict[str, int] = field(default_factory=dict)


class Tracer:
    """Records the functions in `phases`, and those that they call themselves.

    `phases` says which part of a step a function's code belongs to.
    """

    def __init__(
        self,
        module: ModuleType,
        statements: Mapping[int, Statement],
        phases: Mapping[CodeType, str],
        arrays: Arrays,
        names: Names,
    ) -> None:
        self.module = module
        self.file = module.__file__
        self.statements = statements
        self.phases = phases
        self.arrays = arrays
        self.names = names
        self.moments: list[Moment] = []
        self.returned: dict[str, Any] = {}
        self.waiting: dict[FrameType, _Waiting] = {}

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch all calls of the module's functions in the block."""
        before = sys.gettrace()
        sys.settrace(self._called)
        try:
            yield
        finally:
            sys.settrace(before)

    def _called(self, frame: FrameType, event: str, _: object) -> Any:
        code, caller = frame.f_code, frame.f_back
        if code.co_filename != self.file or code.co_name.startswith("<"):
            return None
        if code in self.phases or (caller and caller.f_code in self.phases):
            return self._inside
        return None

    def _inside(self, frame: FrameType, event: str, value: object) -> Any:
        if event == "line":
            statement = self.statements.get(frame.f_lineno)
            waiting = self.waiting.get(frame)
            if waiting is not None and waiting.statement is statement:
                return self._inside
            self._finish(frame, None, frame.f_lineno)
            if statement is not None:
                self.waiting[frame] = self._begun(frame, statement)
        elif event == "return":
            self._finish(frame, value, None)
            self.returned[frame.f_code.co_name] = value
        return self._inside

    def _begun(self, frame: FrameType, statement: Statement) -> _Waiting:
        waiting = _Waiting(statement, [], [])
        for piece in statement.reads:
            value = piece.value(frame.f_locals, self.module.__dict__)
            self._look(waiting, piece, value, written=False)
        return waiting

    def _finish(self, frame: FrameType, returned: object, next: int | None) -> None:
        """A statement has run; the line `next` follows, or the function's end."""
        waiting = self.waiting.pop(frame, None)
        if waiting is None:
            return
        statement = waiting.statement
        if statement.body is not None and next not in statement.body:
            return  # the loop is over
        anew = {piece.text for piece in statement.writes}
        waiting.before = {a.name: a.array for a in waiting.arrays if a.name in anew}
        waiting.arrays = [each for each in waiting.arrays if each.name not in anew]
        waiting.numbers = [each for each in waiting.numbers if each[0] not in anew]
        for piece in statement.writes:
            value = piece.value(frame.f_locals, self.module.__dict__)
            if frame.f_code in self.phases and piece.text.isidentifier():
                self.names.learn(value, piece.text)
            self._look(waiting, piece, value, written=True)
        if statement.answer:
            self._answered(waiting, returned)
        if waiting.arrays or waiting.numbers:
            self.moments.append(self._moment(frame, waiting))

    def _look(
        self, waiting: _Waiting, piece: Piece, value: object, written: bool
    ) -> None:
        if isinstance(value, np.ndarray) and value.ndim:
            known = self.names.of(value, piece.text)
            array = self.arrays.add(value)
            before = waiting.before.get(piece.text, -1)
            waiting.arrays.append(Shown(piece.text, known, array, written, before))
        elif _is_number(value):
            waiting.numbers.append((piece.text, _finite(value), written))

    def _answered(self, waiting: _Waiting, value: object) -> None:
        if isinstance(value, np.ndarray) and value.ndim:
            shown = Shown("return", "", self.arrays.add(value), True)
            waiting.arrays.append(shown)
        elif _is_number(value):
            waiting.numbers.append(("return", _finite(value), True))

    def _moment(self, frame: FrameType, waiting: _Waiting) -> Moment:
        calls: list[int] = []
        phase = self.phases.get(frame.f_code, "")
        above = frame.f_back
        while above is not None and above.f_code.co_filename == self.file:
            calls.append(above.f_lineno)
            phase = phase or self.phases.get(above.f_code, "")
            above = above.f_back
        return Moment(
            waiting.statement,
            phase,
            frame.f_code.co_qualname,
            tuple(calls),
            tuple(waiting.arrays),
            tuple(waiting.numbers),
        )


def _is_number(value: object) -> bool:
    number = isinstance(value, int | float | np.number)
    return number and not isinstance(value, bool)


def _finite(value: Any) -> Number:
    return float(value) if np.isfinite(value) else None
