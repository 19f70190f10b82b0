"""What stands around the update in place: clipping, running statistics, sums."""

from nndsl.program.program import Program
from nndsl.render.functions import function_lines
from nndsl.render.textbook.after_step import running_update_lines


def clip_function(program: Program) -> list[str]:
    """`clip_gradients`, or nothing where nothing is clipped."""
    if program.clipping.norm is not None:
        return function_lines("inplace/clip_norm")
    if program.clipping.value is not None:
        return function_lines("inplace/clip_value")
    return []


def running_update_function(program: Program) -> list[str]:
    """`update_running`, or nothing without batch norm."""
    if not program.running:
        return []
    return [
        "def update_running(r: Arrays, v: Values, n: int) -> None:",
        '    """Blend the n rows into the running mean and (unbiased) variance."""',
        *running_update_lines(program, "number({})"),
    ]
