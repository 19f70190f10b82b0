"""The use of a formula: which one it is, and the arguments it is given."""

from collections.abc import Sequence

from nndsl.check.definitions import Formulas
from nndsl.check.findings import Findings
from nndsl.check.read.options import Given, Options, call_arguments, fill
from nndsl.check.read.values import found
from nndsl.diagnostics.codes_checks import STEP, UNEXPECTED, WRONG_VALUE
from nndsl.formulas.algebra.differentiate import differentiate
from nndsl.formulas.algebra.simplify import simplify, substitute, variables
from nndsl.formulas.build.valueless import part_without_value
from nndsl.formulas.expression import Expression as FormulaTree
from nndsl.formulas.expression import Formula, Number, Parameter
from nndsl.language.entry import Option
from nndsl.layers.activation import SOFTMAX, SURROGATE
from nndsl.layers.uses import ActivationUse, Arguments
from nndsl.syntax.tree import Call, Expression, Name, Span

STEP_NAME = "step"


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


def arguments_of(parameters: Sequence[Parameter], options: Options) -> Arguments:
    """Every parameter with its number; `yes` is 1.0."""
    return tuple(
        (each.name, float(options.values[each.name] or 0.0)) for each in parameters
    )


def use_formula(
    findings: Findings, formula: Formula, given: list[Given], span: Span
) -> Arguments:
    """The arguments of one use, defaults filled in."""
    parameters = formula.parameters
    options = [parameter_option(each) for each in parameters]
    values = fill(findings, f"of {formula.name}", options, given)
    arguments = arguments_of(parameters, values)
    if not formula.built_in:
        slope = differentiate(formula.value, formula.inputs[0])
        has_numbers(findings, (formula.value, slope), arguments, span)
    return arguments


def has_numbers(
    findings: Findings,
    formulas: Sequence[FormulaTree],
    arguments: Arguments,
    span: Span,
    hint: str = "choose other parameters; limits say which, as `beta=1 in 0.1..9`",
) -> bool:
    """Whether what a user's formulas make of their arguments alone are numbers."""
    for formula in formulas:
        part = part_without_value(formula, dict(arguments))
        if part is not None:
            findings.add(
                WRONG_VALUE,
                span,
                f"its formula or slope computes `{part}`, which is no finite number",
                hint,
            )
            return False
    return True


def callee(use: Name | Call) -> Name:
    return use.name if isinstance(use, Call) else use


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
    arguments = use_formula(findings, formula, rest, use.span)
    if not formula.built_in and _is_constant(formula, arguments):
        findings.add(
            WRONG_VALUE,
            use.span,
            f"`{name.text}` gives the same number for every x",
            "an activation depends on x, else nothing below it matters",
        )
        return None
    surrogate = None
    if surrogates:
        surrogate = _surrogate(findings, formulas, surrogates[0].value)
        if surrogate is None:
            return None
        for again in surrogates[1:]:
            findings.add(
                UNEXPECTED, again.span, "a second surrogate", "leave one of them out"
            )
    return ActivationUse(name.text, formula, arguments, surrogate)


def _surrogate(
    findings: Findings, formulas: Formulas, value: Expression
) -> ActivationUse | None:
    surrogate = use_activation(findings, formulas, value)
    if surrogate is None:
        return None
    lends = surrogate.surrogate is None and surrogate.formula is not None
    if not lends or is_flat(surrogate):
        findings.add(
            STEP,
            value.span,
            f"`{surrogate.name}` cannot lend its derivative here",
            "a surrogate is a smooth activation such as `sigmoid` or `tanh`",
        )
        return None
    return surrogate


def _is_constant(formula: Formula, arguments: Arguments) -> bool:
    numbers: dict[str, FormulaTree] = {name: Number(v) for name, v in arguments}
    return "x" not in variables(simplify(substitute(formula.value, numbers)))


def is_flat(use: ActivationUse) -> bool:
    """Whether an activation's derivative is 0 everywhere."""
    if use.formula is None or use.formula.built_in:
        return use.name == STEP_NAME
    return differentiate(use.formula.value, "x") == Number(0.0)
