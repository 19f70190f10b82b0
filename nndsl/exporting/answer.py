"""What an exported network answers: shared by the formats that are source text."""

from dataclasses import dataclass, fields
from typing import Literal, TypeAlias

from nndsl.data.errors import DataError
from nndsl.exporting.trained import Trained

AnswerKind: TypeAlias = Literal[
    "classes", "two classes", "scores", "margin", "labels", "number", "numbers"
]
"""`classes`, `two classes`: probabilities and the most probable class.  `scores`: the
class of the largest output.  `margin`: one output against a threshold.  `labels`:
a probability for each label, and which of them hold.  `number`, `numbers`: the
outputs, in the units of the target.
"""


NUMBERS = 5_000_000
"""The most learned numbers that are written as text."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`width`: how many outputs the network has; `threshold` is 0 where there is none.

    `scales`: whether outputs are scaled back, each in its own way if not `alike`.
    """

    kind: AnswerKind
    width: int
    threshold: float
    scales: bool
    alike: bool

    @property
    def has_probabilities(self) -> bool:
        return self.kind in ("classes", "two classes", "labels")


def answer_of(trained: Trained) -> Answer:
    """What `trained` answers.  Raises DataError where its labels do not
    fit, and where it is too large for a source text."""
    decision = trained.program.data.decision
    width = len(trained.target_start)
    _check(trained, 2 if decision.is_threshold else width)
    count = sum(each.size for each in trained.values.values())
    if count > NUMBERS:
        raise DataError(
            f"{trained.network} has {count:,} numbers, too many for a source text: "
            f"{NUMBERS:,} are the most; export a .onnx file"
        )
    start, spread = trained.target_start, trained.target_spread
    return Answer(
        kind=_kind(trained, width),
        width=width,
        threshold=decision.threshold or 0.0,
        scales=bool((start != 0).any() or (spread != 1).any()),
        alike=len(set(start.tolist())) == len(set(spread.tolist())) == 1,
    )


def _check(trained: Trained, n_labels: int) -> None:
    """Raise DataError where names and labels, which files say, do not fit the rest."""
    classes, network = trained.classes, trained.network
    if classes is not None and len(classes) != n_labels:
        raise DataError(f"{network} has {len(classes)} labels for {n_labels} outputs")
    if classes is not None and any(each != each for each in classes.tolist()):
        raise DataError(f"{network} has a label that is no number")
    columns = len(trained.numbers.start) + len(trained.words)
    if trained.features and len(trained.features) != columns:
        names = len(trained.features)
        raise DataError(f"{network} has names of {names} columns for {columns}")
    named = trained.program.data.decision.is_multilabel and trained.targets
    if named and len(trained.targets) != n_labels:
        names = len(trained.targets)
        raise DataError(f"{network} has names of {names} targets for {n_labels}")


def _kind(trained: Trained, width: int) -> AnswerKind:
    decision = trained.program.data.decision
    if decision.is_argmax:
        return "classes" if decision.probabilities else "scores"
    if decision.is_threshold:
        return "two classes" if decision.probabilities else "margin"
    if decision.is_multilabel:
        return "labels"
    alone = width == 1 and trained.program.data.encoding != "input"
    return "number" if alone else "numbers"


@dataclass(frozen=True, slots=True)
class Kinds:
    """Which kind of answer it is, as templates ask: one of these holds."""

    classes: bool
    two_classes: bool
    scores: bool
    margin: bool
    labels: bool
    number: bool
    numbers: bool


def kinds_of(answer: Answer) -> Kinds:
    kind = answer.kind.replace(" ", "_")
    return Kinds(**{each.name: each.name == kind for each in fields(Kinds)})
