"""Every spec, in both styles: the same bytes, well written, right, and it trains."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reference.data import LINTERS, SPECS, table
from reference.gradients import (
    KinkError,
    all_differences,
    copied,
    differences_of,
    errors_of,
    off_the_clip,
    redraw,
)
from reference.modules import STYLES, Run, load, model_class

from nndsl.api import compile_text
from nndsl.compiler import understand
from nndsl.diagnostics.record import Source
from nndsl.program.in_place import Style
from nndsl.render.module.module import MARK

ROOT = Path(__file__).parent.parent
# spec -> lines of a module at most, in both styles
SIZES = dict.fromkeys(SPECS, (430, 510)) | {
    "xor": (280, 340),
    "iris": (365, 430),
    "digits": (500, 590),
    "diabetes": (500, 590),
}
HASHES = """
import hashlib, json
from pathlib import Path
from nndsl import compile_text
found = {}
for path in sorted(Path("specs").glob("*.nn")):
    for style in ("textbook", "fast"):
        text = compile_text(path.read_text("utf-8"), path.name, style=style)
        found[f"{path.stem} {style}"] = hashlib.sha256(text.encode()).hexdigest()
print(json.dumps(found))
"""


@cache
def compiled(name: str, style: Style) -> str:
    return compile_text(SPECS[name].read_text("utf-8"), f"{name}.nn", style=style)


@pytest.mark.parametrize("name", SPECS)
def test_spec_checks_without_a_warning(name: str) -> None:
    source = Source(f"{name}.nn", SPECS[name].read_text("utf-8"))
    assert understand(source).warnings == ()


@pytest.mark.parametrize("seed", ["0", "4711"])
def test_modules_have_the_same_bytes_for_every_hash_seed(seed: str) -> None:
    found = subprocess.run(
        [sys.executable, "-c", HASHES],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    expected = {
        f"{name} {style}": hashlib.sha256(compiled(name, style).encode()).hexdigest()
        for name in SPECS
        for style in STYLES
    }
    assert json.loads(found.stdout) == expected


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[Style, Path]:
    """A folder for each style with the modules of all specs."""
    result = {}
    for style in STYLES:
        folder = tmp_path_factory.mktemp(style)
        for name in SPECS:
            (folder / f"{name}.py").write_text(compiled(name, style), encoding="utf-8")
        result[style] = folder
    return result


@pytest.mark.parametrize("words", LINTERS.values(), ids=list(LINTERS))
def test_modules_are_well_written(words: tuple[str, ...], tmp_path: Path) -> None:
    files = []
    for name in SPECS:
        for style in STYLES:
            files.append(tmp_path / f"{name}_{style}.py")
            files[-1].write_text(compiled(name, style), encoding="utf-8")
    command = [sys.executable, "-m", *words, *map(str, files)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", SPECS)
def test_modules_are_short(name: str, style: Style) -> None:
    lines = compiled(name, style).split("\n")
    assert [line for line in lines if len(line) > 88 and not line.startswith("#")] == []
    assert len(lines) - 1 <= SIZES[name][STYLES.index(style)]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", SPECS)
def test_the_first_line_knows_the_text_and_the_spec_follows(
    name: str, style: Style
) -> None:
    first, rest = compiled(name, style).split("\n", 1)
    digest = hashlib.sha256(rest.encode()).hexdigest()[:16]
    assert first == f"{MARK}{digest}"
    lines = SPECS[name].read_text("utf-8").split("\n")[:-1]
    spec = [line if line.startswith("#") else f"# {line}".rstrip() for line in lines]
    assert [line for line in spec if len(line) <= 88 and line not in rest] == []


@pytest.fixture(scope="module")
def alone(folders: dict[Style, Path]) -> dict[Style, dict[str, Any]]:
    """What came of the modules in a process that finds no package but NumPy."""
    script = str(ROOT / "tests" / "reference" / "alone.py")
    tables = str(ROOT / "specs" / "data")
    packages = str(Path(np.__file__).parent.parent)
    running = {
        style: subprocess.Popen(
            [
                sys.executable,
                "-I",
                "-W",
                "error",
                script,
                str(folder),
                tables,
                packages,
            ],
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for style, folder in folders.items()
    }
    found = {}
    for style, process in running.items():
        output, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        found[style] = json.loads(output)
    return found


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", SPECS)
def test_module_trains_saves_and_loads_with_numpy_alone(
    name: str, style: Style, alone: dict[Style, dict[str, Any]]
) -> None:
    loss = alone[style][name]
    assert isinstance(loss, list), loss
    assert len(loss) == 1 and np.isfinite(loss[0])


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", ["iris", "diabetes"])
def test_scaling_knows_the_training_rows_alone(name: str, style: Style) -> None:
    x, y = table(name)
    assert y is not None
    module = load(SPECS[name].read_text("utf-8"), style)
    model = model_class(module)(epochs=1).fit(x, y)
    train = x[model.split_[0]]
    assert 0.6 < len(train) / len(x) < 0.8
    assert model.mean_ == pytest.approx(train.mean(axis=0), rel=1e-12)
    assert model.std_ == pytest.approx(train.std(axis=0), rel=1e-12)
    scaled = (x - train.mean(axis=0)) / train.std(axis=0)
    output = module.forward(model.parameters_, scaled.astype(np.float32))[-1]
    if name == "iris":
        np.testing.assert_allclose(model.predict_proba(x), output, atol=1e-5)
        return
    known = y[model.split_[0]]
    assert model.target_mean_ == pytest.approx(known.mean(), rel=1e-12)
    assert model.target_std_ == pytest.approx(known.std(), rel=1e-12)
    answers = output[:, 0].astype(float) * known.std() + known.mean()
    np.testing.assert_allclose(model.predict(x), answers, rtol=1e-4)


# The gradient of every parameter

ROWS = 4
WIDTHS = {"n_features": 5, "n_classes": 3, "n_outputs": 2}
SURROGATE = ("step(surrogate=sigmoid)", "sigmoid")
CLASSES = ("iris", "digits", "spiral", "any_table")


def targets_of(name: str, width: int, random: np.random.RandomState) -> np.ndarray:
    """Targets as the network of a spec sees them."""
    if name in CLASSES:
        return np.eye(width)[random.randint(0, width, ROWS)]
    if name in ("xor", "perceptron", "tags"):
        return random.randint(0, 2, (ROWS, width)).astype(float)
    return random.standard_normal((ROWS, width))


def smooth(name: str, text: str, most: int | None) -> tuple[Run, Any, Any, Any]:
    """The textbook network of a spec, away from kinks, data, the slopes of its loss.

    Where no draw keeps the probabilities off 0 and 1 the last layer is made smaller.
    """
    run = Run(text, widths=WIDTHS)
    last = max(f for f in run.p._fields if f.startswith("w"))
    for seed in range(300):
        random = np.random.RandomState(seed)
        redraw(run, random)
        if seed >= 20:
            getattr(run.p, last)[...] *= 0.3
        x = random.standard_normal((ROWS, len(run.p.w1)))
        t = targets_of(name, run.outputs(x)[-1].shape[1], random)
        if off_the_clip(run, x):
            try:
                return run, x, t, differences_of(run, x, t, most)
            except KinkError:
                continue
    raise AssertionError("every draw meets a kink")


@pytest.mark.parametrize("name", SPECS)
def test_gradient_of_every_parameter(name: str, request: pytest.FixtureRequest) -> None:
    """By default some numbers of each array; all of them with `--all`."""
    text = SPECS[name].read_text("utf-8").replace(*SURROGATE)
    most = None if request.config.getoption("--all") else 150
    run, x, t, expected = smooth(name, text, most)
    for style in STYLES:
        other = copied(run, Run(text, style, widths=WIDTHS))
        assert other.loss(x, t) == pytest.approx(run.loss(x, t), rel=1e-12)
        errors = errors_of(expected, other.gradients(x, t))
        assert max(errors.values()) <= 1, (style, errors)


@pytest.mark.parametrize("style", STYLES)
def test_gradient_below_a_step_is_the_surrogates(style: Style) -> None:
    """The step's output stands while the gradient flows as through the sigmoid."""
    run = Run(SPECS["perceptron"].read_text("utf-8"), style)
    random = np.random.RandomState(0)
    redraw(run, random)
    x, t = random.standard_normal((ROWS, 2)), random.randint(0, 2, (ROWS, 1))
    p = type(run.p)(*(array.copy() for array in run.p))

    def sigmoid(z: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-z))

    start = x @ p.w1 + p.b1
    fired = (start > 0).astype(float)

    def loss() -> float:
        a1 = fired + sigmoid(x @ p.w1 + p.b1) - sigmoid(start)
        a2 = sigmoid(a1 @ p.w2 + p.b2)
        return float(-(t * np.log(a2) + (1 - t) * np.log(1 - a2)).mean())

    assert run.loss(x, t) == pytest.approx(loss(), rel=1e-12)
    expected = all_differences(p._asdict(), loss)
    errors = errors_of(expected, run.gradients(x, t))
    assert max(errors.values()) <= 1, errors
