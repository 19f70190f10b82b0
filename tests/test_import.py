"""Networks of other libraries answer as those libraries say they do."""

from __future__ import annotations

import json
import pickle
import sys
import zipfile
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import onnx
import pandas as pd
import pytest
from onnx import TensorProto, helper, numpy_helper
from reference.data import SPECS, table
from reference.modules import model_class
from reference.onnx_files import trained
from safetensors.numpy import save_file
from skl2onnx import to_onnx
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.impute import SimpleImputer
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    MaxAbsScaler,
    MinMaxScaler,
    OneHotEncoder,
    PolynomialFeatures,
    RobustScaler,
    StandardScaler,
)

from nndsl.api import compile_text, module_of
from nndsl.cli.main import main
from nndsl.compiler import understand
from nndsl.diagnostics.record import Source
from nndsl.formulas.algebra.evaluate import evaluate
from nndsl.formulas.algebra.operations import OPERATIONS
from nndsl.formulas.expression import Number, Operation, Variable
from nndsl.importing.spec import formula_text

FILES = Path(__file__).parent / "reference" / "files"
RANDOM = np.random.RandomState(6)
X = RANDOM.normal(5, 3, (80, 3))
NEW = RANDOM.normal(5, 3, (40, 3))
Y = RANDOM.randint(0, 3, 80)

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


def imported(folder: Path, file: Path, *words: str) -> Any:
    """The model that `nndsl import` makes of a file, read by a module of its spec."""
    spec = folder / "net.nn"
    assert main(["import", str(file), "-o", str(spec), "--force", *words]) == 0
    module = module_of(compile_text(spec.read_text("utf-8"), "net.nn"), "net.nn")
    return model_class(module).load(str(folder / "net.npz"))


def of_estimator(folder: Path, estimator: Any) -> Any:
    joblib.dump(estimator, folder / "net.joblib")
    return imported(folder, folder / "net.joblib", "--trust")


def near(found: Any, expected: Any, within: float = 1e-12) -> bool:
    found, expected = np.asarray(found), np.asarray(expected)
    largest = np.abs(expected).max()
    return bool(
        np.abs(found.reshape(expected.shape) - expected).max() <= within * largest
    )


def classifier(**given: Any) -> MLPClassifier:
    return MLPClassifier((5, 4), max_iter=20, random_state=1, **given)


def regressor(**given: Any) -> MLPRegressor:
    settings = {"hidden_layer_sizes": (5, 4), "max_iter": 20, "random_state": 1}
    return MLPRegressor(**settings, **given)


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


GAPS = np.where(RANDOM.rand(*X.shape) < 0.2, np.nan, X)


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


TORCH = (
    "dense, batch_norm, relu, dropout(p=0.1), dense, layer_norm, gelu, dense,softmax"
)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("sequential.keras", ()),
        ("functional.keras", ()),
        ("torch_16.onnx", ()),
        ("torch_20.onnx", ()),
        ("torch_dynamo.onnx", ()),
        ("torch.safetensors", TORCH),
    ],
)
def test_files_of_keras_and_pytorch(tmp_path: Path, file: str, words: Any) -> None:
    given = ("--layers", words) if words else ()
    model = imported(tmp_path, FILES / file, *given)
    answers = np.load(FILES / "answers.npz")
    expected = answers[Path(file).stem.split("_")[0]]
    answer = getattr(model, "predict_proba", model.predict)
    assert near(answer(answers["x"]), expected, 1e-6)


@pytest.mark.one_in(2)
@pytest.mark.parametrize("name", SPECS)
def test_what_was_exported_can_be_imported(tmp_path: Path, name: str) -> None:
    x, y = table(name)
    theirs, content = trained(SPECS[name].read_text("utf-8"), x, y)
    (tmp_path / "net.onnx").write_bytes(content)
    ours = imported(tmp_path, tmp_path / "net.onnx")
    kind = "predict_proba" if hasattr(theirs, "predict_proba") else "predict"
    x = x.astype(np.float32).astype(float)
    assert near(getattr(ours, kind)(x), getattr(theirs, kind)(x), 2e-6)
    if kind == "predict_proba":
        assert ours.predict(x).tolist() == theirs.predict(x).tolist()


