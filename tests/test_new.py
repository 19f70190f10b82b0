"""`nndsl new`: what it finds in a table, and the spec that it writes."""

from __future__ import annotations

import csv
import random
import re
import shlex
from pathlib import Path

import numpy as np
import pytest

from nndsl.cli.main import main
from nndsl.compiler import understand
from nndsl.data.errors import DataError
from nndsl.diagnostics.record import Source
from nndsl.new.new import New, new_spec

Output = pytest.CaptureFixture[str]
Cells = dict[str, list[object]]
N = 120
RNG = np.random.default_rng(3)
AGE = [round(float(v), 1) for v in RNG.normal(40, 9, N)]
CITY = [("Rome", "Oslo", "Bonn")[i % 3] for i in RNG.permutation(N)]
SOLD = [("no", "yes")[int(v > 0.4)] for v in RNG.random(N)]


def write(path: Path, columns: Cells) -> str:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return str(path)


@pytest.fixture
def new(tmp_path: Path):  # type: ignore[no-untyped-def]
    def of(columns: Cells, target: str | None = None) -> New:
        return new_spec(write(tmp_path / "shop.csv", columns), target)

    return of


def lines(spec: New) -> list[str]:
    return [" ".join(line.split()) for line in spec.text.splitlines()]


def with_gaps(cells: list[object], *rows: int, by: str = "") -> list[object]:
    return [by if row in rows else cell for row, cell in enumerate(cells)]


def test_the_whole_spec(new) -> None:
    found = new({"id": range(N), "age": AGE, "city": CITY, "sold": SOLD})
    assert found.text == (
        """\
# From shop.csv, 120 rows. Left out:
#   id  numbers the rows
# The target is the last column; --target COLUMN names another.
network Shop {
    input    age
    input    city: Bonn | Oslo | Rome
    dense    16 relu
    dense    1 sigmoid
    target   sold: no | yes

    loss     binary_crossentropy
    metrics  accuracy, auc

    train {
        scale           standard
        split           70% / 15% / 15% stratified    # train / validation / test
        batch_size      16
        epochs          200
        early_stopping  patience=20
        seed            0
    }
}
"""
    )
    assert (found.n_inputs, found.target, found.left_out) == (2, "sold", ("id",))


LEFT_OUT: dict[str, tuple[list[object], str]] = {
    "empty": ([""] * N, "always missing"),
    "constant": (["x"] * N, "always 'x'"),
    "constant_number": (with_gaps([4] * N, 3), "always '4'"),
    "nearly_constant": (with_gaps(["x"] * N, 7, by="y"), "'x' in all rows but 1"),
    "hardly": (["x", "y", *[""] * (N - 2)], "texts that hardly repeat"),
    "copy": (AGE, "says the same as age"),
    "kelvin": ([v + 273.15 for v in AGE], "says the same as age"),
    "cents": ([-100 * v for v in AGE], "says the same as age"),
    "town_code": ([{"Rome": 7, "Oslo": 2, "Bonn": 9}[c] for c in CITY], "says the same as city"),
    "was_sold": ([("n", "y")[s == "yes"] for s in SOLD], "says the same as the target"),
    "flag": ([int(s == "yes") for s in SOLD], "says the same as the target"),
    "name": ([f"Mr {i}" for i in range(N)], "120 different texts"),
    "shuffled": ([int(i) for i in RNG.permutation(N)], "numbers the rows"),
    "serial": ([7 * i + 1000 for i in range(N)], "whole numbers in order, all different"),
    "customer_id": ([int(i) * 37 % 100_003 for i in RNG.permutation(N)], "an identifier: all different"),
    "day": ([f"2024-01-{1 + i % 28:02}" for i in range(N)], "dates or times"),
    "german_day": ([f"{1 + i % 28}.3.2024" for i in range(N)], "dates or times"),
    "price": (with_gaps([f"{i / 7:.3f}" for i in range(N)], 5, by="free"), 
        "numbers, but also 'free'; if that means missing, say --missing-values"),
    "zip": ([f"0{1000 + i}" for i in range(N)], "120 different texts"),
    "word" * 60: (CITY[::-1], "a name of more than 200 characters"),
    "page\x0cfeed": (CITY[::-1], "its name holds U+000C"),
    "": (CITY[::-1], "nothing to call it by"),
}  # fmt: skip


@pytest.mark.parametrize("name", LEFT_OUT)
def test_a_column_is_left_out_and_the_spec_says_why(new, name: str) -> None:
    cells, reason = LEFT_OUT[name]
    found = new({"age": AGE, "city": CITY, name: cells, "sold": SOLD})
    assert found.text.splitlines()[0].endswith("Left out:")
    assert found.text.splitlines()[1].endswith(f"  {reason}")
    assert found.n_inputs == 2 and len(found.left_out) == 1


