"""ONNX files say what the model says, by programs that know nothing of nndsl.

A program is complete: what is learned and the program alone make every answer.  These
graphs are made of nothing else.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx.reference import ReferenceEvaluator
from reference.data import SPECS, table
from reference.onnx_files import session, trained

from nndsl.cli.main import main
from nndsl.resources import library

ROWS = 40
AGREES = {"float32": 1e-6, "float64": 1e-14}
"""How far apart numbers may be, relative to the largest of an output."""


def agree(found: Any, expected: Any, within: float) -> None:
    """Whether numbers are within a share of the largest, and labels the same."""
    if expected.dtype.kind == "f":
        found, largest = found.reshape(expected.shape), np.abs(expected).max()
        assert np.abs(found - expected).max() <= within * largest
    else:
        assert found.tolist() == expected.tolist()


def check(
    text: str,
    x: np.ndarray,
    y: np.ndarray | None,
    precision: str = "float32",
    within: float | None = None,
) -> None:
    settings = (f"train.precision={precision}",)
    if x.dtype == float:
        x = x.astype(precision).astype(float)
    model, content = trained(text, x, y, settings)
    x = x[:ROWS]
    run = session(content)
    names = [each.name for each in run.get_inputs()]
    if names == ["X"]:
        feed = {"X": x.astype(precision)}
    else:
        feed = {name: column_of(x[:, [j]], precision) for j, name in enumerate(names)}
    answers = dict(
        zip([o.name for o in run.get_outputs()], run.run(None, feed), strict=True)
    )
    agree(next(iter(answers.values())), model.predict(x), within or AGREES[precision])
    if hasattr(model, "predict_proba"):
        found, expected = answers["probabilities"], model.predict_proba(x)
        agree(found, expected, within or AGREES[precision])
    slow = ReferenceEvaluator(onnx.load_from_string(content))
    for one, other in zip(answers.values(), slow.run(None, feed), strict=True):
        agree(np.asarray(other), one, max(1e-5, within or 0))


def column_of(cells: np.ndarray, precision: str) -> np.ndarray:
    """A column as a tensor of numbers, or of text with "" for what is missing."""
    if all(isinstance(cell, float) for cell in cells[:, 0]):
        return cells.astype(precision)
    return np.array([["" if c is None else str(c)] for c in cells[:, 0]], dtype=object)


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("name", SPECS)
def test_every_spec_answers_the_same_in_onnxruntime(name: str, precision: str) -> None:
    x, y = table(name)
    if name == "diabetes":
        x = np.where(np.arange(x.size).reshape(x.shape) % 7 == 0, np.nan, x)
    normal = 1e-7 if name == "diabetes" and precision == "float64" else None
    check(SPECS[name].read_text("utf-8"), x, y, precision, normal)


@pytest.mark.parametrize(
    ("lines", "labels"),
    [
        ("dense 1; target k: ham | spam; loss hinge", ["spam", "ham"]),
        ("dense 1 tanh; loss squared_hinge", [7, 3]),
        ("dense 1 sigmoid; target k: 1 | 0; loss mean_squared_error", [0, 1]),
        ("dense 1 sigmoid; loss binary_crossentropy", [True, False]),
        ("dense 1 sigmoid; target k: 0.5 | 2; loss binary_crossentropy", [0.5, 2]),
        ("layer_norm; dense 3; target k: a | b | c; loss huber", ["a", "b", "c"]),
        ("dense 2 softmax; loss kl_divergence", [[0.25, 0.75], [0.5, 0.5]]),
        ("dense 1 exponential; loss poisson", [1.5, 2.0]),
    ],
)
@pytest.mark.parametrize("scale", ["none", "standard", "minmax", "robust"])
def test_other_tasks_answer_the_same(lines: str, labels: list[Any], scale: str) -> None:
    x = np.random.RandomState(4).uniform(-3, 3, (60, 3))
    y = np.array([labels[place % len(labels)] for place in range(60)])
    settings = f"train {{ scale {scale}; optimizer adam(learning_rate=0.1) }}"
    check(f"network Net {{ input 3; dense 4 tanh; {lines}; {settings} }}", x, y)


ACTIVATIONS = sorted(path.stem for path in (library() / "activations").glob("*.nn"))


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_every_activation_answers_the_same(precision: str) -> None:
    x = np.random.RandomState(4).normal(0, 3, (60, 3))
    y = x.sum(axis=1)
    smooth = [each for each in ACTIVATIONS if each not in ("step", "exponential")]
    layers = "; ".join(f"layer_norm; dense 5 {each}" for each in smooth)
    step = "dense 5 step(surrogate=sigmoid); dense 5 exponential; batch_norm"
    text = f"network Net {{ input 3; dense 5; {layers}; {step}; dense 1;"
    check(f"{text} loss mean_squared_error }}", x, y, precision, within=2e-5)


OWN = {
    "waves": "mod(x, 2) + floor(x) * sign(x) - 1 / (2 + cos(x) * sin(x))",
    "hills": "min(log(1 + exp(-abs(x))), sqrt(x^2 + 1)) + pi * e^(-x^2)",
    "cases": "where(x >= 0.5, x^3, where(x != 0, x / 3, 2)) + (x < 1) + log1p(x^2)",
    "corners": "clip(x, -1, 1) + x * normal_cdf(x) + max(tanh(x), sigmoid(x))",
    "tails": "normal_cdf(x) + normal_pdf(x) + softplus(x) + expm1(x)",
}


@pytest.mark.parametrize("name", OWN)
def test_every_function_of_formulas_is_an_operator(name: str) -> None:
    x = np.random.RandomState(4).normal(0, 1, (60, 3))
    train = "train { optimizer adam(learning_rate=0.001) }"
    layers = f"dense 5; layer_norm; {name}; dense 1; loss huber"
    text = f"activation {name}(x) = {OWN[name]}\n"
    text += f"network Net {{ input 3; {layers}; {train} }}"
    check(text, x, x.sum(axis=1), "float64", within=1e-6)


COLUMNS = """
    input a: no | yes
    input b missing=median scale=robust
    input c: 1 | 2 | 3 missing=2
    input d in 0..1 scale=minmax; input e scale=none
    input f: any; input g: any | other; input label: x | y | other