@pytest.mark.parametrize("zipmap", [False, True])
@pytest.mark.parametrize(
    "y", [Y, Y > 1, np.array(["a", "b"])[Y % 2]], ids=["three", "truths", "words"]
)
def test_graphs_of_skl2onnx(tmp_path: Path, zipmap: bool, y: Any) -> None:
    theirs = make_pipeline(SimpleImputer(), MinMaxScaler(), classifier()).fit(GAPS, y)
    model = to_onnx(theirs, X[:1].astype(np.float32), options={"zipmap": zipmap})
    (tmp_path / "net.onnx").write_bytes(model.SerializeToString())
    ours = imported(tmp_path, tmp_path / "net.onnx")
    x = GAPS.astype(np.float32).astype(float)
    assert near(ours.predict_proba(x), theirs.predict_proba(x), 1e-5)
    assert [*map(str, ours.predict(x))] == [
        *map(str, theirs.predict(x).astype(y.dtype))
    ] or (y.dtype == bool)


def graph(*nodes: Any, width: int = 3, outputs: int = 1, **constants: Any) -> bytes:
    """An ONNX file over `x` and constants, whose last node makes `out`."""
    number = TensorProto.DOUBLE
    made = helper.make_graph(
        list(nodes),
        "g",
        [helper.make_tensor_value_info("x", number, ["n", width])],
        [helper.make_tensor_value_info("out", number, ["n", outputs])],
        [numpy_helper.from_array(np.array(v), k) for k, v in constants.items()],
    )
    opset = [helper.make_opsetid("", 18)]
    model = helper.make_model(made, opset_imports=opset, ir_version=8)
    return bytes(model.SerializeToString())


WEIGHTS = RANDOM.normal(size=(3, 2))
node = helper.make_node


BELL = [
    node("Mul", ["h", "h"], ["s"]),
    node("Add", ["s", "one"], ["f"]),
    node("Reciprocal", ["f"], ["r"]),
    node("Neg", ["r"], ["m"]),
    node("Min", ["m", "h"], ["out"]),
]
SILU = [node("Sigmoid", ["h"], ["s"]), node("Mul", ["h", "s"], ["out"])]
SOFTPLUS = [
    node("Exp", ["h"], ["e"]),
    node("Add", ["e", "one"], ["f"]),
    node("Log", ["f"], ["out"]),
]


@pytest.mark.parametrize(
    ("nodes", "function"),
    [
        (BELL, "min((-(1 / ((x * x) + 1))), x)"),
        (SILU, "dense 2 silu"),
        (SOFTPLUS, "dense 2 softplus"),
        ([node("Clip", ["h", "zero", "six"], ["out"])], "dense 2 relu6"),
        ([node("Max", ["h", "zero"], ["out"])], "dense 2 relu"),
        ([node("HardSigmoid", ["h"], ["out"], alpha=1 / 6)], "dense 2 hard_sigmoid"),
        ([node("Elu", ["h"], ["out"], alpha=0.3)], "dense 2 elu(alpha=0.3)"),
        ([node("Sin", ["h"], ["s"]), node("Add", ["h", "s"], ["out"])], "(x + sin(x))"),
        ([node("Mul", ["h", "six"], ["out"])], "dense 2\n"),
    ],
)
def test_activations_that_an_exporter_took_apart(
    tmp_path: Path, nodes: Any, function: str
) -> None:
    first = node("MatMul", ["x", "w"], ["h"])
    content = graph(first, *nodes, outputs=2, w=WEIGHTS, one=1.0, zero=0.0, six=6.0)
    (tmp_path / "net.onnx").write_bytes(content)
    model = imported(tmp_path, tmp_path / "net.onnx")
    text = (tmp_path / "net.nn").read_text("utf-8")
    assert function in text.replace("dense  ", "dense ")
    (expected,) = onnx.reference.ReferenceEvaluator(onnx.load_from_string(content)).run(
        None, {"x": NEW}
    )
    assert near(model.predict(NEW), expected, 1e-12 if "x" in function else 1e-6)


