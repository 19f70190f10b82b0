"""How time and memory grow: with layers, rows, parameters and steps; as Markdown.

    python benchmarks/growth.py

Memory is what NumPy and Python ask for (tracemalloc), over the data.
"""

from __future__ import annotations

import time
import tracemalloc
from typing import Any

import numpy as np
from networks import MEDIUM, Network

from nndsl.api import compile_text, module_of


def model_of(network: Network) -> Any:
    """A model of the network, compiled in place."""
    return module_of(compile_text(network.spec), network.title).Speed()


def microseconds(network: Network, seconds: float = 1.0) -> float:
    """The least time of a step."""
    model = model_of(network)
    rows, classes = network.data()
    model.train_batch(rows, classes)
    least, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        model.train_batch(rows, classes)
        least = min(least, time.perf_counter() - start)
    return least * 1e6


def peak_memory(network: Network) -> tuple[int, int, int]:
    """Bytes at the peak of a few steps, of the parameters, of one batch's arrays."""
    rows, classes = network.data()
    tracemalloc.start()
    model = model_of(network)
    compiled, _ = tracemalloc.get_traced_memory()
    for _ in range(3):
        model.train_batch(rows, classes)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    buffers = [a for pair in model._rooms[len(rows)] for a in vars(pair).values()]
    whole = {id(a if a.base is None else a.base): a for a in buffers}
    batch = sum((a if a.base is None else a.base).nbytes for a in whole.values())

    return peak - compiled, model._weights.nbytes, batch


def left_behind(network: Network, steps: int) -> int:
    """Bytes that so many steps leave."""
    model = model_of(network)
    rows, classes = network.data()
    model.train_batch(rows, classes)
    tracemalloc.start()
    for _ in range(steps):
        model.train_batch(rows, classes)
    left, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return left


def predicting(network: Network, n: int) -> int:
    """Bytes at the peak of a prediction of n rows, without rows and answers."""
    model = model_of(network).build()
    x = model._inputs(np.zeros((n, network.sizes[0]), dtype=np.float32))
    tracemalloc.start()
    answers = model._output(x)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak - int(answers.nbytes)


def main() -> None:
    """Measure and print."""
    for layers in (1, 10, 100):
        network = Network((64, *[64] * layers, 10), 32)
        print(
            f"- {layers} layers of 64, 32 rows: {microseconds(network):,.0f} µs a step"
        )
    for n in (32, 320, 3200):
        network = Network((64, 128, 64, 10), n)
        print(f"- 64-128-64-10, {n:,} rows: {microseconds(network):,.0f} µs a step")
    peak, parameters, batch = peak_memory(MEDIUM)
    print(
        f"- {MEDIUM.title} rows: the peak of training is {peak / 1e6:.1f} MB over the "
        f"data, of which the batch's arrays {batch / 1e6:.1f} MB; the rest is "
        f"{(peak - batch) / parameters:.2f} times the parameters"
    )
    small = Network((64, 128, 64, 10), 32)
    print(f"- 10,000 steps of {small.title} leave {left_behind(small, 10_000):,} bytes")
    for n in (10_000, 100_000):
        peak = predicting(small, n)
        print(f"- predicting {n:,} rows takes {peak / 1e6:.2f} MB beside the answers")


if __name__ == "__main__":
    main()
