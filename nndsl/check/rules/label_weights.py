"""`class_weights`: whether the labels it names are those of the target."""

from nndsl.check.findings import Findings
from nndsl.check.read.class_weights import Weights
from nndsl.check.read.target_line import Label
from nndsl.diagnostics.codes_checks import DUPLICATE, TARGET, UNKNOWN_NAME
from nndsl.diagnostics.record import Related
from nndsl.diagnostics.suggest import suggest
from nndsl.network import ClassWeights, Target, Task
from nndsl.spec_text.texts import label as written
from nndsl.syntax.tree import Span


def weights_of_labels(
    findings: Findings, weights: Weights, target: Target, task: Task, span: Span
) -> ClassWeights:
    """A weight for every label of the target, 1 where none is written."""
    if task in ("numbers", "distribution"):
        findings.add(
            TARGET,
            span,
            "class_weights where no classes are learned",
            "leave it out; weights for rows are `sample_weight` of `fit`",
        )
        return None
    if weights.balanced:
        return "balanced"
    if not target.labels:
        findings.add(
            TARGET,
            span,
            "weights for labels that `target` does not list",
            "list them: `target species: a | b`; or write `class_weights balanced`",
        )
        return None
    known = {str(label): label for label in target.labels}
    chosen: dict[Label, float] = {}
    first: dict[Label, Span] = {}
    for each, weight in weights.weights:
        label = known.get(_as_label(each.value, target))
        if label is None:
            near = suggest(str(each.value), known)
            listed = ", ".join(known)
            findings.add(
                UNKNOWN_NAME,
                each.span,
                f"`target` has no label `{each.value}`",
                f"did you mean `{near[0]}`?" if near else f"its labels are: {listed}",
                fix=written(known[near[0]]) if near else None,
                certain=len(near) == 1,
            )
        elif label in chosen:
            findings.add(
                DUPLICATE,
                each.span,
                f"`{each.value}` has a weight already",
                "leave one of them out",
                related=(Related(first[label], "given here first"),),
            )
        else:
            chosen[label], first[label] = weight, each.span
    return tuple((label, chosen.get(label, 1.0)) for label in target.labels)


def _as_label(value: Label, target: Target) -> str:
    """A number as the target's labels are written: with a point where they are."""
    broken = isinstance(target.labels[0], float) and not isinstance(value, str)
    return str(float(value) if broken else value)
