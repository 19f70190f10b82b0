"""`target`: the input, columns, or a column of labels."""

from nndsl.check.findings import Findings
from nndsl.check.read.columns import (
    fits,
    quote,
    read_column,
    read_columns,
)
from nndsl.check.read.parts import is_mark, no_block, no_call, one_group, spread
from nndsl.check.read.values import signed
from nndsl.diagnostics.codes_checks import DUPLICATE, LABELS, MISSING
from nndsl.diagnostics.record import Related
from nndsl.language.statements import STATEMENTS
from nndsl.network import Target
from nndsl.syntax.tree import Name, Number, Part, Span, Statement, Text, Unary

Label = str | int | float


def read_target(findings: Findings, statement: Statement) -> Target | None:
    """`target input`, `target a`, `target a, b`, `target a: x | y`."""
    no_block(findings, statement)
    if not no_call(findings, statement, STATEMENTS["target"].signature):
        return None
    groups = statement.groups
    if not groups:
        findings.add(
            MISSING,
            statement.span,
            "`target` names no column",
            "for example `target price`, `target species: a | b` or `target input`",
        )
        return None
    colons = [i for i, part in enumerate(groups[0]) if is_mark(part, ":")]
    if colons:
        one_group(findings, statement)
        if len(groups) > 1:
            return None
        return _classes(findings, groups[0], colons[0])
    match groups:
        case ((Name(text="input"),),):
            return Target("input")
        case _:
            columns = read_columns(findings, groups)
            return None if columns is None else Target("columns", columns)


def _classes(findings: Findings, parts: tuple[Part, ...], colon: int) -> Target | None:
    if colon == 0:
        findings.add(
            MISSING,
            parts[0].span,
            "the column's name is missing",
            "for example `target species: a | b`",
        )
        return None
    column = read_column(findings, parts[:colon])
    pieces: list[tuple[Part, ...]] = [()]
    bars = [parts[colon]]
    for part in parts[colon + 1 :]:
        if is_mark(part, "|"):
            pieces.append(())
            bars.append(part)
        else:
            pieces[-1] = (*pieces[-1], part)
    if () in pieces:
        findings.add(
            LABELS,
            bars[pieces.index(())].span,
            "a label is missing behind this",
            "labels are separated by `|`: `target species: a | b`",
        )
        return None
    labels = _labels(findings, pieces)
    if column is None or labels is None:
        return None
    return Target("classes", (column,), labels)


def _labels(
    findings: Findings, pieces: list[tuple[Part, ...]]
) -> tuple[Label, ...] | None:
    """The labels: numbers where all of them are, else text."""
    numbers = [signed(piece) for piece in pieces]
    labels: list[Label] = []
    complete = True
    if all(number is not None for number in numbers):
        values = [_number(number) for number in numbers if number is not None]
        whole = all(isinstance(value, int) for value in values)
        labels = list(values) if whole else [float(value) for value in values]
    else:
        for piece in pieces:
            text = _label(findings, piece)
            complete = complete and text is not None
            labels.append(text or "")
    first: dict[Label, Span] = {}
    for label, piece in zip(labels, pieces, strict=True):
        if complete and label in first:
            findings.add(
                DUPLICATE,
                spread(piece),
                f"the label `{label}` is listed a second time",
                "every label is listed once",
                related=(Related(first[label], "listed here first"),),
            )
            return None
        first.setdefault(label, spread(piece))
    if complete and len(labels) < 2:
        findings.add(
            LABELS,
            spread(pieces[0]),
            "one label alone leaves nothing to decide",
            "list at least two, separated by `|`; or leave the `:` out for numbers",
        )
        return None
    return tuple(labels) if complete else None


def _number(number: Number | Unary) -> int | float:
    if isinstance(number, Number):
        return number.value
    assert isinstance(number.operand, Number)
    value = number.operand.value
    return -value if number.operator == "-" else value


def _label(findings: Findings, piece: tuple[Part, ...]) -> str | None:
    """One label as text: a word, text in quotes, or a number as it is written."""
    match piece:
        case (Name(text=text),) | (Text(value=text),) | (Number(text=text),):
            return text if fits(findings, text, spread(piece), "label") else None
        case _:
            quote(findings, LABELS, piece, "label")
            return None
