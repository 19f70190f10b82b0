"""The parser: it takes one word after another and has the tree built bottom up."""

from __future__ import annotations

from typing import Any

from nndsl.syntax.tables import INLINE, KEEP, Rule, Tables
from nndsl.syntax.token import Token


class Unexpected(Exception):
    """The word cannot stand here."""


class Automaton:
    """`states` and `values` are its two stacks; `states` is the higher by one.

    `builder` has a method for each rule, which takes a list of the pieces, and one for
    each kind of word that is more than its text.
    """

    def __init__(self, tables: Tables, builder: object) -> None:
        self.tables = tables
        self.builder = builder
        self.states = [tables.start]
        self.values: list[Any] = []

    def feed(self, token: Token) -> Any:
        """Take one word; behind `$END`, what the whole file was made into.

        Raises Unexpected, and whatever the builder raises.
        """
        states, rows = self.states, self.tables.states
        while True:
            action = rows[states[-1]].get(token.kind)
            if action is None:
                raise Unexpected
            if action >= 0:
                states.append(action)
                make = getattr(self.builder, token.kind, None)
                self.values.append(make(token) if make else token)
                return None
            self._complete(self.tables.rules[-1 - action])
            if states[-1] == self.tables.end and token.kind == "$END":
                return self.values[-1]

    def _complete(self, rule: Rule) -> None:
        """Put what a rule makes of the uppermost values in their place."""
        states, values = self.states, self.values
        height = len(values) - len(rule.pieces)
        pieces = _kept(rule, values[height:])
        del values[height:], states[height + 1 :]
        made = getattr(self.builder, rule.maker)(pieces) if rule.maker else pieces
        states.append(self.tables.states[states[-1]][rule.origin])
        values.append(made)


def _kept(rule: Rule, values: list[Any]) -> list[Any]:
    """The values that a rule hands on.  The list of an inlined first piece is used
    again: a long row is not copied for each of its items."""
    kept: list[Any] = []
    for piece, value in zip(rule.pieces, values, strict=True):
        if piece == KEEP:
            kept.append(value)
        elif piece == INLINE:
            if kept:
                kept += value
            else:
                kept = value
    return kept
