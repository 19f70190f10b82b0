"""What the grammar cannot refuse: too large formulas, and slips of form."""

import re
from collections.abc import Iterator
from itertools import chain, pairwise

from nndsl import limits
from nndsl.diagnostics.record import Diagnostic, Edit
from nndsl.syntax.slips import slips
from nndsl.syntax.spans import at
from nndsl.syntax.tree import (
    Assignment,
    Binary,
    Call,
    Definition,
    Expression,
    Line,
    Mark,
    Name,
    Number,
    Option,
    Part,
    Percent,
    Span,
    Statement,
    Unary,
)

_GAP = re.compile(r"(?:[\s\uFEFF]|#[^\r\n]*)*")


def malformed(text: str, lines: tuple[Line, ...]) -> list[Diagnostic]:
    """Formulas above the limits, joined statements, and habits from elsewhere."""
    found: list[Diagnostic] = []
    for line in every_line(lines):
        for expression in expressions(line):
            found += _too_big(expression)
        if isinstance(line, Statement):
            found += _joined(text, line)
            found += _value_missing(text, line)
        found += slips(text, line)
    return found


def every_line(lines: tuple[Line, ...]) -> Iterator[Line]:
    """The lines of a file and of its blocks, in their order."""
    """The lines of a file and of its blocks, in their order."""
    remaining = list(reversed(lines))
    while remaining:
        line = remaining.pop()
        yield line
        if isinstance(line, Statement) and line.block:
            remaining.extend(reversed(line.block.lines))


def expressions(line: Line) -> Iterator[Expression | Mark]:
    """What a line is made of, but for its block and the names of its options."""
    """What a line is made of, but for its block and the names of its options."""
    match line:
        case Assignment(_, value):
            yield value
        case Definition(_, head, value):
            yield from (head, value)
        case Statement(head, groups):
            yield head
            for part in chain.from_iterable(groups):
                yield part.value if isinstance(part, Option) else part


def children(expression: Expression | Mark) -> tuple[Expression, ...]:
    """What an expression is directly made of."""
    """The parts of a formula that it is directly made of."""
    match expression:
        case Unary(_, operand):
            return (operand,)
        case Binary(_, left, right):
            return (left, right)
        case Call(_, arguments):
            values = tuple(argument.value for argument in arguments)
            ends = (a.limits for a in arguments if a.limits)
            return values + tuple(e for limit in ends for e in (limit.low, limit.high))
        case _:
            return ()


def _too_big(expression: Expression | Mark) -> Iterator[Diagnostic]:
    """Counts nodes level by level: deep formulas never reach a recursive pass."""
    level: tuple[Expression | Mark, ...] = (expression,)
    depth = nodes = 0
    while level:
        depth += 1
        nodes += len(level)
        if nodes > limits.FORMULA_NODES:
            label = f"more than {limits.FORMULA_NODES} terms and operators"
        elif depth > limits.FORMULA_DEPTH:
            label = f"more than {limits.FORMULA_DEPTH} operators in a row or nested"
        else:
            level = tuple(child for node in level for child in children(node))
            continue
        hint = "give parts of it names of their own"
        yield Diagnostic("E013", expression.span, label, hint)
        return


def _joined(text: str, statement: Statement) -> Iterator[Diagnostic]:
    """A comma at a line's end, and on the next line what reads like a statement."""
    groups = statement.groups
    for before, after in pairwise(groups):
        first = after[0]
        if first.span.line == before[-1].span.end_line:
            continue
        last = after is groups[-1]
        if like_statement(after) or (last and statement.block is not None):
            start = _behind_gap(text, before[-1].span.end)
            yield comma_joins(at(text, start, start + 1))


def _behind_gap(text: str, start: int) -> int:
    """Where the next word or mark begins; a comment may stand before it."""
    gap = _GAP.match(text, start)
    return gap.end() if gap else start


def comma_joins(comma: Span) -> Diagnostic:
    """A comma at a line's end where the next line is a statement of its own."""
    return Diagnostic(
        "E030",
        comma,
        "this comma joins the next line to this statement",
        "remove the comma",
        fixes=(Edit(comma, ""),),
    )


def _value_missing(text: str, statement: Statement) -> Iterator[Diagnostic]:
    """`weights=` at a line's end, and on the next line what reads like a statement."""
    for group in statement.groups:
        for index, part in enumerate(group):
            if not isinstance(part, Option):
                continue
            key, value = part.key.span, part.value
            joined = (value, *group[index + 1 :])
            if value.span.line != key.line and like_statement(joined):
                end = _behind_gap(text, key.end) + 1
                label = "a value is missing after `=`"
                hint = "write a number, a name, or a formula in parentheses"
                yield Diagnostic("E023", at(text, end, end), label, hint)


def like_statement(group: tuple[Part | Expression, ...]) -> bool:
    """Whether what stands behind a comma would be a statement on a line of its own."""
    """Whether what stands behind a comma would be a statement on a line of its own."""
    match group:
        case (Name(), Name("in"), *_):
            return False
        case (Name(), Name() | Number() | Percent() | Call(), *_):
            return True
        case _:
            return False
