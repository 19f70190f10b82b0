"""What a step is made of, and which array operation is the floor; as Markdown.

    python benchmarks/floor.py

The passes of the optimizer are those of the generated `update`, one by one, on a block
of its size.
"""

from __future__ import annotations

import timeit
from collections.abc import Callable
from typing import Any

import numpy as np
from networks import LARGE, MEDIUM, SMALL, TINY, Network
from steps import products_into_arrays

from nndsl.api import compile_text, module_of

PASSES = (
    ("m *= BETA1", lambda a: np.multiply(a.m, a.beta, out=a.m)),
    ("m += gradient", lambda a: np.add(a.m, a.g, out=a.m)),
    ("v *= BETA2", lambda a: np.multiply(a.v, a.beta, out=a.v)),
    ("np.square(gradient, out=gradient)", lambda a: np.square(a.g, out=a.s)),
    ("v += gradient", lambda a: np.add(a.v, a.g, out=a.s)),
    ("np.sqrt(v, out=s)", lambda a: np.sqrt(a.v, out=a.s)),
    ("s += epsilon", lambda a: np.add(a.s, a.beta, out=a.s)),
    ("np.divide(m, s, out=s)", lambda a: np.divide(a.m, a.v, out=a.s)),
    ("s *= rate", lambda a: np.multiply(a.s, a.beta, out=a.s)),
    ("weight -= s", lambda a: np.subtract(a.w, a.g, out=a.s)),
)
BLOCK = 65_536


class Arrays:
    """A block of each vector that the optimizer reads or writes."""

    def __init__(self, size: int) -> None:
        random = np.random.RandomState(0)
        self.w, self.g, self.m, self.v, self.s = (
            1 + random.random_sample(size).astype(np.float32) for _ in range(5)
        )
        self.beta = np.array(1, np.float32)  # as often as timed, it changes nothing


def microseconds(call: Callable[[], object]) -> float:
    """The least time of a call, of several rounds."""
    once = min(timeit.repeat(call, number=1, repeat=3))
    number = max(1, int(0.05 / once))
    return min(timeit.repeat(call, number=number, repeat=7)) / number * 1e6


def alone(call: Callable[[Arrays], object], arrays: Arrays) -> float:
    """The least time of a pass over the same arrays."""
    return microseconds(lambda: call(arrays))


def parts_of(network: Network) -> dict[str, float]:
    """Microseconds of the parts of a step, each by itself."""
    module: Any = module_of(compile_text(network.spec), network.title)
    model = module.Speed().build()
    rows, classes = network.data()
    model.train_batch(rows, classes)
    x, t = model._batch(rows, classes)
    v, d = model._room(len(x))
    share = module.turned(1 / len(x))
    x, t = x.T, t.T.copy()
    p, g = model._parts, model._gradients
    arrays = Arrays(model._weights.size)
    memory = {"m": arrays.m, "v": arrays.v}

    def update() -> None:
        arrays.g.fill(1e-3)
        module.update(arrays.w, arrays.g, memory, 5, 1e-9)

    return {
        "whole step": microseconds(lambda: model.train_batch(rows, classes)),
        "matrix products": microseconds(products_into_arrays(network)),
        "forward": microseconds(lambda: module.forward(p, x, v)),
        "backward": microseconds(lambda: module.backward(p, v, d, g, x, t, share)),
        "loss": microseconds(lambda: module.loss(v.a3, t, share, d.each)),
        "update": microseconds(update),
    }


def main() -> None:
    networks = (TINY, SMALL, MEDIUM, LARGE)
    found = [parts_of(network) for network in networks]
    print("Microseconds of the parts of a step, each alone:\n")
    print("| part | " + " | ".join(network.title for network in networks) + " |")
    print("| --- " + "| ---: " * len(networks) + "|")
    for part in found[0]:
        print(
            f"| {part} | " + " | ".join(f"{each[part]:,.1f}" for each in found) + " |"
        )
    print(
        f"\nMicroseconds of adam's passes, on blocks of {BLOCK:,} and of 512 numbers:\n"
    )
    print("| pass | a block | 512 |")
    print("| --- | ---: | ---: |")
    for name, call in PASSES:
        times = [alone(call, Arrays(size)) for size in (BLOCK, 512)]
        print(f"| `{name}` | {times[0]:.1f} | {times[1]:.2f} |")


if __name__ == "__main__":
    main()
