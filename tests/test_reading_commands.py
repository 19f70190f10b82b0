"""Commands read tables of all kinds, and say what an option cannot mean."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from test_reading import write

import nndsl
from nndsl.__main__ import main

ROOT = Path(__file__).parent.parent
IRIS = ROOT / "specs" / "iris.nn"
CSV = (ROOT / "specs" / "data" / "iris.csv").read_text()


@pytest.fixture
def trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert main(["train", str(IRIS), str(ROOT / "specs/data/iris.csv")]) == 0
    return tmp_path


def test_commands_read_tables_of_all_kinds(
    trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def printed(*words: str) -> str:
        capsys.readouterr()
        assert main([*words]) == 0
        return capsys.readouterr().out

    plain = printed("predict", "iris.npz", str(ROOT / "specs/data/iris.csv"))
    german = CSV.replace(",", ";").replace(".", ",")
    write(trained, german.encode("cp1252"), "german.csv")
    assert printed("predict", "iris.npz", "german.csv") == plain
    words = ["--separator", ";", "--decimal", ",", "--encoding", "cp1252"]
    assert printed("predict", "iris.npz", "german.csv", *words) == plain
    write(trained, CSV.replace(",", "\t"), "tabs.txt")
    for tab in ("tab", "\\t", "\t"):
        assert printed("predict", "iris.npz", "tabs.txt", "--separator", tab) == plain
    pl.read_csv(io.StringIO(CSV)).write_parquet("iris.parquet")
    assert printed("predict", "iris.npz", "iris.parquet") == plain
    pl.read_csv(io.StringIO(CSV)).write_parquet("iris.parquet")
    figures = printed("evaluate", "iris.npz", str(ROOT / "specs/data/iris.csv"))
    assert printed("evaluate", "iris.npz", "iris.parquet") == figures


def test_a_table_comes_from_standard_input(
    trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def output(*words: str, given: bytes) -> str:
        return subprocess.run(
            [sys.executable, "-m", "nndsl", *words],
            input=given,
            capture_output=True,
            check=True,
        ).stdout.decode()

    capsys.readouterr()
    assert main(["evaluate", "iris.npz", str(ROOT / "specs/data/iris.csv")]) == 0
    plain = capsys.readouterr().out
    packed = gzip.compress(CSV.encode())
    assert output("evaluate", "iris.npz", "-", given=packed) == plain
    printed = output("train", str(IRIS), "-", "--epochs", "1", given=CSV.encode())
    assert printed.splitlines()[-1] == "next: nndsl predict iris.npz -"
    assert main(["train", "-", "-"]) == 2
    assert "only one of spec and table" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--separator", "xy"], "--separator: expected one character"),
        (["--separator", "5"], "--separator: expected one character"),
        (["--separator", '"'], "--separator: expected one character"),
        (["--decimal", ";"], "--decimal: expected '.' or ','"),
        (["--encoding", "klingon"], "--encoding: expected a name such as utf-8"),
        (["--encoding", "rot13"], "--encoding: expected a name such as utf-8"),
        (["--separator", ",", "--decimal", ","], "--separator: expected another"),
    ],
)
def test_options_that_mean_nothing(
    capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    assert main(["train", str(IRIS), "t.csv", *words]) == 2
    assert message in capsys.readouterr().err


def test_read_table_takes_the_same_options(tmp_path: Path) -> None:
    spec = write(tmp_path, "network N { input a; dense 1; loss huber }", "n.nn")
    path = write(tmp_path, "a:b\n1,5:2\n2,0:5\n")
    x, y = nndsl.read_table(path, spec, separator=":", decimal=",", encoding="utf-8")
    assert (x.tolist(), y.tolist()) == ([[1.5], [2.0]], [2.0, 5.0])
    filled = ["train.missing=mean"]
    x, y = nndsl.read_table(
        path, spec, settings=filled, separator=":", decimal=",", missing_values=["2,0"]
    )
    assert np.isnan(x[1, 0])
