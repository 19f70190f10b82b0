"""`input`: a width or columns, and a range."""

from dataclasses import dataclass

from nndsl.check.findings import Findings
from nndsl.check.read.columns import read_columns
from nndsl.check.read.numbers import constant
from nndsl.check.read.parts import has_parts, is_mark, spread, too_many
from nndsl.check.read.placed import Placed
from nndsl.check.read.values import read_count, signed
from nndsl.diagnostics.codes_checks import WRONG_VALUE
from nndsl.language import entry
from nndsl.language.statements import STATEMENTS
from nndsl.syntax.tree import Mark, Name, Number, Part, Statement

WIDTH = entry.Option("input", "count", "How many inputs.", low=1, high=10**8)


@dataclass(frozen=True, slots=True)
class InputLine:
    """A width, or columns, or neither for `any`; and the range of all values."""

    width: int | None = None
    columns: tuple[Placed[str], ...] | None = None
    bounds: Placed[tuple[float, float]] | None = None


def read_inputs(findings: Findings, statement: Statement) -> InputLine | None:
    """`input 64 in 0..16`, `input a, b`, `input any`."""
    signature = STATEMENTS["input"].signature
    label = "`input` says neither a width nor columns"
    hint = "for example `input 4`, `input a, b, c` or `input any`"
    if not has_parts(findings, statement, signature, label, hint):
        return None
    groups = list(statement.groups)
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
        return None if width is None else InputLine(width, None, bounds)
    if len(groups) == 1 and isinstance(first, Name) and first.text == "any":
        too_many(findings, groups[0][1:], f"write it as `{signature}`")
        return InputLine(None, None, bounds)
    columns = read_columns(findings, groups)
    return None if columns is None else InputLine(len(columns), columns, bounds)


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
    return Placed((low, high), spread(parts[1:]))
