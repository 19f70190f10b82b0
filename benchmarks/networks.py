"""The networks that are measured, and rows for them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

Batch = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Network:
    """A classifier of dense relu layers; `layers` may give their lines instead."""

    sizes: tuple[int, ...]
    batch_size: int
    optimizer: str = "adam"
    layers: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    name: str = ""
    definitions: str = ""

    @property
    def title(self) -> str:
        sizes = "-".join(map(str, self.sizes))
        return f"{sizes}, {self.batch_size}" + (f", {self.name}" if self.name else "")

    @property
    def spec(self) -> str:
        """The network in the language."""
        layers = self.layers or tuple(f"dense {n} relu" for n in self.sizes[1:-1])
        lines = [f"input {self.sizes[0]}", *layers]
        lines += [f"dense {self.sizes[-1]} softmax", "loss categorical_crossentropy"]
        lines += [f"metrics {', '.join(self.metrics)}"] * bool(self.metrics)
        train = "; ".join([f"optimizer {self.optimizer}", *self.settings])
        train += f"; batch_size {self.batch_size}"
        body = "\n".join(f"    {line}" for line in [*lines, f"train {{ {train} }}"])
        return f"{self.definitions}network Speed {{\n{body}\n}}\n"

    def data(self, n: int | None = None) -> Batch:
        """Rows (n, inputs) in float32 and the numbers of their classes (n,)."""
        random = np.random.RandomState(1)
        n = self.batch_size if n is None else n
        rows = random.standard_normal((n, self.sizes[0])).astype(np.float32)
        return rows, random.randint(0, self.sizes[-1], n)

    def batches(self, n: int | None = None) -> list[Batch]:
        """Batches of n rows, to be taken in turn, of a table of some megabytes.

        One batch over and over would be learned by heart; what is left to learn then
        are numbers next to 0, which processors are slow with.
        """
        n = n or self.batch_size
        count = max(2, min(512, 2**24 // (n * self.sizes[0])))
        rows, classes = self.data(n * count)
        ends = [slice(first, first + n) for first in range(0, n * count, n)]
        return [(rows[part], classes[part]) for part in ends]


TINY = Network((4, 16, 16, 3), 16)
SMALL = Network((64, 128, 64, 10), 32)
MEDIUM = Network((784, 512, 512, 10), 128)
LARGE = Network((784, 2048, 2048, 10), 256)
NETWORKS = (TINY, SMALL, MEDIUM, LARGE)
EPOCHS = 10
"""Of a fit that is measured."""

OWN = """optimizer sign_momentum(learning_rate=0.001, beta=0.9 in 0..1) {
    state   m = 0
    m       = beta * m + (1 - beta) * gradient
    weight  = weight - learning_rate * sign(m)
}
"""


def _variants(plain: Network) -> dict[str, Network]:
    """The network with another optimizer, or with one thing more in it."""
    widths = plain.sizes[1:-1]

    def layers(line: str) -> tuple[str, ...]:
        return tuple(line.format(n) for n in widths)

    found = {
        text: replace(plain, optimizer=text)
        for text in ("sgd(momentum=0.9)", "rmsprop", "adamw", "lion")
    }
    own = replace(plain, optimizer="sign_momentum", definitions=OWN)
    return found | {
        "an optimizer of one's own": own,
        "l2": replace(plain, settings=("l2 0.001",)),
        "dropout": replace(plain, layers=layers("dense {} relu; dropout 20%")),
        "batch_norm": replace(plain, layers=layers("dense {}; batch_norm; relu")),
        "silu": replace(plain, layers=layers("dense {} silu")),
        "gelu": replace(plain, layers=layers("dense {} gelu")),
    }


VARIANTS = (_variants(TINY), _variants(SMALL))
"""For the two smallest networks, by what is different."""
