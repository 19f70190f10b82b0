"""`class_weights`: balanced, or a number for a label."""

from collections.abc import Iterator
from dataclasses import dataclass

from nndsl.check.findings import Findings
from nndsl.check.read.numbers import constant
from nndsl.check.read.parts import one_group, too_many
from nndsl.check.read.values import in_limits
from nndsl.diagnostics.codes_checks import (
    DUPLICATE,
    TARGET,
    UNKNOWN_NAME,
)
from nndsl.diagnostics.record import Related
from nndsl.diagnostics.suggest import suggest
from nndsl.language import entry
from nndsl.language.settings import Setting
from nndsl.network import Target, Task
from nndsl.syntax.tree import (
    Expression,
    Mark,
    Name,
    Number,
    Option,
    Part,
    Span,
    Statement,
    Text,
)

WEIGHT = entry.Option("weight", "number", "", low=0, low_open=True)

_FORM = 'write `yes=2 no=1`; behind a number or a text `:`, as in `"not sure": 2`'

Label = str | int | float


@dataclass(frozen=True, slots=True)
class Weight:
    label: Label
    weight: float
    span: Span


@dataclass(frozen=True, slots=True)
class Weights:
    """`balanced`, or the weights as they were written."""

    balanced: bool
    weights: tuple[Weight, ...] = ()


def read_weights(
    findings: Findings, setting: Setting, line: Statement
) -> Weights | None:
    """`balanced`, `none`, or `LABEL=WEIGHT …`; `"a b": 2.0` for any label."""
    parts = one_group(findings, line)
    if isinstance(parts[0], Name) and len(parts) == 1:
        word = parts[0].text
        if word not in setting.options[0].words:
            findings.unknown("word", parts[0], setting.options[0].words, "here")
        return Weights(True) if word == "balanced" else None
    return Weights(False, tuple(_weights(findings, parts)))


def _weights(findings: Findings, parts: tuple[Part, ...]) -> Iterator[Weight]:
    while parts:
        value: Expression
        label: Label
        match parts:
            case (Option(key=key, value=value), *_):
                label, span, parts = key.text, key.span, parts[1:]
            case (Text() as name, Mark(text=":"), Number() as value, *_):
                label, span, parts = name.value, name.span, parts[3:]
            case (Name() as name, Mark(text=":"), Number() as value, *_):
                label, span, parts = name.text, name.span, parts[3:]
            case (Number() as name, Mark(text=":"), Number() as value, *_):
                label, span, parts = name.value, name.span, parts[3:]
            case _:
                too_many(findings, parts, _FORM)
                return
        number = constant(findings, value, "weight")
        if number is not None and in_limits(findings, WEIGHT, number, value):
            yield Weight(label, number, span)


def resolve_weights(
    findings: Findings, weights: Weights, target: Target, task: Task, span: Span
) -> tuple[tuple[Label, float], ...] | None:
    """A weight for every label of the target, 1 where none is written."""
    if task in ("numbers", "distribution"):
        findings.add(
            TARGET,
            span,
            "class_weights where no classes are learned",
            "leave it out; weights for rows are `sample_weight` of `fit`",
        )
        return None
    if weights.balanced:
        return None
    if not target.labels:
        findings.add(
            TARGET,
            span,
            "weights for labels that `target` does not list",
            "list them: `target species: a | b`; or write `class_weights balanced`",
        )
        return None
    known = {str(label): label for label in target.labels}
    chosen: dict[Label, Weight] = {}
    for each in weights.weights:
        label = known.get(str(each.label))
        if label is None:
            near = suggest(str(each.label), known)
            listed = ", ".join(known)
            findings.add(
                UNKNOWN_NAME,
                each.span,
                f"`target` has no label `{each.label}`",
                f"did you mean `{near[0]}`?" if near else f"its labels are: {listed}",
                fix=near[0] if near else None,
            )
        elif label in chosen:
            findings.add(
                DUPLICATE,
                each.span,
                f"`{each.label}` has a weight already",
                "leave one of them out",
                related=(Related(chosen[label].span, "given here first"),),
            )
        else:
            chosen[label] = each
    return tuple(
        (label, chosen[label].weight if label in chosen else 1.0)
        for label in target.labels
    )
