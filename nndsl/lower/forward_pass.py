"""The forward pass while layers add their statements to it."""

from dataclasses import dataclass, field

from nndsl.layers.uses import Initializer
from nndsl.lower.array_names import Arrays
from nndsl.program.program import Array, Block, Parameter, Shape


@dataclass(slots=True)
class ForwardPass:
    """`current` is the last output.

    `dense` and `norms` count the layers of these kinds: arrays carry their numbers.
    """

    arrays: Arrays
    current: str
    dense: int = 0
    norms: int = 0
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
        key: str,
        start: Initializer,
        l1: float = 0.0,
        l2: float = 0.0,
        max_norm: float | None = None,
    ) -> str:
        """A new trained array; `key` is its name for the user."""
        array = self.arrays.known[self.arrays.add(name, shape, "parameter", key)]
        self.parameters.append(Parameter(array, start, l1, l2, max_norm))
        return array.name

    def running_statistic(self, name: str, shape: Shape, key: str) -> str:
        """A new array that training updates and predicting reads."""
        array = self.arrays.known[self.arrays.add(name, shape, "running", key)]
        self.running.append(array)
        return array.name
