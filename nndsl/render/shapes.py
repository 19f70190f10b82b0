"""Shapes as they are written: in comments, and where arrays are made."""

from collections.abc import Mapping

from nndsl.program.program import Dimension, Shape
from nndsl.program.size import Size

_WORDS = {"features": "n_features", "outputs": "n_outputs"}


def dimension(size: Dimension) -> str:
    """`16`, `n`, `n_features` or `n_outputs`."""
    return _WORDS.get(size, size) if isinstance(size, str) else str(size)


def shape(sizes: Shape) -> str:
    """`(n, 16)`; one dimension keeps its comma: `(16,)`."""
    inner = ", ".join(dimension(size) for size in sizes)
    return f"({inner},)" if len(sizes) == 1 else f"({inner})"


def size(numbers: Size, words: Mapping[str, str] = _WORDS) -> str:
    """`12 * n_features + 16`; other `words` may stand for the open widths."""
    return " + ".join(
        " * ".join([str(factor), *(words[width] for width in widths)])
        for factor, widths in numbers.terms
    )
