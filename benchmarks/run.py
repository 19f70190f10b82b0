"""Measures nndsl against its peers and writes RESULTS.md and results.svg.

    python benchmarks/run.py [--environment DIR] [--rounds 7] [--quick]

Makes an environment with the peers the first time (about 3 GB), then measures every
pair in a process of its own, ours and theirs in turn.  A peer that cannot be measured
is named in the results, with the reason.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from networks import VARIANTS

HERE = Path(__file__).resolve().parent
PACKAGES = (
    ("torch==2.13.0",),
    ("numpy", "lark", "jinja2", "jax", "keras", "scikit-learn", "onnx", "onnxruntime"),
)
"""PyTorch first: installed behind what depends on it, it would not be the CPU build."""


@dataclass(frozen=True)
class Pair:
    """What is measured: a kind of work, a network's place, a peer, and the rows."""

    work: str
    network: int
    peer: str
    rows: int | None = None


STEP_PEERS = (
    "products",
    "products into arrays",
    "JAX",
    "JAX, arrays of its own",
    "scikit-learn",
    "PyTorch, fused",
    "PyTorch, foreach",
    "PyTorch, compile",
    "Keras on JAX",
)
PAIRS = (
    *(Pair("steps", network, peer) for network in range(4) for peer in STEP_PEERS),
    *(
        Pair("asleep", network, peer)
        for network in (2, 3)
        for peer in ("products", "JAX", "PyTorch, fused", "Keras on JAX")
    ),
    *(
        Pair("predict", network, peer, rows)
        for network in range(3)
        for rows in (1, 10_000)
        for peer in ("onnxruntime", "PyTorch")
    ),
    *(Pair("variants", network, name) for network in (1, 0) for name in VARIANTS[0]),
    *(Pair("fit", 1, peer, 1437) for peer in ("scikit-learn", "Keras on JAX")),
)


def environment(folder: Path) -> Path:
    """The Python of an environment with the peers, made if it is not there."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        for packages in PACKAGES:
            command = [str(python), "-m", "pip", "install", "--quiet", *packages]
            subprocess.run(command, check=False)
    return python


def measure(python: Path, pair: Pair, rounds: int, seconds: float) -> dict[str, Any]:
    """The times of a pair, or why there are none."""
    command = [str(python), str(HERE / "pair.py"), pair.work, str(pair.network)]
    command += [pair.peer, "--rounds", str(rounds), "--seconds", str(seconds)]
    command += ["--rows", str(pair.rows)] if pair.rows else []
    variables = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    if pair.work == "asleep":
        variables["OPENBLAS_THREAD_TIMEOUT"] = "4"
    done = subprocess.run(command, capture_output=True, text=True, env=variables)
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        reason = (done.stderr.strip().splitlines() or ["no output"])[-1]
        return {"missing": reason[:200]}
    result: dict[str, Any] = json.loads(lines[-1])
    return result


def printed(python: Path, script: str) -> str:
    """What one of the scripts beside this one prints."""
    done = subprocess.run(
        [str(python), str(HERE / script)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(HERE.parent)},
    )
    return done.stdout or done.stderr[-300:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--environment", type=Path, default=HERE / ".environment")
    parser.add_argument("--python", type=Path, help="use this Python as it is")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--quick", action="store_true", help="one short round")
    parser.add_argument("--output", type=Path, default=HERE)
    options = parser.parse_args()
    from report import write

    python = options.python or environment(options.environment)
    rounds, seconds = (1, 0.02) if options.quick else (options.rounds, 0.5)
    results = []
    for pair in PAIRS:
        result = measure(python, pair, rounds, seconds)
        results.append((pair, result))
        print(pair, result.get("missing", "measured"), flush=True)
    sections = {
        "How it grows": printed(python, "growth.py"),
        "What a step is made of": printed(python, "floor.py"),
    }
    write(results, sections, options.output)


if __name__ == "__main__":
    main()
