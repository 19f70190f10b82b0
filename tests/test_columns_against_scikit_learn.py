"""Columns of labels and of numbers against scikit-learn's ColumnTransformer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from reference.columns import targets, words
from reference.modules import STYLES, load
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    MinMaxScaler,
    OneHotEncoder,
    RobustScaler,
    StandardScaler,
)

from nndsl.program.in_place import Style

SPEC = """
network Net {
    input  sex: female | male
    input  age, fare           missing=median scale=standard
    input  pclass: 1 | 2 | 3
    input  size                missing=mean scale=minmax
    input  embarked: S | C | Q | other
    input  income, debt        scale=robust
    input  mass                in 0..500 scale=minmax
    input  deck: any
    input  children            scale=none
    input  town, ticket: any | other
    input  smoker: no | yes    missing=no
    input  team: any           missing=none
    input  owner: any
    dense  3 tanh
    dense  1 sigmoid
    target kind: a | b
    loss   binary_crossentropy
    train { epochs 2; precision float64; split 60% / 20% / 20%; seed 3 }
}
"""


def table(seed: int, n: int = 240) -> pd.DataFrame:
    """A random table with gaps, and labels that few rows hold."""
    random = np.random.RandomState(seed)

    def gaps(values: Any, share: float = 0.1) -> pd.Series:
        return pd.Series(values).where(random.rand(n) > share)

    return pd.DataFrame(
        {
            "age": gaps(random.gamma(4, 8, n)),
            "fare": gaps(random.lognormal(3, 1, n)),
            "size": gaps(random.normal(5, 2, n)),
            "income": random.standard_t(2, n),
            "debt": random.randint(0, 50, n),
            "mass": random.uniform(0, 500, n),
            "children": random.randint(0, 5, n),
            "sex": random.choice(["male", "female"], n),
            "pclass": random.choice([1, 2, 3], n),
            "embarked": gaps(random.choice(["S", "C", "Q", "X", "Y"], n)),
            "deck": random.choice(list("ABCDEFG"), n, p=[0.4, 0.3, 0.2, *[0.025] * 4]),
            "town": gaps(random.choice([10, 9, 100, 7], n, p=[0.49, 0.3, 0.2, 0.01])),
            "ticket": gaps(random.choice([f"t{i}" for i in range(40)], n)),
            "smoker": gaps(random.choice(["yes", "no"], n)),
            "team": gaps(random.choice(["red", "blue"], n)),
            "owner": random.choice([True, False], n),
        }
    )


def expected(frame: pd.DataFrame, train: np.ndarray) -> np.ndarray:
    """What scikit-learn makes of the table, fitted on the training rows."""

    def listed(*labels: str, **options: Any) -> OneHotEncoder:
        kept = {"sparse_output": False, "drop": "if_binary", **options}
        return OneHotEncoder(categories=[list(labels)], **kept)

    def learned(column: pd.Series) -> OneHotEncoder:
        """Sorted by number where all are numbers, as scikit-learn sorts numbers."""
        labels = set(column.iloc[train].dropna()) - {"other"}
        ordered = sorted(labels, key=float if column.name == "town" else str)
        more = ["other"] if (column == "other").any() else []
        return listed(*ordered, *more, handle_unknown="ignore")

    given = frame.assign(**{name: words(frame[name]) for name in frame.columns[7:]})
    given["embarked"] = given["embarked"].where(
        given["embarked"].isin([*"SCQ"]), "other"
    )
    for name in ("town", "ticket"):
        known = set(given[name].iloc[train].dropna())
        given[name] = given[name].where(given[name].isin(known), "other")
    given["smoker"] = given["smoker"].fillna("no")
    given["team"] = given["team"].fillna("none")
    median, mean = SimpleImputer(strategy="median"), SimpleImputer()
    transformer = ColumnTransformer(
        [
            ("1", make_pipeline(median, StandardScaler()), ["age", "fare"]),
            ("2", make_pipeline(mean, MinMaxScaler()), ["size"]),
            ("3", RobustScaler(), ["income", "debt"]),
            ("4", MinMaxScaler(), ["mass"]),
            ("5", "passthrough", ["children"]),
            ("6", listed("female", "male"), ["sex"]),
            ("7", listed("1", "2", "3"), ["pclass"]),
            ("8", listed("S", "C", "Q", "other"), ["embarked"]),
            ("9", learned(given["deck"]), ["deck"]),
            ("10", learned(given["town"]), ["town"]),
            ("11", learned(given["ticket"]), ["ticket"]),
            ("12", listed("no", "yes"), ["smoker"]),
            ("13", learned(given["team"]), ["team"]),
            ("14", learned(given["owner"]), ["owner"]),
        ]
    )
    fitted = transformer.fit(given.iloc[train])
    x = np.asarray(fitted.transform(given), float)
    x[:, 5] = frame["mass"] / 500  # minmax goes by the declared range
    return x


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.filterwarnings("ignore:Found unknown categories")
def test_inputs_are_those_of_scikit_learn(style: Style, seed: int) -> None:
    frame, module = table(seed), load(SPEC, style)
    seen: list[np.ndarray] = []
    made = module.Net.encode
    module.Net.encode = lambda self, rows: seen.append(made(self, rows)) or seen[-1]
    try:
        model = module.Net(seed=seed).fit(frame, targets(len(frame)))
    finally:
        module.Net.encode = made
    wanted = expected(frame, model.split_[0])
    assert seen[0].shape == wanted.shape == (len(frame), len(model.parameters_.w1))
    np.testing.assert_allclose(seen[0], wanted, rtol=0, atol=1e-12)
    train = frame.iloc[model.split_[0]]
    again = model.encode(module.check_rows(train, model.labels_))
    np.testing.assert_allclose(again, wanted[model.split_[0]], rtol=0, atol=1e-12)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("missing", ["error", "median"])
def test_robust_is_scikit_learns_for_all_columns(style: Style, missing: str) -> None:
    random = np.random.RandomState(8)
    x = random.standard_t(2, (80, 3))
    x[:, 2] = 4  # a constant column
    if missing == "median":
        x[random.rand(*x.shape) < 0.2] = np.nan
    spec = f"""network Net {{ input 3; dense 1; loss mean_squared_error
        train {{ epochs 1; precision float64; scale robust; missing {missing}
                 split 50% / 50% / 0% }} }}"""
    model = load(spec, style).Net().fit(x, np.arange(80.0))
    train = x[model.split_[0]]
    steps = [SimpleImputer(strategy="median")] * (missing == "median")
    scaler = make_pipeline(*steps, RobustScaler()).fit(train)
    robust = scaler[-1]
    np.testing.assert_allclose(model.median_, robust.center_, rtol=0, atol=1e-12)
    np.testing.assert_allclose(model.iqr_, robust.scale_, rtol=0, atol=1e-12)
    p = model.parameters_
    predicted = scaler.transform(x) @ p.w1 + p.b1
    np.testing.assert_allclose(model.predict(x), predicted[:, 0], rtol=0, atol=1e-12)
