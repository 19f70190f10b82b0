"""Data on the command line: pipes, mistakes and their lines, what options take."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import nndsl
from nndsl.cli.main import main

ROOT = Path(__file__).parent.parent
SPECS = ROOT / "specs"
IRIS, IRIS_DATA = SPECS / "iris.nn", SPECS / "data" / "iris.csv"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


OPEN = (
    "network Net { input any; dense classes softmax; loss categorical_crossentropy;"
    " train { epochs 1 } }"
)


@pytest.mark.parametrize(
    ("command", "content", "message"),
    [
        (
            "predict",
            "a,b,k\n1,2,no\n\n1,1e39,no\n",
            "line 4, column b: expected a number, found '1e39'",
        ),
        (
            "evaluate",
            "a,b,k\n1,2,no\n1,2,perhaps\n",
            "line 3: 'perhaps'; expected 'no', ",
        ),
        ("evaluate", "", "line 1, expected the names of the columns"),
        ("predict", b"a,b,k\n1,2,n\xe9\n", ": expected text in UTF-8"),
    ],
)
def test_mistakes_in_data_that_the_model_finds_name_their_line(
    folder: Path,
    command: str,
    content: str | bytes,
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("net.nn").write_text(OPEN)
    Path("good.csv").write_text("a,b,k\n1,2,no\n3,4,yes\n")
    assert main(["train", "net.nn", "good.csv"]) == 0
    data = content if isinstance(content, bytes) else content.encode()
    Path("bad.csv").write_bytes(data)
    capsys.readouterr()
    assert main([command, "net.nn", "bad.csv"]) == 1
    (error,) = re.findall("^nndsl.*", capsys.readouterr().err, re.MULTILINE)
    assert error.startswith("nndsl net.nn: bad.csv")
    assert message in error


def test_summary_of_widths_that_the_data_decided(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("net.nn").write_text(OPEN)
    Path("good.csv").write_text("a,b,k\n1,2,no\n3,4,yes\n")
    assert main(["train", "net.nn", "good.csv", "-o", "w.npz"]) == 0
    capsys.readouterr()
    assert main(["summary", "net.nn"]) == 1
    assert "net.npz" in capsys.readouterr().err
    assert main(["summary", "net.nn", "-w", "w.npz"]) == 0
    assert "(2, 2)" in capsys.readouterr().out


def test_data_may_come_from_a_pipe(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", str(IRIS), str(IRIS_DATA), "--epochs", "1"]) == 0
    capsys.readouterr()
    assert main(["predict", str(IRIS), str(IRIS_DATA)]) == 0
    text = capsys.readouterr().out
    words = [sys.executable, "-m", "nndsl", "predict", str(IRIS), "/dev/stdin"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        words, input=IRIS_DATA.read_bytes(), capture_output=True, env=environment
    )
    assert done.stdout.decode() == text
    bad = IRIS_DATA.read_bytes().replace(b"5.1,3.5", b"5.1,1e39", 1)
    done = subprocess.run(words, input=bad, capture_output=True, env=environment)
    assert done.returncode == 1
    assert (
        b"/dev/stdin, line 2, column sepal_width: expected a number, found '1e39'"
        in done.stderr
    )


@pytest.mark.parametrize(
    "words",
    [
        ["train", "data.csv", "-w", "w.npz"],
        ["evaluate", "data.csv", "--epochs", "5"],
        ["summary", "data.csv"],
        ["predict"],
    ],
)
def test_a_module_takes_no_option_that_it_would_ignore(words: list[str]) -> None:
    module = nndsl.load(IRIS)
    with pytest.raises(SystemExit) as stop:
        module.main(words)
    assert stop.value.code == 2


def test_the_last_epoch_is_printed_also_when_it_comes_early(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", str(IRIS), str(IRIS_DATA)]) == 0
    lines = capsys.readouterr().out.splitlines()
    (done,) = (
        re.search(r"of (\d+) in", line) for line in lines if " kept" in f" {line}"
    )
    assert done is not None
    assert any(line.split()[0] == done[1] for line in lines[1:12])
