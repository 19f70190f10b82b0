"""What every table of the language is made of: entries, and the options they take."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "number",
    "count",
    "share",
    "switch",
    "word",
    "name",
    "initializer",
    "rate",
    "activation",
    "fill",
]
"""How an option's value is read.

`number`: a constant; `count`: a whole number; `share`: a percentage; `switch`: `yes` or
`no`; `word`: one of the option's words; `name`: a name of the user's; `rate`: a number
or a schedule; `fill`: one of the option's words, or a label.
"""


@dataclass(frozen=True, slots=True)
class Option:
    """One value a statement, a setting or a call takes.

    `default` None is no value.  A bound is inclusive unless it is marked open.
    `words` are words that stand in place of a value, or its only values (kind `word`).
    `phrase` is what messages call the value of a place.
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
    phrase: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One word of the language: how it is written, what it takes, what it means.

    `places` are the values that stand behind the word in their order, without a name;
    messages show `example` where one is missing.
    """

    name: str
    signature: str
    documentation: str
    options: tuple[Option, ...] = ()
    places: tuple[Option, ...] = ()
    example: str = ""


def table(*entries: Entry) -> dict[str, Entry]:
    """The entries by name, in their order."""
    return {entry.name: entry for entry in entries}
