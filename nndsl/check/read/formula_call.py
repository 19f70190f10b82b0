"""The use of a formula: which one it is, and the arguments it is given."""

from collections.abc import Sequence

from nndsl.check.definitions import Formulas
from nndsl.check.findings import Findings
from nndsl.check.read.named_use import known_use
from nndsl.check.read.options import Given, fill
from nndsl.diagnostics.codes_checks import UNEXPECTED
from nndsl.formulas.expression import Formula, Parameter
from nndsl.language.entry import Option
from nndsl.layers.activation import SOFTMAX, SURROGATE
from nndsl.layers.uses import ActivationUse, Arguments
from nndsl.syntax.tree import Expression


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
    findings: Findings,
    formula: Formula,
    given: Sequence[Given],
    others: Sequence[Option] = (),
) -> Arguments:
    """The arguments of one use, defaults filled in; `others` are read elsewhere."""
    options = [parameter_option(each) for each in formula.parameters]
    values = fill(findings, f"of {formula.name}", options, given, others=others)
    return values.arguments(options)


def activation_names(formulas: Formulas) -> tuple[str, ...]:
    return (*formulas.names("activation"), SOFTMAX.name)


def use_activation(
    findings: Findings, formulas: Formulas, use: Expression
) -> ActivationUse | None:
    """An activation with its arguments and perhaps its surrogate.

    None where any of it is wrong: nothing can be said of what follows from it.
    """
    before = len(findings.diagnostics)
    names = activation_names(formulas)
    hint = "write the name of an activation, such as `relu`"
    expected = "an activation is expected"
    known = known_use(findings, "activation", use, names, expected, hint)
    if known is None:
        return None
    name, given = known
    surrogates = [
        each for each in given if each.key and each.key.text == SURROGATE.name
    ]
    rest = [each for each in given if each not in surrogates]
    if name == SOFTMAX.name:
        fill(findings, "of softmax", (), given)
        wrong = len(findings.diagnostics) > before
        return None if wrong else ActivationUse(SOFTMAX.name, None)
    formula = formulas.find("activation", name)
    if formula is None:
        return None
    arguments = formula_arguments(findings, formula, rest, (SURROGATE,))
    surrogate = None
    if surrogates:
        surrogate = use_activation(findings, formulas, surrogates[0].value)
        if surrogate is None:
            return None
        for again in surrogates[1:]:
            findings.add(
                UNEXPECTED, again.span, "a second surrogate", "leave one of them out"
            )
    if len(findings.diagnostics) > before:
        return None
    return ActivationUse(name, formula, arguments, surrogate)
