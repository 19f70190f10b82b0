"""The constants of formulas, at the head of a module."""

from collections.abc import Iterable
from itertools import groupby

from nndsl.check.read.values import format_number
from nndsl.program.program import Constant
from nndsl.render.lines import WIDTH, commented


def constant_lines(constants: Iterable[Constant]) -> list[str]:
    """`NAME = value`, with what it is for; those of one purpose share a line."""
    lines: list[str] = []
    for note, several in groupby(constants, lambda constant: constant.note):
        group = list(several)
        names = ", ".join(constant.name for constant in group)
        values = ", ".join(format_number(constant.value) for constant in group)
        if len(f"{names} = {values}  # {note}") <= WIDTH:
            lines += commented(f"{names} = {values}", note)
            continue
        for constant in group:
            line = f"{constant.name} = {format_number(constant.value)}"
            lines += commented(line, note)
    return lines
