"""Measures nndsl and one peer in turn, in this process; prints a JSON object.

python benchmarks/pair.py steps 0 JAX --rounds 7
"""

from __future__ import annotations

import argparse
import json
import timeit
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from networks import EPOCHS, NETWORKS, VARIANTS, Network
from ours import module, steps
from peers import FITS, PREDICTIONS, STEPS
from steps import PRODUCTS

Step = Callable[[], object]


def ours_predicting(network: Network, n: int) -> Step:
    """`predict_proba` on n rows, by a model that has seen two rows of each class."""
    model = module(network, settings=["train.epochs=1"]).Speed()
    many = network.data(2 * network.sizes[-1])[0]
    model.fit(many, list(range(network.sizes[-1])) * 2)
    rows = network.data(n)[0]
    return lambda: model.predict_proba(rows)


def ours_fitting(network: Network, n: int) -> Step:
    """Ten epochs of `fit`, shuffled, with history and accuracy."""
    measured = replace(network, metrics=("accuracy",))
    model = module(measured, settings=[f"train.epochs={EPOCHS}"]).Speed()
    rows, classes = network.data(n)
    return lambda: model.fit(rows, classes)


OURS = {
    "steps": lambda network, n: steps(network),
    "asleep": lambda network, n: steps(network),
    "predict": ours_predicting,
    "fit": ours_fitting,
}
STEP_PEERS: dict[str, Callable[[Network, int], Step]] = {
    **{name: lambda network, n, f=f: f(network) for name, f in PRODUCTS.items()},
    **STEPS,
}
PEERS: dict[str, dict[str, Callable[[Network, int], Step]]] = {
    "steps": STEP_PEERS,
    "asleep": STEP_PEERS,
    "predict": dict(PREDICTIONS),
    "fit": dict(FITS),
    "variants": dict.fromkeys(VARIANTS[0], OURS["steps"]),
}


def measured(ours: Step, theirs: Step, rounds: int, seconds: float) -> dict[str, Any]:
    """Seconds a call, the least of each round, for both in turn."""
    times: dict[str, list[float]] = {"ours": [], "theirs": []}
    pairs = (("ours", ours), ("theirs", theirs))
    for _, call in pairs:
        call()
        call()
    for _ in range(rounds):
        for name, call in pairs:
            once = min(timeit.repeat(call, number=1, repeat=3))
            number = max(1, int(seconds / 4 / once))
            least = min(timeit.repeat(call, number=number, repeat=4)) / number
            times[name].append(least)
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("work", choices=PEERS)
    parser.add_argument("network", type=int, help="its place in networks.NETWORKS")
    parser.add_argument("peer")
    parser.add_argument("--rows", type=int)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.5, help="for each round")
    options = parser.parse_args()
    network = NETWORKS[options.network]
    n = options.rows or network.batch_size
    try:
        theirs = PEERS[options.work][options.peer](network, n)
        theirs()
    except Exception as error:
        print(json.dumps({"missing": f"{type(error).__name__}: {error}"[:200]}))
        return
    if options.work == "variants":
        ours = steps(VARIANTS[options.network][options.peer])
    else:
        ours = OURS[options.work](network, n)
    print(json.dumps(measured(ours, theirs, options.rounds, options.seconds)))


if __name__ == "__main__":
    main()
