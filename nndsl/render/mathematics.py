"""The mathematics of a generated module, in either style."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mathematics:
    """Text for the module: constants, functions, and the methods that call them.

    `threaded`: the update of the parameters shares its work out among threads.
    """

    constants: tuple[str, ...]
    functions: str
    engine: str
    threaded: bool = False
