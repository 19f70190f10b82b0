"""The loss: what it asks of last layer and target, and what it makes of y."""

from nndsl.check.definitions import Formulas
from nndsl.check.findings import Findings
from nndsl.check.read.formula_call import callee, use_formula
from nndsl.check.read.options import call_arguments
from nndsl.check.read.parts import no_block, no_call, one_group, too_many
from nndsl.check.read.values import found
from nndsl.diagnostics.codes_checks import (
    LAST_LAYER,
    MISSING,
    TARGET,
    WIDTH,
    WRONG_VALUE,
)
from nndsl.diagnostics.record import Related
from nndsl.formulas.algebra.differentiate import differentiate
from nndsl.formulas.expression import Formula
from nndsl.formulas.traverse import variables
from nndsl.language.loss_table import ANY_LOSS, LOSSES, LossEntry
from nndsl.language.statements import STATEMENTS
from nndsl.layers.uses import ActivationUse, Width
from nndsl.network import Inputs, LossUse, Target, Task
from nndsl.syntax.tree import Call, Name, Span, Statement


def read_loss(
    findings: Findings, formulas: Formulas, statement: Statement
) -> LossUse | None:
    """`loss NAME(…)`."""
    signature = STATEMENTS["loss"].signature
    no_block(findings, statement)
    if not no_call(findings, statement, signature):
        return None
    parts = one_group(findings, statement)
    if not parts:
        findings.add(
            MISSING,
            statement.span,
            "the name of the loss is missing",
            "for example `loss mean_squared_error`",
        )
        return None
    use = parts[0]
    too_many(findings, parts[1:], f"write it as `{signature}`")
    if not isinstance(use, Name | Call):
        findings.add(
            WRONG_VALUE,
            use.span,
            f"{found(use)} where the name of a loss is expected",
            "for example `loss mean_squared_error`",
        )
        return None
    name = callee(use)
    if name.text not in formulas.names("loss"):
        findings.unknown("loss", name, formulas.names("loss"))
        return None
    formula = formulas.find("loss", name.text)
    if formula is None or not _has_a_minimum(findings, formula, use):
        return None
    given = call_arguments(findings, use)
    arguments = use_formula(findings, formula, given, use.span)
    return LossUse(name.text, formula, arguments)


def _has_a_minimum(findings: Findings, formula: Formula, use: Name | Call) -> bool:
    """Whether a user's loss depends on how far the prediction is off."""
    if formula.built_in:
        return True
    slope = differentiate(formula.value, "prediction")
    if variables(slope) & {"prediction", "target"}:
        return True
    findings.add(
        WRONG_VALUE,
        use.span,
        f"`{formula.name}` changes by the same amount wherever the prediction is",
        "a loss is smallest where the prediction meets the target",
    )
    return False


def entry_of(loss: LossUse) -> LossEntry:
    """The table's entry; a user's loss takes any output."""
    return LOSSES.get(loss.name, ANY_LOSS) if loss.formula.built_in else ANY_LOSS


def check_target(
    findings: Findings, loss: LossUse, target: Target, loss_span: Span, span: Span
) -> bool:
    """Whether the loss can learn this target; a finding where it cannot."""
    task = entry_of(loss).task
    labels = len(target.labels)
    label = hint = ""
    if target.kind == "input" and task in ("classes", "margin"):
        label = f"`{loss.name}` learns classes, not the input"
        hint = "for example `loss mean_squared_error`"
    elif labels and loss.name in ("poisson", "kl_divergence"):
        label = f"`{loss.name}` learns numbers, not labels"
        hint = "for labels: `loss categorical_crossentropy`"
    elif labels > 2 and task in ("binary", "margin"):
        label = f"`{loss.name}` decides between two classes, not {labels}"
        hint = "for more: `dense classes softmax` and `loss categorical_crossentropy`"
    elif len(target.columns) > 1 and task in ("classes", "margin"):
        label = f"`{loss.name}` learns one column, not {len(target.columns)}"
        hint = "several 0/1 columns: `sigmoid` and `loss binary_crossentropy`"
    if label:
        related = (Related(span, "the target"),)
        findings.add(TARGET, loss_span, label, hint, related=related)
    return not label


