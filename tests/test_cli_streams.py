"""Standard output and error that cannot hold what is printed, are full, or closed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import nndsl

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "specs" / "data" / "iris.csv"
GREEK = """\
network Flower {
    input sepal_length, sepal_width, petal_length, petal_width
    dense 3 softmax
    target species: setosa | versicolor | virginica  # α, β or γ
    loss categorical_crossentropy
}
"""
ASCII = {"PYTHONIOENCODING": "ascii"}
ENCODINGS: dict[str, dict[str, str]] = {
    "ascii": ASCII,
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}
full = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "flower.nn"
    path.write_text(GREEK, encoding="utf-8")
    return path


def shell(
    words: str, folder: Path, **variables: str
) -> subprocess.CompletedProcess[bytes]:
    """What `nndsl WORDS` does, with the redirections of a shell."""
    python = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": ""}
    numpy = {"OPENBLAS_NUM_THREADS": "1"}
    return subprocess.run(
        f"{sys.executable} -m nndsl {words}",
        cwd=folder,
        env={**os.environ, **python, **numpy, **variables},
        shell=True,
        capture_output=True,
        check=False,
        timeout=120,
    )


@pytest.mark.one_in(3)
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("style", ["fast", "textbook"])
def test_a_module_is_utf_8_everywhere(spec: Path, encoding: str, style: str) -> None:
    words = f"compile flower.nn --stdout --style {style}"
    done = shell(words, spec.parent, **ENCODINGS[encoding])
    text = nndsl.compile_text(GREEK, "flower.nn", style=style)
    assert (done.returncode, done.stdout.decode()) == (0, text)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_spec_is_utf_8_everywhere(spec: Path, encoding: str) -> None:
    done = shell("show --defaults flower.nn", spec.parent, **ENCODINGS[encoding])
    assert done.returncode == 0
    again = nndsl.compile_text(done.stdout.decode(), "flower.nn")
    assert again.count("α") == 0 and "setosa" in again


@pytest.mark.one_in(3)
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("stream", ["check flower.nn", "compile flower.nn 2>&1 >&-"])
def test_a_message_shows_what_it_cannot_hold_as_an_escape(
    spec: Path, encoding: str, stream: str
) -> None:
    spec.write_text(GREEK.replace("loss", "los"), encoding="utf-8")
    with spec.open("a", encoding="utf-8") as file:
        file.write("activation bent(x) = xα")
    done = shell(stream, spec.parent, **ENCODINGS[encoding])
    assert done.returncode == 1
    assert b"= x\\u03b1\n" in done.stdout


@pytest.mark.parametrize("stage", ["tree", "network"])
def test_a_stage_shows_what_it_cannot_hold_as_an_escape(spec: Path, stage: str) -> None:
    text = GREEK.replace("setosa", '"setosα"')
    spec.write_text(text, encoding="utf-8")
    done = shell(f"compile flower.nn --show {stage}", spec.parent, **ASCII)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"setos\\u03b1" in done.stdout


def test_a_module_that_runs_shows_what_it_cannot_hold_as_an_escape(spec: Path) -> None:
    spec.write_text(GREEK.replace("setosa", '"setosα"'), encoding="utf-8")
    table = spec.with_name("table.csv")
    table.write_text(TABLE.read_text().replace("setosa", "setosα"), encoding="utf-8")
    assert shell("train flower.nn table.csv", spec.parent).returncode == 0
    done = shell("predict flower.npz table.csv", spec.parent, **ASCII)
    assert done.returncode == 0
    assert b"setos\\u03b1" in done.stdout


@pytest.mark.one_in(3)
@full
@pytest.mark.parametrize(
    "words",
    ["--help", "--version", "check flower.nn", "show flower.nn", "compile - <flower.nn"]
    + [f"compile flower.nn {end}" for end in ("--stdout", "--show program")],
)
def test_output_that_is_full_is_no_bug(spec: Path, words: str) -> None:
    done = shell(f"{words} >/dev/full", spec.parent)
    said = b"nndsl: standard output: no space left on device\n"
    assert (done.returncode, done.stderr) == (1, said)


@full
@pytest.mark.parametrize("words", ["check no.nn", "check", "compile bad.nn"])
def test_errors_that_cannot_be_said_keep_their_exit_code(
    spec: Path, words: str
) -> None:
    spec.with_name("bad.nn").write_text("network {")
    expected = shell(words, spec.parent).returncode
    assert shell(f"{words} 2>/dev/full", spec.parent).returncode == expected
    done = shell(f"{words} 2>&-", spec.parent)
    assert (done.returncode, done.stdout) == (expected, b"")


@pytest.mark.one_in(3)
@pytest.mark.parametrize("words", ["--version", "check flower.nn", "compile flower.nn"])
@pytest.mark.parametrize("closed", ["<&-", ">&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed(spec: Path, words: str, closed: str) -> None:
    done = shell(f"{words} {closed}", spec.parent)
    assert (done.returncode, done.stderr) == (0, b"")
    made = spec.with_suffix(".py")
    assert not made.exists() or made.read_text(encoding="utf-8").startswith("# Gen")


def test_an_input_that_is_closed_is_empty(spec: Path) -> None:
    done = shell("check - <&-", spec.parent)
    assert done.returncode == 1
    assert b"E111" in done.stdout


@pytest.mark.one_in(2)
@pytest.mark.parametrize("words", ["--help", "check no.nn 2>&1", "show flower.nn"])
def test_a_pipe_that_nobody_reads(spec: Path, words: str) -> None:
    done = shell(f"{words} | true", spec.parent)
    assert done.stderr == b""
