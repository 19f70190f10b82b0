"""`optimizer` and its learning rate, a number or a schedule."""

from dataclasses import dataclass, replace

from nndsl.check.definitions import Formulas
from nndsl.check.findings import Findings
from nndsl.check.read.formula_call import parameter_option
from nndsl.check.read.named_use import callee, known_use
from nndsl.check.read.options import Options, fill
from nndsl.check.read.values import read_number
from nndsl.formulas.expression import Formula
from nndsl.language.entry import Option
from nndsl.language.settings import PLATEAU, WARMUP
from nndsl.network import LearningRate, OptimizerUse
from nndsl.syntax.tree import Call, Name, Part, Span

RATE = "learning_rate"
PLATEAU_NAME = "plateau"


@dataclass(frozen=True, slots=True)
class OptimizerSetting:
    """An optimizer, and where it and its learning rate are written."""

    use: OptimizerUse
    span: Span
    rate_span: Span


def read_optimizer(
    findings: Findings, formulas: Formulas, use: Part
) -> OptimizerSetting | None:
    """`adam`, `sgd(learning_rate=…, momentum=0.9)`."""
    before = len(findings.diagnostics)
    names = formulas.names("optimizer")
    expected = "the name of an optimizer is expected"
    hint = "for example `optimizer adam(learning_rate=0.01)`"
    known = known_use(findings, "optimizer", use, names, expected, hint)
    formula = formulas.optimizer(known[0]) if known else None
    if known is None or formula is None:
        return None
    name, given = known
    options = {each.name: parameter_option(each) for each in formula.parameters}
    limits = options[RATE]
    options[RATE] = replace(limits, kind="rate")
    values = fill(findings, f"of {name}", [*options.values()], given)
    rate = _learning_rate(findings, formulas, limits, values)
    if rate is None or len(findings.diagnostics) > before:
        return None
    del options[RATE]
    arguments = values.arguments(options.values())
    chosen = OptimizerUse(name, formula, arguments, rate)
    return OptimizerSetting(chosen, use.span, values.raw.get(RATE, use).span)


def _learning_rate(
    findings: Findings, formulas: Formulas, limits: Option, values: Options
) -> LearningRate | None:
    """A number or a schedule; a rate is above 0 whatever the formula's limits are."""
    if limits.low is None or limits.low <= 0:
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
    names = (*formulas.names("schedule"), PLATEAU_NAME)
    known = known_use(findings, "schedule", use, names, "a schedule is expected", "")
    if known is None:
        return None
    name, given = known
    warmups = [each for each in given if each.key and each.key.text == WARMUP.name]
    rest = [each for each in given if each not in warmups]
    warmup = fill(findings, f"of {name}", (WARMUP,), warmups)
    formula: Formula | None = None
    parameters: tuple[Option, ...] = PLATEAU
    if name != PLATEAU_NAME:
        formula = formulas.find("schedule", name)
        if formula is None:
            return None
        parameters = tuple(parameter_option(each) for each in formula.parameters)
    options = tuple(limits if each.name == RATE else each for each in parameters)
    values = fill(findings, f"of {name}", options, rest, others=(WARMUP,))
    arguments = values.arguments(options)
    rate = dict(arguments).get(RATE)
    return LearningRate(name, formula, arguments, rate, warmup.count(WARMUP.name))
