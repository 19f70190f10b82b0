"""What the command line costs: whole processes, medians of interleaved runs.

    python benchmarks/cli.py [ROUNDS]

Prints a table in milliseconds.  Bytecode is kept, as in an installed package; other
programs on the machine can double every figure.  "above" is the time over
an empty Python, for the import of a generated module over the import of NumPy alone.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IRIS = ROOT / "specs" / "iris.nn"
DEPTHS = (10, 100, 1000)


@dataclass(frozen=True, slots=True)
class Measure:
    """One command: `above` names the row it is compared with, `bar` is in ms."""

    name: str
    words: tuple[str, ...]
    above: str = "empty Python"
    bar: float | None = None


def deep(layers: int) -> str:
    """A spec with so many layers."""
    hidden = "    dense 64 relu\n" * (layers - 1)
    end = "    dense 3 softmax\n    loss categorical_crossentropy\n"
    return f"network Deep {{\n    input 8\n{hidden}{end}}}\n"


def measures(folder: Path) -> list[Measure]:
    """The commands; their files are written to `folder`."""
    iris = str(IRIS)
    nndsl = ("-m", "nndsl")
    listed = [
        Measure("empty Python", ("-c", "")),
        Measure("nndsl --help", (*nndsl, "--help"), bar=180),
        Measure("nndsl --version", (*nndsl, "--version"), bar=180),
        Measure("nndsl check iris.nn", (*nndsl, "check", iris), bar=180),
        Measure(
            "nndsl compile iris.nn", (*nndsl, "compile", iris, "--stdout"), bar=400
        ),
    ]
    for depth in DEPTHS:
        spec = folder / f"deep{depth}.nn"
        spec.write_text(deep(depth))
        words = (*nndsl, "compile", str(spec), "--stdout")
        bar = 3000 if depth == 1000 else None
        listed.append(Measure(f"nndsl compile, {depth} layers", words, bar=bar))
    subprocess.run(
        [sys.executable, *nndsl, "compile", iris, "-o", str(folder / "iris.py")],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    listed.append(Measure("import numpy", ("-c", "import numpy")))
    listed.append(Measure("import iris", ("-c", "import iris"), "import numpy", bar=10))
    return listed


def once(measure: Measure, folder: Path) -> float:
    """Milliseconds of one process."""
    paths = [str(ROOT), str(folder), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, *measure.words],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return (time.perf_counter() - start) * 1000


def main(rounds: int = 11) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        listed = measures(folder)
        times: dict[str, list[float]] = {measure.name: [] for measure in listed}
        for measure in listed:  # bytecode is written, files are in memory
            once(measure, folder)
        for _ in range(rounds):
            for measure in listed:
                times[measure.name].append(once(measure, folder))
    medians = {name: statistics.median(each) for name, each in times.items()}
    print(f"{'milliseconds':<28}{'median':>9}{'above':>9}{'bar':>7}")
    for measure in listed:
        above = medians[measure.name] - medians[measure.above]
        bar = "" if measure.bar is None else f"{measure.bar:g}"
        print(f"{measure.name:<28}{medians[measure.name]:9.1f}{above:9.1f}{bar:>7}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
