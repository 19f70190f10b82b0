"""What the template of an exported C file prints."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nndsl.data.errors import DataError
from nndsl.exporting.answer import Answer, Kinds, answer_of, kinds_of
from nndsl.exporting.c.arrays import c_array, c_strings
from nndsl.exporting.c.escape import prefix
from nndsl.exporting.c.expressions import helpers_in
from nndsl.exporting.c.forms import HELPERS
from nndsl.exporting.c.rows import (
    Word,
    about,
    has_limits,
    inputs_of,
    inside,
    limits_of,
    member_lines,
    members_of,
    words_of,
)
from nndsl.exporting.c.statements import Writer
from nndsl.exporting.trained import Trained
from nndsl.program.predicting import predicting
from nndsl.render.escape import Code, code
from nndsl.resources import read

WIDEST = 16_384
"""The most numbers of a layer: two buffers of them take 256 KiB of the stack."""
LONGEST = 4095
"""The longest string that C99 makes compilers take, in bytes."""


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


def c_view(trained: Trained, file: str) -> CView:
    """The view of the file, called `file`, that computes `trained`.

    Raises DataError for what a C file of this kind cannot hold.
    """
    predicted, answer = predicting(trained.program), answer_of(trained)
    inputs = len(trained.numbers.start) + sum(map(inputs_of, trained.words))
    writer = Writer(trained, predicted.code, inputs)
    forward = tuple(writer.lines(predicted))
    labels, members = _labels(trained), members_of(trained)
    _check(trained, writer.widest, labels)
    name = prefix(trained.network)
    row, given = "const double *x", "x"
    if trained.words:
        row, given = f"const {name}_row *row", "row"
    numbers = trained.numbers
    text = "\n".join([*forward, *(body for _, body in writer.functions.values())])
    return CView(
        about=tuple(code(f" {line}".rstrip()) for line in about(trained, file)),
        prefix=code(name),
        item=code(_item(trained)),
        row=code(row),
        given=code(given),
        members=tuple(map(code, member_lines(trained, members))),
        numbers=code(
            ", ".join(f"row->{members[each]}" for each in numbers.names if members)
        ),
        words=tuple(words_of(trained, members)),
        has_numbers=len(numbers.start) > 0,
        counts=len(numbers.start) > 0 or any(inputs_of(w) > 1 for w in trained.words),
        n_numbers=code(str(len(numbers.start))),
        fills=numbers.fills,
        inside=code(inside(trained)),
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
        low, high = zip(*limits_of(trained), strict=True)
        yield from c_array("low", np.array(low))
        yield from c_array("high", np.array(high))
    if answer.scales:
        yield from c_array("to_start", trained.target_start)
        yield from c_array("to_spread", trained.target_spread)
    for number, word in enumerate(trained.words):
        yield from c_strings(f"static const char *const words{number}[]", word.labels)


def _functions(trained: Trained, writer: Writer, text: str) -> Iterator[str]:
    """The texts of the helpers that the file needs."""
    used = helpers_in(text) | writer.used | ({"find"} if trained.words else set())
    for name in (*HELPERS, "softmax", "standardise", "find"):
        if name in used:
            yield read("templates", "c", "functions", f"{name}.c.jinja").rstrip("\n")
