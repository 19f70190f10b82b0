"""What a program can be printed as."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from nndsl.diagnostics.record import Source
from nndsl.network import Network
from nndsl.program.in_place import InPlace, Style
from nndsl.program.program import Program
from nndsl.render.jax.module import render_jax
from nndsl.render.module.estimator import render_estimator
from nndsl.render.module.module import render

TargetName: TypeAlias = Literal["numpy", "sklearn", "jax"]


@dataclass(frozen=True, slots=True)
class Target:
    """`render` prints a program.  `weighs_rows`: every row has a weight, whether or not
    the spec names a column of weights.  `styles`: those it can be written in.
    """

    render: Callable[[Network, Program, InPlace | None, Source], str]
    weighs_rows: bool = False
    styles: tuple[Style, ...] = ("textbook", "fast")


TARGETS: Mapping[TargetName, Target] = {
    "numpy": Target(render),
    "sklearn": Target(render_estimator, weighs_rows=True),
    "jax": Target(render_jax, styles=("textbook",)),
}
"""The printers, by the words of `--target`."""


def target_of(name: str) -> Target:
    """The target of this name.  Raises ValueError for any other."""
    for known, target in TARGETS.items():
        if known == name:
            return target
    names = " or ".join(map(repr, TARGETS))
    raise ValueError(f"target is {name!r}; expected {names}")
