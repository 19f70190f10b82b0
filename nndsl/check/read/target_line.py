"""`target`: the input, columns, or a column of labels."""

from dataclasses import dataclass

from nndsl.check.findings import Findings
from nndsl.check.read.columns import read_column, read_columns
from nndsl.check.read.label_list import read_label, split_labels
from nndsl.check.read.parts import has_parts, is_mark
from nndsl.check.read.placed import Placed
from nndsl.check.read.values import signed
from nndsl.diagnostics.codes_checks import LABELS, MISSING
from nndsl.language.statements import STATEMENTS
from nndsl.syntax.tree import Name, Number, Part, Statement, Unary

Label = str | int | float


@dataclass(frozen=True, slots=True)
class TargetLine:
    """Columns; none for the input itself; one with labels for classes."""

    columns: tuple[Placed[str], ...] = ()
    labels: tuple[Placed[Label], ...] = ()


def read_target(findings: Findings, statement: Statement) -> TargetLine | None:
    """`target input`, `target a`, `target a, b`, `target a: x | y`."""
    signature, groups = STATEMENTS["target"].signature, statement.groups
    label = "`target` names no column"
    hint = "for example `target price`, `target species: a | b` or `target input`"
    if not has_parts(findings, statement, signature, label, hint):
        return None
    colons = [i for i, part in enumerate(groups[0]) if is_mark(part, ":")]
    if colons:
        if len(groups) > 1:
            findings.add(
                LABELS,
                groups[1][0].span,
                "a comma between labels",
                "labels are separated by `|`: `target species: a | b`",
            )
            return None
        return _classes(findings, groups[0], colons[0])
    match groups:
        case ((Name(text="input"),),):
            return TargetLine()
        case _:
            columns = read_columns(findings, groups)
            return None if columns is None else TargetLine(columns)


def _classes(
    findings: Findings, parts: tuple[Part, ...], colon: int
) -> TargetLine | None:
    if colon == 0:
        findings.add(
            MISSING,
            parts[0].span,
            "the column's name is missing",
            "for example `target species: a | b`",
        )
        return None
    column = read_column(findings, parts[:colon])
    pieces = split_labels(findings, parts[colon:], "target species: a | b")
    if pieces is None:
        return None
    labels = _labels(findings, pieces)
    if column is None or labels is None:
        return None
    return TargetLine((column,), labels)


def _labels(
    findings: Findings, pieces: list[tuple[Part, ...]]
) -> tuple[Placed[Label], ...] | None:
    """The labels: numbers where all of them are, else text."""
    numbers = [number for piece in pieces if (number := signed(piece)) is not None]
    labels: list[Placed[Label] | None] = []
    if len(numbers) == len(pieces):
        values = [_number(number) for number in numbers]
        whole = all(isinstance(value, int) for value in values)
        for value, number in zip(values, numbers, strict=True):
            labels.append(Placed(value if whole else float(value), number.span))
    else:
        labels += [read_label(findings, piece) for piece in pieces]
    found = tuple(label for label in labels if label is not None)
    return found if len(found) == len(pieces) else None


def _number(number: Number | Unary) -> int | float:
    if isinstance(number, Number):
        return number.value
    assert isinstance(number.operand, Number)
    value = number.operand.value
    return -value if number.operator == "-" else value
