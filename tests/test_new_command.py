"""`nndsl new`: what it writes compiles and trains; what it refuses."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from new_tables import (
    AGE,
    HOSTILE,
    RNG,
    SOLD,
    Cells,
    N,
    random_table,
    with_gaps,
    write,
)

from nndsl.cli.main import main
from nndsl.compiler import understand
from nndsl.data.errors import DataError
from nndsl.diagnostics.record import Source
from nndsl.new.new import new_spec

Output = pytest.CaptureFixture[str]


def test_hostile_names_and_labels_come_back_as_they_are(tmp_path: Path) -> None:
    n = len(HOSTILE)
    columns: Cells = {name: RNG.permutation(AGE).tolist() for name in HOSTILE}
    columns["label"] = [HOSTILE[i % 9] for i in RNG.permutation(N)]
    columns["what?"] = [HOSTILE[i % 12] for i in range(N)]
    found = new_spec(write(tmp_path / "#\n.csv", columns), "what?")
    assert not found.left_out
    checked = understand(Source("x.nn", found.text))
    network = checked.network
    assert not checked.warnings
    assert [*network.inputs.columns][:n] == HOSTILE
    assert network.target.columns == ("what?",)
    assert sorted(map(str, network.target.labels)) == sorted(HOSTILE[:12])


@pytest.mark.parametrize("block", range(4))
def test_what_is_written_compiles_without_a_warning(tmp_path: Path, block: int) -> None:
    written = 0
    for seed in range(50 * block, 50 * block + 50):
        path = write(tmp_path / f"{seed}.csv", random_table(seed))
        try:
            text = new_spec(path, None).text
        except DataError as refused:
            assert "column" in str(refused)
            continue
        written += 1
        assert not understand(Source("x.nn", text)).warnings, text
    assert written > 30


ERRORS: dict[str, tuple[str, list[str], str]] = {
    "no rows": ("a,b\n", [], "expected rows under the names of the columns"),
    "nothing": ("", [], "t.csv: the file is empty"),
    "one column": ("a\n1\n2\n", [], "has one column; expected inputs and a target"),
    "typo": (
        "age,b\n1,2\n",
        ["--target", "agee"],
        "has no column 'agee'; is it 'age'?",
    ),
    "no such": (
        "a,b\n1,2\n",
        ["--target", "zzzzz"],
        "has no column 'zzzzz'; there are a, b",
    ),
    "constant": ("a,b\n1,2\n3,2\n", [], "column 'b' is always '2'; name what"),
    "empty": ("a,b\n1,\n3,NA\n", [], "column 'b' holds no value; name what"),
    "date": (
        "a,b\n1,2024-01-02\n3,2024-01-03\n",
        [],
        "column 'b' holds dates or times",
    ),
    "names": (
        "a,b\n" + "".join(f"{i % 3},n{i}\n" for i in range(30)),
        [],
        "column 'b' holds 30 different texts, too many for classes; name what",
    ),
    "nothing left": (
        "a,b\n" + "".join(f"x,{i % 2}\n" for i in range(30)),
        [],
        "no column is left to learn 'b' from; a: always 'x'",
    ),
    "short row": ("a,b\n1,2\n3\n", [], "line 3: expected 2 cells, not 1"),
    "twice": ("a,a\n1,2\n", [], "line 1: 2 columns are called 'a'"),
    "wide": (",".join(f"c{i}" for i in range(1001)) + "\n", [], "has 1,001 columns;"),
}


@pytest.mark.parametrize("kind", ERRORS)
def test_what_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output, kind: str
) -> None:
    monkeypatch.chdir(tmp_path)
    text, words, message = ERRORS[kind]
    Path("t.csv").write_text(text)
    assert main(["new", "t.csv", *words]) == 1
    said = capsys.readouterr()
    assert message in said.err and said.err.count("\n") == 1 and not said.out
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["missing.csv"], "missing.csv: no such file or directory"),
        (["t.csv", "-o", "t.txt"], "a spec's file name ends in .nn; write -o t.nn"),
        (["t.csv", "-o", "-"], "-o '-' names no file; write -o SPEC.nn"),
        (["-"], "- (standard input) needs -o SPEC.nn"),
        (["x.nn"], "x.nn: is a spec; expected a table"),
        (["t.csv", "-o", "no/x.nn"], "there is no folder no"),
        (["t.csv", "--taget", "y"], "nothing is called --taget here"),
    ],
)
def test_wrong_usage(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Output,
    words: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "t.csv", {"age": AGE, "sold": SOLD})
    assert main(["new", *words]) in (1, 2)
    assert message in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


def test_a_file_is_never_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("data").mkdir()
    table = write(tmp_path / "data" / "my shop.csv", {"age": AGE, "sold": SOLD})
    assert main(["new", "data/my shop.csv"]) == 0
    words = capsys.readouterr().out.splitlines()
    assert words[0] == "wrote my shop.nn: 1 input, target sold (the last column)"
    assert words[1] == "next: nndsl train 'my shop.nn' 'data/my shop.csv'"
    Path("my shop.nn").write_text("mine")
    assert main(["new", table]) == 1
    assert "already exists and was left unchanged" in capsys.readouterr().err
    assert Path("my shop.nn").read_text() == "mine"
    assert main(["new", table, "-o", "data"]) == 0
    assert Path("data/my shop.nn").exists()
    command = capsys.readouterr().out.splitlines()[1].removeprefix("next: nndsl ")
    assert main(shlex.split(command)) == 0


def test_what_is_written_trains(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    """On a rule that is easy to learn, from gaps, labels, switches and numbers."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    n = 400
    weight, team = rng.normal(70, 12, n), rng.integers(0, 3, n)
    fit = rng.integers(0, 2, n)
    wins = (weight - 70) / 12 + 1.5 * (team == 1) - 1.5 * (team == 2) + fit > 0.5
    columns: Cells = {
        "weight": with_gaps([f"{v:.1f}" for v in weight], 3, 9, by="?"),
        "team": with_gaps([("red", "green", "blue")[t] for t in team], 17),
        "fit": fit.tolist(),
        "wins": ["yes" if w else "no" for w in wins],
    }
    write(tmp_path / "games.csv", columns)
    assert main(["new", "games.csv"]) == 0
    assert main(["train", "games.nn", "games.csv"]) == 0
    capsys.readouterr()
    assert main(["evaluate", "games.npz", "games.csv"]) == 0
    found = dict(line.split() for line in capsys.readouterr().out.splitlines())
    assert float(found["accuracy"]) > 0.93


def test_only_the_first_rows_are_read_of_a_table_that_is_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nndsl.new.reading.CELLS", 200)
    quoted: list[object] = [f'"{word}"' for word in SOLD]
    path = write(tmp_path / "big.csv", {"age": AGE * 9, "sold": quoted * 9})
    first = new_spec(path, None).text.splitlines()[0]
    assert re.fullmatch(r"# From big\.csv, its first [\d,]+ rows\.", first)
    assert "1,080" not in first


def test_the_next_command_says_how_the_table_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = zip(AGE, SOLD, strict=True)
    body = "".join(f"{str(a).replace('.', ',')};{s}\n" for a, s in rows)
    body += "-;yes\n-;no\n"
    Path("t.csv").write_text("höhe;sold\n" + body, encoding="latin-1")
    words = ["--separator", ";", "--decimal", ",", "--encoding", "latin-1"]
    words += ["--missing-values", "-"]
    assert main(["new", "t.csv", *words]) == 0
    said = capsys.readouterr().out.splitlines()[1]
    assert shlex.split(said)[1:] == ["nndsl", "train", "t.nn", "t.csv", *words]
    spec = Path("t.nn").read_text(encoding="utf-8")
    assert 'input    "höhe"   missing=median' in spec
