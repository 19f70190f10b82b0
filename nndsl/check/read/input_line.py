"""`input`: a width or columns, their labels or range, and options."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nndsl.check.findings import Findings
from nndsl.check.read.columns import read_columns
from nndsl.check.read.input_labels import InputLabels, read_input_labels
from nndsl.check.read.input_options import (
    NOTHING_SAID,
    InputOptions,
    read_input_options,
)
from nndsl.check.read.numbers import constant
from nndsl.check.read.parts import has_parts, is_mark, split_options, spread, too_many
from nndsl.check.read.placed import Placed
from nndsl.check.read.values import found, read_count, signed
from nndsl.diagnostics.codes_checks import COLUMNS, MISSING, UNEXPECTED, WRONG_VALUE
from nndsl.language import entry
from nndsl.language.statements import STATEMENTS
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

Groups = list[tuple[Part, ...]]


@dataclass(frozen=True, slots=True)
class InputLine:
    """A width, or columns, or neither for `any`; and what holds for all of them.

    `labels` is None for numbers, `bounds` where they have no range.
    """

    span: Span
    width: int | None = None
    columns: tuple[Placed[str], ...] | None = None
    bounds: Placed[tuple[float, float]] | None = None
    labels: InputLabels | None = None
    options: InputOptions = NOTHING_SAID


def read_inputs(findings: Findings, statement: Statement) -> InputLine | None:
    """`input 64 in 0..16`, `input a, b`, `input any`, `input a: x | y missing=x`."""
    label = "`input` says neither a width nor columns"
    hint = "for example `input 4`, `input a, b, c` or `input any`"
    signature = STATEMENTS["input"].signature
    if not has_parts(findings, statement, signature, label, hint):
        return None
    *before, last = statement.groups
    first, options = split_options(last[1:])
    last = (last[0], *first)
    misplaced = next((p for g in before for p in g[1:] if isinstance(p, Option)), None)
    if misplaced is not None:
        findings.add(
            UNEXPECTED,
            misplaced.span,
            "options come after the last column of a line",
            "they hold for all columns of the line; others belong on another line",
        )
        return None
    if _forgets_equals(findings, last) or _misses_dots(findings, statement.groups):
        return None
    colon = next((i for i, part in enumerate(last) if is_mark(part, ":")), None)
    if colon is not None:
        return _labelled(findings, statement.span, [*before, last], colon, options)
    line = _numbers(findings, statement.span, [*before, last], signature)
    given = read_input_options(findings, options, None)
    return None if line is None else replace(line, options=given)


def _forgets_equals(findings: Findings, parts: tuple[Part, ...]) -> bool:
    """Whether an option is written as in the train block, `missing mean`."""
    options = [option.name for option in STATEMENTS["input"].options]
    for before, word, value in zip(parts, parts[1:], parts[2:], strict=False):
        if isinstance(before, Mark) or not isinstance(word, Name):
            continue
        if word.text in options and isinstance(value, Name | Number | Text):
            text = f"{word.text}={found(value).strip('`')}"
            findings.add(
                WRONG_VALUE,
                spread((word, value)),
                "options of a line are written with `=`",
                f"write `{text}`",
                fix=text,
            )
            return True
    return False


def _misses_dots(findings: Findings, groups: Sequence[tuple[Part, ...]]) -> bool:
    """Whether a range is written `in 0:16`, `in 0, 16` or `in (0, 16)`."""
    for number, group in enumerate(groups):
        place = next((i for i, part in enumerate(group) if _begins_range(part)), 0)
        if not place or any(is_mark(part, "..") for part in group):
            continue
        parts = [*group[place:], *(p for g in groups[number + 1 :] for p in g)]
        if isinstance(group[place], Call) or signed(parts[1:2]) is not None:
            _no_range(findings, tuple(parts))
            return True
    return False


def _begins_range(part: Part) -> bool:
    name = part.name if isinstance(part, Call) else part
    return isinstance(name, Name) and name.text == "in"


def _no_range(findings: Findings, parts: tuple[Part, ...]) -> None:
    findings.add(
        WRONG_VALUE,
        spread(parts),
        "a range is two numbers with two dots between them",
        "for example `in 0..16` or `in -1..1`",
    )


def _labelled(
    findings: Findings, span: Span, groups: Groups, colon: int, options: list[Option]
) -> InputLine | None:
    """Columns of labels."""
    if colon == 0:
        findings.add(
            MISSING,
            groups[-1][0].span,
            "the column's name is missing",
            "for example `input sex: female | male`",
        )
        return None
    columns = read_columns(findings, [*groups[:-1], groups[-1][:colon]])
    labels = read_input_labels(findings, groups[-1][colon:])
    if labels is None:
        return None
    given = read_input_options(findings, options, labels)
    if columns is None:
        return None
    return InputLine(span, len(columns), columns, labels=labels, options=given)


def _numbers(
    findings: Findings, span: Span, groups: Groups, signature: str
) -> InputLine | None:
    """A width, `any`, or columns of numbers, with their range."""
    bounds = None
    last = groups[-1]
    if len(last) > 1 and isinstance(last[1], Name) and last[1].text == "in":
        bounds = _range(findings, last[1:])
        if bounds is None:
            return None
        groups[-1] = last[:1]
    elif len(last) > 1 and isinstance(last[1], Name) and _is_range(last[2:]):
        findings.unknown("word", last[1], ("in",), "before a range")
        return None
    first = groups[0][0]
    if len(groups) == 1 and isinstance(first, Number | Mark):
        if isinstance(first, Mark):
            findings.add(
                WRONG_VALUE,
                spread(groups[0][:2]),
                "a width is a whole number from 1 up",
                "for example `input 4`",
            )
            return None
        too_many(findings, groups[0][1:], f"write it as `{signature}`")
        width = read_count(findings, WIDTH, first)
        return None if width is None else InputLine(span, width, None, bounds)
    if len(groups) == 1 and isinstance(first, Name) and first.text == "any":
        too_many(findings, groups[0][1:], f"write it as `{signature}`")
        return InputLine(span, None, None, bounds)
    labelled = next((g for g in groups[:-1] if any(is_mark(p, ":") for p in g)), None)
    if labelled is not None:
        findings.add(
            COLUMNS,
            spread(groups[groups.index(labelled) + 1]),
            "a column after labels",
            "give other columns an `input` line of their own",
        )
        return None
    columns = read_columns(findings, groups)
    return None if columns is None else InputLine(span, len(columns), columns, bounds)


def _is_range(parts: tuple[Part, ...]) -> bool:
    return any(is_mark(part, "..") for part in parts)


def _range(
    findings: Findings, parts: tuple[Part, ...]
) -> Placed[tuple[float, float]] | None:
    """`in 0..16`: the word, a number, two dots, a number."""
    dots = [i for i, part in enumerate(parts) if is_mark(part, "..")]
    ends = (
        (signed(parts[1 : dots[0]]), signed(parts[dots[0] + 1 :]))
        if len(dots) == 1
        else (None, None)
    )
    if ends[0] is None or ends[1] is None:
        _no_range(findings, parts)
        return None
    low = constant(findings, ends[0], "the range")
    high = constant(findings, ends[1], "the range")
    if low is None or high is None:
        return None
    return Placed((low, high), spread(parts[1:]))
