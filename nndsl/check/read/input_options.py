"""The options of an `input` line: how its columns are scaled, what fills gaps."""

from collections.abc import Sequence
from dataclasses import dataclass

from nndsl.check.findings import Findings
from nndsl.check.read.input_labels import InputLabels, number_as_label
from nndsl.check.read.options import statement_options
from nndsl.check.read.values import found, read_word
from nndsl.diagnostics.codes_checks import CONTRADICTION, WRONG_VALUE
from nndsl.diagnostics.suggest import suggest
from nndsl.language.statements import STATEMENTS
from nndsl.network import OTHER
from nndsl.spec_text.texts import column
from nndsl.syntax.tree import Expression, Name, Number, Option, Text, Unary

_OF_LABELS = "error", "drop"


@dataclass(frozen=True, slots=True)
class InputOptions:
    """What a line says; None where the train block says it.

    `missing` is a word of the option or, for labels, `label`: then `fill` says which.
    """

    scale: str | None = None
    missing: str | None = None
    fill: str | None = None


NOTHING_SAID = InputOptions()


def read_input_options(
    findings: Findings, options: Sequence[Option], labels: InputLabels | None
) -> InputOptions:
    """The options behind the columns; `labels` are those of the line, if any."""
    entries = STATEMENTS["input"].options
    given = statement_options(findings, "input", entries, options)
    scale = given.values["scale"]
    missing = given.raw.get("missing")
    if labels is None:
        word = None
        if missing is not None:
            word = read_word(findings, entries[1], missing)
        return InputOptions(None if scale is None else str(scale), word)
    if "scale" in given.spans:
        findings.add(
            CONTRADICTION,
            given.spans["scale"],
            "columns of labels are never scaled",
            "leave `scale` out: each label becomes a column of 0 and 1",
        )
    return InputOptions() if missing is None else _fill(findings, missing, labels)


def _fill(findings: Findings, value: Expression, labels: InputLabels) -> InputOptions:
    """`missing=error`, `missing=drop`, or one of the labels."""
    known = [label.value for label in labels.labels] + [OTHER] * labels.other
    match value:
        case Name(text=text) if text in _OF_LABELS and text not in known:
            return InputOptions(missing=text)
        case Name(text="mean" | "median") if value.text not in known:
            findings.add(
                WRONG_VALUE,
                value.span,
                f"`missing={value.text}` is for columns of numbers",
                "for labels write `error`, `drop` or one of the labels",
            )
            return InputOptions()
        case Name(text=text) | Text(value=text):
            fill = text
        case Number() | Unary(operand=Number()):
            fill = number_as_label(value)
        case _:
            findings.add(
                WRONG_VALUE,
                value.span,
                f"{found(value)} is not a label",
                "`missing` needs `error`, `drop` or one of the labels",
            )
            return InputOptions()
    if fill not in known and not labels.learned:
        near = suggest(fill, known)
        findings.add(
            WRONG_VALUE,
            value.span,
            f"`{fill}` is not one of the labels",
            f"did you mean `{near[0]}`?"
            if near
            else f"write `error`, `drop`, or one of: {', '.join(known[:10])}",
            fix=column(near[0]) if near and isinstance(value, Name) else None,
            certain=len(near) == 1,
        )
        return InputOptions()
    return InputOptions(missing="label", fill=fill)
