"""What `nndsl show` says of a network: figures, memory, record, drawing."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier

from nndsl.api import module_of
from nndsl.cli.main import main
from nndsl.compiler import compile_text, understand
from nndsl.diagnostics.record import Source
from nndsl.language.module_names import class_name
from nndsl.show.drawing import drawing
from nndsl.show.figures import figures_of

PROJECT = Path(__file__).resolve().parent.parent
SPECS = sorted((PROJECT / "specs").glob("*.nn"))
IRIS = str(PROJECT / "specs" / "iris.nn")
TABLE = str(PROJECT / "specs" / "data" / "iris.csv")
SVG = "{http://www.w3.org/2000/svg}"


def network(*lines: str, train: str = "") -> str:
    body = "\n".join(lines)
    return f"network Test {{\n{body}\ntrain {{ {train} }}\n}}\n"


def record(spec: str, capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main(["show", spec, "--format", "json", *words]) == 0
    return json.loads(capsys.readouterr().out)


def written(folder: Path, *lines: str, train: str = "") -> str:
    path = folder / "test.nn"
    path.write_text(network(*lines, train=train), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("hidden", [(), (16,), (16, 16), (30, 7, 12)])
def test_parameters_and_products_are_those_of_scikit_learn(
    hidden: tuple[int, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = np.random.default_rng(0)
    model = MLPClassifier(hidden, max_iter=1)
    with pytest.warns(UserWarning):
        model.fit(rng.normal(size=(30, 5)), np.arange(30) % 4)
    dense = [f"dense {units} relu" for units in hidden]
    last = ["dense 4 softmax", "loss categorical_crossentropy"]
    found = record(written(tmp_path, "input 5", *dense, *last), capsys)
    weights = [w.size for w in model.coefs_]
    biases = [b.size for b in model.intercepts_]
    assert [each["multiply_adds"] for each in found["layers"]] == weights
    assert [each["parameters"] for each in found["layers"]] == [
        w + b for w, b in zip(weights, biases, strict=True)
    ]
    assert found["parameters"] == sum(weights) + sum(biases)
    assert found["multiply_adds"] == sum(weights)
    assert found["bytes"] == 4 * found["parameters"]


def test_norms_have_two_parameters_a_unit_and_activations_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """PyTorch's BatchNorm1d(C) and LayerNorm(C) hold weight (C,) and bias (C,), and
    BatchNorm1d two running statistics (C,); Linear(bias=False) holds in·out."""
    lines = "input 6; dense 10; batch_norm; relu; dropout 20%; dense 4 use_bias=no"
    lines += "; layer_norm; dense 1; loss mean_squared_error"
    found = record(written(tmp_path, lines), capsys)
    counts = {each["name"]: each["parameters"] for each in found["layers"]}
    assert counts == {
        "dense1": 60,
        "batch_norm1": 20,
        "relu1": 0,
        "dropout1": 0,
        "dense2": 40,
        "layer_norm1": 8,
        "dense3": 5,
    }
    assert found["multiply_adds"] == 6 * 10 + 10 * 4 + 4 * 1
    assert found["training"]["bytes"]["running_statistics"] == 4 * 2 * 10


TRAINED = [
    ("adam", 2),
    ("sgd", 0),
    ("sgd(momentum=0.9)", 1),
    ("rmsprop", 1),
    ("adadelta", 2),
    ("nadam", 2),
]
LINES = (
    "input 6; dense 10; batch_norm; relu; dropout 20%; dense 7 tanh; layer_norm; "
    "dense 5 gelu; dense 3 softmax; loss categorical_crossentropy"
)


@pytest.mark.parametrize(("optimizer", "states"), TRAINED)
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_the_memory_is_that_of_the_arrays_of_the_module(
    optimizer: str,
    states: int,
    precision: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    train = f"optimizer {optimizer}; batch_size 9; precision {precision}"
    path = written(tmp_path, LINES, train=train)
    found = record(path, capsys)["training"]
    text = Path(path).read_text(encoding="utf-8")
    module = module_of(compile_text(text), "test.nn")
    rng = np.random.default_rng(0)
    p = module.initialize(rng)
    x = rng.normal(size=(9, 6)).astype(precision)
    kept = (x, *module.forward(p, x, rng, training=True))
    made = getattr(module, class_name(optimizer.partition("(")[0]))
    arrays = [
        value
        for value in vars(made(p[: module.LEARNED], 0.01)).values()
        if isinstance(value, list)
    ]
    learned = sum(w.nbytes for w in p[: module.LEARNED])
    assert found["bytes"] == {
        "parameters": learned,
        "gradients": learned,
        "optimizer_state": sum(w.nbytes for each in arrays for w in each),
        "running_statistics": sum(w.nbytes for w in p[module.LEARNED :]),
        "activations": sum(array.nbytes for array in kept),
        "activations_per_row": sum(a.nbytes for a in kept if len(a) == 9) // 9,
        "total": sum(
            v for k, v in found["bytes"].items() if k not in ("total", PER_ROW)
        ),
    }
    assert len(arrays) == len(found["optimizer_states"]) == states
    assert len(found["kept_arrays"]) == len(kept)


PER_ROW = "activations_per_row"
KEYS = {
    "network": str,
    "precision": str,
    "inputs": (int, None),
    "columns": list,
    "layers": list,
    "outputs": (int, None),
    "loss": str,
    "optimizer": str,
    "parameters": (int, None),
    "multiply_adds": (int, None),
    "bytes": (int, None),
    "training": dict,
    "trained": (dict, None),
}
LAYER_KEYS = {
    "name": str,
    "type": str,
    "line": str,
    "outputs": (int, None),
    "activation": (str, None),
    "parameters": (int, None),
    "shapes": dict,
    "multiply_adds": (int, None),
    "bytes": (int, None),
}


def fits(found: dict[str, Any], keys: dict[str, Any]) -> None:
    assert list(found) == list(keys)
    for key, kinds in keys.items():
        allowed = kinds if isinstance(kinds, tuple) else (kinds,)
        assert any(
            found[key] is None if kind is None else type(found[key]) is kind
            for kind in allowed
        ), key


@pytest.mark.parametrize("spec", SPECS, ids=lambda path: path.stem)
def test_the_record_has_these_keys(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = record(str(spec), capsys)
    fits(found, KEYS)
    for layer in found["layers"]:
        fits(layer, LAYER_KEYS)
    documented = (PROJECT / "docs" / "commands.md").read_text(encoding="utf-8")
    section = documented.partition("\n## show")[2].partition("\n## ")[0]
    for key in (*KEYS, *LAYER_KEYS, *found["training"], *found["training"]["bytes"]):
        assert f"`{key}`" in section, key


def test_what_the_data_decide_is_none_until_it_is_trained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = "input any; dense 8 relu; dense classes softmax"
    path = written(tmp_path, lines, "loss categorical_crossentropy", train="epochs 2")
    found = record(path, capsys)
    assert found["inputs"] is found["outputs"] is found["parameters"] is None
    assert found["training"]["bytes"]["total"] is None
    assert found["layers"][0]["shapes"] == {"w1": [None, 8], "b1": [8]}
    assert found["trained"] is None
    assert main(["show", path]) == 0
    assert "features·8 + 8" in capsys.readouterr().out
    assert main(["train", path, TABLE]) == 0
    capsys.readouterr()
    found = record("test.npz", capsys)
    assert (found["inputs"], found["outputs"]) == (4, 3)
    assert found["parameters"] == 4 * 8 + 8 + 8 * 3 + 3
    assert found["trained"]["epochs"] == 2
    assert found["trained"]["classes"] == ["setosa", "versicolor", "virginica"]
    assert set(found["trained"]["figures"]) == {"loss", "accuracy"}
    assert main(["show", "test.npz"]) == 0
    printed = capsys.readouterr().out
    assert "4·8 + 8" in printed and "trained for 2 epochs" in printed
    assert main(["show", "test.npz", "--svg", "-"]) == 0
    drawn = ElementTree.fromstring(capsys.readouterr().out)
    assert texts(groups(drawn)[0])[:4] == MEASURED
    assert texts(groups(drawn)[-1])[:3] == ["setosa", "versicolor", "virginica"]


def test_the_table_of_iris(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", IRIS]) == 0
    rows = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "dense 16 relu (n, 16) 16·16 + 16 272 256 1,088" in rows
    assert "in all 403 368 1,612" in rows
    kept = 4 * 16 * (4 + 16 + 16 + 3)
    assert f"activations {kept:,} kept: x, a1, a2, a3" in rows
    assert f"in all {4 * 1612 + kept:,}" in rows


def test_all_rows_at_once_have_no_total(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(PROJECT / "specs" / "xor.nn")]) == 0
    printed = capsys.readouterr().out
    assert "with all rows at once" in printed and "44 a row" in printed
    assert printed.count("in all") == 1


def parsed(spec: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawing(figures_of(understand(Source("t", spec)))))


def groups(root: ElementTree.Element) -> list[ElementTree.Element]:
    return [e for e in root.iter(f"{SVG}g") if e.get("class", "").startswith("layer")]


@pytest.mark.parametrize("spec", SPECS, ids=lambda path: path.stem)
def test_a_drawing_has_a_group_for_each_layer(spec: Path) -> None:
    text = spec.read_text(encoding="utf-8")
    layers = understand(Source(spec.name, text)).network.layers
    names = [group.get("data-layer") for group in groups(parsed(text))]
    assert names == ["input", *(layer.name for layer in layers)]


def units(group: ElementTree.Element) -> int:
    return sum(e.get("class") == "unit" for e in group.iter(f"{SVG}circle"))


def texts(group: ElementTree.Element) -> list[str]:
    return [each.text or "" for each in group.iter(f"{SVG}text")]


def test_inputs_are_drawn_in_the_order_of_the_spec() -> None:
    lines = "input sex: female | male", "input age", "input deck: a | b | c", "input x"
    root = parsed(network(*lines, "dense 1", "loss mean_squared_error"))
    assert texts(groups(root)[0])[:6] == [
        *("sex: male", "age", "deck: a", "deck: b", "deck: c", "x")
    ]


def test_units_and_their_lines_are_drawn() -> None:
    lines = "input 4", "dense 64 relu", "batch_norm", "dense 10 softmax"
    root = parsed(network(*lines, "loss categorical_crossentropy"))
    inputs, hidden, plate, output = groups(root)
    assert [units(each) for each in (inputs, hidden, plate, output)] == [4, 8, 0, 10]
    assert [e.get("class") for e in hidden.iter(f"{SVG}circle")].count("dot") == 3
    edges = [
        sum(e.get("d", "").count("M") for e in each.iter(f"{SVG}path"))
        for each in (hidden, plate, output)
    ]
    assert edges == [4 * 8, 8, 8 * 10]
    assert [len(list(each.iter(f"{SVG}polyline"))) for each in (hidden, output)] == [
        8,
        10,
    ]


def test_everything_drawn_is_inside() -> None:
    for spec in SPECS:
        root = parsed(spec.read_text(encoding="utf-8"))
        _, _, width, height = map(float, root.get("viewBox", "").split())
        for circle in root.iter(f"{SVG}circle"):
            x, y = float(circle.get("cx", "")), float(circle.get("cy", ""))
            assert 13 < x < width - 13 and 100 < y < height - 13, spec
        for text in root.iter(f"{SVG}text"):
            assert 0 <= float(text.get("y", "")) < height, spec
        tops = [float(c.get("cy", "")) for c in root.iter(f"{SVG}circle")]
        heads = [float(t.get("y", "")) for t in root.iter(f"{SVG}text")]
        assert min(tops) > sorted(heads)[0]


MEASURED = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
HOSTILE = '"<script>alert(1)</script>", "a\\"b&amp;", "]]>", "\\n\\t--><b>"'


def test_the_drawing_of_the_documentation_is_the_one_of_its_spec() -> None:
    spec = Path(IRIS).read_text(encoding="utf-8")
    made = drawing(figures_of(understand(Source("iris.nn", spec))))
    kept = PROJECT / "docs" / "iris.svg"
    assert kept.read_text(encoding="utf-8") == made


def test_names_are_text_and_nothing_else() -> None:
    spec = network(
        f"input {HOSTILE}",
        'dense 2 sigmoid; target "</title>", "<g class=\\"layer\\">"',
        "loss binary_crossentropy",
    )
    root = parsed(spec)
    assert {e.tag.removeprefix(SVG) for e in root.iter()} == {
        *("svg", "title", "style", "rect", "text", "g", "circle", "path", "polyline")
    }
    texts = ["".join(e.itertext()) for e in root.iter(f"{SVG}text")]
    for name in ("<script>alert(1)</script>", 'a"b&amp;', "]]>", "\\n\\t--><b>"):
        assert name in texts
    assert not any(e.get("href") or e.get("onload") for e in root.iter())


def test_a_deep_network_is_drawn_from_both_ends() -> None:
    hidden = ["dense 12 gelu; layer_norm"] * 40
    last = "dense 3 softmax; loss categorical_crossentropy"
    root = parsed(network("input 4", *hidden, last))
    drawn = groups(root)
    assert len(drawn) < 20
    shown = [each.get("data-layer") for each in drawn]
    place = shown.index(None)
    count = int(re.findall(r"(\d+) more", "".join(drawn[place].itertext()))[0])
    assert count + len(drawn) - 1 == 1 + 2 * 40 + 1
    assert not str(shown[place + 1]).startswith("layer_norm")


def test_a_drawing_replaces_a_drawing_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["show", IRIS, "--svg", "iris.svg"]) == 0
    assert capsys.readouterr().out == "wrote iris.svg\n"
    first = Path("iris.svg").read_text(encoding="utf-8")
    assert main(["show", IRIS, "--svg", "-"]) == 0
    assert capsys.readouterr().out == first
    assert main(["show", IRIS, "--svg", "iris.svg"]) == 0
    Path("mine.svg").write_text("<svg/>", encoding="utf-8")
    Path("link.svg").symlink_to("iris.svg")
    for name in ("mine.svg", "link.svg", ".", "there/is/none.svg"):
        assert main(["show", IRIS, "--svg", name]) == 1
    assert Path("mine.svg").read_text(encoding="utf-8") == "<svg/>"
    assert main(["show", IRIS, "--svg", ""]) == 2
    capsys.readouterr()
    assert main(["show", IRIS, "--svg", "iris.png"]) == 2
    assert "write --svg iris.svg" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["show", IRIS, "--svg", "-", "--defaults"])
    assert {path.name for path in tmp_path.iterdir()} == {
        *("iris.svg", "mine.svg", "link.svg")
    }


def test_mistakes_of_a_spec_write_no_drawing(tmp_path: Path) -> None:
    path = written(tmp_path, "input 2; dense 1 rleu; loss mean_squared_error")
    assert main(["show", path, "--svg", str(tmp_path / "test.svg")]) == 1
    assert not (tmp_path / "test.svg").exists()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["relu"], 0, "relu (activation)"),
        (["E122"], 0, "E122 (error"),
        ([f"{IRIS}:5"], 0, "z2 = a1 @ w2 + b2"),
        ([f"{IRIS}:1"], 1, "line 1 holds no statement"),
        ([f"{IRIS}:999"], 1, "line 999 holds no statement"),
        ([f"{IRIS}:0"], 1, "line 0 holds no statement"),
        (["none.nn:3"], 1, "no such file"),
        ([IRIS], 2, "which line?"),
        (["rleu"], 2, "did you mean `relu`?"),
        (["\x1b[2J"], 2, r"nothing is called `\x1b[2J`"),
        (["relu", "--lr", "3"], 2, "nothing is called --lr here"),
    ],
)
def test_the_command_explain(
    words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", *words]) == code
    out, err = capsys.readouterr()
    assert said in (out if code == 0 else err)
    assert not (err if code == 0 else out)


def test_the_line_of_a_spec_with_mistakes_prints_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, "input 2; dense 1 rleu; loss mean_squared_error")
    assert main(["explain", f"{path}:2"]) == 1
    assert "error[E101]" in capsys.readouterr().err
