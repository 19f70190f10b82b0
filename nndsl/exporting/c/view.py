"""What the template of an exported C file prints."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nndsl.data.errors import DataError
from nndsl.exporting.answer import Answer, Kinds, answer_of, kinds_of
from nndsl.exporting.c.arrays import c_array, c_strings
from nndsl.exporting.c.escape import c_comment, c_name, prefix
from nndsl.exporting.c.expressions import helpers_in
from nndsl.exporting.c.forms import HELPERS
from nndsl.exporting.c.statements import Writer
from nndsl.exporting.trained import Trained, Words
from nndsl.program.predicting import predicting
from nndsl.render.escape import Code, code
from nndsl.render.module.names import purpose
from nndsl.render.prose import listed
from nndsl.resources import read

WIDEST = 16_384
"""The most numbers of a layer: two buffers of them take 256 KiB of the stack."""
LONGEST = 4095
"""The longest string that C99 makes compilers take, in bytes."""


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


@dataclass(frozen=True, slots=True)
class CView:
    """`row`: the parameter that holds a row, `given` its name; `members`: the lines of
    its struct, where it is one, and `numbers` those of them that are numbers.

    `labels`: the lines of the array of labels.  `forward`: the statements, the last
    output of which is `output`.  `inside`: the comparison of `value` with its limits.
    """

    about: tuple[Code, ...]
    prefix: Code
    item: Code
    row: Code
    given: Code
    members: tuple[Code, ...]
    numbers: Code
    words: tuple[Word, ...]
    has_numbers: bool
    counts: bool
    n_numbers: Code
    fills: bool
    inside: Code
    value: Code
    arrays: tuple[Code, ...]
    labels: tuple[Code, ...]
    n_labels: Code
    functions: tuple[Code, ...]
    activations: tuple[tuple[Code, Code], ...]
    forward: tuple[Code, ...]
    output: Code
    widest: Code
    width: Code
    has_code: bool
    code_width: Code
    kinds: Kinds
    threshold: Code
    answer: Code


def c_view(trained: Trained) -> CView:
    """The view of the file that computes `trained`.

    Raises DataError for what a C file of this kind cannot hold.
    """
    predicted, answer = predicting(trained.program), answer_of(trained)
    inputs = len(trained.numbers.start) + sum(map(_inputs, trained.words))
    writer = Writer(trained, predicted.code, inputs)
    forward = tuple(writer.lines(predicted))
    labels, members = _labels(trained), _members(trained)
    _check(trained, writer.widest, labels)
    name = prefix(trained.network)
    row, given = "const double *x", "x"
    if trained.words:
        row, given = f"const {name}_row *row", "row"
    numbers = trained.numbers
    text = "\n".join([*forward, *(body for _, body in writer.functions.values())])
    return CView(
        about=tuple(code(f" {line}".rstrip()) for line in _about(trained, name)),
        prefix=code(name),
        item=code(_item(trained)),
        row=code(row),
        given=code(given),
        members=tuple(map(code, _member_lines(trained, members))),
        numbers=code(", ".join(f"row->{members[each]}" for each in numbers.names)),
        words=tuple(_words(trained, members)),
        has_numbers=len(numbers.start) > 0,
        counts=len(numbers.start) > 0 or any(_inputs(w) > 1 for w in trained.words),
        n_numbers=code(str(len(numbers.start))),
        fills=numbers.fills,
        inside=code(_inside(trained)),
        value=code("(value - start[i]) / spread[i]" if numbers.scales else "value"),
        arrays=tuple(map(code, _arrays(trained, answer))),
        labels=tuple(map(code, c_strings(f"const char *const {name}_labels[]", labels)))
        if labels
        else (),
        n_labels=code(str(len(labels))),
        functions=tuple(map(code, _functions(trained, writer, text))),
        activations=tuple(
            (code(name), code(body)) for name, body in writer.functions.values()
        ),
        forward=tuple(map(code, forward)),
        output=code(writer.held),
        widest=code(str(writer.widest)),
        width=code(str(answer.width)),
        has_code=predicted.code is not None,
        code_width=code(str(writer.code_width)),
        kinds=kinds_of(answer),
        threshold=code(repr(answer.threshold)),
        answer=code(
            "output[i] * to_spread[i] + to_start[i]" if answer.scales else "output[i]"
        ),
    )


def _inputs(word: Words) -> int:
    return 1 if len(word.labels) == 2 else len(word.labels)


def _item(trained: Trained) -> str:
    small = all(each.dtype.itemsize <= 4 for each in trained.values.values())
    return "float" if small else "double"


def _check(trained: Trained, widest: int, labels: list[str]) -> None:
    if widest > WIDEST:
        raise DataError(
            f"{trained.network} is {widest:,} numbers wide; a C file, which keeps two "
            f"such rows on the stack, holds {WIDEST:,} at most"
        )
    texts = [*labels, *(label for word in trained.words for label in word.labels)]
    for text in texts:
        if len(text.encode("utf-8", "surrogatepass")) > LONGEST or "\0" in text:
            raise DataError(
                f"the label {text[:20]!r}… cannot be a string of C: it has more than "
                f"{LONGEST:,} bytes, or one that is 0"
            )


def _labels(trained: Trained) -> list[str]:
    """What the places of an answer are called; nothing where it is numbers."""
    if trained.classes is not None:
        return [str(each) for each in trained.classes.tolist()]
    named = trained.program.data.decision.is_multilabel
    return list(trained.targets) if named else []


def _members(trained: Trained) -> dict[str, str]:
    """What the member of each column is called, where rows are structs."""
    members: dict[str, str] = {}
    for feature in trained.features if trained.words else ():
        members[feature] = c_name(feature, members.values())
    return members


def _member_lines(trained: Trained, members: dict[str, str]) -> Iterator[str]:
    labels = {word.name: " | ".join(word.labels) for word in trained.words}
    for feature, member in members.items():
        notes = [feature] * (member != feature)
        notes += [labels[feature]] if feature in labels else []
        kind = "const char *" if feature in labels else "double "
        note = c_comment(textwrap.shorten(": ".join(notes), 60, placeholder=" ..."))
        yield f"{kind}{member};{f' /* {note} */' * bool(notes)}"


def _words(trained: Trained, members: dict[str, str]) -> Iterator[Word]:
    for number, word in enumerate(trained.words):
        yield Word(
            member=code(members[word.name]),
            array=code(f"words{number}"),
            count=code(str(len(word.labels))),
            fill=code(str(-1 if word.fill is None else word.fill)),
            other=code(str(-1 if word.other is None else word.other)),
            alone=len(word.labels) == 2,
        )


def _arrays(trained: Trained, answer: Answer) -> Iterator[str]:
    item, arrays = _item(trained), trained.program.arrays
    for name, values in trained.values.items():
        yield from c_array(arrays[name].key, values, item)
    numbers = trained.numbers
    if numbers.fills:
        yield from c_array("fill", numbers.fill)
    if numbers.scales:
        yield from c_array("start", numbers.start)
        yield from c_array("spread", numbers.spread)
    if has_limits(trained):
        low, high = zip(*_limits(trained), strict=True)
        yield from c_array("low", np.array(low))
        yield from c_array("high", np.array(high))
    if answer.scales:
        yield from c_array("to_start", trained.target_start)
        yield from c_array("to_spread", trained.target_spread)
    for number, word in enumerate(trained.words):
        yield from c_strings(f"static const char *const words{number}[]", word.labels)


def _limits(trained: Trained) -> Iterator[tuple[float, float]]:
    """The least and the greatest value of each column of numbers."""
    data = trained.program.data
    ends = [
        (each.low, each.high) for each in data.number_columns for _ in each.names
    ] or [(data.inputs.low, data.inputs.high)] * len(trained.numbers.start)
    for low, high in ends:
        yield (-np.inf if low is None else low), (np.inf if high is None else high)


def has_limits(trained: Trained) -> bool:
    return any(np.isfinite(ends).any() for ends in _limits(trained))


def _inside(trained: Trained) -> str:
    """What has to hold of a number."""
    more = " && value >= low[i] && value <= high[i]" * has_limits(trained)
    return f"isfinite(value){more}"


def _functions(trained: Trained, writer: Writer, text: str) -> Iterator[str]:
    """The texts of the helpers that the file needs."""
    used = helpers_in(text) | writer.used | ({"find"} if trained.words else set())
    for name in (*HELPERS, "softmax", "standardise", "find"):
        if name in used:
            yield read("templates", "c", "functions", f"{name}.c.jinja").rstrip("\n")


def _about(trained: Trained, name: str) -> Iterator[str]:
    """What stands at the head of the file."""
    yield f"{trained.network}, a trained network: it {purpose(trained.program)}."
    yield ""
    yield f"Compile it by `cc -O2 -c {name}.c`, copy the declarations, link with -lm."
    yield "Nothing is allocated, and nothing is kept from one call to the next."
    if trained.features and not trained.words:
        yield ""
        for place, feature in enumerate(trained.features):
            yield f"    x[{place}]  {c_comment(feature)}"
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
