"""The example data: as their generators write them, with the columns the specs name."""

from __future__ import annotations

import csv
import importlib.util
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sklearn.datasets import load_diabetes, load_digits, load_iris

PROJECT = Path(__file__).resolve().parent.parent
DATA = PROJECT / "specs" / "data"


def generators() -> Any:
    """The module `benchmarks/make_data.py`."""
    path = PROJECT / "benchmarks" / "make_data.py"
    spec = importlib.util.spec_from_file_location("make_data", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TABLES = generators().TABLES


def rows(name: str) -> list[list[str]]:
    """The header and the rows of a table of `specs/data`."""
    with (DATA / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_written_again_byte_for_byte(name: str) -> None:
    assert TABLES[name]().encode() == (DATA / name).read_bytes()


def test_every_spec_has_a_table_and_every_table_a_spec() -> None:
    specs = {path.stem for path in (PROJECT / "specs").glob("*.nn")}
    tables = {path.stem for path in DATA.glob("*.csv")}
    assert specs == tables - {"titanic"}  # `nndsl new` writes the spec of titanic
    assert specs == {name.removesuffix(".csv") for name in TABLES}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_named_in_the_notes_on_its_source(name: str) -> None:
    assert f"`{name}`" in (DATA / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "count", "width", "targets"),
    [
        ("iris", 150, 5, ["species"]),
        ("digits", 1797, 65, ["digit"]),
        ("autoencoder", 1797, 64, []),
        ("diabetes", 442, 11, ["progression"]),
        ("spiral", 300, 3, ["arm"]),
        ("xor", 400, 3, ["differ"]),
        ("perceptron", 400, 3, ["differ"]),
        ("tags", 600, 24, ["urgent", "billing", "bug", "praise"]),
        ("any_table", 300, 6, ["kind"]),
        ("formulas", 500, 4, ["wait"]),
    ],
)
def test_a_table_has_its_size_and_ends_with_its_targets(
    name: str, count: int, width: int, targets: list[str]
) -> None:
    header, *body = rows(name)
    assert len(body) == count
    assert len(set(header)) == width
    assert {len(row) for row in body} == {width}
    assert header[width - len(targets) :] == targets


def test_scikit_learn_values_are_unchanged() -> None:
    for name, data in {
        "iris": load_iris(),
        "digits": load_digits(),
        "diabetes": load_diabetes(scaled=False),
    }.items():
        body = rows(name)[1:]
        values = [list(map(float, row[: data.data.shape[1]])) for row in body]
        assert values == data.data.tolist()
    species = load_iris().target_names[load_iris().target].tolist()
    assert [row[-1] for row in rows("iris")[1:]] == species


def test_classes_are_balanced_enough_to_learn() -> None:
    for name in ("iris", "spiral", "any_table", "xor", "digits"):
        counts = Counter(row[-1] for row in rows(name)[1:])
        assert min(counts.values()) * 2 > max(counts.values())
    for mark in zip(*(row[-4:] for row in rows("tags")[1:]), strict=True):
        assert 0.1 < mark.count("1") / len(mark) < 0.6


def test_the_nearest_corner_decides_xor_for_99_percent() -> None:
    right = [
        (float(a) > 0.5) ^ (float(b) > 0.5) == (differ == "1")
        for a, b, differ in rows("xor")[1:]
    ]
    assert sum(right) / len(right) == pytest.approx(0.99, abs=0.005)
