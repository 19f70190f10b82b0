"""Microseconds of a training step: a module for JAX, JAX by hand, a module for NumPy.

    python benchmarks/jax_target.py [--rounds 7] [--only 2048]

All three train the same classifier by adam.  By hand is what one would write without
nndsl: a loss, `jax.value_and_grad`, one jitted step, its state donated.  Both of JAX
take rows, by their numbers, of a table that is on the device.  They are measured in
turn, round after round; `ratio` is the median over the rounds of the time by hand
divided by ours.
"""

from __future__ import annotations

import argparse
import statistics
import timeit
from collections.abc import Callable
from itertools import cycle, pairwise
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from networks import Network
from ours import LEARNING_RATE, one_hot, steps

from nndsl.api import module_of
from nndsl.compiler import compile_text

Step = Callable[[], object]
NETWORKS = (
    *(Network((16, width, width, 10), 32) for width in (16, 64, 128, 256)),
    Network((784, 512, 512, 10), 128),
    Network((784, 2048, 2048, 10), 256),
)


def table(network: Network) -> tuple[np.ndarray, np.ndarray, list[jax.Array]]:
    """Rows, their classes, and the row numbers of each batch."""
    count = 64 * network.batch_size
    rows, classes = network.data(count)
    order = np.random.default_rng(0).permutation(count).astype(np.int32)
    return rows, classes, [jnp.asarray(part) for part in np.split(order, 64)]


def ours(network: Network) -> Step:
    """`train_batch` of the module."""
    made: Any = module_of(compile_text(network.spec, target="jax"), network.title)
    rows, classes, batches = table(network)
    x, t = made.spread(rows), made.spread(one_hot(network, classes))
    p = made.initialize(np.random.default_rng(0))
    state, batch = [p, made.Adam.start(p)], cycle(batches)

    def run() -> None:
        state[:] = made.train_batch(*state, x, t, next(batch), LEARNING_RATE)
        jax.block_until_ready(state)

    return run


def by_hand(network: Network) -> Step:
    rows, classes, batches = table(network)
    x, y = jnp.asarray(rows), jnp.asarray(classes.astype(np.int32))
    random = np.random.default_rng(0)
    p: Any = [
        (
            jnp.asarray(random.normal(0, (2 / n) ** 0.5, (n, m)), jnp.float32),
            jnp.zeros(m),
        )
        for n, m in pairwise(network.sizes)
    ]
    tree = jax.tree.map

    def loss(p: Any, x: Any, y: Any) -> Any:
        for w, b in p[:-1]:
            x = jnp.maximum(x @ w + b, 0)
        w, b = p[-1]
        chosen = jnp.take_along_axis(jax.nn.log_softmax(x @ w + b), y[:, None], 1)
        return -chosen.mean()

    def step(p: Any, m: Any, v: Any, count: Any, x: Any, y: Any, rows: Any) -> Any:
        g = jax.grad(loss)(p, x[rows], y[rows])
        count = count + 1
        m = tree(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = tree(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        a, b = 1 - 0.9**count, 1 - 0.999**count
        p = tree(
            lambda p, m, v: p - LEARNING_RATE * (m / a) / (jnp.sqrt(v / b) + 1e-8),
            *(p, m, v),
        )
        return p, m, v, count

    jitted = jax.jit(step, donate_argnums=(0, 1, 2, 3))
    state = [p, tree(jnp.zeros_like, p), tree(jnp.zeros_like, p), jnp.array(0)]
    batch = cycle(batches)

    def run() -> None:
        state[:] = jitted(*state, x, y, next(batch))
        jax.block_until_ready(state)

    return run


def measured(network: Network, rounds: int) -> dict[str, list[float]]:
    """Seconds a step: the least of each round."""
    contenders = {"ours": ours, "by hand": by_hand, "NumPy": steps}
    calls = {name: contender(network) for name, contender in contenders.items()}
    times: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        call()
        call()
    for number in range(rounds):
        for name in (*calls,) if number % 2 else reversed((*calls,)):
            call = calls[name]
            repeats = max(1, int(0.1 / min(timeit.repeat(call, number=1, repeat=3))))
            times[name].append(
                min(timeit.repeat(call, number=repeats, repeat=4)) / repeats
            )
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="", help="networks with this in their title")
    options = parser.parse_args()
    print("| network, rows | ours | by hand | NumPy | ratio | NumPy / ours |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for network in NETWORKS:
        if options.only not in network.title:
            continue
        times = measured(network, options.rounds)
        least = {name: min(each) for name, each in times.items()}
        ratios = [b / a for a, b in zip(times["ours"], times["by hand"], strict=True)]
        figures = " | ".join(f"{seconds * 1e6:,.0f} µs" for seconds in least.values())
        print(
            f"| {network.title} | {figures} | {statistics.median(ratios):.2f} "
            f"| {least['NumPy'] / least['ours']:.2f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
