"""What Lark makes of the grammar, as the lexer and the parser use it.

`grammar/nn.json` holds it, written by `python -m nndsl.syntax.make_tables`, so that no
command has to import Lark or to build tables.  The file begins with the text of the
grammar it was made from; another grammar is made into tables when a spec is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from nndsl.resources import read

KEEP, INLINE, DROP = "keep", "inline", "drop"
"""What a rule does with a piece: hand it on, hand on what it is made of, or neither."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`origin` is made of `pieces`, by the method `maker` of the tree's builder.

    A rule without a maker is inlined wherever it is used.
    """

    origin: str
    maker: str
    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tables:
    """`states[s][kind]` is what a word or rule does in the state `s`: the next state,
    or -1 - n where the rule n is complete.

    `words` matches a word of any kind, named by its group; what is `ignored` is none.
    """

    words: re.Pattern[str]
    ignored: frozenset[str]
    rules: tuple[Rule, ...]
    states: tuple[dict[str, int], ...]
    start: int
    end: int


@cache
def tables() -> Tables:
    """The tables of `grammar/nn.lark`."""
    grammar = read("grammar", "nn.lark")
    data = _stored()
    if data.get("grammar") != grammar:
        from nndsl.syntax.make_tables import make

        data = make(grammar)
    return from_data(data)


def _stored() -> dict[str, Any]:
    from json import loads

    try:
        stored = loads(read("grammar", "nn.json"))
    except (OSError, ValueError):
        return {}
    return stored if isinstance(stored, dict) else {}


def from_data(data: dict[str, Any]) -> Tables:
    """The tables from what `make` found out about a grammar."""
    kinds = (f"(?P<{kind}>{pattern})" for kind, pattern in data["words"])
    return Tables(
        words=re.compile("|".join(kinds)),
        ignored=frozenset(data["ignored"]),
        rules=tuple(
            Rule(origin, maker, tuple(pieces.split()))
            for origin, maker, pieces in data["rules"]
        ),
        states=tuple(data["states"]),
        start=data["start"],
        end=data["end"],
    )
