"""What a step is made of, and which array operation is the floor; as Markdown.

    python benchmarks/floor.py

The array operations of the optimizer are those of the generated `update`, one by one,
on a block of its size.
"""

from __future__ import annotations

import timeit
from collections.abc import Callable

import numpy as np
from networks import NETWORKS, Network
from ours import one_hot, trainer
from steps import products_into_arrays

PASSES = (
    ("m *= BETA1", lambda a: np.multiply(a.m, a.one, out=a.m)),
    ("(1 - BETA1) * g", lambda a: a.one * a.g),
    ("m += …", lambda a: np.add(a.m, a.zero, out=a.m)),
    ("g**2", lambda a: a.g**2),
    ("m / (1 - BETA1**step)", lambda a: a.m / a.one),
    ("np.sqrt(v_hat)", lambda a: np.sqrt(a.v)),
    ("learning_rate * m_hat / …", lambda a: a.one * a.m / a.v),
    ("w -= …", lambda a: np.subtract(a.w, a.zero, out=a.w)),
)
BLOCK = 65_536


class Arrays:
    """A block of each vector that the optimizer reads or writes."""

    def __init__(self, size: int) -> None:
        random = np.random.RandomState(0)
        self.w, self.g, self.m, self.v = (
            1 + random.random_sample(size).astype(np.float32) for _ in range(4)
        )
        self.one = 1.0  # what is timed often changes nothing
        self.zero = np.zeros(size, np.float32)


def microseconds(call: Callable[[], object]) -> float:
    """The least time of a call, of several rounds."""
    once = min(timeit.repeat(call, number=1, repeat=3))
    number = max(1, int(0.05 / once))
    return min(timeit.repeat(call, number=number, repeat=7)) / number * 1e6


def alone(call: Callable[[Arrays], object], arrays: Arrays) -> float:
    """The least time of an operation on the same arrays."""
    return microseconds(lambda: call(arrays))


def parts_of(network: Network) -> dict[str, float]:
    """Microseconds of the parts of a step, each by itself."""
    run = trainer(network)
    module, p, optimizer = run.module, run.parameters, run.optimizer
    x, classes = network.data()
    t = one_hot(network, classes)
    outputs = module.forward(p, x)
    gradients = module.backward(p, x, outputs, t)
    out = optimizer.gradients
    return {
        "whole step": microseconds(lambda: run.step((x, t))),
        "matrix products": microseconds(products_into_arrays(network)),
        "forward": microseconds(lambda: module.forward(p, x)),
        "backward": microseconds(lambda: module.backward(p, x, outputs, t, out)),
        "update": microseconds(lambda: optimizer.update(p, gradients)),
        "measure": microseconds(lambda: module.measure(p, x, t)),
    }


def main() -> None:
    found = [parts_of(network) for network in NETWORKS]
    print("Microseconds of the parts of a step, each alone:\n")
    print("| part | " + " | ".join(network.title for network in NETWORKS) + " |")
    print("| --- " + "| ---: " * len(NETWORKS) + "|")
    for part in found[0]:
        print(
            f"| {part} | " + " | ".join(f"{each[part]:,.1f}" for each in found) + " |"
        )
    print(
        f"\nMicroseconds of adam's operations, on blocks of {BLOCK:,} and of 512 "
        "numbers:\n"
    )
    print("| operation | a block | 512 |")
    print("| --- | ---: | ---: |")
    for name, call in PASSES:
        times = [alone(call, Arrays(size)) for size in (BLOCK, 512)]
        print(f"| `{name}` | {times[0]:.1f} | {times[1]:.2f} |")


if __name__ == "__main__":
    main()
