"""How time and memory grow: with layers, rows, parameters and steps; as Markdown.

    python benchmarks/growth.py

Memory is what NumPy and Python ask for (tracemalloc), over the data.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable

import numpy as np
from networks import MEDIUM, Network
from ours import one_hot, trainer


def stepping(network: Network) -> Callable[[], object]:
    """A step on the same rows, again and again."""
    run = trainer(network)
    rows, classes = network.data()
    batch = rows, one_hot(network, classes)
    return lambda: run.step(batch)


def microseconds(network: Network, seconds: float = 1.0) -> float:
    """The least time of a step."""
    step = stepping(network)
    step()
    least, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        step()
        least = min(least, time.perf_counter() - start)
    return least * 1e6


def peak_memory(network: Network) -> tuple[int, int, int]:
    """Bytes at the peak of a step over what was there before; of the parameters with
    the optimizer's arrays; of the parameters."""
    rows, classes = network.data()
    batch = rows, one_hot(network, classes)
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    run = trainer(network)
    run.step(batch)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    for _ in range(3):
        run.step(batch)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    size = sum(array.nbytes for array in run.parameters)
    return peak - kept, kept - before, size


def left_behind(network: Network, steps: int) -> int:
    """Bytes that so many steps leave."""
    step = stepping(network)
    step()
    tracemalloc.start()
    for _ in range(steps):
        step()
    left, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return left


def predicting(network: Network, n: int) -> int:
    """Bytes at the peak of a prediction of n rows, without rows and answers."""
    run = trainer(network)
    x = np.zeros((n, network.sizes[0]), dtype=np.float32)
    tracemalloc.start()
    answers = run.module.forward(run.parameters, x)[-1]
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
    step, kept, size = peak_memory(MEDIUM)
    print(
        f"- {MEDIUM.title} rows: parameters, gradients and the state of adam take "
        f"{kept / size:.2f} times the {size / 1e6:.1f} MB of the parameters; a step "
        f"needs {step / 1e6:.1f} MB beside them"
    )
    small = Network((64, 128, 64, 10), 32)
    print(f"- 10,000 steps of {small.title} leave {left_behind(small, 10_000):,} bytes")
    for n in (10_000, 100_000):
        peak = predicting(small, n)
        print(f"- predicting {n:,} rows takes {peak / 1e6:.2f} MB beside the answers")


if __name__ == "__main__":
    main()
