"""ONNX graphs, files of Keras and of PyTorch answer as their libraries do."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from reference.data import SPECS, table
from reference.imports import (
    FILES,
    GAPS,
    NEW,
    RANDOM,
    X,
    Y,
    classifier,
    imported,
    near,
)
from reference.onnx_files import trained
from skl2onnx import to_onnx
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    MinMaxScaler,
)

from nndsl.cli.main import main
from nndsl.compiler import understand
from nndsl.diagnostics.record import Source
from nndsl.formulas.algebra.evaluate import evaluate
from nndsl.formulas.algebra.operations import OPERATIONS
from nndsl.formulas.expression import Number, Operation, Variable
from nndsl.importing.spec import formula_text

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


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
