"""Habits from other languages that the grammar reads as something else."""

import re
from collections.abc import Iterator
from itertools import chain, pairwise

from nndsl.diagnostics.record import Diagnostic, Edit
from nndsl.syntax.spans import at, over
from nndsl.syntax.tree import (
    Argument,
    Call,
    Line,
    Mark,
    Name,
    Number,
    Part,
    Span,
    Statement,
)


def slips(text: str, line: Line) -> Iterator[Diagnostic]:
    """What is wrong with the form of one statement."""
    if not isinstance(line, Statement):
        return
    yield from _colon(text, line)
    yield from _comment(text, line)
    yield from _list_item(text, line)
    yield from _comma_in_number(text, line)


def _colon(text: str, statement: Statement) -> Iterator[Diagnostic]:
    """`epochs: 5`, `train:` above its settings, `bent(x): x + 1`."""
    match statement:
        case Statement(Name(head), ((Mark(":") as colon, *_), *_)):
            label, hint = f"no `:` follows `{head}`", _without(text, statement, colon)
            if statement.block or _ends_line(text, colon.span):
                hint = f"a block is written `{head} {{ … }}`"
            fix = Edit(colon.span, "")
        case Statement(Name("network"), ((Name(name), Mark(":") as colon, *_), *_)):
            label, hint = f"no `:` follows `{name}`", f"write `network {name} {{ … }}`"
            fix = Edit(colon.span, "")
        case Statement(Name(head), ((Call(), Mark(":") as colon, *_), *_)):
            label, hint = "a `:` before a formula", "a formula follows `=`"
            fix = Edit(colon.span, " =")
        case _:
            return
    yield Diagnostic("E031", colon.span, label, hint, fixes=(fix,))


def _without(text: str, statement: Statement, colon: Mark) -> str:
    head, rest = statement.head.span, text[colon.span.end : statement.span.end]
    if len(rest) > 50 or "\n" in rest:
        return "remove it"
    return f"write `{text[head.start : head.end]} {rest.strip()}`"


def _ends_line(text: str, span: Span) -> bool:
    return re.match(r"[ \t]*(#|\r?\n|$)", text[span.end : span.end + 200]) is not None


def _comment(text: str, statement: Statement) -> Iterator[Diagnostic]:
    """`dense 16 // the first`."""
    for before, after in pairwise(chain.from_iterable(statement.groups)):
        match before, after:
            case Mark("/", span=first), Mark("/", span=second):
                if first.end == second.start:
                    span = over(first, second)
                    label = "`//` has no meaning here"
                    hint = "a comment begins with `#` and ends with its line"
                    fix = Edit(span, "#")
                    yield Diagnostic("E028", span, label, hint, fixes=(fix,))
                    return


def _list_item(text: str, statement: Statement) -> Iterator[Diagnostic]:
    """`- dense 16` on a line of its own, which reads on the statement above."""
    for before, after in pairwise(chain.from_iterable(statement.groups)):
        if not isinstance(before, Mark) or before.text not in "-+*":
            continue
        start = before.span.start
        begins = not text[text.rfind("\n", 0, start) + 1 : start].strip()
        if begins and isinstance(after, Name | Call):
            label = f"`{before.text}` cannot begin a line of its own"
            hint = "lines are not listed with dashes: remove it"
            gap = at(text, start, after.span.start)
            fix = Edit(gap, "")
            yield Diagnostic("E025", before.span, label, hint, fixes=(fix,))
            return


def _comma_in_number(text: str, statement: Statement) -> Iterator[Diagnostic]:
    """`epochs 1,000`, `learning_rate=0,01`."""
    match statement.groups:
        case ((Number() as whole,), (Number() as rest, *_)):
            yield from _with_comma(text, whole, rest)
    for part in chain.from_iterable(statement.groups):
        for before, after in pairwise(_arguments(part)):
            match before, after:
                case (
                    Argument(Name(), Number() as whole, None),
                    Argument(None, Number() as rest, None),
                ):
                    yield from _with_comma(text, whole, rest)


def _arguments(part: Part) -> tuple[Argument, ...]:
    return part.arguments if isinstance(part, Call) else ()


def _with_comma(text: str, whole: Number, rest: Number) -> Iterator[Diagnostic]:
    span = over(whole.span, rest.span)
    if text[span.start : span.end] != f"{whole.text},{rest.text}":
        return
    if not rest.text.isdigit() or not whole.text.isdigit():
        return
    thousands = len(rest.text) == 3 and whole.text != "0"
    plain = f"{whole.text}{'_' if thousands else '.'}{rest.text}"
    fix = Edit(span, plain, certain=whole.text == "0")
    label = "a comma in a number"
    yield Diagnostic("E005", span, label, f"write `{plain}`", fixes=(fix,))