PRINTED = [name for name in OPERATIONS if name not in ("largest", "smallest")]


@pytest.mark.parametrize("name", PRINTED)
def test_formulas_are_written_as_the_language_reads_them(name: str) -> None:
    x = Variable("x")
    numbers = [x, Number(0.5), Number(-2.0)][: OPERATIONS[name].arity]
    tenth = Operation("multiply", (x, Number(0.1)))
    formula = Operation("add", (tenth, Operation(name, tuple(numbers))))
    text = f"activation own(x) = {formula_text(formula)}\n"
    text += "network Net { input 2; dense 3 own; dense 1; loss mean_squared_error }"
    (use,) = understand(Source("net.nn", text)).network.layers[0].activations
    assert use.formula is not None
    for at in (0.3, 0.9, 1.7):
        expected = evaluate(formula, {"x": at})
        assert evaluate(use.formula.value, {"x": at}) == pytest.approx(expected, 1e-12)


BRANCHES = [
    node("MatMul", ["x", "w"], ["a"]),
    node("MatMul", ["x", "w"], ["b"]),
    node("Add", ["a", "b"], ["out"]),
]
COLUMN = [node("MatMul", ["x", "w"], ["a"]), node("Add", ["a", "column"], ["out"])]
SCALED = [
    node("MatMul", ["x", "w"], ["a"]),
    node("Relu", ["a"], ["b"]),
    node("Mul", ["b", "row"], ["c"]),
    node("Relu", ["c"], ["d"]),
    node("MatMul", ["d", "v"], ["out"]),
]


@pytest.mark.parametrize(
    ("nodes", "said"),
    [
        ([node("Cos", ["x"], ["h"]), node("MatMul", ["h", "h"], ["out"])], "computes"),
        ([node("LogSoftmax", ["x"], ["out"])], "LogSoftmax"),
        ([node("Softmax", ["x"], ["out"], axis=0)], "axis"),
        ([node("Relu", ["x"], ["out"])], "no dense layer"),
        (BRANCHES, "branches"),
        (COLUMN, "no row"),
        (SCALED, "between an activation"),
    ],
)
def test_graphs_that_are_no_chain_of_dense_layers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], nodes: Any, said: str
) -> None:
    constants = {"w": WEIGHTS, "column": [[1.0], [2.0]], "row": [1.0, 2.0]}
    file = tmp_path / "net.onnx"
    file.write_bytes(graph(*nodes, v=np.ones((2, 1)), **constants))
    assert main(["import", str(file), "-o", str(tmp_path / "net.nn")]) == 1
    message = capsys.readouterr().err
    assert said in message
    assert "Traceback" not in message
    assert list(tmp_path.iterdir()) == [file]


def test_the_commands_use_an_imported_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = SPECS["iris"].parent / "data" / "iris.csv"
    _, y = table("iris")
    frame = pd.read_csv(data)
    theirs = make_pipeline(StandardScaler(), classifier()).fit(frame.iloc[:, :-1], y)
    of_estimator(tmp_path, theirs)
    npz, spec = str(tmp_path / "net.npz"), str(tmp_path / "net.nn")
    capsys.readouterr()
    assert main(["predict", npz, str(data)]) == 0
    lines = capsys.readouterr().out.splitlines()[1:]
    assert [line.split(",")[0] for line in lines] == theirs.predict(
        frame.iloc[:, :-1]
    ).tolist()
    assert main(["evaluate", npz, str(data)]) == 0
    assert main(["show", npz]) == 0
    assert main(["export", npz, "-o", str(tmp_path / "net.onnx")]) == 0
    words = ["train", spec, str(data), "-o", str(tmp_path / "new.npz"), "--epochs", "2"]
    assert main(words) == 0


