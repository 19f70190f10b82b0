"""What every table of the language is made of: entries, and the options they take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "number", "count", "switch", "word", "name", "initializer", "rate", "activation"
]
"""How an option's value is read.

`number`: a constant; `count`: a whole number; `switch`: `yes` or `no`; `word`: one of
the option's words; `name`: a name of the user's; `rate`: a number or a schedule.
"""


@dataclass(frozen=True, slots=True)
class Option:
    """One value a statement, a setting or a call takes.

    `default` None is no value.  A bound is inclusive unless it is marked open.
    `words` are words that stand in place of a value, or its only values (kind `word`).
    """

    name: str
    kind: Kind
    documentation: str
    default: float | bool | str | None = None
    low: float | None = None
    high: float | None = None
    low_open: bool = False
    high_open: bool = False
    words: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One word of the language: how it is written, what it takes, what it means."""

    name: str
    signature: str
    documentation: str
    options: tuple[Option, ...] = ()


def table(*entries: Entry) -> dict[str, Entry]:
    """The entries by name, in their order."""
    return {entry.name: entry for entry in entries}
