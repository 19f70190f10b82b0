"""What the tree knows of a word and its letters do not tell."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from nndsl.fmt.words import Word
from nndsl.syntax.tree import (
    Assignment,
    Call,
    Definition,
    Expression,
    File,
    Line,
    Mark,
    Name,
    Option,
    Statement,
    Unary,
)
from nndsl.syntax.well_formed import children, every_line, expressions, like_statement


@dataclass(frozen=True, slots=True)
class Roles:
    """Words by the offset at which they begin."""

    signs: set[int] = field(default_factory=set)
    """Signs in front of a value, not between two."""
    equals: set[int] = field(default_factory=set)
    """Each `=` with spaces around it."""
    formulas: set[int] = field(default_factory=set)
    """What may begin a line behind `=`."""
    limits: set[int] = field(default_factory=set)
    """The `in` of limits."""
    groups: set[int] = field(default_factory=set)
    """What may begin a line behind a comma outside parentheses."""


def roles(tree: File, words: Sequence[Word]) -> Roles:
    """The roles of the words of a file."""
    found = Roles()
    starts = [word.start for word in words]

    def before(start: int) -> int:
        return starts[bisect_left(starts, start) - 1]

    for line in every_line(tree.lines):
        match line:
            case (
                Definition(value=value)
                | Assignment(value=value)
                | Statement(Name("state"), ((Option(value=value),),))
            ):
                found.equals.add(before(value.span.start))
                if isinstance(line, Definition):
                    found.formulas.add(value.span.start)
            case Statement(_, groups, None):
                later = (group for group in groups[1:] if not like_statement(group))
                found.groups.update(group[0].span.start for group in later)
        for node in _nodes(line):
            match node:
                case Unary(_, operand):
                    found.signs.add(before(operand.span.start))
                case Mark("+" | "-", span):
                    found.signs.add(span.start)
                case Call(_, arguments):
                    words_in = (each.limits for each in arguments if each.limits)
                    found.limits.update(each.word.span.start for each in words_in)
    return found


def _nodes(line: Line) -> Iterator[Expression | Mark]:
    remaining = list(expressions(line))
    while remaining:
        node = remaining.pop()
        yield node
        remaining.extend(children(node))
