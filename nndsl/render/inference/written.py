"""The functions of a forward pass, and the constants that they read."""

from dataclasses import dataclass

from nndsl.program.program import Constant


@dataclass(frozen=True, slots=True)
class Written:
    """`functions` are lists of lines; `forward` is the last."""

    functions: tuple[list[str], ...]
    constants: tuple[Constant, ...]
