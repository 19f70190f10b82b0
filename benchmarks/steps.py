"""Microseconds of a training step: textbook, fast, and the matrix products alone.

    python benchmarks/steps.py [--rounds 7] [--only small]

One step is `train_batch` on the next of many batches.  All are measured in turn, round
after round; the least of all rounds counts.
"""

from __future__ import annotations

import argparse
import math
import timeit
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from networks import NETWORKS, Network
from ours import steps


@dataclass(frozen=True)
class Result:
    """The least time of each contender, in seconds."""

    network: Network
    seconds: dict[str, float]

    def row(self) -> str:
        limit = self.seconds["products"]
        texts = [
            f"{name} {value * 1e6:12,.1f} µs {value / limit:6.2f}"
            for name, value in self.seconds.items()
        ]
        return f"{self.network.title:28} " + "   ".join(texts)


@dataclass(frozen=True)
class Factors:
    """What a step multiplies: n layers forward, n for weights, n - 1 back."""

    values: list[np.ndarray]
    slopes: list[np.ndarray]
    weights: list[np.ndarray]


def factors(network: Network) -> Factors:
    sizes, n = network.sizes, network.batch_size
    random = np.random.RandomState(0)

    def array(*shape: int) -> np.ndarray:
        return random.standard_normal(shape).astype(np.float32)

    values = [array(n, size) for size in sizes]
    slopes = [array(n, size) for size in sizes]
    return Factors(values, slopes, [array(*pair) for pair in pairwise(sizes)])


def products(network: Network) -> Callable[[], object]:
    """The matrix products of one step, as `@` gives them."""
    given = factors(network)
    values, slopes, weights = given.values, given.slopes, given.weights

    def run() -> None:
        for x, w in zip(values, weights, strict=False):
            x @ w
        for i in range(len(weights) - 1, -1, -1):
            values[i].T @ slopes[i + 1]
            if i:
                slopes[i + 1] @ weights[i].T

    return run


def products_into_arrays(network: Network) -> Callable[[], object]:
    """The same, written into arrays made beforehand, by the method `dot`."""
    given = factors(network)
    values, slopes, weights = given.values, given.slopes, given.weights
    gradients = [np.empty_like(w) for w in weights]

    def run() -> None:
        for x, w, z in zip(values, weights, values[1:], strict=False):
            x.dot(w, z)
        for i in range(len(weights) - 1, -1, -1):
            values[i].T.dot(slopes[i + 1], gradients[i])
            if i:
                slopes[i + 1].dot(weights[i].T, slopes[i])

    return run


PRODUCTS = {"products": products, "products into arrays": products_into_arrays}


def measured(network: Network, rounds: int, seconds: float = 0.2) -> Result:
    """The least time a step takes, contenders in turn."""
    contenders = {
        "textbook": steps(network, "textbook"),
        "fast": steps(network, "fast"),
        **{name: make(network) for name, make in PRODUCTS.items()},
    }
    best = dict.fromkeys(contenders, math.inf)
    for _ in range(rounds):
        for name, step in contenders.items():
            once = min(timeit.repeat(step, number=1, repeat=3))
            number = max(1, int(seconds / 5 / once))
            times = timeit.repeat(step, number=number, repeat=5)
            best[name] = min(best[name], min(times) / number)
    return Result(network, best)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", help="part of a network's title")
    options = parser.parse_args(arguments)
    for network in NETWORKS:
        if options.only is None or options.only in network.title:
            print(measured(network, options.rounds).row(), flush=True)


if __name__ == "__main__":
    main()
