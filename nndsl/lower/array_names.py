"""Textbook names for arrays: `z1`, `a1` behind its activation, `dz1` its gradient."""

from dataclasses import dataclass, field

from nndsl.formulas.free_name import free_name
from nndsl.program.program import Array, Kind, Shape


@dataclass(slots=True)
class Arrays:
    """The arrays of a program while it is being lowered; a name is given out once."""

    known: dict[str, Array] = field(default_factory=dict)

    def add(
        self,
        name: str,
        shape: Shape,
        kind: Kind = "value",
        layer: str = "",
        key: str = "",
    ) -> str:
        """Enter an array, as `name` or else `name_2`, …; give back its name."""
        free = free_name(name, self.known)
        self.known[free] = Array(free, shape, kind, key or free, layer)
        return free

    def shape(self, name: str) -> Shape:
        return self.known[name].shape
