"""What the templates of an exported Python module print."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nndsl.exporting.answer import Kinds, answer_of, kinds_of
from nndsl.exporting.trained import Trained
from nndsl.program.data import Columns
from nndsl.program.predicting import predicting
from nndsl.render.escape import Code, code, listing, literal, value
from nndsl.render.inference.column_lines import column_constants, has_limits
from nndsl.render.inference.learned_text import Numbers, scaled_back, scaling, weights
from nndsl.render.inference.numpy_forward import numpy_functions
from nndsl.render.inference.plain_forward import plain_functions
from nndsl.render.lines import comprehension
from nndsl.render.module.names import purpose
from nndsl.render.network.constant_lines import constant_lines
from nndsl.render.prose import docstring


@dataclass(frozen=True, slots=True)
class InferenceView:
    """`arrays`: the lines of what was learned; `inside`: that a row of numbers, and
    `bounds` the words for it, is within its limits.  `scaled`, `answer`: rows scaled,
    and outputs scaled back.
    """

    title: tuple[Code, ...]
    constants: tuple[Code, ...]
    arrays: tuple[Code, ...]
    functions: Code
    item: Code
    code: Code
    size: Code
    wide: bool
    is_numpy: bool
    kinds: Kinds
    width: Code
    columns: Code
    threshold: Code
    mixed: bool
    has_numbers: bool
    has_words: bool
    has_limits: bool
    has_missing: bool
    has_other: bool
    named: bool
    fills: bool
    inside: Code
    bounds: Code
    scaled: Code
    answer: Code
    has_code: bool


def inference_view(trained: Trained, is_numpy: bool) -> InferenceView:
    """The view of the module that computes `trained`, with NumPy or without.

    Raises DataError for a network whose labels do not fit its outputs.
    """
    predicted, answer = predicting(trained.program), answer_of(trained)
    write = numpy_functions if is_numpy else plain_functions
    written = write(trained.program, predicted)
    dtype = _dtype(trained)
    numbers = Numbers(is_numpy, dtype)
    constants = [
        *_names(trained),
        *([f"DTYPE = np.{trained.program.precision}"] if is_numpy else []),
        *constant_lines(written.constants),
        *_limits(trained),
    ]
    arrays = list(weights(trained, numbers))
    scaled, fills = "rows" if is_numpy else "values", False
    if trained.words or trained.program.data.has_columns:
        constants += column_constants(trained)
    else:
        fills = trained.numbers.fills
        if fills:
            arrays.append(numbers.text("FILL", trained.numbers.fill))
        start, spread = trained.numbers.start, trained.numbers.spread
        lines, scaled = scaling(numbers, ("START", "SPREAD"), start, spread, scaled)
        arrays += lines
    lines, back = scaled_back(numbers, trained, answer)
    arrays += lines
    inputs = trained.program.data.inputs
    return InferenceView(
        title=tuple(map(code, _title(trained))),
        constants=tuple(map(code, constants)),
        arrays=tuple(map(code, arrays)),
        functions=code("\n\n\n".join("\n".join(each) for each in written.functions)),
        item=code(f'"{dtype}"'),
        code=code("f" if dtype == "<f4" else "d"),
        size=code(dtype[-1]),
        wide=numbers.wide,
        is_numpy=is_numpy,
        kinds=kinds_of(answer),
        width=code(str(answer.width)),
        columns=code(str(len(trained.numbers.start))),
        threshold=code(repr(answer.threshold)),
        mixed=trained.program.data.has_columns,
        has_numbers=bool(trained.numbers.names),
        has_words=bool(trained.words),
        has_limits=has_limits(trained),
        has_missing=any(each.fill is not None for each in trained.words),
        has_other=any(each.other is not None for each in trained.words),
        named=bool(trained.features),
        fills=fills or trained.numbers.fills,
        inside=code(_inside(inputs, is_numpy)),
        bounds=code(_bounds(inputs)),
        scaled=code(scaled),
        answer=code(back if is_numpy else _each(back, "output", "outputs")),
        has_code=predicted.code is not None,
    )


def _each(text: str, name: str, several: str) -> str:
    """A line that returns `text` for each of several."""
    return "\n".join(comprehension("    return ", text, f"for {name} in {several}"))


def _dtype(trained: Trained) -> str:
    """How what was learned is stored, least byte first."""
    small = all(each.dtype.itemsize <= 4 for each in trained.values.values())
    return "<f4" if small else "<f8"


def _names(trained: Trained) -> Iterator[str]:
    if trained.features:
        names = [literal(each) for each in trained.features]
        yield f"FEATURES = {listing(names, 0, len('FEATURES = ')).text}"
    if trained.classes is not None:
        labels = [_label(each) for each in trained.classes.tolist()]
        yield f"CLASSES = {listing(labels, 0, len('CLASSES = ')).text}"


def _label(label: str | float) -> Code:
    """A label; infinity is one, where the data hold it."""
    if isinstance(label, float) and np.isinf(label):
        return code(f'float("{label}")')
    return value(label)


def _limits(trained: Trained) -> Iterator[str]:
    """`LOW` and `HIGH`, where the columns have limits."""
    inputs = trained.program.data.inputs
    for name, end in (("LOW", inputs.low), ("HIGH", inputs.high)):
        if end is not None:
            yield f"{name} = {float(end)!r}"


def _inside(inputs: Columns, is_numpy: bool) -> str:
    """Whether all numbers of `rows` or `values` are what the network takes."""
    low, high = inputs.low is not None, inputs.high is not None
    finite = not (low and high)
    if not is_numpy:
        within = " <= ".join(["LOW"] * low + ["v"] + ["HIGH"] * high)
        parts = ["math.isfinite(v)"] * finite + [within] * inputs.is_bounded
        return f"all({' and '.join(parts)} for v in values)"
    parts = ["np.isfinite(rows)"] * finite
    parts += ["(rows >= LOW)"] * low + ["(rows <= HIGH)"] * high
    return f"({' & '.join(parts)})" if len(parts) > 1 else parts[0]


def _bounds(inputs: Columns) -> str:
    """What the numbers have to be, in a message that is formatted."""
    if not inputs.is_bounded:
        return "finite numbers"
    low = "{LOW}" if inputs.low is not None else ""
    high = "{HIGH}" if inputs.high is not None else ""
    return f"numbers in {low}..{high}"


def _title(trained: Trained) -> list[str]:
    text = f"{trained.network}, a trained network: it {purpose(trained.program)}."
    return docstring(text, "")
