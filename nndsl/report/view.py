"""What the template of a report lays out: texts, which it escapes, and drawings."""

from dataclasses import dataclass

from markupsafe import Markup

NOTHING = Markup("")


@dataclass(frozen=True, slots=True)
class Cell:
    """`kind` is a class of the style sheet; `shade` is how strong a colour is behind
    it, from 0 to 1."""

    text: str | Markup
    kind: str = ""
    shade: str = ""
    drawing: Markup = NOTHING


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; `note` stands under it."""

    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    kind: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing under its title, and one sentence on how to read it."""

    title: str
    drawing: Markup
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    text: str
    grids: tuple[Grid, ...] = ()
    charts: tuple[Chart, ...] = ()


def numbers(*texts: str) -> tuple[Cell, ...]:
    return tuple(Cell(text, "number") for text in texts)


def named(text: str) -> Cell:
    """A name, which may be broken into lines behind its underscores."""
    return Cell(Markup("_<wbr>").join(text.split("_")), "name")
