"""The wheel: what it holds, what it asks for, and that it works unpacked."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from nndsl import __version__, resources

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation"]
    done = subprocess.run(
        [*command, "--outdir", folder], cwd=PROJECT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the wheel's files and nothing of the checkout."""
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def files(folder: Path, pattern: str) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob(pattern)
        if path.is_file()
        and not path.name.startswith(".")
        and path.parent.name != "__pycache__"
    }


def run_in(folder: Path, *arguments: str, cwd: Path) -> str:
    """What Python prints with the unpacked wheel on its path, run from `cwd`."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_only_the_package_stands_at_the_top(unpacked: Path) -> None:
    tops = {path.name for path in unpacked.iterdir()}
    assert tops == {"nndsl", f"nndsl-{__version__}.dist-info"}


@pytest.mark.parametrize(
    ("source", "inside"),
    [
        ("nndsl", "nndsl"),
        ("grammar", "nndsl/grammar"),
        ("templates", "nndsl/templates"),
    ],
)
def test_every_file_of_the_checkout_is_inside(
    unpacked: Path, source: str, inside: str
) -> None:
    suffixes = ("*.py", "*.nn") if source == "nndsl" else ("*",)
    for suffix in suffixes:
        expected = files(PROJECT / source, suffix)
        assert expected
        assert expected <= files(unpacked / inside, suffix)


def test_data_folders_hold_no_python() -> None:
    for folder in ("grammar", "templates"):
        assert not files(PROJECT / folder, "*.py")


def test_the_run_time_needs_five_packages(unpacked: Path) -> None:
    text = (unpacked / f"nndsl-{__version__}.dist-info" / "METADATA").read_text()
    metadata = Parser().parsestr(text)
    needed = [
        line for line in metadata.get_all("Requires-Dist", []) if "extra" not in line
    ]
    names = {line.split(">")[0].strip() for line in needed}
    assert names == {"numpy", "lark", "jinja2", "tqdm", "threadpoolctl"}
    assert metadata["License-Expression"] == "MIT"
    assert metadata["Version"] == __version__


def test_resources_are_found_inside_the_unpacked_wheel(
    unpacked: Path, tmp_path: Path
) -> None:
    code = (
        "from nndsl import resources; print(resources.folder('grammar'),"
        " resources.folder('templates'), resources.library(), sep='\\n')"
    )
    found = run_in(unpacked, "-c", code, cwd=tmp_path).split("\n")
    names = ("grammar", "templates", "language/library")
    assert found[:3] == [str(unpacked / "nndsl" / name) for name in names]
    assert (unpacked / "nndsl" / "grammar" / "nn.lark").is_file()


def test_resources_are_found_beside_the_package_in_a_checkout() -> None:
    assert (resources.folder("grammar") / "nn.lark").is_file()
    assert resources.folder("templates").is_dir()
    assert any(resources.library().glob("*/*.nn"))


def test_the_unpacked_wheel_compiles_every_spec(unpacked: Path, tmp_path: Path) -> None:
    specs = sorted((PROJECT / "specs").glob("*.nn"))
    for spec in specs:
        text = run_in(
            unpacked, "-m", "nndsl", "compile", str(spec), "--stdout", cwd=tmp_path
        )
        compile(text, spec.stem, "exec")
    assert len(specs) >= 10
