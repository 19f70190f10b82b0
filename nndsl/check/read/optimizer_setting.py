"""`optimizer` and its learning rate, a number or a schedule."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nndsl.check.definitions import Formulas
from nndsl.check.findings import Findings
from nndsl.check.read.formula_call import parameter_option
from nndsl.check.read.options import Options, call_arguments, callee, fill
from nndsl.check.read.values import found, read_number
from nndsl.diagnostics.codes_checks import WRONG_VALUE
from nndsl.formulas.expression import Formula
from nndsl.language.entry import Option
from nndsl.language.settings import PLATEAU, WARMUP
from nndsl.network import LearningRate, OptimizerUse
from nndsl.syntax.tree import Call, Expression, Name, Part

RATE = "learning_rate"
PLATEAU_NAME = "plateau"


@dataclass(frozen=True, slots=True)
class OptimizerSetting:
    """An optimizer, and where it and its learning rate are written."""

    use: OptimizerUse
    place: Name | Call
    rate_place: Expression


def read_optimizer(
    findings: Findings, formulas: Formulas, use: Part
) -> OptimizerSetting | None:
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
    options = {each.name: parameter_option(each) for each in formula.parameters}
    limits = options[RATE]
    options[RATE] = replace(limits, kind="rate")
    given = call_arguments(findings, use)
    values = fill(findings, f"of {name.text}", [*options.values()], given)
    rate = _learning_rate(findings, formulas, limits, values)
    if rate is None:
        return None
    del options[RATE]
    arguments = values.arguments(options.values())
    chosen = OptimizerUse(name.text, formula, arguments, rate)
    return OptimizerSetting(chosen, use, values.raw.get(RATE, use))


def _learning_rate(
    findings: Findings, formulas: Formulas, limits: Option, values: Options
) -> LearningRate | None:
    """A number or a schedule; above 0 where the formula sets no limits."""
    if limits.low is None:
        limits = replace(limits, low=0, low_open=True)
    value, rate = values.raw.get(RATE), values.optional(RATE)
    if isinstance(value, Name | Call) and callee(value).text not in ("pi", "e"):
        return _schedule(findings, formulas, value, limits)
    if value is not None:
        rate = read_number(findings, limits, value)
    constant = formulas.find("schedule", "constant")
    if rate is None or constant is None:
        return None
    return LearningRate("constant", constant, ((RATE, rate),), rate)


def _schedule(
    findings: Findings, formulas: Formulas, use: Name | Call, limits: Option
) -> LearningRate | None:
    """A schedule with its arguments; `warmup` is common to all of them.

    `learning_rate` is limited and preset as the optimizer has it.
    """
    name = callee(use)
    names = (*formulas.names("schedule"), PLATEAU_NAME)
    if name.text not in names:
        findings.unknown("schedule", name, names)
        return None
    given = call_arguments(findings, use)
    warmups = [each for each in given if each.key and each.key.text == WARMUP.name]
    rest = [each for each in given if each not in warmups]
    warmup = fill(findings, f"of {name.text}", (WARMUP,), warmups)
    formula: Formula | None = None
    parameters: tuple[Option, ...] = PLATEAU
    if name.text != PLATEAU_NAME:
        formula = formulas.find("schedule", name.text)
        if formula is None:
            return None
        parameters = tuple(parameter_option(each) for each in formula.parameters)
    options = tuple(limits if each.name == RATE else each for each in parameters)
    values = fill(findings, f"of {name.text}", options, rest)
    arguments = values.arguments(options)
    rate = dict(arguments).get(RATE)
    return LearningRate(name.text, formula, arguments, rate, warmup.count(WARMUP.name))
