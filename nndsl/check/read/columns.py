"""`input`: a width or columns, whose names are data, not words of the language."""

from collections.abc import Sequence

from nndsl import limits
from nndsl.check.findings import Findings
from nndsl.check.read.numbers import constant
from nndsl.check.read.parts import (
    is_mark,
    no_block,
    no_call,
    spread,
    too_many,
)
from nndsl.check.read.values import format_number, found, read_count, signed
from nndsl.diagnostics.codes_checks import (
    COLUMNS,
    CONTRADICTION,
    DUPLICATE,
    LABELS,
    MISSING,
    UNEXPECTED,
    WRONG_VALUE,
)
from nndsl.diagnostics.record import Related
from nndsl.language import entry
from nndsl.language.statements import STATEMENTS
from nndsl.network import Inputs
from nndsl.syntax.tree import (
    Call,
    Mark,
    Name,
    Number,
    Option,
    Part,
    Span,
    Statement,
    Text,
)

WIDTH = entry.Option("input", "count", "How many inputs.", low=1, high=10**8)


def read_inputs(findings: Findings, statement: Statement) -> Inputs | None:
    """`input 64 in 0..16`, `input a, b`, `input any`."""
    signature = STATEMENTS["input"].signature
    no_block(findings, statement)
    if not no_call(findings, statement, signature):
        return None
    groups = list(statement.groups)
    if not groups:
        findings.add(
            MISSING,
            statement.span,
            "`input` says neither a width nor columns",
            "for example `input 4`, `input a, b, c` or `input any`",
        )
        return None
    low: float | None = None
    high: float | None = None
    last = groups[-1]
    if len(last) > 1 and isinstance(last[1], Name) and last[1].text == "in":
        bounds = _range(findings, last[1:])
        if bounds is None:
            return None
        low, high = bounds
        groups[-1] = last[:1]
    first = groups[0][0]
    if len(groups) == 1 and isinstance(first, Number | Mark):
        if isinstance(first, Mark):
            _signed_width(findings, groups[0])
            return None
        too_many(findings, groups[0][1:], f"write it as `{signature}`")
        width = read_count(findings, WIDTH, first)
        return None if width is None else Inputs(width, None, low, high)
    if len(groups) == 1 and isinstance(first, Name) and first.text == "any":
        too_many(findings, groups[0][1:], f"write it as `{signature}`")
        return Inputs(None, None, low, high)
    columns = read_columns(findings, groups)
    if columns is None:
        return None
    return Inputs(len(columns), columns, low, high)


def _signed_width(findings: Findings, parts: tuple[Part, ...]) -> None:
    findings.add(
        WRONG_VALUE,
        spread(parts[:2]),
        "a width is a whole number from 1 up",
        "for example `input 4`",
    )


def _range(findings: Findings, parts: tuple[Part, ...]) -> tuple[float, float] | None:
    """`in 0..16`: the word, a number, two dots, a number."""
    dots = [i for i, part in enumerate(parts) if is_mark(part, "..")]
    ends = (
        (signed(parts[1 : dots[0]]), signed(parts[dots[0] + 1 :]))
        if len(dots) == 1
        else (None, None)
    )
    if ends[0] is None or ends[1] is None:
        findings.add(
            WRONG_VALUE,
            spread(parts),
            "a range is two numbers with two dots between them",
            "for example `in 0..16` or `in -1..1`",
        )
        return None
    low = constant(findings, ends[0], "the range")
    high = constant(findings, ends[1], "the range")
    if low is None or high is None:
        return None
    if not low < high:
        findings.add(
            CONTRADICTION,
            spread(parts[1:]),
            f"the range ends at {format_number(high)}, "
            f"not above {format_number(low)}, where it begins",
            "the smaller number stands first",
            fix=f"{format_number(high)}..{format_number(low)}" if low > high else None,
        )
        return None
    return low, high


def read_columns(
    findings: Findings, groups: Sequence[tuple[Part, ...]]
) -> tuple[str, ...] | None:
    """The names of columns, one a group; no two the same."""
    columns: dict[str, Span] = {}
    complete = True
    for group in groups:
        column = read_column(findings, group)
        if column is None:
            complete = False
            continue
        span = spread(group)
        if column in columns:
            findings.add(
                DUPLICATE,
                span,
                f"the column `{column}` is named a second time",
                "every column is named once",
                related=(Related(columns[column], "named here first"),),
            )
            complete = False
        columns.setdefault(column, span)
    return tuple(columns) if complete else None


def read_column(findings: Findings, group: tuple[Part, ...]) -> str | None:
    """One column's name: a word, or text in quotes."""
    match group:
        case (Name(text=text),) | (Text(value=text),):
            return text if fits(findings, text, spread(group), "column") else None
        case (Name(), Mark(text=":"), *_):
            findings.add(
                UNEXPECTED,
                group[1].span,
                "labels belong to `target`",
                "`input` takes the names of columns only",
            )
        case (Option(key=key), *_):
            findings.add(
                COLUMNS,
                spread(group),
                f"`=` stands behind the column `{key.text}`",
                f"labels follow a colon: `target {key.text}: a | b`",
            )
        case (Name(), Name(text="in"), *_):
            findings.add(
                UNEXPECTED,
                spread(group[1:]),
                "a range stands once, behind the last column",
                "it holds for all columns",
            )
        case _:
            quote(findings, COLUMNS, group, "column")
    return None


def quote(findings: Findings, code: str, parts: tuple[Part, ...], what: str) -> None:
    """A finding for a column or label that should stand in quotes."""
    words = _as_written(parts)
    if words is None:
        findings.add(
            code,
            spread(parts),
            f"{found(parts[0])} is no name of a {what}",
            f"a {what} that is no plain word stands in quotes",
        )
        return
    findings.add(
        code,
        spread(parts),
        f"a {what} that is no plain word stands in quotes",
        f'write `"{words}"`'
        + (
            ", or put commas between columns"
            if what == "column" and len(parts) > 1
            else ""
        ),
        fix=f'"{words}"',
    )


def _as_written(parts: tuple[Part, ...]) -> str | None:
    """The parts as one text, with a space wherever there was one."""
    text = ""
    end = parts[0].span.start
    for part in parts:
        if isinstance(part, Text | Call | Option):
            return None
        text += " " * min(1, part.span.start - end) + part.text
        end = part.span.end
    return text


def fits(findings: Findings, text: str, span: Span, what: str) -> bool:
    if text and len(text) <= limits.TEXT_LENGTH:
        return True
    reason = (
        f"this {what} has {len(text)} characters" if text else f"this {what} is empty"
    )
    findings.add(
        COLUMNS if what == "column" else LABELS,
        span,
        reason,
        f"a {what} has 1 to {limits.TEXT_LENGTH} characters",
    )
    return False
