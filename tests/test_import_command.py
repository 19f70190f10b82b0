"""`nndsl import`: its words, what it writes, and what it refuses."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from reference.data import SPECS, table
from reference.imports import (
    FILES,
    NEW,
    X,
    Y,
    classifier,
    imported,
    of_estimator,
    regressor,
)
from safetensors.numpy import save_file
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    StandardScaler,
)

from nndsl.cli.main import main

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


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
