"""Break the compiler on purpose and see the tests go red.

    python tests/sabotage.py [NAME …]

A mutant is one replacement in one source file, done in a copy of the project; the tests
named beside it must fail there, by what they assert and not because nothing compiles.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mutant import Mutant
from mutants import MUTANTS

ROOT = Path(__file__).resolve().parent.parent
COPIED = ("nndsl", "grammar", "templates", "benchmarks", "specs", "pyproject.toml")
BROKEN = re.compile(
    r"^E +(\w+\.)*(SpecError|SyntaxError|NameError|KeyError|AttributeError|TypeError"
    r"|ImportError|UndefinedError|Template\w+Error)\b",
    re.MULTILINE,
)
"""Failures that show no test at work: the mutant cannot even be run."""


def project_copy(folder: Path) -> Path:
    """A copy of what the tests need."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(
                source, folder / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(source, folder / name)
    tests = folder / "tests"
    tests.mkdir()
    shutil.copytree(ROOT / "tests" / "reference", tests / "reference")
    for name in {"conftest.py", *(test.split("::")[0] for test in all_tests())}:
        shutil.copy(ROOT / "tests" / name, tests / name)
    return folder


def all_tests() -> list[str]:
    return sorted({test for mutant in MUTANTS for test in mutant.tests})


def mutated(mutant: Mutant, root: Path = ROOT) -> str:
    """The text of the mutant's file; ValueError where there is nothing to replace."""
    text = (root / mutant.file).read_text(encoding="utf-8")
    if mutant.old not in text:
        raise ValueError(f"{mutant.name}: {mutant.file} does not hold {mutant.old!r}")
    return text.replace(mutant.old, mutant.new)


def run(folder: Path, tests: list[str]) -> tuple[int, str]:
    """The exit code and the output of pytest in a copy."""
    words = [sys.executable, "-B", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*words, *(f"tests/{test}" for test in tests)],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def noticed(mutant: Mutant, folder: Path) -> str | None:
    """None if the tests go red for the mutant in this copy, else what they said."""
    path = folder / mutant.file
    before = path.read_text(encoding="utf-8")
    path.write_text(mutated(mutant, folder), encoding="utf-8")
    try:
        code, output = run(folder, list(mutant.tests))
    finally:
        path.write_text(before, encoding="utf-8")
    if code == 1 and not BROKEN.search(output):
        return None
    return output


def main(names: list[str]) -> int:
    """Run the mutants of these names, or all; 1 if one of them is not noticed."""
    chosen = [mutant for mutant in MUTANTS if mutant.name in names or not names]
    survived = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = project_copy(Path(temporary))
        for mutant in chosen:
            started = time.perf_counter()
            output = noticed(mutant, folder)
            seconds = time.perf_counter() - started
            print(
                f"{'red' if output is None else 'NOT NOTICED':12}{mutant.name}"
                f"  ({seconds:.1f} s)",
                flush=True,
            )
            if output is not None:
                survived += 1
                print(output)
    print(f"{len(chosen) - survived} of {len(chosen)} noticed")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
