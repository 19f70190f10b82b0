"""Settings: the lines of a block whose values stand below each other."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from nndsl.fmt.breaking import Piece, broken, joined
from nndsl.fmt.gaps import in_formula, in_list
from nndsl.fmt.roles import Roles
from nndsl.fmt.words import Word
from nndsl.syntax.tree import Assignment, Line, Mark, Name, Option, Statement

_BEFORE_VALUES = 2
_BEFORE_OPTIONS = 3
_WIDEST = 40
"""A value that is wider does not move the options of other lines."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A name and its value; `options` are those that end the line."""

    name: str
    indent: int
    value: tuple[Piece, ...]
    options: str
    plain: bool
    """Whether the value is words without commas and marks."""

    @property
    def width(self) -> int:
        last = self.value[-1]
        return last.end - self.value[0].indent

    def pieces(self, options_at: int) -> list[Piece]:
        """The lines, with the options behind a value of at most `options_at`."""
        pieces = [*self.value]
        if self.options:
            gap = max(options_at - self.width, 0) + _BEFORE_OPTIONS
            last = pieces[-1]
            pieces[-1] = replace(last, text=f"{last.text}{'':{gap}}{self.options}")
        first = pieces[0]
        name = self.name.ljust(first.indent - self.indent)
        pieces[0] = replace(first, indent=self.indent, text=name + first.text)
        return pieces


def value_column(lines: Sequence[Line], indent: int) -> int:
    """The column at which the values of a block begin; 0 if it has none."""
    names = [name for name in map(_name, lines) if name]
    return indent + max(map(len, names)) + _BEFORE_VALUES if names else 0


def _name(line: Line) -> str:
    match line:
        case Assignment(Name(name)):
            return name
        case Statement(Name(name), groups, None) if groups:
            return name
        case _:
            return ""


def read_setting(
    line: Line, words: Sequence[Word], roles: Roles, indent: int, column: int
) -> Setting | None:
    """A line as a setting; None for any other, and where a comment follows the name."""
    if not _name(line) or words[1].notes:
        return None
    if not isinstance(line, Statement):
        value = broken(words[1:], roles, in_formula, column, column + 2)
        return Setting(words[0].text, indent, tuple(value), "", plain=False)
    end = len(words)
    if not any(word.notes for word in words[1:]):
        start = _options_start(line)
        end = next((i for i, word in enumerate(words) if word.start == start), end)
    value = broken(words[1:end], roles, in_list, column, column)
    options = joined(words[end:], roles)
    return Setting(words[0].text, indent, tuple(value), options, _is_plain(line))


def _options_start(statement: Statement) -> int | None:
    """Where the options begin that end a statement; None without words before them."""
    last = statement.groups[-1]
    parts = len(last)
    while parts and isinstance(last[parts - 1], Option):
        parts -= 1
    return last[parts].span.start if 0 < parts < len(last) else None


def _is_plain(statement: Statement) -> bool:
    parts = chain.from_iterable(statement.groups)
    return len(statement.groups) == 1 and not any(isinstance(p, Mark) for p in parts)


def option_widths(settings: Sequence[Setting]) -> dict[str, int]:
    """For each name, how wide a value the options leave room for."""
    widths: defaultdict[str, int] = defaultdict(int)
    for each in settings:
        counts = each.options or (each.plain and len(each.value) == 1)
        if counts and each.width <= _WIDEST:
            widths[each.name] = max(widths[each.name], each.width)
    return widths
