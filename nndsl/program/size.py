"""How many numbers arrays hold, where the data may decide their widths."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """A sum of products: each of a number and of widths that the data decide."""

    terms: tuple[tuple[int, tuple[str, ...]], ...]

    @property
    def fixed(self) -> int | None:
        """The number; None where the data decide it."""
        return None if any(widths for _, widths in self.terms) else self.least

    @property
    def least(self) -> int:
        """The number where each width that the data decide is 1."""
        return sum(factor for factor, _ in self.terms)


def size_of(shapes: Iterable[tuple[int | str, ...]]) -> Size:
    """The size of arrays of these shapes together."""
    terms: Counter[tuple[str, ...]] = Counter()
    for shape in shapes:
        words = tuple(size for size in shape if isinstance(size, str))
        terms[words] += math.prod(size for size in shape if isinstance(size, int))
    return Size(tuple((factor, words) for words, factor in terms.items()))
