"""Networks of scikit-learn answer as scikit-learn says they do."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from reference.imports import (
    FILES,
    GAPS,
    NEW,
    X,
    Y,
    classifier,
    near,
    of_estimator,
    regressor,
)
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.impute import SimpleImputer
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    MaxAbsScaler,
    MinMaxScaler,
    OneHotEncoder,
    PolynomialFeatures,
    RobustScaler,
    StandardScaler,
)

from nndsl.cli.main import main

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


ANSWERS = {
    "three": Y,
    "truths": Y > 1,
    "words": np.array(["no", "yes", 'it\'s "so"'])[Y],
    "floats": Y * 2.0,
    "two": Y % 2 - 1,
}


@pytest.mark.parametrize(
    ("activation", "kind"),
    [
        *(("relu", kind) for kind in ANSWERS),
        *(("identity", "two"), ("logistic", "words"), ("tanh", "three")),
    ],
)
def test_classifiers_of_scikit_learn(
    tmp_path: Path, activation: str, kind: str
) -> None:
    y = ANSWERS[kind]
    theirs = classifier(activation=activation).fit(X, y)
    ours = of_estimator(tmp_path, theirs)
    assert near(ours.predict_proba(NEW), theirs.predict_proba(NEW))
    assert ours.predict(NEW).tolist() == theirs.predict(NEW).tolist()
    assert ours.classes_.tolist() == theirs.classes_.tolist()


def test_several_labels_at_once(tmp_path: Path) -> None:
    theirs = classifier().fit(X, np.column_stack([Y > 0, Y > 1]).astype(int))
    ours = of_estimator(tmp_path, theirs)
    assert near(ours.predict_proba(NEW), theirs.predict_proba(NEW))
    assert ours.predict(NEW).tolist() == theirs.predict(NEW).tolist()


@pytest.mark.one_in(2)
@pytest.mark.parametrize(
    "steps",
    [
        (StandardScaler(),),
        (StandardScaler(with_mean=False),),
        (StandardScaler(with_std=False),),
        (MinMaxScaler(),),
        (MinMaxScaler((-1, 3)),),
        (RobustScaler(),),
        (RobustScaler(with_centering=False),),
        (MaxAbsScaler(), StandardScaler()),
        (SimpleImputer(), StandardScaler()),
        (SimpleImputer(strategy="median"),),
        (SimpleImputer(strategy="constant", fill_value=-7),),
        (StandardScaler(), SimpleImputer()),
    ],
    ids=str,
)
def test_steps_before_a_regressor(tmp_path: Path, steps: Any) -> None:
    gaps = any(isinstance(each, SimpleImputer) for each in steps)
    x = GAPS if gaps else X
    theirs = make_pipeline(*steps, regressor()).fit(x, X[:, 0] * 50)
    ours = of_estimator(tmp_path, theirs)
    assert near(ours.predict(x), theirs.predict(x))


def test_targets_that_are_scaled(tmp_path: Path) -> None:
    inside = make_pipeline(StandardScaler(), regressor())
    for y in (X[:, 0] * 100 + 7, X[:, :2] * [100, 3]):
        theirs = TransformedTargetRegressor(inside, transformer=StandardScaler())
        theirs.fit(X, y)
        ours = of_estimator(tmp_path, theirs)
        assert near(ours.predict(NEW), theirs.predict(NEW))


def test_the_best_of_a_search(tmp_path: Path) -> None:
    pipeline = make_pipeline(StandardScaler(), classifier())
    theirs = GridSearchCV(pipeline, {"mlpclassifier__alpha": [0.1, 1]}, cv=2).fit(X, Y)
    ours = of_estimator(tmp_path, theirs)
    assert near(ours.predict_proba(NEW), theirs.predict_proba(NEW))


def people(rows: int) -> pd.DataFrame:
    random = np.random.RandomState(rows)
    age = np.where(random.rand(rows) < 0.1, np.nan, random.normal(40, 9, rows))
    port = random.choice(["C", "Q", "S"], rows).astype(object)
    return pd.DataFrame(
        {
            "unused": random.rand(rows),
            "sex": random.choice(["f", "m"], rows),
            "age": age,
            "port of call": port,
            "class": random.randint(1, 4, rows),
            "fare": random.rand(rows) * 90,
        }
    )


def encoder(words: Any) -> ColumnTransformer:
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    columns = [
        ("words", words, ["sex", "port of call", "class"]),
        ("numbers", numbers, ["age"]),
        ("drop", "drop", ["unused"]),
    ]
    return ColumnTransformer(columns, remainder="passthrough")


@pytest.mark.parametrize(
    "words",
    [
        OneHotEncoder(handle_unknown="ignore"),
        OneHotEncoder(),
        OneHotEncoder(drop="first"),
        OneHotEncoder(drop="if_binary", sparse_output=False),
    ],
    ids=str,
)
@pytest.mark.parametrize("scaled", [False, True])
def test_columns_of_words_and_numbers(tmp_path: Path, words: Any, scaled: bool) -> None:
    x, new = people(80), people(30)
    behind = [StandardScaler(with_mean=False)] * scaled
    theirs = make_pipeline(encoder(words), *behind, classifier()).fit(x, Y)
    ours = of_estimator(tmp_path, theirs)
    if words.handle_unknown == "ignore":
        new.loc[3, "port of call"] = "X"
    assert near(ours.predict_proba(new), theirs.predict_proba(new))


def test_words_that_are_missing(tmp_path: Path) -> None:
    x, new = people(80), people(30)
    for frame in (x, new):
        frame.loc[::7, "port of call"] = np.nan
    filled = make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder())
    for words in (OneHotEncoder(), filled):
        theirs = make_pipeline(encoder(words), classifier()).fit(x, Y)
        ours = of_estimator(tmp_path, theirs)
        assert near(ours.predict_proba(new), theirs.predict_proba(new))


def test_a_target_is_scaled_behind_columns_by_name(tmp_path: Path) -> None:
    x, new = people(80), people(30)
    inside = make_pipeline(encoder(OneHotEncoder()), regressor())
    theirs = TransformedTargetRegressor(inside, transformer=StandardScaler())
    ours = of_estimator(tmp_path, theirs.fit(x, x["fare"] * 30))
    assert near(ours.predict(new), theirs.predict(new))


def test_without_pandas_frames_are_not_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = make_pipeline(encoder(OneHotEncoder()), classifier()).fit(people(80), Y)
    joblib.dump(theirs, tmp_path / "net.joblib")
    monkeypatch.setitem(sys.modules, "pandas", None)
    words = ["import", str(tmp_path / "net.joblib"), "--trust"]
    assert main([*words, "-o", str(tmp_path / "net.nn")]) == 0
    said = capsys.readouterr().out
    assert "not compared with the source: pandas is not installed" in said


@pytest.mark.parametrize(
    ("file", "library"),
    [
        ("sequential.keras", "h5py"),
        ("torch_20.onnx", "onnx"),
        ("torch.safetensors", "safetensors"),
    ],
)
def test_a_library_that_is_missing_is_named(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    file: str,
    library: str,
) -> None:
    for name in [each for each in sys.modules if each.startswith("nndsl.importing.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    assert main(["import", str(FILES / file)]) == 1
    message = capsys.readouterr().err
    assert f"needs {library}; pip install 'nndsl[import]'" in message


@pytest.mark.parametrize(
    ("estimator", "said"),
    [
        (make_pipeline(PolynomialFeatures(), classifier()), "PolynomialFeatures"),
        (make_pipeline(MinMaxScaler(clip=True), classifier()), "clips"),
        (make_pipeline(SimpleImputer(add_indicator=True), classifier()), "indicators"),
        (PolynomialFeatures(), "PolynomialFeatures"),
    ],
    ids=str,
)
def test_what_cannot_be_expressed_is_named_and_nothing_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], estimator: Any, said: str
) -> None:
    file = tmp_path / "net.joblib"
    joblib.dump(estimator.fit(X, Y), file)
    assert main(["import", str(file), "--trust", "-o", str(tmp_path / "net.nn")]) == 1
    message = capsys.readouterr().err
    assert "cannot be imported" in message
    assert said in message
    assert message.count("\n") == 1
    assert list(tmp_path.iterdir()) == [file]


class Bomb:
    """What a pickle of a stranger may be: it makes a file when it is opened."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return Path.touch, (self.path,)


def test_a_pickle_is_opened_only_if_it_is_trusted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sign, file = tmp_path / "sign", tmp_path / "net.pkl"
    file.write_bytes(pickle.dumps(Bomb(sign)))
    words = ["import", str(file), "-o", str(tmp_path / "net.nn")]
    assert main(words) == 1
    assert "add --trust" in capsys.readouterr().err
    assert not sign.exists()
    assert main([*words, "--trust"]) == 1
    assert sign.exists()
