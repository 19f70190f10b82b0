"""What one row costs: the exported forms of a 4-16-16-3 network and onnxruntime.

    pip install onnx onnxruntime
    python benchmarks/inference.py [ROUNDS]

Prints a table in microseconds: the class probabilities of one iris, from four numbers,
scaled as the spec says.  Every form is measured in turn in each round, the least of
five repetitions, and the medians over the rounds are printed.  C is called by a C
program that gives it another row each time; it is built by `cc -O2`.
"""

from __future__ import annotations

import runpy
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from timeit import Timer
from typing import Any

import numpy as np
import onnxruntime

import nndsl
from nndsl.cli.main import main as command

ROOT = Path(__file__).resolve().parent.parent
ROW = [5.1, 3.5, 1.4, 0.2]
CALLS = 300_000
PROGRAM = """\
#include <stdio.h>
#include <time.h>
void iris_predict_proba(const double *x, double *out);
int main(void)
{
    double x[4] = {5.1, 3.5, 1.4, 0.2}, out[3], sum = 0.0;
    clock_t start = clock();
    for (int i = 0; i < CALLS; i++) {
        x[0] = 5.0 + i % 10;
        iris_predict_proba(x, out);
        sum += out[0];
    }
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    printf("%.9f %f", seconds / CALLS * 1e6, sum);
    return 0;
}
"""


def exported(folder: Path) -> None:
    """The model file and all its forms, in a folder."""
    spec, data = str(ROOT / "specs/iris.nn"), str(ROOT / "specs/data/iris.csv")
    model = str(folder / "iris.npz")
    assert command(["train", spec, data, "-o", model]) == 0
    for name in ("iris.py", "iris.c", "iris.onnx"):
        assert command(["export", model, "-o", str(folder / name)]) == 0
    plain = str(folder / "plain.py")
    assert command(["export", model, "-o", plain, "--no-numpy"]) == 0


def c_program(folder: Path) -> Callable[[], float]:
    main, program = folder / "main.c", str(folder / "main")
    main.write_text(PROGRAM.replace("CALLS", str(CALLS)))
    files = [str(main), str(folder / "iris.c")]
    subprocess.run(["cc", "-std=c99", "-O2", "-o", program, *files, "-lm"], check=True)

    def measured() -> float:
        runs = (subprocess.check_output([program], text=True) for _ in range(5))
        return min(float(run.split()[0]) for run in runs)

    return measured


def timed(call: Callable[[], object]) -> Callable[[], float]:
    timer = Timer(call)
    number, _ = timer.autorange()
    number = max(1, number // 4)
    return lambda: min(timer.repeat(5, number)) / number * 1e6


def forms(folder: Path) -> dict[str, Callable[[], float]]:
    """What measures each form, in microseconds a row."""
    session = onnxruntime.InferenceSession(str(folder / "iris.onnx"))
    given: dict[str, Any] = {
        each.name: np.array([ROW], np.float32 if "float" in each.type else float)
        for each in session.get_inputs()
    }
    numpy = runpy.run_path(str(folder / "iris.py"))["predict_proba"]
    plain = runpy.run_path(str(folder / "plain.py"))["predict_proba"]
    module = nndsl.load(ROOT / "specs/iris.nn").Iris.load(str(folder / "iris.npz"))
    row, rows = np.array([ROW]), [ROW]
    return {
        "C": c_program(folder),
        "onnxruntime": timed(lambda: session.run(None, given)),
        "exported NumPy": timed(lambda: numpy(row)),
        "exported plain Python": timed(lambda: plain(rows)),
        "the module": timed(lambda: module.predict_proba(row)),
    }


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        exported(Path(name))
        measured = forms(Path(name))
        times: dict[str, list[float]] = {form: [] for form in measured}
        for _ in range(rounds):
            for form, measure in measured.items():
                times[form].append(measure())
    against = median(times["onnxruntime"])
    print("| form | µs a row | onnxruntime's time by it |\n| --- | ---: | ---: |")
    for form, found in times.items():
        print(f"| {form} | {median(found):.2f} | {against / median(found):.2f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
