"""Write the example data of `specs/data`, byte for byte the same on every machine.

    python benchmarks/make_data.py [FOLDER]

Three tables are scikit-learn's bundled sets; the others are drawn from seeded
generators.  Drawn numbers are rounded to six decimals.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import RandomState
from sklearn.datasets import load_diabetes, load_digits, load_iris

FOLDER = Path(__file__).resolve().parent.parent / "specs" / "data"
CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
TAGS = ("urgent", "billing", "bug", "praise")
FRUIT = ("unripe", "ripe", "overripe", "not a fruit")


def iris() -> str:
    """Fisher's 150 irises, in centimetres, with the names of the species."""
    data = load_iris()
    names = ("sepal_length", "sepal_width", "petal_length", "petal_width", "species")
    return table(names, data.data, data.target_names[data.target])


def digits() -> str:
    """1,797 digits of 8 x 8 pixels from 0 to 16, and which digit it is."""
    data = load_digits()
    return table((*data.feature_names, "digit"), data.data, data.target)


def autoencoder() -> str:
    """The pixels of the digits alone."""
    data = load_digits()
    return table(data.feature_names, data.data)


def diabetes() -> str:
    """442 patients: ten measurements in their own units, and the progression."""
    data = load_diabetes(scaled=False)
    return table((*data.feature_names, "progression"), data.data, data.target)


def spiral() -> str:
    """Three arms of 100 points; the angle has normal noise of 0.2."""
    random, rows = RandomState(0), 100
    points, arms = np.zeros((3 * rows, 2)), np.repeat(np.arange(3), rows)
    for arm in range(3):
        radius = np.linspace(0.0, 1.0, rows)
        angle = np.linspace(arm * 4, (arm + 1) * 4, rows) + random.randn(rows) * 0.2
        points[arms == arm, 0] = radius * np.sin(angle * 2.5)
        points[arms == arm, 1] = radius * np.cos(angle * 2.5)
    return table(("x", "y", "arm"), points, arms)


def xor() -> str:
    """100 points around each corner of the unit square, with normal noise of 0.2."""
    random = RandomState(0)
    corners = CORNERS[random.permutation(np.repeat(np.arange(4), 100))]
    points = corners + 0.2 * random.randn(*corners.shape)
    return table(("a", "b", "differ"), points, corners[:, 0] ^ corners[:, 1])


def tags() -> str:
    """600 messages of 20 features; each tag is a noisy linear rule, some are rare."""
    random = RandomState(0)
    features = random.randn(600, 20)
    rules = random.randn(20, len(TAGS)) * (random.random_sample((20, len(TAGS))) < 0.4)
    scores = features @ rules + 0.5 * random.randn(600, len(TAGS))
    marks = (scores > np.array([1.0, 0.0, 0.5, 2.0])).astype(int)
    names = (*(f"feature_{i}" for i in range(1, 21)), *TAGS)
    return table(names, features, marks)


def any_table() -> str:
    """300 objects in four overlapping groups, told apart by five measurements."""
    random = RandomState(0)
    centres = 1.5 * random.randn(len(FRUIT), 5)
    kinds = random.randint(0, len(FRUIT), 300)
    measured = centres[kinds] + random.randn(300, 5)
    names = ("firmness", "sweetness", "redness", "size", "smell", "kind")
    return table(names, measured, np.array(FRUIT)[kinds])


def formulas() -> str:
    """500 waiting times that grow and spread with the load: a quantile's work."""
    random = RandomState(0)
    load, hour, staff = random.random_sample((3, 500))
    spread = 0.1 + 0.6 * load
    wait = 1 + load + 0.5 * np.sin(2 * np.pi * hour) - 0.4 * staff
    features = np.stack([load, hour, staff], axis=1)
    return table(
        ("load", "hour", "staff", "wait"), features, wait + spread * random.randn(500)
    )


def table(names: Sequence[str], *parts: Any) -> str:
    """The names and the rows of the parts side by side, as CSV."""
    columns = [column for part in parts for column in np.atleast_2d(part.T)]
    rows = zip(*columns, strict=True)
    return "".join(f"{line}\n" for line in (",".join(names), *map(cells, rows)))


def cells(row: Iterable[Any]) -> str:
    return ",".join(map(cell, row))


def cell(value: Any) -> str:
    """A label as it is; a number in the fewest digits, at most six decimals."""
    if isinstance(value, str):
        return str(value)
    return f"{round(float(value), 6) + 0.0:.6f}".rstrip("0").rstrip(".")


TABLES: dict[str, Callable[[], str]] = {
    "iris.csv": iris,
    "digits.csv": digits,
    "diabetes.csv": diabetes,
    "autoencoder.csv": autoencoder,
    "spiral.csv": spiral,
    "xor.csv": xor,
    "perceptron.csv": xor,
    "tags.csv": tags,
    "any_table.csv": any_table,
    "formulas.csv": formulas,
}


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    for name, make in TABLES.items():
        (folder / name).write_bytes(make().encode())


if __name__ == "__main__":
    main()
