"""`nndsl new`: rows without a target, misspelt labels, numbers with signs."""

from __future__ import annotations

from pathlib import Path

import pytest
from new_tables import AGE, CITY, RNG, SOLD, Cells, N, with_gaps, write

from nndsl.cli.main import main
from nndsl.new.new import new_spec

Output = pytest.CaptureFixture[str]


def lines(folder: Path, columns: Cells, target: str | None = None) -> list[str]:
    text = new_spec(write(folder / "t.csv", columns), target).text
    return [" ".join(line.split()) for line in text.splitlines()]


def test_what_only_rows_without_a_target_hold_is_read_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    """Gaps and labels of rows that have no target: the very table is predicted."""
    monkeypatch.chdir(tmp_path)
    columns: Cells = {
        "age": with_gaps(AGE, 3),
        "tall": with_gaps(RNG.permutation(AGE).tolist(), 4),
        "city": with_gaps(CITY, 3, by="Ulm"),
        "town": with_gaps(CITY[::-1], 4),
        "sold": with_gaps(SOLD, 3, 4),
    }
    found = lines(tmp_path, columns)
    assert "input age, tall missing=median" in found
    assert "input city, town: Bonn | Oslo | Rome | other" in found
    assert main(["new", "t.csv"]) == main(["train", "t.nn", "t.csv"]) == 0
    assert main(["predict", "t.npz", "t.csv", "-o", "p.csv"]) == 0
    assert len(Path("p.csv").read_text().splitlines()) == N + 1
    assert main(["evaluate", "t.npz", "t.csv"]) == 0


def test_the_reasons_come_from_the_rows_that_are_learned(tmp_path: Path) -> None:
    held = [7.5] * (N - 2) + [1.5, 2.5]
    found = lines(
        tmp_path, {"age": AGE, "held": held, "y": with_gaps(SOLD, N - 2, N - 1)}
    )
    assert "# held always '7.5'" in found


def of_labels(**rows: int) -> list[object]:
    cells = [label for label, n in rows.items() for _ in range(n)]
    return [cells[i] for i in RNG.permutation(len(cells))]


@pytest.mark.parametrize(
    ("labels", "question"),
    [
        ({"Male": 60, "Female": 59, "femal": 1}, "x: femal (1 row): is it Female?"),
        ({"Male": 60, "Female": 58, "male": 2}, "x: male (2 rows): is it Male?"),
        ({"yes": 50, "Yes": 40, "no": 30}, "x: Yes (40 rows): is it yes?"),
        ({"cabin": 70, "shed": 49, "cbain": 1}, "x: cbain (1 row): is it cabin?"),
        ({"Adelie": 70, "Gentoo": 49, "Adélie": 1}, "x: Adélie (1 row): is it Adelie?"),
        ({"cat": 70, "car": 50}, None),
        ({"cat": 119, "car": 1}, None),
        ({"grade": 60, "grape": 60}, None),
        ({"t1000": 118, "t1001": 2}, None),
    ],
)
def test_a_label_that_is_probably_another_one(
    tmp_path: Path, labels: dict[str, int], question: str | None
) -> None:
    for columns in (
        {"age": AGE, "x": of_labels(**labels), "sold": SOLD},
        {"age": AGE, "x": of_labels(**labels)},
    ):
        found = [line for line in lines(tmp_path, columns) if "is it" in line]
        assert found == ([f"# {question}"] if question else [])


def test_no_weights_for_a_class_of_a_few_rows(tmp_path: Path) -> None:
    found = lines(tmp_path, {"age": AGE, "y": of_labels(a=80, b=36, c=4)})
    assert "# c is rare: 4 rows of 120, too few to learn it" in found
    assert not any("class_weights" in line for line in found)
    found = lines(tmp_path, {"age": AGE, "y": of_labels(a=80, b=35, c=5)})
    assert "# class_weights balanced" in found


def test_no_more_than_five_questions(tmp_path: Path) -> None:
    odd = {
        f"{word}x": 1 for word in ("alpha", "bravo", "delta", "gamma", "omega", "sigma")
    }
    words = {word[:-1]: 19 for word in odd}
    found = lines(tmp_path, {"age": AGE, "x": of_labels(**words, **odd), "y": SOLD})
    assert sum("is it" in line for line in found) == 5
    assert "# 1 more label may be misspelt." in found


@pytest.mark.parametrize(
    ("n", "rows", "has_other"),
    [(60, 1, True), (60, 2, False), (200, 3, True), (300, 4, True), (300, 5, False)],
)
def test_which_labels_are_rare(
    tmp_path: Path, n: int, rows: int, has_other: bool
) -> None:
    half = (n - rows) // 2
    cells = of_labels(red=half, blue=n - rows - half, hue=rows)
    values = RNG.normal(size=n).tolist()
    target = [("no", "yes")[i % 2] for i in RNG.permutation(n)]
    found = lines(tmp_path, {"age": values, "x": cells, "y": target})
    names = "blue | red | other" if has_other else "blue | hue | red"
    assert f"input x: {names}" in found


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ([f"{i % 50}%" for i in range(N)], "numbers with a sign, such as '0%': "),
        ([f"${i + 990:,}" for i in range(N)], "numbers with a sign, such as '$990': "),
        ([f"{i + 990:,}" for i in range(N)], "numbers with thousands marks, such as '"),
    ],
)  # fmt: skip
def test_numbers_with_marks_are_named(
    tmp_path: Path, cells: list[object], words: str
) -> None:
    found = lines(tmp_path, {"age": AGE, "x": cells, "y": SOLD})
    assert found[1].startswith(f"# x {words}")
    with pytest.raises(ValueError, match="column 'x' holds numbers with"):
        lines(tmp_path, {"age": AGE, "x": cells}, "x")


def test_a_wrong_column_is_named_before_an_existing_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "t.csv", {"age": AGE, "sold": SOLD})
    Path("t.nn").write_text("mine")
    assert main(["new", "t.csv", "--target", "Sold"]) == 1
    assert "has no column 'Sold'; is it 'sold'?" in capsys.readouterr().err
    assert main(["new", "t.csv", "--target", "sold"]) == 1
    assert "t.nn: already exists" in capsys.readouterr().err
