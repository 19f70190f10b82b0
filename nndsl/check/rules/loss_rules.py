"""What the loss asks of target and last layer, and what it makes of y."""

from collections.abc import Sequence

from nndsl.check.findings import Findings
from nndsl.check.read.placed import Placed
from nndsl.check.rules.layer_rules import warn_softmax
from nndsl.diagnostics.codes_checks import LAST_LAYER, TARGET, WIDTH
from nndsl.diagnostics.record import Related
from nndsl.diagnostics.suggest import suggest
from nndsl.language.loss_table import ANY_LOSS, LOSSES, LossEntry
from nndsl.layers.layer import Draft
from nndsl.layers.uses import ActivationUse, Width
from nndsl.network import Inputs, LossUse, Target, Task
from nndsl.syntax.spans import at
from nndsl.syntax.tree import Span


def learned_task(
    findings: Findings,
    loss: Placed[LossUse],
    target: Target,
    target_span: Span | None,
    inputs: Inputs | None,
    drafts: Sequence[Draft],
) -> Task | None:
    """What is learned; None where loss, target and last layer do not fit.

    At most one finding, and none where something else is wrong with the last layers.
    """
    if target_span and not _fits_target(findings, loss, target, target_span):
        return None
    tail = [draft for draft in drafts if not draft.layer.only_trains]
    sized = [draft for draft in drafts if draft.layer.resizes]
    if not tail or not sized or not tail[-1].sound or not sized[-1].sound:
        return None
    if not _fits_activation(findings, loss, tail[-1]):
        return None
    width = drafts[-1].n_outputs
    if inputs is None or width is None or not all(draft.sound for draft in drafts):
        return None
    opened = [each for each in sized if each.n_outputs == "outputs"]
    if opened and width != "outputs":
        findings.add(
            WIDTH,
            opened[0].units_span,
            "nothing says how wide this is: the last layer is not as wide",
            "write a number, or `outputs` in the last layer as well",
            related=(Related(sized[-1].units_span, "the width of the outputs"),),
        )
        return None
    last = tail[-1].activation
    units = Placed(width, sized[-1].units_span)
    if not _fits_width(findings, loss, last, units, inputs, target, target_span):
        return None
    warn_softmax(findings, loss.value, tail[-1], loss.span)
    return _task(loss.value, last, width, target)


def _entry(loss: LossUse) -> LossEntry:
    """The table's entry; a user's loss takes any output."""
    return LOSSES.get(loss.name, ANY_LOSS) if loss.formula.built_in else ANY_LOSS


def _fits_target(
    findings: Findings, placed: Placed[LossUse], target: Target, span: Span
) -> bool:
    """Whether the loss can learn this target."""
    loss = placed.value
    task = _entry(loss).task
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
        findings.add(TARGET, placed.span, label, hint, related=related)
    return not label


def _fits_activation(findings: Findings, placed: Placed[LossUse], draft: Draft) -> bool:
    """Whether the last layer's activation is what the loss needs."""
    loss, last, place = placed.value, draft.activation, draft.activation_place
    entry = _entry(loss)
    name = last.name if last else "linear"
    own = last is not None and last.formula is not None and not last.formula.built_in
    if not entry.last or name in entry.last or (own and entry.formulas):
        return True
    wanted = " or ".join(f"`{each}`" for each in entry.last)
    there = f"not `{name}`" if place else "and there is none"
    findings.add(
        LAST_LAYER,
        place.span if place else draft.units_span,
        f"`{loss.name}` needs {wanted} in the last layer, {there}",
        _advice(entry, name),
        related=(Related(placed.span, "asked for by this loss"),),
        fix=entry.last[0] if place else None,
        certain=False,
    )
    return False


def _advice(entry: LossEntry, name: str) -> str:
    if entry.task == "classes" and name == "sigmoid":
        return "for two classes or several labels: `loss binary_crossentropy`"
    if entry.task == "binary" and name == "softmax":
        return "`softmax` goes with `loss categorical_crossentropy`"
    return f"for example `dense 1 {entry.last[0]}`".replace(
        "1 softmax", "classes softmax"
    )


def _fits_width(
    findings: Findings,
    loss: Placed[LossUse],
    last: ActivationUse | None,
    units: Placed[Width],
    inputs: Inputs,
    target: Target,
    target_span: Span | None,
) -> bool:
    """Whether the last layer is as wide as loss and target say."""
    entry, n_outputs = _entry(loss.value), units.value
    wanted, why, where = _wanted(entry, last, n_outputs, inputs, target)
    if n_outputs == "features" and wanted != "features":
        findings.add(
            WIDTH,
            units.span,
            "as many outputs as inputs, of which only the data know the number",
            "that goes with `target input`; else write a number or `outputs`",
        )
        return False
    if wanted is None:
        return True
    least = entry.task in ("classes", "distribution") and wanted == "at least 2"
    if least:
        if not isinstance(n_outputs, int) or n_outputs >= 2:
            return True
    elif wanted == n_outputs:
        return True
    other = loss.span if where == "loss" else target_span
    name = target.columns[0] if len(target.columns) == 1 else ""
    text = findings.source.text
    if other and n_outputs == inputs.width and _like_input(name, text[: other.end]):
        findings.add(
            WIDTH,
            at(text, other.end - len(name), other.end),
            f"the column `{name}` is 1 number, the outputs are {n_outputs}",
            "did you mean `input`?",
            fix="input",
            certain=False,
        )
        return False
    findings.add(
        WIDTH,
        units.span,
        f"{_count(n_outputs)} where {why}",
        f"write `dense {wanted}`"
        if not least
        else "two classes have two units; "
        "with one: `sigmoid` and `loss binary_crossentropy`",
        related=(Related(other, "said here"),) if other else (),
        fix=None if least else str(wanted),
        certain=False,
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
        if one or (entry.task == "numbers" and _two_in_one(last, n_outputs, target)):
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


def _like_input(name: str, text: str) -> bool:
    """Whether `target inptu`, where a text ends, may have meant `target input`."""
    return text.endswith(f" {name}") and bool(suggest(name, ("input",)))


def _two_in_one(last: ActivationUse | None, n_outputs: Width, target: Target) -> bool:
    """Two labels told apart by one sigmoid under a loss for numbers."""
    sigmoid = last is not None and last.name == "sigmoid"
    return sigmoid and n_outputs == 1 and len(target.labels) == 2


def _task(
    loss: LossUse, last: ActivationUse | None, n_outputs: Width, target: Target
) -> Task:
    """What the loss makes of y."""
    task = _entry(loss).task
    if task == "binary":
        if target.kind == "input":
            return "numbers"
        return "binary" if n_outputs == 1 else "labels"
    if task == "numbers" and target.labels:
        return "binary" if _two_in_one(last, n_outputs, target) else "classes"
    return task
