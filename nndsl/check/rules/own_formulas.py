"""Whether formulas can be used as they are: they compute numbers, and can be learned.

The built-in ones keep to this by themselves, but for where they are put.
"""

from collections.abc import Sequence

from nndsl.check.findings import Findings
from nndsl.check.read.optimizer_setting import OptimizerSetting
from nndsl.check.read.placed import Placed
from nndsl.diagnostics.codes_checks import STEP, WRONG_VALUE
from nndsl.formulas.algebra.differentiate import differentiate
from nndsl.formulas.algebra.simplify import simplify, substitute, variables
from nndsl.formulas.build.valueless import part_without_value
from nndsl.formulas.expression import Expression, Number
from nndsl.layers.activation import SURROGATE
from nndsl.layers.uses import ActivationUse, Arguments
from nndsl.network import LossUse
from nndsl.syntax import tree

_AT_FIRST = (("epoch", 0.0), ("epochs", 100.0), ("step", 1.0), ("steps", 1000.0))


def judge_activation(
    findings: Findings, use: ActivationUse, place: tree.Expression
) -> bool:
    """Whether an activation can be learned through, by its surrogate's slope too."""
    formula, surrogate = use.formula, use.surrogate
    if formula is not None and not formula.built_in:
        slope = differentiate(formula.value, "x")
        if not _numbers(findings, (formula.value, slope), use.arguments, place.span):
            return False
        if _is_constant(formula.value, use.arguments):
            findings.add(
                WRONG_VALUE,
                place.span,
                f"`{use.name}` gives the same number for every x",
                "an activation depends on x, else nothing below it matters",
            )
            return False
    if surrogate is None:
        return True
    lender = _surrogate(place)
    if not judge_activation(findings, surrogate, lender):
        return False
    if surrogate.surrogate or surrogate.formula is None or is_flat(surrogate):
        findings.add(
            STEP,
            lender.span,
            f"`{surrogate.name}` cannot lend its derivative here",
            "a surrogate is a smooth activation such as `sigmoid` or `tanh`",
        )
        return False
    return True


def judge_loss(findings: Findings, loss: Placed[LossUse]) -> bool:
    """Whether a loss depends on how far the prediction is off."""
    formula = loss.value.formula
    if formula.built_in:
        return True
    slope = differentiate(formula.value, "prediction")
    if not variables(slope) & {"prediction", "target"}:
        findings.add(
            WRONG_VALUE,
            loss.span,
            f"`{formula.name}` changes by the same amount wherever the prediction is",
            "a loss is smallest where the prediction meets the target",
        )
        return False
    arguments = loss.value.arguments
    return _numbers(findings, (formula.value, slope), arguments, loss.span)


def judge_optimizer(findings: Findings, setting: OptimizerSetting) -> bool:
    """Whether the optimizer's formula and its schedule's compute numbers."""
    use, schedule = setting.use, setting.use.learning_rate
    arguments = dict(use.arguments)
    if arguments.get("nesterov") and not arguments.get("momentum", 1.0):
        findings.add(
            WRONG_VALUE,
            setting.span,
            "`nesterov` looks ahead along the momentum, and there is none",
            f"for example `{use.name}(momentum=0.9, nesterov=yes)`",
        )
        return False
    steps = [step.value for step in use.formula.steps]
    span = setting.span
    own = not use.formula.built_in
    if own and not _numbers(findings, steps, use.arguments, span):
        return False
    if schedule.formula is None or schedule.formula.built_in:
        return True
    value, span = (schedule.formula.value,), setting.rate_span
    hint = "epoch counts from 0, step from 1"
    return _numbers(findings, value, schedule.arguments, span) and _numbers(
        findings, value, (*schedule.arguments, *_AT_FIRST), span, hint
    )


def is_flat(use: ActivationUse) -> bool:
    """Whether an activation's derivative is 0 everywhere."""
    if use.formula is None or use.formula.built_in:
        return use.name == "step"
    return differentiate(use.formula.value, "x") == Number(0.0)


def _is_constant(value: Expression, arguments: Arguments) -> bool:
    numbers: dict[str, Expression] = {name: Number(each) for name, each in arguments}
    return "x" not in variables(simplify(substitute(value, numbers)))


def _surrogate(use: tree.Expression) -> tree.Expression:
    """Where the surrogate of an activation is written."""
    arguments = use.arguments if isinstance(use, tree.Call) else ()
    keyed = ((each.key, each.value) for each in arguments)
    return next(value for key, value in keyed if key and key.text == SURROGATE.name)


def _numbers(
    findings: Findings,
    formulas: Sequence[Expression],
    arguments: Arguments,
    span: tree.Span,
    hint: str = "choose other parameters; limits exclude some: `beta=1 in 0.1..9`",
) -> bool:
    """Whether what a user's formulas make of their arguments alone are numbers."""
    for formula in formulas:
        part = part_without_value(formula, dict(arguments))
        if part is not None:
            findings.add(
                WRONG_VALUE,
                span,
                f"its formula or slope computes `{part}`, not a finite number",
                hint,
            )
            return False
    return True
