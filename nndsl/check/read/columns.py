"""Names of columns and labels, which are data, not words of the language."""

from collections.abc import Sequence

from nndsl import limits
from nndsl.check.findings import Findings
from nndsl.check.read.parts import spread
from nndsl.check.read.placed import Placed
from nndsl.check.read.values import found
from nndsl.diagnostics.codes_checks import COLUMNS, LABELS, UNEXPECTED
from nndsl.syntax.tree import Call, Mark, Name, Option, Part, Span, Text


def read_columns(
    findings: Findings, groups: Sequence[tuple[Part, ...]]
) -> tuple[Placed[str], ...] | None:
    """The names of columns, one a group; None where one is wrong."""
    columns = [read_column(findings, group) for group in groups]
    found = tuple(column for column in columns if column is not None)
    return found if len(found) == len(columns) else None


def read_column(findings: Findings, group: tuple[Part, ...]) -> Placed[str] | None:
    """One column's name: a word, or text in quotes."""
    match group:
        case (Name(text=text),) | (Text(value=text),):
            return placed_text(findings, text, spread(group), "column")
        case (Name(), Mark(text=":"), *_):
            findings.add(
                UNEXPECTED,
                group[1].span,
                "labels follow the last column of a line",
                "give a column of other labels a line of its own",
            )
        case (Option(key=key), *_):
            findings.add(
                COLUMNS,
                spread(group),
                f"an `=` after the column `{key.text}`",
                f"labels follow a colon: `{key.text}: a | b`",
            )
        case (Name(), Name(text="in"), *_):
            findings.add(
                UNEXPECTED,
                spread(group[1:]),
                "a range comes once, after the last column",
                "it holds for all columns",
            )
        case (Name(text=text), Name(), Mark(text="|"), *_):
            findings.add(
                COLUMNS,
                spread(group),
                f"labels follow the column `{text}` without a colon",
                f"write `{text}: a | b`",
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
            f"{found(parts[0])} is not the name of a {what}",
            f"a {what} that is not a plain word is written in quotes",
        )
        return
    findings.add(
        code,
        spread(parts),
        f"a {what} that is not a plain word is written in quotes",
        f'write `"{words}"`'
        + (
            ", or put commas between columns"
            if what == "column" and len(parts) > 1
            else ""
        ),
        fix=f'"{words}"',
        certain=what != "column" or len(parts) == 1,
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


def placed_text(
    findings: Findings, text: str, span: Span, what: str
) -> Placed[str] | None:
    """The text of a column or label, if it is not too long and not empty."""
    if text and len(text) <= limits.TEXT_LENGTH:
        return Placed(text, span)
    findings.add(
        COLUMNS if what == "column" else LABELS,
        span,
        f"this {what} has {len(text)} characters" if text else f"this {what} is empty",
        f"a {what} has 1 to {limits.TEXT_LENGTH} characters",
    )
    return None
