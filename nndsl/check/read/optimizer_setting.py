"""`optimizer` and its learning rate, a number or a schedule."""

from collections.abc import Sequence

from nndsl.check.definitions import Formulas
from nndsl.check.findings import Findings
from nndsl.check.read.formula_call import (
    arguments_of,
    callee,
    has_numbers,
    parameter_option,
)
from nndsl.check.read.options import Options, call_arguments, fill
from nndsl.check.read.values import found, read_number
from nndsl.diagnostics.codes_checks import WRONG_VALUE
from nndsl.formulas.expression import OptimizerFormula, Parameter
from nndsl.language.entry import Option
from nndsl.language.settings import PLATEAU, WARMUP
from nndsl.network import LearningRate, OptimizerUse
from nndsl.syntax.tree import Call, Name, Part

RATE = "learning_rate"
_AT_FIRST = (("epoch", 0.0), ("epochs", 100.0), ("step", 1.0), ("steps", 1000.0))
_IN_THE_FIRST_STEP = "epoch counts from 0, step from 1"
PLATEAU_NAME = "plateau"


def read_optimizer(
    findings: Findings, formulas: Formulas, use: Part
) -> OptimizerUse | None:
    """`adam`, `sgd(learning_rate=…, momentum=0.9)`."""
    if not isinstance(use, Name | Call):
        findings.add(
            WRONG_VALUE,
            use.span,
            f"{found(use)} where the name of an optimizer is expected",
            "for example `optimizer adam(learning_rate=0.01)`",
        )
        return None
    name = callee(use)
    if name.text not in formulas.names("optimizer"):
        findings.unknown("optimizer", name, formulas.names("optimizer"))
        return None
    formula = formulas.optimizer(name.text)
    if formula is None:
        return None
    options = [_option(each) for each in formula.parameters]
    given = call_arguments(findings, use)
    values = fill(findings, f"of {name.text}", options, given)
    rest = [each for each in formula.parameters if each.name != RATE]
    rate = _learning_rate(findings, formulas, formula, values)
    if rate is None:
        return None
    arguments = dict(arguments_of(rest, values))
    if arguments.get("nesterov") and not arguments.get("momentum", 1.0):
        findings.add(
            WRONG_VALUE,
            use.span,
            "`nesterov` looks ahead along the momentum, and there is none",
            f"for example `{name.text}(momentum=0.9, nesterov=yes)`",
        )
        return None
    numbers = tuple(arguments.items())
    steps = [step.value for step in formula.steps]
    if not formula.built_in and not has_numbers(findings, steps, numbers, use.span):
        return None
    return OptimizerUse(name.text, formula, numbers, rate)


def default_optimizer(formulas: Formulas, name: str) -> OptimizerUse | None:
    """The optimizer of a spec that names none."""
    formula = formulas.optimizer(name)
    if formula is None:
        return None
    rate = _constant(formulas, _rate_parameter(formula).default)
    rest = [each for each in formula.parameters if each.name != RATE]
    arguments = tuple((each.name, each.default) for each in rest)
    return None if rate is None else OptimizerUse(name, formula, arguments, rate)


def _option(parameter: Parameter) -> Option:
    if parameter.name == RATE:
        return Option(RATE, "rate", "", parameter.default)
    return parameter_option(parameter)


def _rate_parameter(formula: OptimizerFormula) -> Parameter:
    for parameter in formula.parameters:
        if parameter.name == RATE:
            return parameter
    return Parameter(RATE, 0.001)


def _rate_limits(formula: OptimizerFormula) -> Option:
    """The learning rate's option: as the formula limits it, and above 0."""
    parameter = _rate_parameter(formula)
    if parameter.low is None:
        high = parameter.high
        return Option(RATE, "number", "", parameter.default, 0, high, low_open=True)
    return parameter_option(parameter)


def _learning_rate(
    findings: Findings, formulas: Formulas, formula: OptimizerFormula, values: Options
) -> LearningRate | None:
    limits = _rate_limits(formula)
    value = values.raw.get(RATE)
    if value is None:
        return _constant(formulas, _rate_parameter(formula).default)
    if isinstance(value, Name | Call) and not _is_constant_name(value):
        return _schedule(findings, formulas, value, limits)
    number = read_number(findings, limits, value)
    return None if number is None else _constant(formulas, number)


def _is_constant_name(value: Name | Call) -> bool:
    return isinstance(value, Name) and value.text in ("pi", "e")


def _constant(formulas: Formulas, rate: float) -> LearningRate | None:
    formula = formulas.find("schedule", "constant")
    if formula is None:
        return None
    return LearningRate("constant", formula, ((RATE, rate),), rate)


def _schedule(
    findings: Findings, formulas: Formulas, use: Name | Call, limits: Option
) -> LearningRate | None:
    """A schedule with its arguments; `warmup` is common to all of them."""
    name = callee(use)
    names = (*formulas.names("schedule"), PLATEAU_NAME)
    if name.text not in names:
        findings.unknown("schedule", name, names)
        return None
    given = call_arguments(findings, use)
    warmups = [each for each in given if each.key and each.key.text == WARMUP.name]
    rest = [each for each in given if each not in warmups]
    warmup = fill(findings, f"of {name.text}", (WARMUP,), warmups)
    if name.text == PLATEAU_NAME:
        options = _with_rate(PLATEAU, limits)
        values = fill(findings, "of plateau", options, rest)
        arguments = tuple((each.name, values.number(each.name)) for each in options)
        rate: float | None = values.number(RATE)
        formula = None
    else:
        formula = formulas.find("schedule", name.text)
        if formula is None:
            return None
        own = [parameter_option(each) for each in formula.parameters]
        options = _with_rate(own, limits)
        values = fill(findings, f"of {name.text}", options, rest)
        arguments = arguments_of(formula.parameters, values)
        if not formula.built_in:
            first = (*arguments, *_AT_FIRST)
            if not has_numbers(findings, (formula.value,), arguments, use.span):
                return None
            has_numbers(findings, (formula.value,), first, use.span, _IN_THE_FIRST_STEP)
        by_name = dict(arguments)
        rate = by_name.get(RATE)
    return LearningRate(name.text, formula, arguments, rate, warmup.count(WARMUP.name))


def _with_rate(options: Sequence[Option], limits: Option) -> tuple[Option, ...]:
    """The options, `learning_rate` limited and preset as the optimizer has it."""
    return tuple(limits if each.name == RATE else each for each in options)
