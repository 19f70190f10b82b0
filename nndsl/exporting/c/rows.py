"""How a row is given to an exported C file, and which rows it refuses."""

import shlex
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nndsl.exporting.c.escape import c_comment, c_name
from nndsl.exporting.trained import Trained, Words
from nndsl.render.escape import Code, code
from nndsl.render.module.names import purpose
from nndsl.render.prose import listed


@dataclass(frozen=True, slots=True)
class Word:
    """A column of labels: its member, the array of them, how many inputs it becomes.

    `fill`, `other`: the place that a missing and an unknown label count as, or -1.
    """

    member: Code
    array: Code
    count: Code
    fill: Code
    other: Code
    alone: bool


def inputs_of(word: Words) -> int:
    return 1 if len(word.labels) == 2 else len(word.labels)


def members_of(trained: Trained) -> dict[str, str]:
    """What the member of each column is called, where rows are structs."""
    members: dict[str, str] = {}
    for feature in trained.features if trained.words else ():
        members[feature] = c_name(feature, members.values())
    return members


def member_lines(trained: Trained, members: dict[str, str]) -> Iterator[str]:
    labels = {word.name: " | ".join(word.labels) for word in trained.words}
    for feature, member in members.items():
        notes = [feature] * (member != feature)
        notes += [labels[feature]] if feature in labels else []
        kind = "const char *" if feature in labels else "double "
        note = c_comment(textwrap.shorten(": ".join(notes), 60, placeholder=" ..."))
        yield f"{kind}{member};{f' /* {note} */' * bool(notes)}"


def words_of(trained: Trained, members: dict[str, str]) -> Iterator[Word]:
    for number, word in enumerate(trained.words):
        yield Word(
            member=code(members[word.name]),
            array=code(f"words{number}"),
            count=code(str(len(word.labels))),
            fill=code(str(-1 if word.fill is None else word.fill)),
            other=code(str(-1 if word.other is None else word.other)),
            alone=len(word.labels) == 2,
        )


def limits_of(trained: Trained) -> Iterator[tuple[float, float]]:
    """The least and the greatest value of each column of numbers."""
    data = trained.program.data
    ends = [
        (each.low, each.high) for each in data.number_columns for _ in each.names
    ] or [(data.inputs.low, data.inputs.high)] * len(trained.numbers.start)
    for low, high in ends:
        yield (-np.inf if low is None else low), (np.inf if high is None else high)


def has_limits(trained: Trained) -> bool:
    return any(np.isfinite(ends).any() for ends in limits_of(trained))


def inside(trained: Trained) -> str:
    """What has to hold of a number."""
    more = " && value >= low[i] && value <= high[i]" * has_limits(trained)
    return f"isfinite(value){more}"


def about(trained: Trained, file: str) -> Iterator[str]:
    """What stands at the head of the file, which is called `file`."""
    yield f"{trained.network}, a trained network: it {purpose(trained.program)}."
    yield ""
    command = c_comment(f"cc -O2 -c {shlex.quote(file)}")
    yield f"Compile it by `{command}`, copy the declarations, link with -lm."
    yield "Nothing is allocated, and nothing is kept from one call to the next."
    if trained.features and not trained.words:
        yield ""
        for number, place in enumerate(trained.numbers.places):
            yield f"    x[{number}]  {c_comment(trained.features[place])}"
    yield ""
    filled = trained.numbers.fills or any(w.fill is not None for w in trained.words)
    yield from textwrap.wrap(_refused(trained, filled), 84)


def _refused(trained: Trained, filled: bool) -> str:
    """Which rows the network does not answer."""
    reasons = ["an infinite number"]
    reasons += ["one that is out of its range"] * has_limits(trained)
    reasons += ["an unknown label"] * bool(trained.words)
    reasons.append(f"a missing value{' that nothing stands in for' * filled}")
    labels = ", a missing label NULL or empty" * bool(trained.words)
    return (
        f"A missing number is NaN{labels}. "
        f"A row is refused if it holds {listed(reasons, 'or')}."
    )
