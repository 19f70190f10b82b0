"""Build the wheel, install it where nothing else is, and use every spec with it.

    python tests/wheel_check.py

The environment holds the run-time dependencies alone, and the specs are compiled from
another folder, so that nothing is found in the checkout by accident.  Run as a module
of its own because it installs packages; `.ci/run` calls it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
RUN_TIME = {"numpy", "lark", "jinja2", "markupsafe", "tqdm", "threadpoolctl"}
RUN_TIME |= {"nndsl", "pip", "setuptools"}


def run(*command: str | Path, cwd: Path) -> str:
    """What the command printed; its own message and exit code if it failed."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def build(folder: Path) -> Path:
    """The wheel, built from the source distribution as an installer would."""
    run(
        *(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder),
        cwd=PROJECT,
    )
    (wheel,) = folder.glob("*.whl")
    return wheel


def check(folder: Path) -> int:
    """Install, compile and train an epoch; the number of specs."""
    wheel = build(folder / "dist")
    venv.create(folder / "venv", with_pip=True)
    programs = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    run(programs / "python", "-m", "pip", "install", "--quiet", wheel, cwd=elsewhere)
    listed = run(
        *(programs / "python", "-m", "pip", "list", "--format=freeze"), cwd=elsewhere
    )
    installed = {line.split("==")[0].lower() for line in listed.split()}
    if installed - RUN_TIME:
        sys.exit(f"installed beyond the run-time packages: {installed - RUN_TIME}")
    specs = sorted((PROJECT / "specs").glob("*.nn"))
    for spec in specs:
        module = elsewhere / f"{spec.stem}.py"
        run(programs / "nndsl", "compile", spec, "-o", module, cwd=elsewhere)
        run(programs / "python", "-c", f"import {spec.stem}", cwd=elsewhere)
        table = PROJECT / "specs" / "data" / f"{spec.stem}.csv"
        words = ("train", spec, table, "--epochs", "1", "-o", f"{spec.stem}.npz")
        run(programs / "nndsl", *words, cwd=elsewhere)
        run(programs / "nndsl", "predict", f"{spec.stem}.npz", table, cwd=elsewhere)
    run(programs / "python", "xor.py", specs[0].parent / "data/xor.csv", cwd=elsewhere)
    return len(specs)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        print(f"wheel: {check(Path(temporary))} specs compiled and trained")
