"""Train, evaluate and predict from the terminal."""

from __future__ import annotations

import csv
import io
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import nndsl
from nndsl.cli.main import main
from nndsl.data.model_file import read_model_file

SPECS = Path(__file__).parent.parent / "specs"
IRIS, TABLE = SPECS / "iris.nn", SPECS / "data" / "iris.csv"
Output = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_train_prints_a_table_and_saves(folder: Path, capsys: Output) -> None:
    assert main(["train", str(IRIS), str(TABLE)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["epoch", "loss", "accuracy", "val_loss", "val_accuracy"]
    rows = [line.split() for line in lines[1:] if re.match(r" +\d+[ *] ", line)]
    assert 8 <= len(rows) <= 13 and rows[0][0] == "1"
    marked = [row for row in rows if row[0].endswith("*")]
    best = int(marked[0][0].removesuffix("*"))
    losses = read_model_file("iris.npz").history["val_loss"]
    assert len(marked) == 1 and losses.index(min(losses)) == best - 1
    assert float(marked[0][3]) == pytest.approx(min(losses), abs=1e-4)
    assert rows[-2][0] == str(len(losses))
    kept = rf"kept epoch {best} of {len(losses)} in \d+\.\d\d s; saved as iris\.npz"
    assert re.fullmatch(kept, lines[-2])
    assert "the 22 test rows:" in lines
    assert lines[-1] == f"next: nndsl predict iris.npz {TABLE}"
    assert os.listdir(folder) == ["iris.npz"]


def test_the_next_command_works_whatever_was_overridden(
    folder: Path, capsys: Output
) -> None:
    words = ["train", str(IRIS), str(TABLE), "-o", "my model's.npz", "--epochs", "2"]
    assert main([*words, "--set", "train.scale=minmax"]) == 0
    command = capsys.readouterr().out.splitlines()[-1].removeprefix("next: nndsl ")
    assert main(shlex.split(command)) == 0
    assert len(capsys.readouterr().out.splitlines()) == 151


def test_evaluate_and_predict_answer_as_the_model_does(
    folder: Path, capsys: Output
) -> None:
    assert main(["train", str(IRIS), str(TABLE), "--epochs", "30"]) == 0
    records = [*csv.DictReader(TABLE.open(newline=""))]
    X = [[float(cell) for cell in [*row.values()][:4]] for row in records]
    y = [row["species"] for row in records]
    model = nndsl.load(IRIS).Iris.load("iris.npz")
    capsys.readouterr()
    assert main(["evaluate", "iris.npz", str(TABLE)]) == 0
    found = dict(line.split() for line in capsys.readouterr().out.splitlines())
    right = np.mean(model.predict(X) == y)
    assert float(found["accuracy"]) == pytest.approx(right, abs=1e-4)
    assert main(["predict", "iris.npz", str(TABLE)]) == 0
    text = capsys.readouterr().out
    rows = [*csv.DictReader(io.StringIO(text))]
    assert [row["predicted_species"] for row in rows] == model.predict(X).tolist()
    columns = [f"probability_{label}" for label in model.classes_]
    shares = [[float(row[name]) for name in columns] for row in rows]
    assert shares == pytest.approx(model.predict_proba(X).astype(float))
    assert main(["predict", "iris.npz", str(TABLE), "-o", "out.csv"]) == 0
    assert Path("out.csv").read_text() == text
    assert sorted(os.listdir()) == ["iris.npz", "out.csv"]


def test_columns_are_asked_for_again_by_name(folder: Path, capsys: Output) -> None:
    spec, table = str(SPECS / "xor.nn"), SPECS / "data" / "xor.csv"
    assert main(["train", spec, str(table), "--epochs", "3"]) == 0
    rows = [*csv.reader(table.open(newline=""))]
    a, b, _ = rows[0]
    swapped = "\n".join(f"{row[1]},{row[0]}" for row in rows)
    Path("swapped.csv").write_text(swapped)
    capsys.readouterr()
    assert main(["predict", "xor.npz", "swapped.csv"]) == 0
    answers = capsys.readouterr().out
    assert main(["predict", "xor.npz", str(table)]) == 0
    assert capsys.readouterr().out == answers
    Path("other.csv").write_text(swapped.replace(a, "other"))
    assert main(["predict", "xor.npz", "other.csv"]) == 1
    assert f"expected a column {a!r}" in capsys.readouterr().err
    assert read_model_file("xor.npz").features == (a, b)


def test_columns_that_are_not_used_get_one_remark(folder: Path, capsys: Output) -> None:
    lines = TABLE.read_text().splitlines()
    Path("more.csv").write_text("\n".join(f"{line},x" for line in lines))
    assert main(["train", str(IRIS), "more.csv", "--epochs", "1"]) == 0
    assert capsys.readouterr().err == "more.csv: not used: x\n"


@pytest.mark.parametrize("name", ["tags", "autoencoder", "digits", "diabetes"])
def test_every_kind_of_answer(name: str, folder: Path, capsys: Output) -> None:
    spec, table = SPECS / f"{name}.nn", SPECS / "data" / f"{name}.csv"
    assert main(["train", str(spec), str(table), "--epochs", "1"]) == 0
    assert main(["evaluate", f"{name}.npz", str(table)]) == 0
    capsys.readouterr()
    assert main(["predict", f"{name}.npz", str(table)]) == 0
    rows = [*csv.DictReader(io.StringIO(capsys.readouterr().out))]
    assert len(rows) == len(table.read_text().splitlines()) - 1
    heads = {
        "tags": ["predicted_urgent", "predicted_billing"],
        "autoencoder": ["predicted_pixel_0_0", "predicted_pixel_0_1"],
        "digits": ["predicted_digit", "probability_0"],
        "diabetes": ["predicted_progression"],
    }
    assert [*rows[0]][:2] == heads[name]
    assert main(["show", f"{name}.npz"]) == 0
    assert "trained for 1 epoch" in capsys.readouterr().out


def test_rows_without_a_target_are_left_out_by_drop(
    folder: Path, capsys: Output
) -> None:
    lines = TABLE.read_text().splitlines()
    lines[3] = lines[3].rpartition(",")[0] + ","
    Path("holes.csv").write_text("\n".join(lines))
    assert main(["train", str(IRIS), "holes.csv"]) == 1
    assert "holes.csv, line 4, column species: expected" in capsys.readouterr().err
    words = ["train", str(IRIS), "holes.csv", "--epochs", "1"]
    assert main([*words, "--set", "train.missing=drop"]) == 0
    assert main(["evaluate", "iris.npz", "holes.csv"]) == 0


@pytest.mark.parametrize("output", ["", "-", "/dev/stdout"])
@pytest.mark.parametrize("command", ["train", "predict"])
def test_an_output_that_is_no_file(
    command: str, output: str, folder: Path, capsys: Output
) -> None:
    assert main([command, str(IRIS), str(TABLE), "-o", output]) == 2
    assert os.listdir(folder) == []


def test_divergence_is_one_line(folder: Path, capsys: Output) -> None:
    optimizer = "train.optimizer=sgd(learning_rate=1e30)"
    assert main(["train", str(IRIS), str(TABLE), "--set", optimizer]) == 1
    error = capsys.readouterr().err
    assert "lower learning_rate" in error and error.count("\n") == 1
    assert os.listdir(folder) == []


def interrupted(folder: Path) -> tuple[int, str]:
    """Train for a while in a process of its own, then press Ctrl-C."""
    spec = folder / "slow.nn"
    spec.write_text(IRIS.read_text().replace("patience=20", "patience=1000000"))
    words = ["train", str(spec), str(TABLE), "--epochs", "1000000", "-o", "m.npz"]
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "nndsl", *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    while not process.stdout.readline().lstrip().startswith("1 "):
        assert process.poll() is None
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    return process.returncode, said


def test_an_interrupt_keeps_the_best_but_never_replaces_a_finished_file(
    folder: Path,
) -> None:
    code, said = interrupted(folder)
    assert code == 130 and "the best parameters so far are saved as m.npz" in said
    file = read_model_file("m.npz")
    assert len(file.history["loss"]) > 1 and not file.finished
    assert main(["evaluate", "m.npz", str(TABLE)]) == 0
    words = ["train", "slow.nn", str(TABLE), "-o", "m.npz"]
    assert main([*words, "--epochs", "2"]) == 0
    before = Path("m.npz").read_bytes()
    assert read_model_file("m.npz").finished
    code, said = interrupted(folder)
    assert code == 130 and "m.npz holds more than that and was left unchanged" in said
    assert Path("m.npz").read_bytes() == before
    assert sorted(os.listdir()) == ["m.npz", "slow.nn"]
