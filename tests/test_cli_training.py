"""Train, evaluate and predict from the terminal, by `nndsl` and by the module."""

from __future__ import annotations

import csv
import io
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
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


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_train_prints_a_table_and_saves(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", str(IRIS), str(IRIS_DATA)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert " ".join(lines[0].split()) == "epoch loss accuracy val_loss val_accuracy"
    rows = [line.split() for line in lines[1:] if re.match(r" +\d+[ *] ", line)]
    assert 8 <= len(rows) <= 13
    assert rows[0][0] == "1"
    marked = [row for row in rows if row[0].endswith("*")]
    assert len(marked) == 1
    losses = [float(row[3]) for row in rows]
    assert float(marked[0][3]) == min(losses)
    kept = marked[0][0].removesuffix("*")
    assert re.fullmatch(
        rf"kept epoch {kept} of \d+ in \d+\.\d\d s; saved as iris\.npz", lines[-2]
    )
    assert lines[-1] == f"next: nndsl predict {IRIS} NEW.csv"
    assert max(map(len, lines)) < 100
    assert os.listdir(folder) == ["iris.npz"]


def test_nndsl_and_the_module_do_the_same(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compile", str(IRIS), "-o", str(folder)]) == 0
    command = [sys.executable, "iris.py"]
    train = ["train", str(IRIS_DATA), "--epochs", "5", "--seed", "3"]
    done = subprocess.run([*command, *train], capture_output=True, check=True)
    assert b"next: python iris.py predict NEW.csv" in done.stdout
    os.rename("iris.npz", "first.npz")
    capsys.readouterr()
    assert main([*train[:1], str(IRIS), *train[1:]]) == 0
    with np.load("iris.npz") as ours, np.load("first.npz") as theirs:
        assert sorted(ours) == sorted(theirs)
        assert all(np.array_equal(ours[name], theirs[name]) for name in ours)
    capsys.readouterr()
    assert main(["evaluate", str(IRIS), str(IRIS_DATA), "-w", "first.npz"]) == 0
    text = capsys.readouterr().out
    words = ["evaluate", str(IRIS_DATA), "-w", "first.npz"]
    done = subprocess.run([*command, *words], capture_output=True, check=True)
    assert done.stdout.decode() == text
    done = subprocess.run([*command, "summary"], capture_output=True, check=True)
    assert main(["summary", str(IRIS)]) == 0
    assert capsys.readouterr().out == done.stdout.decode()


def test_predict_adds_columns(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", str(IRIS), str(IRIS_DATA), "--epochs", "30"]) == 0
    capsys.readouterr()
    assert main(["predict", str(IRIS), str(IRIS_DATA)]) == 0
    text = capsys.readouterr().out
    rows = table(text)
    assert len(rows) == 150
    model = nndsl.load(IRIS).Iris.load("iris.npz")
    names = model.feature_names_in_
    x = np.array([[float(row[name]) for name in names] for row in rows])
    assert [row["predicted_species"] for row in rows] == model.predict(x).tolist()
    columns = [f"probability_{name}" for name in model.classes_]
    chances = [[np.float32(row[name]) for name in columns] for row in rows]
    assert np.array_equal(np.array(chances), model.predict_proba(x))
    right = sum(row["species"] == row["predicted_species"] for row in rows)
    assert right / 150 == pytest.approx(
        model.score(x, [row["species"] for row in rows])
    )
    assert main(["predict", str(IRIS), str(IRIS_DATA), "-o", "out.csv"]) == 0
    assert Path("out.csv").read_text() == text


@pytest.mark.parametrize(
    ("command", "instead"),
    [("train", "the weights lie in"), ("predict", "the answers are printed")],
)
@pytest.mark.parametrize("output", ["", "-", "/dev/stdout"])
def test_an_output_that_is_no_file(
    folder: Path,
    command: str,
    instead: str,
    output: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([command, str(IRIS), str(IRIS_DATA), "-o", output]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"nndsl: -o {output!r} names no file; without -o {instead}")
    assert os.listdir(folder) == []


def test_an_output_that_begins_with_a_dash(folder: Path) -> None:
    words = ["train", str(IRIS), str(IRIS_DATA), "--epochs=1", "--output=-x.npz"]
    assert main(words) == 0
    assert os.listdir(folder) == ["-x.npz"]


@pytest.mark.parametrize("words", [["--epochs", "x"], ["--seed=--epochs"]])
def test_an_option_that_is_no_number(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["train", str(IRIS), str(IRIS_DATA), *words])
    assert stop.value.code == 2
    assert capsys.readouterr().err.startswith("usage: nndsl train ")


def test_predict_without_the_target_column(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec, data = SPECS / "xor.nn", SPECS / "data" / "xor.csv"
    assert main(["train", str(spec), str(data), "--epochs", "3"]) == 0
    header, *rows = data.read_text().splitlines()
    bare = [line.rpartition(",")[0] for line in [header, *rows]]
    Path("bare.csv").write_text("\n".join(bare))
    names = header.split(",")[:2]
    Path("swapped.csv").write_text(
        "\n".join(",".join(reversed(line.split(","))) for line in bare)
    )
    capsys.readouterr()
    answers = []
    for path in (data, "bare.csv", "swapped.csv"):
        assert main(["predict", str(spec), str(path)]) == 0
        answers.append([row["predicted"] for row in table(capsys.readouterr().out)])
    assert answers[0] == answers[1] == answers[2]
    Path("other.csv").write_text("q,z\n1,2\n")
    assert main(["predict", str(spec), "other.csv"]) == 1
    assert f"expected one column {names[0]!r} between commas" in capsys.readouterr().err


@pytest.mark.parametrize("spec", sorted(SPECS.glob("*.nn")), ids=lambda path: path.stem)
def test_every_spec_from_the_terminal(
    folder: Path, spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = SPECS / "data" / f"{spec.stem}.csv"
    assert main(["train", str(spec), str(data), "--epochs", "2"]) == 0
    assert main(["evaluate", str(spec), str(data)]) == 0
    assert "loss" in capsys.readouterr().out
    assert main(["predict", str(spec), str(data)]) == 0
    rows = table(capsys.readouterr().out)
    assert len(rows) == len(table(data.read_text()))
    assert any(name.startswith("predicted") for name in rows[0])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["train", IRIS, "no.csv"], "no.csv: No such file"),
        (["train", IRIS, "."], ".: Is a directory"),
        (
            ["evaluate", IRIS, IRIS_DATA],
            "No such file or directory; train first",
        ),
        (["predict", IRIS, IRIS_DATA, "-w", IRIS], "iris.nn"),
        (["train", IRIS, IRIS_DATA, "-o", "no/iris.npz"], "there is no folder no"),
        (["train", IRIS, IRIS_DATA, "--epochs", "0"], "epochs"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    folder: Path,
    words: list[object],
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(list(map(str, words))) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert error.startswith("nndsl")


def test_a_table_of_mistakes_names_the_place(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = IRIS_DATA.read_text().splitlines()
    text[7] = text[7].replace("setosa", "rose")
    Path("bad.csv").write_text("\n".join(text))
    assert main(["train", str(IRIS), "bad.csv"]) == 1
    assert "bad.csv, line 8, column species: " in capsys.readouterr().err


def test_weights_of_another_network(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec, data = SPECS / "xor.nn", SPECS / "data" / "xor.csv"
    assert main(["train", str(spec), str(data), "--epochs", "1", "-o", "x.npz"]) == 0
    capsys.readouterr()
    assert main(["evaluate", str(IRIS), str(IRIS_DATA), "-w", "x.npz"]) == 1
    assert "input 2" in capsys.readouterr().err


def test_interrupted_training_is_saved(folder: Path) -> None:
    spec, data = SPECS / "spiral.nn", SPECS / "data" / "spiral.csv"
    words = ["train", str(spec), str(data), "--epochs", "1000000"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    with subprocess.Popen(
        [sys.executable, "-m", "nndsl", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.readline()
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        rest, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"saved as spiral.npz" in rest
    assert b"Traceback" not in error
    assert main(["evaluate", str(spec), str(data)]) == 0


def test_settings_from_the_terminal(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["train", str(IRIS), str(IRIS_DATA), "--set", "train.epochs=3"]
    assert main([*words, "--set", "train.precision=float64"]) == 0
    assert "of 3 in" in capsys.readouterr().out
    with np.load("iris.npz") as arrays:
        assert arrays["dense1.weights"].dtype == np.float64


def test_train_replaces_weights_alone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["train", str(IRIS), str(IRIS_DATA), "--epochs", "2"]
    Path("notes.npz").write_text("mine")
    np.savez("arrays.npz", a=np.ones(2))
    Path("link.npz").symlink_to("target.npz")
    Path("folder.npz").mkdir()
    for name in ("notes.npz", "arrays.npz", "link.npz", "folder.npz", "no/iris.npz"):
        assert main([*words, "-o", name]) == 1
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err.startswith("nndsl") and f": {name}" in printed.err
        assert printed.err.count("\n") == 1
    assert Path("notes.npz").read_text() == "mine"
    assert not Path("target.npz").exists()
    assert main([*words, "-o", "iris.npz"]) == main([*words, "-o", "iris.npz"]) == 0


def test_predict_replaces_predictions_alone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", str(IRIS), str(IRIS_DATA), "--epochs", "2"]) == 0
    Path("data.csv").write_bytes(IRIS_DATA.read_bytes())
    Path("other.csv").write_text("a,b\n1,2\n")
    Path("link.csv").symlink_to("told.csv")
    words = ["predict", str(IRIS), "data.csv"]
    kept = {name: Path(name).read_bytes() for name in ("other.csv", "iris.npz")}
    for name in ("data.csv", "other.csv", "iris.npz", "link.csv", "no/told.csv"):
        assert main([*words, "-o", name]) == 1
        assert name in capsys.readouterr().err
    assert all(Path(name).read_bytes() == content for name, content in kept.items())
    assert Path("data.csv").read_bytes() == IRIS_DATA.read_bytes()
    assert main([*words, "-o", "told.csv"]) == main([*words, "-o", "told.csv"]) == 0


def test_predictions_are_not_told_twice(folder: Path) -> None:
    assert main(["train", str(IRIS), str(IRIS_DATA), "--epochs", "2"]) == 0
    assert main(["predict", str(IRIS), str(IRIS_DATA), "-o", "once.csv"]) == 0
    assert main(["predict", str(IRIS), "once.csv", "-o", "twice.csv"]) == 0
    assert Path("twice.csv").read_text() == Path("once.csv").read_text()


def test_the_next_command_names_the_weights(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["train", str(IRIS), str(IRIS_DATA), "--epochs", "2"]
    assert main([*words, "-o", "my own.npz"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == f"next: nndsl predict {IRIS} NEW.csv -w 'my own.npz'"


def test_labels_learned_as_numbers_are_predicted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("pair.nn").write_text(
        "network Pair {\ninput 2\ndense 4 tanh\ndense 1 sigmoid\ntarget y: a | b\n"
        "loss mean_squared_error\n}\n"
    )
    Path("pair.csv").write_text("p,q,y\n0,0,a\n1,1,b\n")
    assert main(["train", "pair.nn", "pair.csv", "--epochs", "200"]) == 0
    capsys.readouterr()
    assert main(["predict", "pair.nn", "pair.csv"]) == 0
    answers = capsys.readouterr().out.splitlines()
    assert answers == ["p,q,y,predicted_y", "0,0,a,a", "1,1,b,b"]
