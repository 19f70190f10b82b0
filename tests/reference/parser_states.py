"""The states of Lark's parse table, and a shortest row of words that leads to each."""

from __future__ import annotations

from collections import deque

from lark.parsers.lalr_analysis import Shift

from nndsl.syntax.parse import parser

DEPTH = 6
"""How many states on top of the stack tell two places apart.  With more, no place
accepts anything that none of these does (`test_deeper_stacks_bring_nothing_new`)."""

Stack = tuple[int, ...]
Words = tuple[str, ...]


class Automaton:
    """The parse table alone: which kinds of words may follow which."""

    def __init__(self) -> None:
        table = parser().parser.parser._parse_table
        self.actions = table.states
        self.start = (table.start_states["file"],)
        self.end = table.end_states["file"]
        self.kinds = sorted(
            {
                kind
                for state in self.reachable_from_start()
                for kind in self.actions[state]
                if kind.lstrip("_$").isupper()
            }
        )

    def reachable_from_start(self) -> set[int]:
        """The numbers of all states that a file can lead to."""
        seen = {self.start[0]}
        waiting = [self.start[0]]
        while waiting:
            for action, target in self.actions[waiting.pop()].values():
                if action is Shift and target not in seen:
                    seen.add(target)
                    waiting.append(target)
        return seen

    def after(self, stack: Stack, kind: str) -> Stack | None:
        """The stack after one more word; None where it cannot stand."""
        states = list(stack)
        while kind in self.actions[states[-1]]:
            action, what = self.actions[states[-1]][kind]
            if action is Shift:
                return (*states, what)
            if what.expansion:
                del states[-len(what.expansion) :]
            states.append(self.actions[states[-1]][what.origin.name][1])
            if kind == "$END" and states[-1] == self.end:
                return tuple(states)
        return None

    def accepted(self, stack: Stack) -> frozenset[str]:
        return frozenset(k for k in self.kinds if self.after(stack, k) is not None)

    def places(self, depth: int = DEPTH) -> dict[tuple[int, frozenset[str]], Words]:
        """A shortest row of words for each state and what it accepts in a file."""
        found: dict[tuple[int, frozenset[str]], Words] = {}
        seen = {self.start}
        waiting: deque[tuple[Stack, Words]] = deque([(self.start, ())])
        while waiting:
            stack, words = waiting.popleft()
            accepted = self.accepted(stack)
            found.setdefault((stack[-1], accepted), words)
            for kind in sorted(accepted - {"$END"}):
                longer = self.after(stack, kind)
                assert longer is not None
                if longer[-depth:] not in seen:
                    seen.add(longer[-depth:])
                    waiting.append((longer, (*words, kind)))
        return found