"""


def columns() -> np.ndarray:
    random = np.random.RandomState(5)
    x = np.empty((60, 8), object)
    x[:, 0] = random.choice(["yes", "no"], 60)
    gaps = np.where(random.rand(60) < 0.2, np.nan, random.normal(3, 2, 60))
    x[:, 1] = gaps.astype(np.float32)
    x[:, 2] = [None if i % 7 == 0 else i % 3 + 1 for i in range(60)]
    x[:, 3:5] = random.rand(60, 2).astype(np.float32)
    x[:, 5] = random.choice(list("pqr"), 60)
    x[:, 6] = [None if i % 9 == 0 else f"g{i % 4}" for i in range(60)]
    x[:, 7] = random.choice(["x", "y", "z"], 60)
    for j in (1, 3, 4):
        x[:, j] = x[:, j].astype(float)
    return x


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_columns_of_numbers_and_labels_answer_the_same(precision: str) -> None:
    y = np.random.RandomState(5).normal(0, 1, 60)
    settings = "train { optimizer adam(learning_rate=0.1) }"
    layers = "dense 4 tanh; dense 1; loss mean_squared_error"
    text = f"network Net {{ {COLUMNS} {layers}; {settings} }}"
    check(text, columns(), y, precision)


def test_an_input_that_is_called_as_an_output_keeps_its_name() -> None:
    y = np.arange(60) % 2
    layers = "dense 1 sigmoid; loss binary_crossentropy"
    _, content = trained(f"network Net {{ {COLUMNS} {layers} }}", columns(), y)
    run = session(content)
    assert "label" in [each.name for each in run.get_inputs()]
    assert [each.name for each in run.get_outputs()] == ["label1", "probabilities"]


def test_names_and_types_are_those_of_skl2onnx() -> None:
    from skl2onnx import to_onnx
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    x, y = table("iris")
    assert y is not None
    fitted = MLPClassifier(3, max_iter=1).fit(x, y)
    theirs = to_onnx(fitted, x[:1].astype(np.float32), options={"zipmap": False})
    _, ours = trained(SPECS["iris"].read_text("utf-8"), x, y)
    assert signature(session(ours)) == signature(session(theirs.SerializeToString()))
    x, y = table("diabetes")
    fitted = MLPRegressor(hidden_layer_sizes=3, max_iter=1).fit(x, y)
    theirs = to_onnx(fitted, x[:1].astype(np.float32))
    _, ours = trained(SPECS["diabetes"].read_text("utf-8"), x, y)
    assert signature(session(ours)) == signature(session(theirs.SerializeToString()))


def signature(run: Any) -> list[tuple[str, str]]:
    return [(each.name, each.type) for each in (*run.get_inputs(), *run.get_outputs())]


def test_the_command_writes_a_file_that_onnxruntime_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = SPECS["iris"].parent / "data" / "titanic.csv"
    spec, model = tmp_path / "t.nn", tmp_path / "t.npz"
    assert main(["new", str(data), "--target", "survived", "-o", str(spec)]) == 0
    words = ["train", str(spec), str(data), "-o", str(model), "--epochs", "3"]
    assert main(words) == 0
    file = tmp_path / "t.onnx"
    assert main(["export", str(model), "-o", str(file)]) == 0
    capsys.readouterr()
    assert main(["predict", str(model), str(data)]) == 0
    lines = capsys.readouterr().out.splitlines()[1:]
    rows = [line.split(",") for line in data.read_text("utf-8").splitlines()]
    run = session(file.read_bytes())
    feed = {}
    for each in run.get_inputs():
        cells = [row[rows[0].index(each.name)] for row in rows[1:]]
        if each.type == "tensor(string)":
            feed[each.name] = np.array(cells, object).reshape(-1, 1)
        else:
            numbers = [float(cell or "nan") for cell in cells]
            feed[each.name] = np.array(numbers, np.float32).reshape(-1, 1)
    label, probabilities = run.run(["label", "probabilities"], feed)
    assert label.tolist() == [line.split(",")[0] for line in lines]
    said = np.array([line.split(",")[1:] for line in lines], float)
    assert np.abs(probabilities - said).max() < 1e-6


@pytest.fixture
def model(tmp_path: Path) -> str:
    path = tmp_path / "xor.npz"
    data = SPECS["xor"].parent / "data" / "xor.csv"
    words = ["train", str(SPECS["xor"]), str(data), "-o", str(path), "--epochs", "1"]
    assert main(words) == 0
    return str(path)


def test_only_files_of_nndsl_are_replaced(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "xor.onnx"
    file.write_text("mine")
    assert main(["export", model, "-o", str(file)]) == 1
    assert "was not written by nndsl and was left unchanged" in capsys.readouterr().err
    assert file.read_text() == "mine"
    assert main(["export", model, "-o", str(file), "--force"]) == 0
    assert main(["export", model, "-o", str(file)]) == 0
    onnx.checker.check_model(onnx.load(str(file)))


@pytest.mark.parametrize("output", ["x.txt", "x", "-", "", ".onnx"])
def test_the_end_of_the_name_says_the_format(
    model: str, output: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", model, "-o", output]) == 2
    assert "cannot tell the format from the name" in capsys.readouterr().err


def test_a_spec_is_no_trained_network(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(SPECS["xor"]), "-o", "x.onnx"]) == 2
    assert "is a spec, not a model file" in capsys.readouterr().err
