"""`nndsl new`: what it finds in a table, and the spec that it writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from new_tables import (
    AGE,
    CITY,
    RNG,
    SOLD,
    Cells,
    N,
    with_gaps,
    write,
)

from nndsl.new.new import New, new_spec

Output = pytest.CaptureFixture[str]


@pytest.fixture
def new(tmp_path: Path):  # type: ignore[no-untyped-def]
    def of(columns: Cells, target: str | None = None) -> New:
        return new_spec(write(tmp_path / "shop.csv", columns), target)

    return of


def lines(spec: New) -> list[str]:
    return [" ".join(line.split()) for line in spec.text.splitlines()]


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
    "town_code": (
        [{"Rome": 7, "Oslo": 2, "Bonn": 9}[c] for c in CITY],
        "says the same as city",
    ),
    "was_sold": ([("n", "y")[s == "yes"] for s in SOLD], "says the same as the target"),
    "flag": ([int(s == "yes") for s in SOLD], "says the same as the target"),
    "name": ([f"Mr {i}" for i in range(N)], "120 different texts"),
    "shuffled": ([int(i) for i in RNG.permutation(N)], "numbers the rows"),
    "serial": (
        [7 * i + 1000 for i in range(N)],
        "whole numbers in order, all different",
    ),
    "customer_id": (
        [int(i) * 37 % 100_003 for i in RNG.permutation(N)],
        "an identifier: all different",
    ),
    "day": ([f"2024-01-{1 + i % 28:02}" for i in range(N)], "dates or times"),
    "german_day": ([f"{1 + i % 28}.3.2024" for i in range(N)], "dates or times"),
    "price": (
        with_gaps([f"{i / 7:.3f}" for i in range(N)], 5, by="free"),
        "numbers, but also 'free'; if that means missing, say --missing-values",
    ),
    "zip": ([f"0{1000 + i}" for i in range(N)], "120 different texts"),
    "word" * 60: (CITY[::-1], "a name of more than 200 characters"),
    "page\x0cfeed": (CITY[::-1], "its name holds U+000C"),
    "": (CITY[::-1], "has no name"),
}


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
    "booleans": (
        [("true", "false")[i % 2] for i in RNG.permutation(N)],
        "input x: false | true",
    ),
    "label_gap": (with_gaps(CITY[::-1], 4), "input x: Bonn | Oslo | Rome | other"),
    "rare": (with_gaps(CITY[::-1], 4, by="Ulm"), "input x: Bonn | Oslo | Rome | other"),
    "own_other": (
        with_gaps(CITY[::-1], 1, 2, 3, by="other"),
        "input x: Bonn | Oslo | Rome | other",
    ),
    "shed": (
        ["shed" if i % 3 else "" for i in RNG.permutation(N)],
        "input x: shed | other",
    ),
    "quoted": (
        [("any", "a|b", "1st", "wd #1")[i % 4] for i in RNG.permutation(N)],
        'input x: "1st" | "any" | "a|b" | "wd #1"',
    ),
    "codes": ([f"0{i % 3}" for i in RNG.permutation(N)], 'input x: "00" | "01" | "02"'),
    "many": ([f"t{i % 13}" for i in RNG.permutation(N)], "input x: any | other"),
    "unwritable": (
        [f"\x01{i % 3}" for i in RNG.permutation(N)],
        "input x: any | other",
    ),
}


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
        (
            [i % 2 for i in range(N)],
            "y: 0 | 1",
            "1 sigmoid",
            "binary_crossentropy",
            "accuracy, auc",
        ),
        (
            [i % 2 / 1 for i in range(N)],
            "y: 0.0 | 1.0",
            "1 sigmoid",
            "binary_crossentropy",
            "accuracy, auc",
        ),
        (
            CITY,
            "y: Bonn | Oslo | Rome",
            "classes softmax",
            "categorical_crossentropy",
            "accuracy",
        ),
        (
            [i % 10 for i in range(N)],
            "y: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9",
            "classes softmax",
            "categorical_crossentropy",
            "accuracy",
        ),
        (
            [f"t{i % 21}" for i in range(N)],
            "y",
            "classes softmax",
            "categorical_crossentropy",
            "accuracy",
        ),
        (
            [i % 11 for i in range(N)],
            "y",
            "1",
            "mean_squared_error",
            "mean_absolute_error, r2",
        ),
        (AGE[::-1], "y", "1", "mean_squared_error", "mean_absolute_error, r2"),
    ],
)
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
    assert stratified == ("crossentropy" in loss and len({*cells}) <= 12)
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
    assert (
        "# grade is taken as a number; if it is a code, write `input grade: 1 | 2 | 3`."
        in found
    )
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
    assert options[0].find("missing=") == options[1].find("scale=")


def test_labels_that_are_all_rare_are_left_out(new) -> None:
    pool = ["good", "fair"] * 3 + [""] * (5 * N - 6)
    text = new({"age": AGE * 5, "pool": pool, "sold": SOLD * 5}).text
    assert "#   pool  no label stands in 5 rows" in text
