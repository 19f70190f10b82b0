"""`nndsl train --folds` and `--seeds`; what `evaluate` says of learned rows."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import termios
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.model_selection import KFold, StratifiedKFold

import nndsl
from nndsl.cli import several_runs
from nndsl.cli.main import main
from nndsl.cli.progress import Progress
from nndsl.data.digests import count_known, kept_digests, row_digests
from nndsl.data.errors import DataError
from nndsl.data.folds import draw_folds

ROOT = Path(__file__).parent.parent
SPECS = ROOT / "specs"
IRIS, FLOWERS = str(SPECS / "iris.nn"), str(SPECS / "data" / "iris.csv")
XOR, FOUR = str(SPECS / "xor.nn"), str(SPECS / "data" / "xor.csv")
DIABETES = str(SPECS / "diabetes.nn")
PATIENTS = str(SPECS / "data" / "diabetes.csv")
Output = pytest.CaptureFixture[str]
SHORT = ["--epochs", "3"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("count", [2, 3, 7, 10])
@pytest.mark.parametrize("n", [10, 11, 64, 99])
def test_folds_of_any_rows(n: int, count: int) -> None:
    fold = draw_folds(None, n, count, np.random.default_rng(n))
    sizes = [len(test) for _, test in KFold(count).split(np.zeros(n))]
    assert sorted(np.bincount(fold, minlength=count)) == sorted(sizes)
    assert set(fold.tolist()) == set(range(count))


@pytest.mark.parametrize("count", [2, 3, 5])
@pytest.mark.parametrize("sizes", [(50, 50, 50), (5, 8, 31), (6, 200), (7, 9, 11, 13)])
@pytest.mark.parametrize("words", [False, True])
def test_folds_of_labels(sizes: tuple[int, ...], count: int, words: bool) -> None:
    y: Any = np.repeat(np.arange(len(sizes)), sizes)
    y = np.array(["a", "b", "c", "d"])[y] if words else y
    fold = draw_folds(y, len(y), count, np.random.default_rng(0))
    theirs = StratifiedKFold(count).split(np.zeros(len(y)), y)
    expected = [
        np.unique(y[test], return_counts=True)[1].tolist() for _, test in theirs
    ]
    ours = [
        np.unique(y[fold == each], return_counts=True)[1].tolist()
        for each in range(count)
    ]
    assert ours == expected
    other = draw_folds(y, len(y), count, np.random.default_rng(1))
    assert not np.array_equal(fold, other)


def test_too_few_rows_for_folds() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(DataError, match="5 folds need 5 rows or more; there are 4"):
        draw_folds(None, 4, 5, rng)
    with pytest.raises(
        DataError, match="the label 'b' stands in 2 rows; 3 folds need 3"
    ):
        draw_folds(np.array(["a", "a", "a", "b", "b"]), 5, 3, rng)


def printed(capsys: Output) -> tuple[list[str], dict[str, list[str]]]:
    """The names of the figures, and the rows of the table by their labels."""
    head, *lines = capsys.readouterr().out.splitlines()
    assert lines.pop().startswith("no model is saved")
    names = [word for word in head.split() if word not in ("seed", "fold")]
    rows = [line.split() for line in lines]
    return names, {" ".join(r[: -len(names)]): r[-len(names) :] for r in rows}


def assert_summary(table: dict[str, list[str]], runs: list[list[float]]) -> None:
    """`runs` are figures of which the first is a loss and the others are scores."""
    columns = np.array(runs).T
    mean = [f"{np.mean(each):.4f}" for each in columns]
    spread = [f"{np.std(each, ddof=1):.4f}" for each in columns]
    worst = [f"{each.min() if i else each.max():.4f}" for i, each in enumerate(columns)]
    assert (table["mean"], table["deviation"], table["worst"]) == (mean, spread, worst)


@pytest.mark.parametrize("seeds", [1, 2])
def test_folds_are_a_loop_over_the_module(seeds: int, capsys: Output) -> None:
    more = ["--seeds", str(seeds)] * (seeds > 1)
    assert main(["train", IRIS, FLOWERS, "--folds", "4", *SHORT, *more]) == 0
    names, table = printed(capsys)
    assert names == ["loss", "accuracy"]
    settings = ["train.split=85% / 15% / 0%", "train.epochs=3"]
    module = nndsl.load(IRIS, settings=settings)
    X, y = nndsl.read_table(FLOWERS, IRIS)
    runs = []
    for seed in range(7, 7 + seeds):
        fold = draw_folds(y, len(y), 4, np.random.default_rng(seed))
        for each in range(4):
            model = module.Iris(seed=seed).fit(X[fold != each], y[fold != each])
            figures = model.evaluate(X[fold == each], y[fold == each])
            runs.append([figures["loss"], figures["accuracy"]])
            label = f"{seed} {each + 1}" if seeds > 1 else f"{each + 1}"
            assert table[label] == [f"{figure:.4f}" for figure in runs[-1]]
    assert len(table) == 4 * seeds + 3
    assert_summary(table, runs)
    assert os.listdir() == []


def test_seeds_are_measured_on_the_test_rows(capsys: Output) -> None:
    assert main(["train", IRIS, FLOWERS, "--seeds", "3", "--seed", "2", *SHORT]) == 0
    _, table = printed(capsys)
    module = nndsl.load(IRIS)
    X, y = nndsl.read_table(FLOWERS, IRIS)
    runs = [
        list(module.Iris(seed=seed, epochs=3).fit(X, y).test_.values())
        for seed in (2, 3, 4)
    ]
    assert table["3"] == [f"{figure:.4f}" for figure in runs[1]]
    assert_summary(table, runs)


def test_seeds_are_measured_on_the_validation_rows_without_test_rows(
    capsys: Output,
) -> None:
    words = ["--seeds", "2", "--set", "train.split=70% / 30% / 0%", "--epochs", "40"]
    assert main(["train", IRIS, FLOWERS, *words]) == 0
    _, table = printed(capsys)
    settings = ["train.split=70% / 30% / 0%", "train.epochs=40"]
    module = nndsl.load(IRIS, settings=settings)
    X, y = nndsl.read_table(FLOWERS, IRIS)
    runs = []
    for seed in (7, 8):
        model = module.Iris(seed=seed).fit(X, y)
        best = model.best_epoch_ - 1
        runs.append([model.history_[f"val_{n}"][best] for n in ("loss", "accuracy")])
    assert_summary(table, runs)


def test_folds_of_numbers_and_worst_errors(capsys: Output) -> None:
    assert main(["train", DIABETES, PATIENTS, "--folds", "3", *SHORT]) == 0
    names, table = printed(capsys)
    for place, name in enumerate(names):
        runs = [float(table[str(fold)][place]) for fold in (1, 2, 3)]
        expected = min(runs) if name == "r2" else max(runs)
        assert float(table["worst"][place]) == expected, name


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--folds", "1"], 2, "--folds 1: expected a number from 2 to 1000"),
        (["--seeds", "0"], 2, "--seeds 0: expected a number from 2 to 1000"),
        (
            ["--folds", "3", "-o", "a.npz"],
            2,
            "--folds saves no model: leave out --outp",
        ),
        (["--seeds", "3", "--resume"], 2, "--seeds saves no model: leave out --resume"),
        (
            ["--folds", "60"],
            1,
            "the label 'setosa' stands in 50 rows; 60 folds need 60",
        ),
        (
            ["--seeds", "2", "--set", "train.split=100%"],
            1,
            "specs/iris.nn:18:9: error[E130]: nothing to monitor",
        ),
    ],
)
def test_what_cannot_be_run(
    words: list[str], code: int, message: str, capsys: Output
) -> None:
    assert main(["train", IRIS, FLOWERS, *words]) == code
    assert message in capsys.readouterr().err


def test_seeds_need_rows_that_are_held_out(capsys: Output) -> None:
    assert main(["train", XOR, FOUR, "--seeds", "2"]) == 1
    error = capsys.readouterr().err
    assert "--seeds measures on held-out rows, and the spec has none" in error


@pytest.mark.parametrize(
    ("split", "module_split"),
    [
        ("60% / 0% / 40%", "100%"),
        ("50% / 25% / 25% stratified", "75% / 25% / 0% stratified"),
        ("66.7% / 33.3% / 0%", "66.7% / 33.3% / 0%"),
    ],
)
def test_a_fold_takes_the_role_of_the_test_rows(
    split: str, module_split: str, capsys: Output
) -> None:
    text = (
        "network A {{ input 4; target species; dense classes softmax; "
        "loss categorical_crossentropy; train {{ epochs 2; split {} }} }}"
    )
    Path("net.nn").write_text(text.format(split))
    Path("other.nn").write_text(text.format(module_split))
    assert main(["train", "net.nn", FLOWERS, "--folds", "2"]) == 0
    _, table = printed(capsys)
    X, y = nndsl.read_table(FLOWERS, "net.nn")
    fold = draw_folds(y, len(y), 2, np.random.default_rng(0))
    for each in range(2):
        model = nndsl.load("other.nn").A().fit(X[fold != each], y[fold != each])
        figures = model.evaluate(X[fold == each], y[fold == each])
        assert table[f"{each + 1}"] == [f"{figure:.4f}" for figure in figures.values()]


def test_a_row_that_is_wrong_keeps_its_line(capsys: Output) -> None:
    """Rows of a fold are counted anew; the message has the line of the file."""
    Path("net.nn").write_text(
        "network A { input a, b; target y; dense 1; loss mean_squared_error\n"
        "train { precision float32; epochs 1 } }"
    )
    rows = [f"{row},1,2" for row in range(9)]
    rows[6] = "1e300,1,2"
    Path("t.csv").write_text("\n".join(["a,b,y", *rows]))
    assert main(["train", "net.nn", "t.csv", "--folds", "3"]) == 1
    assert "t.csv, line 8, column a" in capsys.readouterr().err


def test_a_spec_on_standard_input(capsys: Output) -> None:
    command = [sys.executable, "-m", "nndsl", "train", "-", FLOWERS, "--folds", "2"]
    run = subprocess.run(
        [*command, *SHORT],
        input=Path(IRIS).read_text(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert main(["train", IRIS, FLOWERS, "--folds", "2", *SHORT]) == 0
    assert capsys.readouterr().out == run.stdout


def test_ctrl_c_ends_all_runs(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    figures, calls = several_runs._figures, []

    def interrupted(*given: Any) -> Any:
        calls.append(given)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return figures(*given)

    monkeypatch.setattr(several_runs, "_figures", interrupted)
    assert main(["train", IRIS, FLOWERS, "--folds", "4", *SHORT]) == 130
    out, err = capsys.readouterr()
    assert err == "nndsl: interrupted after 2 of 4 runs\n"
    assert len(out.splitlines()) == 3


def test_evaluate_counts_the_rows_that_were_learned(capsys: Output) -> None:
    assert main(["train", IRIS, FLOWERS, *SHORT]) == 0
    X, y = nndsl.read_table(FLOWERS, IRIS)
    model = nndsl.load(IRIS).Iris(epochs=3).fit(X, y)
    rows = [(*row, label) for row, label in zip(X.tolist(), y.tolist(), strict=True)]
    learned = {rows[i] for i in model.split_[0]}
    known = sum(row in learned for row in rows)
    capsys.readouterr()
    assert main(["evaluate", "iris.npz", FLOWERS]) == 0
    said = f"nndsl: {known} of these 150 rows were trained on; on new rows the figures"
    assert capsys.readouterr().err.startswith(said)
    lines = Path(FLOWERS).read_text().splitlines()
    new = [
        line for line, row in zip(lines[1:], rows, strict=True) if row not in learned
    ]
    Path("new.csv").write_text("\n".join([lines[0], *new]))
    assert main(["evaluate", "iris.npz", "new.csv"]) == 0
    assert capsys.readouterr().err == ""


def test_digests_know_rows_again() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(5000, 3))
    x[::50, 1] = np.nan
    y = rng.choice(["a", "b", "c"], 5000)
    digests = row_digests(x, y)
    assert digests.dtype == np.uint64 and len(set(digests.tolist())) == 5000
    order = rng.permutation(5000)
    assert np.array_equal(row_digests(x[order], y[order]), digests[order])
    swapped = row_digests(x[:, ::-1].copy(), y)
    assert count_known(swapped, digests) == (0, False)
    assert count_known(row_digests(-x, y), digests)[0] == 0
    zeros = np.zeros((2, 2))
    assert np.array_equal(row_digests(zeros), row_digests(-zeros))
    labels = np.array([3, 1, 2])
    assert np.array_equal(
        row_digests(zeros[:1], labels[:1]), row_digests(zeros[:1], np.array([3.0]))
    )


def test_of_many_rows_the_smallest_digests_are_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.setattr("nndsl.data.digests.KEPT", 20)
    digests = row_digests(np.arange(50.0)[:, None])
    kept = kept_digests(digests)
    assert sorted(kept.tolist()) == sorted(digests.tolist())[:20]
    assert count_known(digests, kept) == (20, True)
    assert main(["train", IRIS, FLOWERS, *SHORT]) == 0
    capsys.readouterr()
    assert main(["evaluate", "iris.npz", FLOWERS]) == 0
    assert "nndsl: at least 2" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [np.zeros((2, 2), np.uint64), np.zeros(3)])
def test_digests_that_are_none(wrong: Any, capsys: Output) -> None:
    assert main(["train", IRIS, FLOWERS, *SHORT]) == 0
    with np.load("iris.npz") as file:
        arrays = dict(file)
    with open("iris.npz", "wb") as opened:
        np.savez(opened, **{**arrays, "trained": wrong})
    assert main(["evaluate", "iris.npz", FLOWERS]) == 1
    said = "nndsl: iris.npz: what it says of itself is damaged\n"
    assert capsys.readouterr().err == said


@pytest.mark.parametrize("more", [[], ["--folds", "3"]], ids=["train", "folds"])
def test_a_terminal_shows_a_bar(more: list[str], folder: Path) -> None:
    """With rate and time left; elsewhere there are lines alone."""
    command = [sys.executable, "-m", "nndsl", "train", IRIS, FLOWERS, *more]
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    os.set_blocking(ours, False)
    run = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=theirs,
        check=True,
        text=True,
        timeout=60,
    )
    shown = os.read(ours, 100_000).decode(errors="replace")
    os.close(ours)
    os.close(theirs)
    assert "epoch/s" in shown and "%|" in shown and "<" in shown
    assert "%|" not in run.stdout and "epoch/s" not in run.stdout
    piped = subprocess.run(command, capture_output=True, check=True, text=True)
    assert piped.stderr == ""


PASSENGERS = """
network Passengers {
    input   age, fare       missing=median scale=standard
    input   sex: female | male
    input   deck: any
    target  survived: no | yes
    weight  counted
    dense   6 relu
    dropout 20%
    dense   1 sigmoid
    loss    binary_crossentropy
    metrics auc
    train   { epochs 8; split 60% / 20% / 20%; checkpoint every=2 }
}
"""


def passengers() -> None:
    rng = np.random.default_rng(4)
    lines = ["deck,age,sex,survived,counted,fare"]
    for _ in range(90):
        deck, sex = rng.choice(["A", "B", "C"]), rng.choice(["female", "male"])
        age = "" if rng.random() < 0.2 else f"{rng.integers(1, 80)}"
        survived, counted = rng.choice(["no", "yes"]), rng.integers(0, 3)
        lines.append(f"{deck},{age},{sex},{survived},{counted},{rng.gamma(2):.3f}")
    Path("t.csv").write_text("\n".join(lines))
    Path("net.nn").write_text(PASSENGERS)


def test_columns_of_labels_in_folds(capsys: Output) -> None:
    passengers()
    assert main(["train", "net.nn", "t.csv", "--folds", "3"]) == 0
    names, table = printed(capsys)
    assert names == ["loss", "accuracy", "auc"]
    X, y, weights = nndsl.read_table("t.csv", "net.nn")
    module = nndsl.load("net.nn", settings=["train.split=80% / 20% / 0%"])
    fold = draw_folds(y, len(y), 3, np.random.default_rng(0))
    for each in range(3):
        learned, held_out = fold != each, fold == each
        model = module.Passengers().fit(X[learned], y[learned], weights[learned])
        figures = model.evaluate(X[held_out], y[held_out], weights[held_out])
        expected = [f"{figures[name]:.4f}" for name in names]
        assert table[f"{each + 1}"] == expected


def test_columns_of_labels_are_known_again_and_resumed(
    monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    passengers()
    assert main(["train", "net.nn", "t.csv", "-o", "whole.npz"]) == 0
    capsys.readouterr()
    assert main(["evaluate", "whole.npz", "t.csv"]) == 0
    X, y, weights = nndsl.read_table("t.csv", "net.nn")
    model = nndsl.load("net.nn").Passengers().fit(X, y, weights)
    digests = row_digests(X, y)
    known = int(np.isin(digests, digests[model.split_[0]]).sum())
    assert f"nndsl: {known} of these 90 rows" in capsys.readouterr().err

    after = Progress.epoch

    def stopping(self: Progress, number: int, log: Any) -> None:
        after(self, number, log)
        if number == 5:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Progress, "epoch", stopping)
        assert main(["train", "net.nn", "t.csv"]) == 130
    assert main(["train", "net.nn", "t.csv", "--resume"]) == 0
    with np.load("whole.npz") as whole, np.load("net.npz") as again:
        assert whole.files == again.files
        assert all(np.array_equal(whole[name], again[name]) for name in whole)
