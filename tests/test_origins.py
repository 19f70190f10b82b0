"""`origins`: each line of a spec, and the lines of the module that it became."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from nndsl.compiler import module_text, understand
from nndsl.diagnostics.record import Source
from nndsl.render.origins import origins

SPECS = sorted((Path(__file__).parent.parent / "specs").glob("*.nn"))
EVERYTHING = """activation bent(x) = sqrt(x^2 + 1) + x
network Everything {
    input 5
    dense 6 bent use_bias=no
    batch_norm
    gelu
    layer_norm
    dropout 20%
    dense 7 selu l1=0.01 max_norm=2
    dense 2 softmax
    loss categorical_crossentropy(label_smoothing=0.1)
    train { clip_gradients norm=1; class_weights balanced }
}
"""


def of(text: str) -> tuple[list[str], list[str], dict[int, tuple[int, ...]]]:
    """The lines of a spec, those of its module, and the origins."""
    checked = understand(Source("a.nn", text))
    module = module_text(checked)
    return text.split("\n"), module.split("\n"), dict(origins(checked, module))


def of_file(name: str) -> tuple[list[str], list[str], dict[int, tuple[int, ...]]]:
    (path,) = [path for path in SPECS if path.stem == name]
    return of(path.read_text(encoding="utf-8"))


def test_what_the_lines_of_iris_became() -> None:
    spec, module, found = of_file("iris")

    def lines(text: str) -> list[str]:
        (line,) = [at for at, each in enumerate(spec, 1) if text in each]
        return [module[at - 1].strip() for at in found[line]]

    first, second = (at for at, each in enumerate(spec, 1) if "16 relu" in each)
    text = [module[at - 1].strip() for at in found[second]]
    for line in (
        "w2: ndarray  # (16, 16)",
        "w2=glorot_uniform(rng, 16, 16),",
        "# dense 16 relu",
        "z2 = a1 @ p.w2 + p.b2  # (n, 16)",
        "dw2 = a1.T @ dz2  # (16, 16)",
        "da1 = dz2 @ p.w2.T  # (n, 16)",
    ):
        assert line in text
    assert "a1 = np.maximum(z1, 0)" not in text
    shared = {module[at - 1] for at in set(found[first]) & set(found[second])}
    assert all("glorot_uniform(rng: " in m or m.startswith("    ") for m in shared)
    assert "def softmax(z: ndarray) -> ndarray:" in lines("softmax")
    assert "return e / e.sum(axis=1, keepdims=True)" in lines("softmax")
    assert lines("loss ")[:2] == [
        "CLIP = 1e-7  # keeps log(0) out of the loss",
        "def cross_entropy(a3: ndarray, t: ndarray) -> float:",
    ]
    assert lines("epochs") == [
        "epochs: int = 100",
        "for epoch in range(1, self.epochs + 1):",
    ]
    assert lines("seed") == [
        "seed: int = 7",
        "rng = np.random.default_rng(self.seed)",
    ]
    assert "class Adam:" in lines("optimizer")
    assert "adam = Adam(p, self.learning_rate)" in lines("optimizer")
    assert lines("network Iris") == ["class Iris:"]
    assert not any(spec[at - 1].strip() in ("", "}") for at in found)


@pytest.mark.parametrize("path", [*SPECS, None], ids=str)
def test_each_formula_of_both_passes_has_one_layer(path: Path | None) -> None:
    text = EVERYTHING if path is None else path.read_text(encoding="utf-8")
    spec, module, found = of(text)
    tree = ast.parse("\n".join(module))
    words = ("input", "train", "loss", "metrics", "target", "network", "activation")
    layers = [
        at for at in found if not spec[at - 1].strip().startswith((*words, "scale"))
    ]
    for name in ("forward", "backward"):
        (function,) = [f for f in tree.body if getattr(f, "name", "") == name]
        assert isinstance(function, ast.FunctionDef)
        for statement in function.body[1:]:
            line = module[statement.lineno - 1]
            owners = [at for at in layers if statement.lineno in found[at]]
            plain = isinstance(statement, ast.Return) or " = outputs" in line
            apart = plain or line.strip().startswith("zeros = ")
            assert len(owners) == (0 if apart else 1), line


def test_each_part_of_a_layer_is_its_own() -> None:
    spec, module, found = of(EVERYTHING)
    for word, texts in {
        "bent use": ["z1 = x @ p.w1", "def bent_slope(z: ndarray) -> ndarray:"],
        "batch_norm": ["scale1: ndarray", "variance1=np.ones(6, DTYPE),"],
        "gelu": ["def gelu_slope(z: ndarray) -> ndarray:", "NORMAL_TAIL = ["],
        "layer_norm": ["z1_hat_2 = ", "along = ", "std1_2 = ", ") / std1_2"],
        "dropout": ["DROPOUT = 0.2", "def dropout_mask("],
        "selu": ["MAX_NORM = 2", "np.sign(p.w2)", "p.w2[:] *= MAX_NORM"],
        "activation bent": ["def bent(z: ndarray) -> ndarray:"],
        "train": ["def train_batch(", "def clip_gradients(", "CLIP_NORM = 1"],
    }.items():
        (line,) = [at for at, each in enumerate(spec, 1) if word in each]
        lines = "\n".join(module[at - 1] for at in found[line])
        assert [text for text in texts if text not in lines] == [], (word, lines)


def test_settings_of_the_command_line_have_lines_of_their_own() -> None:
    text = "network A {\n    input 2\n    dense 1\n    loss mean_squared_error\n}\n"
    checked = understand(Source("a.nn", text), ["train.epochs=7"])
    spec = checked.source.text.split("\n")
    module = module_text(checked)
    (line,) = [at for at, each in enumerate(spec, 1) if "epochs" in each]
    became = [module.split("\n")[at - 1] for at in origins(checked, module)[line]]
    assert "    epochs: int = 7" in became
