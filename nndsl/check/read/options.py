"""Options of a statement and arguments of a call: matched, read, defaults filled in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from nndsl.check.findings import Findings
from nndsl.check.read.values import Value, found, read_value
from nndsl.diagnostics.codes_checks import DUPLICATE, MISSING, UNEXPECTED
from nndsl.diagnostics.record import Related
from nndsl.formulas.expression import Parameter
from nndsl.language.entry import Option
from nndsl.layers.uses import Arguments
from nndsl.syntax.tree import Call, Expression, Name, Part, Span
from nndsl.syntax.tree import Option as OptionPart


@dataclass(frozen=True, slots=True)
class Given:
    """One value as it was written; `key` is None in a call's leading arguments."""

    key: Name | None
    value: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Options:
    """Values by option; `raw` holds those that only their reader understands.

    An option whose value was wrong has its default, so that one mistake is one error.
    """

    values: dict[str, Value] = field(default_factory=dict)
    raw: dict[str, Expression] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)

    def number(self, name: str) -> float:
        value = self.values[name]
        assert isinstance(value, int | float)
        return float(value)

    def optional(self, name: str) -> float | None:
        return None if self.values[name] is None else self.number(name)

    def count(self, name: str) -> int:
        return int(self.number(name))

    def word(self, name: str) -> str:
        return str(self.values[name])

    def switch(self, name: str) -> bool:
        return self.values[name] is True

    def arguments(self, options: Iterable[Option | Parameter]) -> Arguments:
        """The numbers of some options; `yes` is 1.0."""
        return tuple((o.name, float(self.values[o.name] or 0.0)) for o in options)


_RAW = ("initializer", "name", "activation", "rate", "fill")


def statement_options(
    findings: Findings, owner: str, options: Sequence[Option], parts: Iterable[Part]
) -> Options:
    """The `key=value` parts of a statement."""
    given = [
        Given(part.key, part.value, part.span)
        for part in parts
        if isinstance(part, OptionPart)
    ]
    return fill(findings, f"of {owner}", options, given)


def call_arguments(findings: Findings, use: Name | Call) -> list[Given]:
    """What stands in a call's parentheses; a bare name is a call without arguments."""
    given: list[Given] = []
    if isinstance(use, Name):
        return given
    keyed = False
    for argument in use.arguments:
        if argument.limits is not None:
            findings.add(
                UNEXPECTED,
                argument.limits.span,
                "limits belong where a parameter is defined, not where it is used",
                "leave them out here",
            )
        if argument.key is None and keyed:
            findings.add(
                UNEXPECTED,
                argument.span,
                f"{found(argument.value)} follows an argument with a name",
                "write its name as well: `name=value`",
            )
            continue
        keyed = argument.key is not None
        given.append(Given(argument.key, argument.value, argument.span))
    return given


def fill(
    findings: Findings,
    where: str,
    options: Sequence[Option],
    given: Sequence[Given],
    span: Span | None = None,
    others: Sequence[Option] = (),
) -> Options:
    """Match what was given with the options there are.

    `where` names the owner in messages (`of dense`); `span` is blamed for an option
    that is missing; `others` are read elsewhere, and may be what a typo meant.
    """
    result = Options({option.name: option.default for option in options})
    by_name = {option.name: option for option in options}
    names = (*by_name, *(option.name for option in others))
    for position, each in enumerate(given):
        if each.key is not None and each.key.text not in by_name:
            findings.unknown("option", each.key, names, where)
            continue
        option = _option(findings, where, options, by_name, position, each)
        if option is None:
            continue
        if option.name in result.spans:
            findings.add(
                DUPLICATE,
                each.span,
                f"`{option.name}` is given a second time",
                "leave one of them out",
                related=(Related(result.spans[option.name], "given here first"),),
            )
            continue
        result.spans[option.name] = each.span
        if option.kind in _RAW:
            result.raw[option.name] = each.value
            continue
        value = read_value(findings, option, each.value)
        if value is not None:
            result.values[option.name] = value
    if span is not None:
        require(findings, where, options, result, span)
    return result


def require(
    findings: Findings,
    where: str,
    options: Sequence[Option],
    given: Options,
    span: Span,
) -> None:
    """A finding for each required option that is not there."""
    for option in options:
        if option.required and option.name not in given.spans:
            findings.add(
                MISSING,
                span,
                f"`{option.name}` {where} is missing",
                f"{option.documentation} Write `{option.name}=…`",
            )


def _option(
    findings: Findings,
    where: str,
    options: Sequence[Option],
    by_name: dict[str, Option],
    position: int,
    given: Given,
) -> Option | None:
    if given.key is not None:
        return by_name[given.key.text]
    if position < len(options):
        return options[position]
    if options:
        names = ", ".join(by_name)
        hint = f"arguments {where} are: {names}"
    else:
        hint = f"there are no arguments {where}"
    findings.add(UNEXPECTED, given.span, f"{found(given.value)} is one too many", hint)
    return None
