"""The constants of a module, one a line."""

from collections.abc import Iterable

from nndsl.program.program import Constant
from nndsl.render.lines import commented


def constant_lines(constants: Iterable[Constant]) -> tuple[str, ...]:
    """`NAME = value`, with what it is for."""
    return tuple(
        line
        for constant in constants
        for line in commented(f"{constant.name} = {constant.value!r}", constant.note)
    )
