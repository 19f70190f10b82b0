"""Options in words: their defaults, what they take, and their limits."""

from typing import Protocol

from nndsl.check.read.values import format_number
from nndsl.language.entry import Option

_GUARD = 1e6
"""An upper limit from here on only guards the machine."""


_OTHERS = {
    "name": "a name",
    "rate": "a number or a schedule",
    "share": "a percentage",
}


class Bounded(Protocol):
    """An option of the language, or a parameter of a formula."""

    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def low_open(self) -> bool: ...
    @property
    def high_open(self) -> bool: ...


def default_text(option: Option) -> str:
    """The default as a spec writes it, `required`, or nothing where there is none."""
    match option.default:
        case None:
            return "required" if option.required else ""
        case bool() as switch:
            return "yes" if switch else "no"
        case str() as word:
            return word
        case number:
            return format_number(number)


def values_text(option: Option) -> str:
    """What an option takes: `a number above 0`, `float32, float64`, …"""
    words = ", ".join(f"`{word}`" for word in option.words)
    match option.kind:
        case "word":
            return words
        case "fill":
            return f"{words}, a label"
        case "switch":
            return "`yes` or `no`"
        case "number" | "count":
            what = "a number" if option.kind == "number" else "a whole number"
            return ", ".join(filter(None, (what + limits_of(option), words)))
        case kind:
            return _OTHERS.get(kind, f"an {kind}")


def limits_of(bounded: Bounded) -> str:
    """` from 0 below 1`; nothing where there are no limits."""
    low = high = ""
    if bounded.low is not None:
        word = "above" if bounded.low_open else "from"
        low = f" {word} {format_number(bounded.low)}"
    if bounded.high is not None and bounded.high < _GUARD:
        word = "below" if bounded.high_open else "up to"
        high = f" {word} {format_number(bounded.high)}"
    return low + high
