"""A name that nothing has yet."""

from collections.abc import Container
from itertools import chain, count


def free_name(wanted: str, taken: Container[str], link: str = "_") -> str:
    """`wanted`, or `wanted_2`, `wanted_3`, … where that is taken."""
    names = chain([wanted], (f"{wanted}{link}{number}" for number in count(2)))
    return next(name for name in names if name not in taken)