def test_nothing_is_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tmp_path / "net.nn"
    for name in ("net.nn", "net.npz"):
        (tmp_path / name).write_text("mine")
        assert main(["import", str(FILES / "torch_20.onnx"), "-o", str(spec)]) == 1
        assert "already exists and was left unchanged" in capsys.readouterr().err
        assert (tmp_path / name).read_text() == "mine"
        (tmp_path / name).unlink()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["net.txt"], "cannot tell the format from the name; use .joblib, "),
        (["net.h5"], "save it again as .keras"),
        (["net.pt"], "save the weights as .safetensors"),
        (["net.PTH"], "or export the network to .onnx"),
        (["net.npz"], "is a model file of nndsl already"),
        (["net.onnx", "-o", "net.py"], "write -o net.nn"),
        (["net.onnx", "-o", ""], "names no file"),
        (["net.onnx", "--trust"], "--trust is for pickled files"),
        (["net.keras", "--layers", "dense"], "--layers is for .safetensors"),
    ],
)
def test_words_that_cannot_be_meant(
    capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main(["import", *words]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("layers", "said"),
    [
        (None, "--layers 'dense, relu, dense'"),
        ("dense", "leaves out dense"),
        ("dense, relu, dense, dense", "the file holds nothing more"),
        ("dense, batch_norm, dense", "says batch_norm, the file holds dense"),
        ("dense, rleu, dense", "no layer or activation is called 'rleu'"),
        ("dense, }; dense", "is no layer"),
        ("dense, relu(slope=2), dense", "cannot be imported"),
    ],
)
def test_layers_that_are_not_those_of_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], layers: Any, said: str
) -> None:
    file = tmp_path / "net.safetensors"
    arrays = {"0.weight": np.ones((4, 3)), "2.weight": np.ones((2, 4))}
    save_file({name: a.astype(np.float32) for name, a in arrays.items()}, file)
    words = ["import", str(file), "-o", str(tmp_path / "net.nn")]
    assert main(words + (["--layers", layers] if layers else [])) == 1
    assert said in capsys.readouterr().err


def keras_copy(path: Path, change: Any) -> None:
    """The sequential model with another description."""
    with zipfile.ZipFile(FILES / "sequential.keras") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(members["config.json"])
    change(config["config"]["layers"])
    members["config.json"] = json.dumps(config).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def lambda_layer(layers: list[Any]) -> None:
    layers[4] |= {"class_name": "Lambda"}


def lambda_activation(layers: list[Any]) -> None:
    layers[4]["config"]["activation"] = {"class_name": "__lambda__", "config": {}}


def unknown_activation(layers: list[Any]) -> None:
    layers[4]["config"]["activation"] = "hard_shrink"


def registered(layers: list[Any]) -> None:
    layers[4]["registered_name"] = "mine>Activation"


def one_less(layers: list[Any]) -> None:
    del layers[2]


def convolution(layers: list[Any]) -> None:
    layers[2]["class_name"] = "Conv2D"


@pytest.mark.parametrize(
    "change",
    [lambda_layer, lambda_activation, unknown_activation, registered, convolution],
)
def test_layers_of_keras_that_cannot_be_expressed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: Any
) -> None:
    keras_copy(tmp_path / "net.keras", change)
    words = ["import", str(tmp_path / "net.keras"), "-o", str(tmp_path / "net.nn")]
    assert main(words) == 1
    assert "cannot be imported: " in capsys.readouterr().err
    assert not (tmp_path / "net.nn").exists()


def test_layers_of_keras_that_do_not_fit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keras_copy(tmp_path / "net.keras", one_less)
    assert main(["import", str(tmp_path / "net.keras")]) == 1
    assert "does not fit" in capsys.readouterr().err


