"""Learned numbers as Python text: a few as a list, more as bytes in base64."""

from base64 import b64encode

import numpy as np
from numpy.typing import NDArray

from nndsl.render.escape import WIDTH, listing, number

Array = NDArray[np.floating]


def packed(name: str, values: Array, dtype: str, reader: str, tail: str = "") -> str:
    """`name = reader("…")`: the bytes of `values` as `dtype`, in rows where long."""
    text = b64encode(np.ascontiguousarray(values, dtype).tobytes()).decode("ascii")
    line = f'{name} = {reader}("{text}"){tail}'
    if len(line) <= WIDTH:
        return line
    rows = (text[at : at + WIDTH] for at in range(0, len(text), WIDTH))
    return "\n".join([f'{name} = {reader}("""', *rows, f'"""){tail}'])


_FEW = 10


def listed(name: str, values: Array) -> str | None:
    """`name = […]` of a few numbers; None where there are more."""
    if len(values) > _FEW:
        return None
    items = [number(v) for v in values.tolist()]
    return f"{name} = {listing(items, 0, len(name) + 3).text}"
