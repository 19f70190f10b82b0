"""Which weights networks had best start from: scores over 30 seeds, as Markdown.

    python benchmarks/starts.py [--quick] [--seeds 30]

A rule says from what the weights before each hidden activation start; the last layer
starts from `glorot_uniform` under every rule.  A seed draws the division of the rows,
the weights and the order of the batches: all rules meet the same divisions.  The score
is accuracy or r2 on the quarter of the rows that was held out.  Tables of scikit-learn,
palmerpenguins and vega-datasets are used where those packages are installed.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from nndsl.api import compile_text, module_of

SHIPPED = Path(__file__).resolve().parent.parent / "specs" / "data"
ENDS = {
    "class": ("dense classes softmax", "categorical_crossentropy", "accuracy"),
    "number": ("dense outputs", "mean_squared_error", "r2"),
    "marks": ("dense outputs sigmoid", "binary_crossentropy", "accuracy"),
}
"""By the kind of answer: the last layer, the loss and the score."""


@dataclass(frozen=True)
class Table:
    """Where rows lie, and which of their columns are inputs and answers."""

    name: str
    kind: str
    answers: tuple[int, int | None] = (-1, None)
    inputs: tuple[int, int] = (0, -1)
    package: str = ""
    file: str = ""
    every: int = 1

    @property
    def path(self) -> Path | None:
        """The file, or None where its package is not installed."""
        if not self.package:
            return SHIPPED / f"{self.name}.csv"
        found = find_spec(self.package)
        return Path(str(found.origin)).parent / self.file if found else None

    def read(self) -> tuple[Any, Any]:
        """Inputs (n, columns) and answers of the rows in which nothing is missing."""
        assert self.path
        with open(self.path, encoding="utf-8") as file:
            if self.file.endswith(".json"):
                rows = [list(row.values()) for row in json.load(file)]
            else:
                rows = list(csv.reader(file))[1:]
        inputs, answer = slice(*self.inputs), slice(*self.answers)
        used = [(row[inputs], row[answer]) for row in rows[:: self.every]]
        used = [(x, y) for x, y in used if not {"NA", None} & {*x, *y}]
        answers = [y for _, y in used]
        labels = [y for (y,) in answers] if self.kind == "class" else None
        return (
            np.array([x for x, _ in used], dtype=np.float64),
            labels or np.array(answers, dtype=np.float64),
        )


DIGITS, DIABETES = Table("digits", "class", every=4), Table("diabetes", "number")
SPIRAL = Table("spiral", "class")
TABLES = (
    *(DIGITS, DIABETES, SPIRAL, Table("iris", "class")),
    Table("xor", "class", every=4),
    *(Table("any_table", "class"), Table("formulas", "number")),
    Table("tags", "marks", (-4, None), (0, -4)),
    Table("wine", "class", package="sklearn", file="datasets/data/wine_data.csv"),
    Table("penguins", "class", (0, 1), (2, 6), "palmerpenguins", "data/penguins.csv"),
    Table("cars", "number", (1, 2), (2, 7), "vega_datasets", "_data/cars.json"),
)
SHAPES = {"one": (64,), "two": (64, 32), "six": (32,) * 6, "twenty": (32,) * 20}
FIXED = "split 75% / 0% / 25%"
STOPPED = "split 60% / 15% / 25%; epochs 300; early_stopping patience=20"
ADAM, SGD = "adam(learning_rate=0.01)", "sgd(learning_rate=0.01, momentum=0.9)"
PLAIN, EARLY, WHOLE = "adam, 100 epochs", f"{ADAM}, stopped early", f"{ADAM}, 400 steps"
SLOW = f"{SGD}, stopped early"
RECIPES = {
    PLAIN: FIXED,
    EARLY: f"{STOPPED}; optimizer {ADAM}",
    SLOW: f"{STOPPED}; optimizer {SGD}",
    WHOLE: f"{FIXED}; optimizer {ADAM}; epochs 400; batch_size all",
}
"""What is said of training; the rest has its default, as batches of 32 rows."""
HE, LECUN, GLOROT = "he_normal", "lecun_normal", "glorot_uniform"


@dataclass(frozen=True)
class Question:
    """Rules before an activation, which are compared with the first of them."""

    activation: str
    rules: Sequence[str] = (HE, LECUN, GLOROT)
    tables: Sequence[Table] = (DIGITS, DIABETES, SPIRAL)
    shapes: Sequence[str] = ("two", "six")
    recipes: Sequence[str] = (PLAIN, EARLY)


FIVE = (HE, "he_uniform", LECUN, "glorot_normal", GLOROT)
SHORT, DEEP = ("one", "two", "six"), ("twenty",)
QUESTIONS = (
    Question("relu", FIVE, TABLES, SHORT, (PLAIN, EARLY, SLOW)),
    Question("relu", FIVE, (SPIRAL,), SHORT, (WHOLE,)),
    Question("relu", shapes=DEEP, recipes=(PLAIN, EARLY, SLOW)),
    *(Question(name) for name in ("gelu", "silu", "elu")),
    Question("selu", (LECUN, GLOROT, HE)),
    *(Question(name, (GLOROT, LECUN, HE)) for name in ("tanh", "sigmoid")),
)


def spec(
    table: Table, widths: Sequence[int], activation: str, rule: str, train: str
) -> str:
    """The network in the language."""
    last, loss, score = ENDS[table.kind]
    scale = "standard, target=standard" if table.kind == "number" else "standard"
    hidden = [f"dense {width} {activation} weights={rule}" for width in widths]
    lines = ["input any", *hidden, f"{last} weights={GLOROT}", f"loss {loss}"]
    lines += [f"metrics {score}", f"train {{ scale {scale}; {train} }}"]
    return "\n".join(["network Start {", *lines, "}"])


def scores(text: str, x: Any, y: Any, score: str, seeds: int) -> list[float]:
    """The score of the held-out rows, seed by seed."""
    module: Any = module_of(compile_text(text), "start.nn")
    models = [module.Start(seed=seed) for seed in range(seeds)]
    found = []
    for model in models:
        with suppress(FloatingPointError):  # the best parameters stay
            model.fit(x, y)
        found.append(_score(model, x, y, score))
    return found


def _score(model: Any, x: Any, y: Any, score: str) -> float:
    """The score of the test rows, as it is also after a loss that was not finite."""
    if model.parameters_ is None:
        return 0.0
    test = model.split_[-1]
    chosen = [y[row] for row in test] if isinstance(y, list) else y[test]
    return float(model.evaluate(x[test], chosen)[score])


def ranks(values: Any) -> Any:
    """The rank of each rule (rules, seeds) among the rules; equal ones share it."""
    above = (values[None] > values[:, None]).sum(1)
    return 1 + above + ((values[None] == values[:, None]).sum(1) - 1) / 2


def compared(values: Any, reference: Any) -> int:
    """1 or -1 where a rule is ahead or behind by 3 standard errors, seeds paired."""
    apart = values - reference
    error = apart.std(ddof=1) / np.sqrt(len(apart))
    return int(np.sign(apart.mean()) * (abs(apart.mean()) > 3 * error))


def show(heads: Sequence[str], rows: dict[str, list[str]]) -> None:
    """Print a table in Markdown."""
    lines = [["", *heads], ["---", *["---:"] * len(heads)]]
    lines += [[name, *cells] for name, cells in rows.items()]
    print("\n".join(["", *(f"| {' | '.join(line)} |" for line in lines)]), flush=True)


def measure(question: Question, recipe: str, seeds: int) -> dict[tuple[str, str], Any]:
    """The scores (rules, seeds) by table and shape."""
    found = {}
    for table in (each for each in question.tables if each.path):
        x, y = table.read()
        for shape in question.shapes:
            words = SHAPES[shape], question.activation
            found[table.name, shape] = np.array(
                [
                    scores(
                        spec(table, *words, rule, RECIPES[recipe]),
                        *(x, y, ENDS[table.kind][2], seeds),
                    )
                    for rule in question.rules
                ]
            )
    return found


def summary(found: dict[tuple[str, str], Any]) -> dict[str, list[str]]:
    """What the scores come to, for each shape and for all."""
    rows = {}
    shapes = list(dict.fromkeys(shape for _, shape in found))
    for name in [*shapes, "all"] if len(shapes) > 1 else shapes:
        chosen = [v for (_, shape), v in found.items() if name in (shape, "all")]
        signs = np.array(
            [[compared(v, values[0]) for v in values] for values in chosen]
        )
        counts = zip((signs > 0).sum(0), (signs < 0).sum(0), strict=True)
        rank = np.mean([ranks(values) for values in chosen], axis=(0, 2))
        middle = np.median(chosen, axis=2).mean(axis=0)
        worst = np.min(chosen, axis=2).mean(axis=0)
        rows[f"{name}: mean rank"] = [f"{each:.2f}" for each in rank]
        rows[f"{name}: ahead, behind"] = [f"{a}, {b}" for a, b in counts]
        rows[f"{name}: mean of medians"] = [f"{each:.3f}" for each in middle]
        rows[f"{name}: mean of worsts"] = [f"{each:.3f}" for each in worst]
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=30)
    parser.add_argument("--quick", action="store_true", help="3 seeds")
    chosen = parser.parse_args()
    seeds = 3 if chosen.quick else chosen.seeds
    for question in QUESTIONS:
        for recipe in question.recipes:
            start = time.process_time()
            title = f"{question.activation}, {', '.join(question.shapes)}: {recipe}"
            found = measure(question, recipe, seeds)
            rows = {
                ", ".join(key): [
                    f"{np.median(v):.3f} ({v.min():.2f} {v.max():.2f})" for v in values
                ]
                for key, values in found.items()
            }
            print(f"\n## {title}")
            show(question.rules, summary(found))
            show(question.rules, rows)
            print(f"{time.process_time() - start:4.0f} s: {title}", file=sys.stderr)


if __name__ == "__main__":
    main()
