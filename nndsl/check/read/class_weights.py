"""`class_weights`: balanced, or a number for a label."""

from collections.abc import Iterator
from dataclasses import dataclass

from nndsl.check.findings import Findings
from nndsl.check.read.numbers import constant
from nndsl.check.read.parts import one_group, too_many
from nndsl.check.read.placed import Placed
from nndsl.check.read.target_line import Label
from nndsl.check.read.values import in_limits
from nndsl.language import entry
from nndsl.language.settings import Setting
from nndsl.syntax.spans import over
from nndsl.syntax.tree import (
    Expression,
    Mark,
    Name,
    Number,
    Option,
    Part,
    Statement,
    Text,
)

WEIGHT = entry.Option("weight", "number", "", low=0, low_open=True)

_FORM = 'write `yes=2 no=1`; behind a number or a text `:`, as in `"not sure": 2`'


Weight = tuple[Placed[Label], float]


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
            case (
                Mark(text="-" | "+") as sign,
                Number() as name,
                Mark(text=":"),
                Number() as value,
                *_,
            ):
                label = -name.value if sign.text == "-" else name.value
                span, parts = over(sign.span, name.span), parts[4:]
            case _:
                too_many(findings, parts, _FORM)
                return
        number = constant(findings, value, "weight")
        if number is not None and in_limits(findings, WEIGHT, number, value):
            yield Placed(label, span), number
