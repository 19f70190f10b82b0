"""The use of a formula: which one it is, and the arguments it is given."""

from __future__ import annotations

from collections.abc import Sequence

from nndsl.check.definitions import Formulas
from nndsl.check.findings import Findings
from nndsl.check.read.options import Given, call_arguments, callee, fill
from nndsl.check.read.values import found
from nndsl.diagnostics.codes_checks import UNEXPECTED, WRONG_VALUE
from nndsl.formulas.expression import Formula, Parameter
from nndsl.language.entry import Option
from nndsl.layers.activation import SOFTMAX, SURROGATE
from nndsl.layers.uses import ActivationUse, Arguments
from nndsl.syntax.tree import Call, Expression, Name


def parameter_option(parameter: Parameter) -> Option:
    """A formula's parameter as an option of a call."""
    return Option(
        parameter.name,
        "switch" if parameter.switch else "number",
        "",
        bool(parameter.default) if parameter.switch else parameter.default,
        parameter.low,
        parameter.high,
        parameter.low_open,
        parameter.high_open,
    )


def formula_arguments(
    findings: Findings, formula: Formula, given: Sequence[Given]
) -> Arguments:
    """The arguments of one use, defaults filled in."""
    options = [parameter_option(each) for each in formula.parameters]
    return fill(findings, f"of {formula.name}", options, given).arguments(options)


def activation_names(formulas: Formulas) -> tuple[str, ...]:
    return (*formulas.names("activation"), SOFTMAX.name)


def use_activation(
    findings: Findings, formulas: Formulas, use: Expression
) -> ActivationUse | None:
    """An activation with its arguments and perhaps its surrogate."""
    if not isinstance(use, Name | Call):
        findings.add(
            WRONG_VALUE,
            use.span,
            f"{found(use)} where an activation is expected",
            "write the name of an activation, such as `relu`",
        )
        return None
    name = callee(use)
    if name.text not in activation_names(formulas):
        findings.unknown("activation", name, activation_names(formulas))
        return None
    given = call_arguments(findings, use)
    surrogates = [
        each for each in given if each.key and each.key.text == SURROGATE.name
    ]
    rest = [each for each in given if each not in surrogates]
    if name.text == SOFTMAX.name:
        fill(findings, "of softmax", (), given)
        return ActivationUse(SOFTMAX.name, None)
    formula = formulas.find("activation", name.text)
    if formula is None:
        return None
    arguments = formula_arguments(findings, formula, rest)
    surrogate = None
    if surrogates:
        surrogate = use_activation(findings, formulas, surrogates[0].value)
        if surrogate is None:
            return None
        for again in surrogates[1:]:
            findings.add(
                UNEXPECTED, again.span, "a second surrogate", "leave one of them out"
            )
    return ActivationUse(name.text, formula, arguments, surrogate)
