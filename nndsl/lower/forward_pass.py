"""The forward pass while layers add their statements to it."""

from dataclasses import dataclass, field

from nndsl.layers.uses import Initializer
from nndsl.lower.array_names import Arrays
from nndsl.program.program import Array, Block, Parameter, Shape


@dataclass(slots=True)
class ForwardPass:
    """`current` is the last output.

    `dense` counts these layers: arrays carry its number.
    """

    arrays: Arrays
    current: str
    dense: int = 0
    blocks: list[Block] = field(default_factory=list)
    parameters: list[Parameter] = field(default_factory=list)
    running: list[Array] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)

    def value(self, letter: str, like: str) -> str:
        """A new array of the shape of `like`; `a` behind the second dense is `a2`."""
        return self.arrays.add(f"{letter}{self.dense}", self.arrays.shape(like))

    def parameter(
        self,
        name: str,
        shape: Shape,
        layer: str,
        start: Initializer,
        l1: float = 0.0,
        l2: float = 0.0,
        max_norm: float | None = None,
    ) -> str:
        """A new array that `layer` learns."""
        array = self.arrays.known[self.arrays.add(name, shape, "parameter", layer)]
        self.parameters.append(Parameter(array, start, l1, l2, max_norm))
        return array.name

    def running_statistic(self, of: str, layer: str) -> str:
        """A new array that blends the values of the array `of` over the batches."""
        shape = self.arrays.shape(of)
        name = self.arrays.add(f"running_{of}", shape, "running", layer, of)
        array = self.arrays.known[name]
        self.running.append(array)
        return array.name
