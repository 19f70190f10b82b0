"""The networks that are measured, and rows for them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Network:
    """A classifier of dense relu layers; `layers` may give their lines instead."""

    sizes: tuple[int, ...]
    batch_size: int
    optimizer: str = "adam"
    layers: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    name: str = ""

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
        train = "; ".join([f"optimizer {self.optimizer}", *self.settings])
        train += f"; batch_size {self.batch_size}"
        body = "\n".join(f"    {line}" for line in [*lines, f"train {{ {train} }}"])
        return f"network Speed {{\n{body}\n}}\n"

    def data(self, n: int | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Rows (n, inputs) in float32 and the places of their classes (n,)."""
        random = np.random.RandomState(1)
        n = self.batch_size if n is None else n
        rows = random.standard_normal((n, self.sizes[0])).astype(np.float32)
        return rows, random.randint(0, self.sizes[-1], n)


TINY = Network((4, 16, 16, 3), 16)
SMALL = Network((64, 128, 64, 10), 32)
MEDIUM = Network((784, 512, 512, 10), 128)
LARGE = Network((784, 2048, 2048, 10), 256)
NETWORKS = (TINY, SMALL, MEDIUM, LARGE)