@pytest.mark.parametrize(
    "file", ["sequential.keras", "torch_20.onnx", "torch.safetensors"]
)
def test_damaged_files_are_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str
) -> None:
    content = (FILES / file).read_bytes()
    random = np.random.RandomState(2)
    path = tmp_path / f"net{Path(file).suffix}"
    given = ["--layers", "dense,batch_norm,dense,layer_norm,dense"]
    words = ["import", str(path), "-o", str(tmp_path / "net.nn"), "--force"]
    words += given if "safetensors" in file else []
    for place in random.randint(0, len(content), 8):
        changed = bytearray(content)
        changed[place] ^= 1 << random.randint(8)
        for damaged in (content[:place], bytes(changed)):
            path.write_bytes(damaged)
            code = main(words)
            said = capsys.readouterr().err
            assert code in (0, 1), said
            assert code == 0 or (said.startswith("nndsl: ") and said.count("\n") == 1)


def predicted_names(npz: str, data: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The header of what `nndsl predict` prints."""
    capsys.readouterr()
    assert main(["predict", npz, str(data)]) == 0
    return capsys.readouterr().out.splitlines()[0]


def test_predictions_are_not_called_as_the_inputs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    frame = pd.DataFrame(X[:, :2], columns=["a", "b"])
    of_estimator(tmp_path, regressor().fit(frame, X[:, 1:]))
    frame.to_csv(tmp_path / "rows.csv", index=False)
    names = predicted_names(str(tmp_path / "net.npz"), tmp_path / "rows.csv", capsys)
    assert names == "predicted_1,predicted_2"


def flowers(folder: Path, *words: str, **given: Any) -> tuple[str, str, Any]:
    """The spec and the model file of a pipeline, and the pipeline."""
    x, y = table("iris")
    names = ["a", "b", "c", "d"]
    frame = pd.DataFrame(np.asarray(x, float), columns=names)
    theirs = make_pipeline(StandardScaler(), classifier()).fit(frame, y)
    joblib.dump(theirs, folder / "net.joblib")
    imported(folder, folder / "net.joblib", "--trust", *words)
    frame.insert(0, "kind", y)
    frame.to_csv(folder / "rows.csv", index=False)
    return str(folder / "net.nn"), str(folder / "net.npz"), theirs


def test_a_target_is_found_by_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is the first column, not the last."""
    spec, npz, theirs = flowers(tmp_path, "--target", "kind")
    assert "target kind: setosa | versicolor | virginica" in " ".join(
        Path(spec).read_text().split()
    )
    frame = pd.read_csv(tmp_path / "rows.csv")
    share = theirs.score(frame[["a", "b", "c", "d"]], frame["kind"])
    rows = tmp_path / "rows.csv"
    header = predicted_names(npz, rows, capsys)
    assert header.startswith("predicted_kind,probability_setosa,")
    assert main(["evaluate", npz, str(rows)]) == 0
    figures = dict(
        line.split()[:2]
        for line in capsys.readouterr().out.splitlines()
        if len(line.split()) == 2
    )
    assert float(figures["accuracy"]) == pytest.approx(share, abs=1e-4)


def test_without_a_target_the_spec_says_how_to_name_it(tmp_path: Path) -> None:
    spec, _, _ = flowers(tmp_path)
    line = "# name the target column: target COLUMN: setosa | versicolor | virginica"
    assert line in Path(spec).read_text()


def test_labels_that_no_comment_can_hold_are_left_out(tmp_path: Path) -> None:
    labels = np.array(["a\rdense 5", "b\u2028c", "d"])
    of_estimator(tmp_path, classifier().fit(X, labels[Y]))
    text = (tmp_path / "net.nn").read_bytes().decode()
    assert "# name the target column: target COLUMN\n" in text


@pytest.mark.parametrize("labels", [[True, False, True], [1, 5, 9], ["1", "b c", "d"]])
def test_declared_labels_are_those_of_the_source(tmp_path: Path, labels: Any) -> None:
    theirs = classifier().fit(X, np.array(labels)[Y])
    joblib.dump(theirs, tmp_path / "net.joblib")
    words = "--trust", "--target", "y z"
    model = imported(tmp_path, tmp_path / "net.joblib", *words)
    assert list(map(str, model.predict(NEW))) == list(map(str, theirs.predict(NEW)))


def test_several_targets_have_a_name_each(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    frame = pd.DataFrame(X[:, :2], columns=["a", "b"])
    joblib.dump(regressor().fit(frame, X[:, 1:]), tmp_path / "net.joblib")
    frame.to_csv(tmp_path / "rows.csv", index=False)
    words = ["import", str(tmp_path / "net.joblib"), "--trust", "--target", "u"]
    words += ["-o", str(tmp_path / "net.nn")]
    assert main(words) == 2
    said = capsys.readouterr().err
    assert "predicts 2 columns, --target names 1" in said
    assert main([*words, "--target", "v"]) == 0
    rows = tmp_path / "rows.csv"
    npz = str(tmp_path / "net.npz")
    assert predicted_names(npz, rows, capsys) == "predicted_u,predicted_v"


def test_training_does_not_replace_an_imported_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spec, npz, _ = flowers(tmp_path, "--target", "kind")
    monkeypatch.chdir(tmp_path)
    before = Path(npz).read_bytes()
    words = ["train", spec, "rows.csv", "--epochs", "1"]
    assert main(words) == 1
    assert "holds an imported model" in capsys.readouterr().err
    assert Path(npz).read_bytes() == before
    assert main(["show", npz]) == 0
    printed = capsys.readouterr().out
    assert "imported, not trained here" in printed and "epochs" not in printed
    assert main([*words, "--force"]) == 0
    assert main(words) == 0
    assert main(["show", npz]) == 0
    assert "trained for 1 epoch" in capsys.readouterr().out


def test_an_imported_spec_is_in_the_style_of_fmt(tmp_path: Path) -> None:
    spec, _, _ = flowers(tmp_path)
    assert main(["fmt", "--check", spec]) == 0


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.joblib", b"", "is not a joblib file"),
        ("a.joblib", b"sepal,petal\n1,2\n", "is not a joblib file"),
        ("a.joblib", b"crim,zn\n1,2\n", "is not a joblib file"),
        ("a.pkl", b"a,b\n1,2\n", "is not a pickle file"),
        ("a.pkl", pickle.dumps(regressor())[:40], "cannot be opened: "),
    ],
)
def test_what_is_no_pickle_is_said_so(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    content: bytes,
    said: str,
) -> None:
    (tmp_path / name).write_bytes(content)
    words = ["import", str(tmp_path / name), "--trust"]
    assert main([*words, "-o", str(tmp_path / "net.nn")]) == 1
    assert said in capsys.readouterr().err


def test_scikit_learn_is_asked_for_as_other_libraries_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    joblib.dump(classifier().fit(X, Y), tmp_path / "net.joblib")
    monkeypatch.setitem(sys.modules, "sklearn", None)
    words = ["import", str(tmp_path / "net.joblib"), "--trust"]
    assert main([*words, "-o", str(tmp_path / "net.nn")]) == 1
    said = "reading it needs sklearn; pip install 'nndsl[import]'"
    assert said in capsys.readouterr().err


def test_trust_is_asked_for_before_a_file_is_in_the_way(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "net.nn").write_text("mine")
    joblib.dump(classifier().fit(X, Y), tmp_path / "net.joblib")
    words = ["import", str(tmp_path / "net.joblib"), "-o", str(tmp_path / "net.nn")]
    assert main(words) == 1
    assert "add --trust" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["export", "predict"])
def test_a_file_to_import_is_no_model_file(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    rest = ["-o", "x.py"] if command == "export" else ["rows.csv"]
    assert main([command, "x.joblib", *rest]) == 2
    said = "x.joblib: is not a model file; run `nndsl import x.joblib` first"
    assert said in capsys.readouterr().err
