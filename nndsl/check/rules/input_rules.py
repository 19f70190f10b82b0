"""The `input` lines of a network, put together: what each column is, and how wide."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from nndsl import limits
from nndsl.check.findings import Findings
from nndsl.check.read.input_labels import EXAMPLE, InputLabels
from nndsl.check.read.input_line import InputLine
from nndsl.check.read.train_block import Settings
from nndsl.check.read.values import format_number
from nndsl.check.rules.once import once
from nndsl.diagnostics.codes_checks import (
    CONTRADICTION,
    DUPLICATE,
    LABELS,
    TOO_LARGE,
    WRONG_PLACE,
)
from nndsl.diagnostics.record import Related
from nndsl.network import OTHER, ColumnGroup, Inputs, Missing, Scale


@dataclass(frozen=True, slots=True)
class JudgedInputs:
    """The inputs; `scale` and `missing` are what holds for all columns of numbers.

    They are those of the train block unless a line that holds for all says otherwise.
    """

    inputs: Inputs
    scale: Scale
    missing: Missing


def inputs_of(
    findings: Findings, read: Sequence[InputLine | None], settings: Settings
) -> JudgedInputs | None:
    """The inputs; None after a finding, also where a line could not be read (None)."""
    scale: Any = settings.scale  # words of the tables of settings and statements
    missing: Any = settings.values.word("missing")
    lines = [line for line in read if line is not None]
    columns = [column for line in lines for column in line.columns or ()]
    right = [_is_right(findings, line) for line in lines]
    right.append(_all_named(findings, lines))
    right.append(once(findings, "column", "named", columns))
    if not all(right) or not lines or len(lines) < len(read):
        return None
    groups = [_group(line, scale, missing) for line in lines]
    first, names = groups[0], tuple(column.value for column in columns)
    alike = all(
        group.labels is None and _treatment(group) == _treatment(first)
        for group in groups
    )
    # `missing drop` of the train block leaves out rows without a target, too
    same_drop = (first.missing == "drop") == (missing == "drop")
    if alike and (same_drop or not names):
        width = len(names) if names else lines[0].width
        inputs = Inputs(width, names or None, first.low, first.high)
        return JudgedInputs(inputs, first.scale, cast(Missing, first.missing))
    widths = [group.width for group in groups for _ in group.columns]
    known = [width for width in widths if width is not None]
    width = sum(known) if len(known) == len(widths) else None
    return JudgedInputs(Inputs(width, names, groups=tuple(groups)), scale, missing)


def _treatment(group: ColumnGroup) -> tuple[object, ...]:
    return group.low, group.high, group.scale, group.missing


def _group(line: InputLine, scale: Scale, missing: Missing) -> ColumnGroup:
    """A line, with what the train block says where the line says nothing."""
    columns = tuple(column.value for column in line.columns or ())
    options, labels = line.options, line.labels
    if labels is None:
        low, high = line.bounds.value if line.bounds else (None, None)
        own_scale: Any = options.scale or scale
        own_missing: Any = options.missing or missing
        return ColumnGroup(
            columns, missing=own_missing, scale=own_scale, low=low, high=high
        )
    said: Any = options.missing or _missing_label(labels, missing)
    fill = OTHER if said == "label" and options.fill is None else options.fill
    texts = tuple(label.value for label in labels.labels)
    return ColumnGroup(columns, texts, labels.learned, labels.other, said, fill)


def _missing_label(labels: InputLabels, missing: Missing) -> str:
    """What the train block means for labels: they have no mean and no median."""
    if labels.other:
        return "label"
    return "drop" if missing == "drop" else "error"


def _all_named(findings: Findings, lines: Sequence[InputLine]) -> bool:
    """Whether columns have names, which they need as soon as there are two lines."""
    nameless = [line for line in lines if line.columns is None]
    if len(lines) < 2 or not nameless:
        return True
    wrong = nameless[-1]
    other = next(line for line in lines if line is not wrong)
    if len(nameless) > 1:
        code, label = DUPLICATE, "a second `input` without names of columns"
        hint = "leave one of the lines out"
    else:
        code, label = WRONG_PLACE, "several `input` lines name their columns"
        hint = "write the names here as well, as in `input age, fare`"
    related = (Related(other.span, "another line"),)
    findings.add(code, wrong.span, label, hint, related=related)
    return False


def _is_right(findings: Findings, line: InputLine) -> bool:
    """Whether the range of a line is one, and its labels are two or more."""
    if line.labels is not None and not line.labels.learned:
        return _are_labels(findings, line.labels)
    if line.bounds is None or line.bounds.value[0] < line.bounds.value[1]:
        return True
    low, high = line.bounds.value
    ends = format_number(high), format_number(low)
    findings.add(
        CONTRADICTION,
        line.bounds.span,
        f"the range ends at {ends[0]}, not above {ends[1]}, where it begins",
        "the smaller number comes first",
        fix="..".join(ends) if low > high else None,
        certain=False,
    )
    return False


def _are_labels(findings: Findings, line: InputLabels) -> bool:
    """Whether there are two or more, each once, and not too many."""
    labels, other = line.labels, line.other
    if len(labels) + other < 2:
        findings.add(
            LABELS,
            line.span,
            "a single label cannot tell rows apart",
            f"list at least two, as in `{EXAMPLE}`; or leave the column out",
        )
        return False
    if len(labels) > limits.LABELS:
        findings.add(
            TOO_LARGE,
            labels[limits.LABELS].span,
            f"{len(labels)} labels; at most {limits.LABELS} are allowed",
            "list those that are common, and `other` for all the rest",
        )
        return False
    same = next((each for each in labels if each.value == OTHER), None)
    if other and same is not None:
        findings.add(
            LABELS,
            same.span,
            "`other` at the end means every label that is not listed, and this one",
            "leave one of the two out",
        )
        return False
    return once(findings, "label", "listed", labels)