def check_last_layer(
    findings: Findings,
    loss: LossUse,
    last: ActivationUse | None,
    place: tuple[Span, bool],
    loss_span: Span,
) -> bool:
    """Whether the last layer's activation is what the loss needs.

    `place` is where to point, and whether an activation is written there.
    """
    entry = entry_of(loss)
    name = last.name if last else "linear"
    own = last is not None and last.formula is not None and not last.formula.built_in
    if not entry.last or name in entry.last or (own and entry.formulas):
        return True
    span, is_written = place
    wanted = " or ".join(f"`{each}`" for each in entry.last)
    there = f"not `{name}`" if is_written else "and there is none"
    findings.add(
        LAST_LAYER,
        span,
        f"`{loss.name}` needs {wanted} in the last layer, {there}",
        _advice(entry, name),
        related=(Related(loss_span, "asked for by this loss"),),
        fix=entry.last[0] if is_written else None,
    )
    return False


def _advice(entry: LossEntry, name: str) -> str:
    if entry.task == "classes" and name == "sigmoid":
        return "for two classes or several labels: `loss binary_crossentropy`"
    if entry.task == "binary" and name == "softmax":
        return "behind `softmax` stands `loss categorical_crossentropy`"
    return f"for example `dense 1 {entry.last[0]}`".replace(
        "1 softmax", "classes softmax"
    )


def check_width(
    findings: Findings,
    loss: LossUse,
    last: ActivationUse | None,
    n_outputs: Width,
    inputs: Inputs,
    target: Target,
    spans: tuple[Span, Span, Span | None],
) -> bool:
    """Whether the last layer is as wide as loss and target say.

    `spans`: the last layer's units, the loss, the target.
    """
    units, loss_span, target_span = spans
    entry = entry_of(loss)
    wanted, why, where = _wanted(entry, last, n_outputs, inputs, target)
    if wanted is None:
        return True
    least = entry.task in ("classes", "distribution") and wanted == "at least 2"
    if least:
        if not isinstance(n_outputs, int) or n_outputs >= 2:
            return True
    elif wanted == n_outputs:
        return True
    elif isinstance(wanted, int) and not isinstance(n_outputs, int):
        return n_outputs == "features"
    other = loss_span if where == "loss" else target_span
    findings.add(
        WIDTH,
        units,
        f"{_count(n_outputs)} where {why}",
        f"write `dense {wanted}`"
        if not least
        else "two classes have two units; "
        "with one: `sigmoid` and `loss binary_crossentropy`",
        related=(Related(other, "said here"),) if other else (),
        fix=None if least else str(wanted),
    )
    return False


def _count(n_outputs: Width) -> str:
    if n_outputs == 1:
        return "1 output"
    return f"{n_outputs} outputs" if isinstance(n_outputs, int) else "any width"


def _wanted(
    entry: LossEntry,
    last: ActivationUse | None,
    n_outputs: Width,
    inputs: Inputs,
    target: Target,
) -> tuple[Width | str | None, str, str]:
    """The width, why it must be that, and which statement says so."""
    labels = len(target.labels)
    if target.kind == "input":
        if inputs.width is None:
            return "features", "the width of the input is asked for", "target"
        return inputs.width, f"the input has {inputs.width}", "target"
    if labels:
        one = entry.one_output or entry.task == "binary"
        if one or (entry.task == "numbers" and two_in_one(last, n_outputs, target)):
            return 1, "two classes need 1", "loss"
        return labels, f"`target` has {labels} labels", "target"
    if entry.one_output:
        return 1, "this loss needs 1", "loss"
    count = len(target.columns)
    if entry.task == "classes":
        return "at least 2", "two classes need 2", "loss"
    if count:
        columns = "1 column" if count == 1 else f"{count} columns"
        return count, f"`target` has {columns}", "target"
    if entry.task == "distribution":
        return "at least 2", "a distribution needs at least 2", "loss"
    return None, "", ""


def two_in_one(last: ActivationUse | None, n_outputs: Width, target: Target) -> bool:
    """Two labels told apart by one sigmoid under a loss for numbers."""
    sigmoid = last is not None and last.name == "sigmoid"
    return sigmoid and n_outputs == 1 and len(target.labels) == 2


def task_of(
    loss: LossUse, last: ActivationUse | None, n_outputs: Width, target: Target
) -> Task:
    """What the loss makes of y."""
    task = entry_of(loss).task
    if task == "binary":
        if target.kind == "input":
            return "numbers"
        return "binary" if n_outputs == 1 else "labels"
    if task == "numbers" and target.labels:
        return "binary" if two_in_one(last, n_outputs, target) else "classes"
    return task
