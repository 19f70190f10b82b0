"""Optimising: from the program, what to compute, to calls that compute it in place."""

from collections.abc import Iterable

from nndsl.optimise.flat_update import in_place_update
from nndsl.optimise.loss_calls import in_place_loss
from nndsl.optimise.plan import in_place_passes
from nndsl.program.in_place import InPlace, Memory
from nndsl.program.program import Program

_CHUNK_BYTES = 2**21
_CHUNK_ROWS = 2048
_OPEN_WIDTH = 16
"""What is taken for a width that only the data can tell."""


def optimise(program: Program) -> InPlace:
    """The program in place; what it computes is the same but for rounding."""
    loss = in_place_loss(program)
    passes = in_place_passes(program)
    of_loss = (Memory((buffer.name,), buffer) for buffer in loss.scratch)
    return InPlace(
        forward=passes.forward,
        backward=passes.backward,
        values=passes.values,
        slopes=(*passes.slopes, *of_loss),
        above_ones=passes.above_ones,
        joined=passes.joined,
        loss=loss,
        update=in_place_update(program),
        rows=_rows_at_once(passes.values, program.precision),
    )


def _rows_at_once(values: Iterable[Memory], precision: str) -> int:
    """So many rows that their arrays take at most two megabytes, 2,048 at most."""
    itemsize = 4 if precision == "float32" else 8
    per_row = 0
    for memory in values:
        match memory.buffer.shape:
            case ("n", width):
                columns = width if isinstance(width, int) else _OPEN_WIDTH
                per_row += columns * itemsize
    rows = 64
    while rows < _CHUNK_ROWS and 2 * rows * per_row <= _CHUNK_BYTES:
        rows *= 2
    return rows