INPUTS: dict[str, tuple[list[object], str]] = {
    "numbers": ([i % 7 / 2 for i in RNG.permutation(N)], "input age, x"),
    "gaps": (with_gaps(AGE[::-1], 4, by="NA"), "input x missing=median"),
    "switch": ([i % 2 for i in RNG.permutation(N)], "input x scale=none"),
    "switch_gap": (
        with_gaps([i % 2 for i in RNG.permutation(N)], 9),
        "input x missing=median scale=none",
    ),
    "counts": ([i % 5 for i in RNG.permutation(N)], "input age, x"),
    "booleans": ([("true", "false")[i % 2] for i in RNG.permutation(N)], "input x: false | true"),
    "label_gap": (with_gaps(CITY[::-1], 4), "input x: Bonn | Oslo | Rome | other"),
    "rare": (
        with_gaps(CITY[::-1], 4, by="Ulm"), "input x: Bonn | Oslo | Rome | other"
    ),
    "own_other": (
        with_gaps(CITY[::-1], 1, 2, 3, by="other"), "input x: Bonn | Oslo | Rome | other"
    ),
    "shed": (["shed" if i % 3 else "" for i in RNG.permutation(N)], "input x: shed | other"),
    "quoted": (
        [("any", "a|b", "1st", "wd #1")[i % 4] for i in RNG.permutation(N)],
        'input x: "1st" | "any" | "a|b" | "wd #1"',
    ),
    "codes": ([f"0{i % 3}" for i in RNG.permutation(N)], 'input x: "00" | "01" | "02"'),
    "many": ([f"t{i % 13}" for i in RNG.permutation(N)], "input x: any | other"),
    "unwritable": ([f"\x01{i % 3}" for i in RNG.permutation(N)], "input x: any | other"),
}  # fmt: skip


@pytest.mark.parametrize("kind", INPUTS)
def test_what_a_column_becomes(new, kind: str) -> None:
    cells, line = INPUTS[kind]
    found = new({"age": AGE, "x": cells, "sold": SOLD})
    assert line in lines(found)
    assert not found.left_out


@pytest.mark.parametrize(
    ("cells", "target", "layer", "loss", "metrics"),
    [
        (SOLD, "y: no | yes", "1 sigmoid", "binary_crossentropy", "accuracy, auc"),
        ([i % 2 for i in range(N)], "y: 0 | 1", "1 sigmoid", "binary_crossentropy", "accuracy, auc"),
        ([i % 2 / 1 for i in range(N)], "y: 0.0 | 1.0", "1 sigmoid", "binary_crossentropy", "accuracy, auc"),
        (CITY, "y: Bonn | Oslo | Rome", "classes softmax", "categorical_crossentropy", "accuracy"),
        ([i % 10 for i in range(N)], "y: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9", "classes softmax", "categorical_crossentropy", "accuracy"),
        ([f"t{i % 21}" for i in range(N)], "y", "classes softmax", "categorical_crossentropy", "accuracy"),
        ([i % 11 for i in range(N)], "y", "1", "mean_squared_error", "mean_absolute_error, r2"),
        (AGE[::-1], "y", "1", "mean_squared_error", "mean_absolute_error, r2"),
    ],
)  # fmt: skip
def test_what_the_target_decides(
    new, cells: list[object], target: str, layer: str, loss: str, metrics: str
) -> None:
    spec = new({"y": cells, "age": AGE}, "y")
    found = lines(spec)
    assert {f"target {target}", f"dense {layer}"} <= {*found}
    assert {f"loss {loss}", f"metrics {metrics}"} <= {*found}
    scaled = "standard, target=standard" if loss == "mean_squared_error" else "standard"
    assert f"scale {scaled}" in found
    stratified = any(
        line.startswith("split") and "stratified" in line for line in found
    )
    assert stratified == ("crossentropy" in loss)
    assert "last column" not in spec.text


def test_rows_without_a_target_are_left_out(new) -> None:
    found = lines(new({"age": AGE, "y": with_gaps(AGE[::-1], 5, 6)}))
    assert "missing drop # rows without a target" in found


def test_a_rare_class_is_mentioned(new) -> None:
    found = lines(new({"age": AGE, "y": [("a", "b")[i % 9 == 0] for i in range(N)]}))
    at = found.index("# b is rare (14 of 120 rows); to find more of it:")
    assert found[at + 1] == "# class_weights balanced"


