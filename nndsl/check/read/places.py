"""Values that stand behind a layer's word, each in its place and without a name."""

from collections.abc import Callable
from dataclasses import dataclass

from nndsl.check.definitions import Formulas
from nndsl.check.findings import Findings
from nndsl.check.read.elsewhere import without_quotes
from nndsl.check.read.formula_call import activation_names, use_activation
from nndsl.check.read.named_use import callee
from nndsl.check.read.parts import spread
from nndsl.check.read.values import (
    Value,
    first_value,
    found,
    read_count,
    read_percent,
    signed,
)
from nndsl.diagnostics.codes_checks import MISSING, OUT_OF_RANGE, WRONG_VALUE
from nndsl.language.entry import Kind, Option
from nndsl.layers.layer import Draft
from nndsl.spec_text.texts import written
from nndsl.syntax.tree import Call, Name, Number, Part, Percent


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a layer's line that is to be read."""

    findings: Findings
    formulas: Formulas
    draft: Draft
    option: Option

    def keep(self, value: Value, part: Part) -> None:
        self.draft.options.values[self.option.name] = value
        self.draft.options.spans[self.option.name] = part.span


Parts = tuple[Part, ...]


def read_places(
    findings: Findings, formulas: Formulas, draft: Draft, parts: Parts
) -> Parts:
    """Read the values of all places; the parts behind them are given back."""
    for option in draft.layer.entry.places:
        if parts:
            read = _READERS.get(option.kind, _value)
            parts = read(Place(findings, formulas, draft, option), parts)
        elif option.required:
            findings.add(
                MISSING,
                draft.word.span,
                f"the {option.phrase} is missing",
                f"for example `{draft.layer.entry.example}`",
            )
    return parts


def _activation(place: Place, parts: Parts) -> Parts:
    if without_quotes(place.findings, WRONG_VALUE, parts[0], "an activation"):
        return parts[1:]
    if not isinstance(parts[0], Name | Call):
        return parts
    use = use_activation(place.findings, place.formulas, parts[0])
    place.draft.activation, place.draft.activation_place = use, parts[0]
    return parts[1:]


def _count(place: Place, parts: Parts) -> Parts:
    findings, option, entry = place.findings, place.option, place.draft.layer.entry
    value: int | str | None = None
    first = parts[0]
    if isinstance(first, Name) and first.text in option.words:
        value = first.text
    elif isinstance(first, Number):
        value = read_count(findings, option, first)
    elif signed(parts[:2]) is not None:
        findings.add(
            OUT_OF_RANGE,
            spread(parts[:2]),
            f"the {option.name} of a layer are counted without a sign",
            f"for example `{entry.name} {found(parts[1])[1:-1]}`",
        )
        return parts[2:]
    elif isinstance(first, Name | Call) and (
        callee(first).text in activation_names(place.formulas)
    ):
        findings.add(
            MISSING,
            first.span,
            f"the {option.phrase} before {found(first)} is missing",
            f"write it first, as in `{entry.name} 16 {written(first)}`",
        )
        return parts
    elif isinstance(first, Name):
        findings.unknown("word", first, option.words, f"for {option.name}")
    elif isinstance(first, Percent | Call):
        findings.add(
            WRONG_VALUE,
            first.span,
            f"{found(first)} where the {option.phrase} is expected",
            f"for example `{entry.example}`",
        )
    else:
        return parts
    place.keep(value, first)
    return parts[1:]


def _share(place: Place, parts: Parts) -> Parts:
    if not isinstance(parts[0], Percent | Number):
        return parts
    example = place.draft.layer.entry.example
    percent = read_percent(place.findings, parts[0], example, whole=False)
    place.keep(None if percent is None else percent / 100, parts[0])
    return parts[1:]


def _value(place: Place, parts: Parts) -> Parts:
    signature = place.draft.layer.entry.signature
    value, rest = first_value(place.findings, place.option, parts, signature)
    place.keep(value, parts[0])
    return rest


_READERS: dict[Kind, Callable[[Place, Parts], Parts]] = {
    "activation": _activation,
    "count": _count,
    "share": _share,
}
