"""What was learned as lines of Python, and rows and outputs scaled by it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nndsl.exporting.answer import Answer
from nndsl.exporting.trained import Trained
from nndsl.render.inference.array_text import Array, listed, packed


@dataclass(slots=True)
class Numbers:
    """Writes arrays of float64; `wide`: by a function of their own."""

    is_numpy: bool
    dtype: str
    wide: bool = False

    def text(self, name: str, values: Array) -> str:
        short = listed(name, values)
        if short is not None:
            return short
        self.wide |= self.dtype == "<f4"
        reader = "array64" if self.dtype == "<f4" else "array"
        return packed(name, values, "<f8", reader)


def weights(trained: Trained, numbers: Numbers) -> Iterator[str]:
    for name, values in trained.values.items():
        key = trained.program.arrays[name].key
        shape = ", ".join(map(str, values.shape))
        tail = f".reshape({shape})" * (numbers.is_numpy and values.ndim > 1)
        yield packed(key, values, numbers.dtype, "array", tail)


def scaling(
    numbers: Numbers, names: tuple[str, str], start: Array, spread: Array, rows: str
) -> tuple[list[str], str]:
    """The lines that say the scale of columns, and `rows` scaled by it."""
    if not (np.any(start != 0) or np.any(spread != 1)):
        return [], rows
    first, second = names
    if len(set(start.tolist())) == len(set(spread.tolist())) == 1:
        line = f"{first}, {second} = {float(start[0])!r}, {float(spread[0])!r}"
        if numbers.is_numpy:
            return [line], f"(({rows} - {first}) / {second})"
        return [line], f"[(v - {first}) / {second} for v in {rows}]"
    lines = [numbers.text(first, start), numbers.text(second, spread)]
    if numbers.is_numpy:
        return lines, f"(({rows} - {first}) / {second})"
    zipped = f"zip({rows}, {first}, {second})"
    return lines, f"[(v - start) / spread for v, start, spread in {zipped}]"


def scaled_back(
    numbers: Numbers, trained: Trained, answer: Answer
) -> tuple[list[str], str]:
    """The lines that say the scale of the targets, and `output` scaled back by it."""
    output = "output"
    if answer.kind == "number":
        output = "output[:, 0]" if numbers.is_numpy else "output[0]"
    if not answer.scales:
        return [], output
    start, spread = trained.target_start, trained.target_spread
    first, second = "TARGET_START", "TARGET_SPREAD"
    if answer.alike:
        line = f"{first}, {second} = {float(start[0])!r}, {float(spread[0])!r}"
        if numbers.is_numpy or answer.kind == "number":
            return [line], f"{output} * {second} + {first}"
        return [line], f"[v * {second} + {first} for v in {output}]"
    lines = [numbers.text(first, start), numbers.text(second, spread)]
    if numbers.is_numpy:
        return lines, f"{output} * {second} + {first}"
    zipped = f"zip({output}, {first}, {second})"
    return lines, f"[v * s + m for v, m, s in {zipped}]"