def test_a_code_and_what_nearly_settles_the_target_are_mentioned(new) -> None:
    near = with_gaps([("sea", "land")[s == "yes"] for s in SOLD], 3, by="land")
    near[SOLD.index("yes", 9)] = "sea"
    grade = [1 + i % 3 for i in RNG.permutation(N)]
    found = lines(new({"age": AGE, "grade": grade, "near": near, "sold": SOLD}))
    assert "# Taken as numbers: grade. As a code: input grade: 1 | 2 | 3" in found
    assert any("Nearly says what the target is: near." in line for line in found)
    assert "input near: land | sea" in found


def test_few_rows_are_all_learned_from(new) -> None:
    spec = new({"a": [0, 0, 1, 1], "b": [0, 1, 0, 1], "y": [0, 1, 1, 0]})
    assert "split" not in spec.text and "early_stopping" not in spec.text


def test_long_lines_are_broken_and_options_stand_below_each_other(new) -> None:
    wide: Cells = {f"measurement_{i}": RNG.permutation(AGE).tolist() for i in range(12)}
    wide["gap"] = with_gaps(RNG.permutation(AGE).tolist(), 3)
    wide["on"] = [i % 2 for i in RNG.permutation(N)]
    text = new({**wide, "y": SOLD}).text
    assert max(map(len, text.splitlines())) <= 92
    options = [
        line for line in text.splitlines() if "=median" in line or "=none" in line
    ]
    assert [line.find("missing=") for line in options][0] == options[1].find("scale=")


HOSTILE = [
    'a"b', "a'b", "a\\", "a\nb", "a\tb", "#", "a # b", "input", "any", "other", "x: y",
    "a | b", "a,b", "å", "日本語", "1", "1.5", "-", "in", "}", "{{ x }}", "network", "None!",
    "missing=median", "\\n", '"', '"""', "é\u0301", "a\u00a0b", "class", "__import__('os')",
]  # fmt: skip


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


def random_table(seed: int) -> Cells:
    """Columns of all kinds, with gaps, in any number of rows from 3 on."""
    rng = random.Random(seed)
    n = rng.choice((3, 8, 20, 60, 150, 400))
    columns: Cells = {}
    for place in range(rng.randint(2, 9)):
        many = rng.choice((1, 2, 2, 3, 5, 13, 40, 300))
        kinds = {
            "float": lambda many=many: round(rng.gauss(0, 10), 2),
            "int": lambda many=many: rng.randint(-many, many),
            "label": lambda many=many: f"l{rng.randrange(many)}",
            "hostile": lambda many=many: HOSTILE[rng.randrange(len(HOSTILE))],
            "switch": lambda many=many: rng.randint(0, 1),
            "date": lambda many=many: f"2024-02-{rng.randint(10, 28)}",
        }
        kind = rng.choice([*kinds])
        gaps = rng.choice((0, 0, 0.1, 0.7))
        cells = ["" if rng.random() < gaps else kinds[kind]() for _ in range(n)]
        columns[rng.choice((f"c{place}", f"{HOSTILE[place]}{place}"))] = cells
    return columns


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
    "nothing": ("", [], "expected the names of the columns, found ''"),
    "one column": ("a\n1\n2\n", [], "has one column; expected inputs and a target"),
    "typo": ("age,b\n1,2\n", ["--target", "agee"], "has no column 'agee'; is it 'age'?"),
    "no such": ("a,b\n1,2\n", ["--target", "zzzzz"], "has no column 'zzzzz'; there are a, b"),
    "constant": ("a,b\n1,2\n3,2\n", [], "column 'b' is always '2'; name what"),
    "empty": ("a,b\n1,\n3,NA\n", [], "column 'b' holds no value; name what"),
    "date": ("a,b\n1,2024-01-02\n3,2024-01-03\n", [], "column 'b' holds dates or times"),
    "names": (
        "a,b\n" + "".join(f"{i % 3},n{i}\n" for i in range(30)), [],
        "column 'b' holds 30 different texts, too many for classes; name what",
    ),
    "nothing left": (
        "a,b\n" + "".join(f"x,{i % 2}\n" for i in range(30)), [],
        "no column is left to learn 'b' from; a: always 'x'",
    ),
    "short row": ("a,b\n1,2\n3\n", [], "line 3: expected 2 cells, not 1"),
    "twice": ("a,a\n1,2\n", [], "line 1: 2 columns are called 'a'"),
    "wide": (",".join(f"c{i}" for i in range(1001)) + "\n", [], "has 1,001 columns;"),
}  # fmt: skip


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
    assert "is there already and stays as it is" in capsys.readouterr().err
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


def test_labels_that_are_all_rare_are_left_out(new) -> None:
    pool = ["good", "fair"] * 3 + [""] * (5 * N - 6)
    text = new({"age": AGE * 5, "pool": pool, "sold": SOLD * 5}).text
    assert "#   pool  no label stands in 5 rows" in text


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
    assert 'input    "höhe"  missing=median' in Path("t.nn").read_text(encoding="utf-8")
