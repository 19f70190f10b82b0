"""One way to break nndsl, with the tests that must notice."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutant:
    """`old` in `file` becomes `new`; `tests` are the node ids that must notice."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
