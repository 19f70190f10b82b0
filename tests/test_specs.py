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
from reference.data import LINTERS, SPECS, STYLES, model_class, module_for, table
from reference.gradients import all_differences, differences_of, redraw, worst_error_of
from reference.kinks import smooth

from nndsl.api import compile_text, module_of
from nndsl.compiler import understand
from nndsl.diagnostics.record import Source
from nndsl.program.in_place import Style

ROOT = Path(__file__).parent.parent
LARGE = """network Large {
    input 784; dense 800 relu; dense classes softmax; target kind: a | b
    loss categorical_crossentropy
}"""
"""A network whose update is shared out among threads."""
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
    files = [tmp_path / "large.py"]
    files[0].write_text(compile_text(LARGE), encoding="utf-8")
    for name in SPECS:
        for style in STYLES:
            files.append(tmp_path / f"{name}_{style}.py")
            files[-1].write_text(compiled(name, style), encoding="utf-8")
    command = [sys.executable, "-m", *words, *map(str, files)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", SPECS)
def test_lines_are_short_but_for_the_specs_own(name: str, style: Style) -> None:
    lines = compiled(name, style).split("\n")
    assert [line for line in lines if len(line) > 88 and not line.startswith("#")] == []


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
    model = model_class(module_for(name, style))(epochs=1).fit(x, y)
    train = x[model.split_[0]]
    assert 0.6 < len(train) / len(x) < 0.8
    expected = (x - train.mean(axis=0)) / train.std(axis=0)
    np.testing.assert_allclose(model.prepare(x), expected, rtol=1e-4, atol=1e-5)
    if name == "diabetes":
        known = y[model.split_[0]]
        expected = (y - known.mean()) / known.std()
        found = model.prepare(x, y)[1].ravel()
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


# The gradient of every parameter

ROWS = 4
SURROGATE = ("step(surrogate=sigmoid)", "sigmoid")


def answers(model: Any, x: np.ndarray, random: np.random.RandomState) -> np.ndarray:
    """Targets as `prepare` gives them, for a model of a spec."""
    width = model.forward(x).shape[1]
    name = type(model).__name__
    if name in ("Iris", "Digits", "Spiral", "AnyTable"):
        return random.randint(0, width, len(x))
    if name in ("Xor", "Perceptron"):
        return random.randint(0, 2, len(x))
    if name == "Tags":
        return random.randint(0, 2, (len(x), width))
    return random.standard_normal((len(x), width))


def smooth_data(text: str) -> tuple[Any, np.ndarray, np.ndarray]:
    """The textbook model of a spec, drawn away from its kinks, and data for it.

    Where no draw keeps the probabilities off 0 and 1 the last layer is made smaller.
    """
    settings = ["train.precision=float64"]
    module = module_of(
        compile_text(text, settings=settings, style="textbook"), "smooth.nn"
    )
    away_from_kinks = smooth(text, module)
    for seed in range(300):
        random = np.random.RandomState(seed)
        model = model_class(module)()
        if "any" in text.partition("input")[2].split("\n")[0]:
            wide = 2 if "dense  outputs" in text else 3
            model.build(n_features=5, n_outputs=wide)
        else:
            model.build()
        redraw(model, random)
        if seed >= 100:
            list(model.parameters.values())[-2][...] *= 0.3
        x = random.standard_normal((ROWS, model.n_features_in_))
        if away_from_kinks(model, x):
            return model, x, answers(model, x, random)
    raise AssertionError("every draw meets a kink")


@pytest.mark.parametrize("name", SPECS)
def test_gradient_of_every_parameter(name: str, request: pytest.FixtureRequest) -> None:
    """By default a thousand numbers of each array; all of them with `--all`."""
    text = "\n".join(
        line
        for line in SPECS[name].read_text("utf-8").replace(*SURROGATE).split("\n")
        if "dropout" not in line
    )
    model, x, y = smooth_data(text)
    most = None if request.config.getoption("--all") else 1000
    expected = differences_of(model, x, y, most)
    for style in STYLES:
        settings = ["train.precision=float64"]
        compiled_text = compile_text(text, "smooth.nn", settings=settings, style=style)
        other = model_class(module_of(compiled_text, "smooth.nn"))()
        other.build(model.n_features_in_, model.forward(x).shape[1])
        for key, array in model.parameters.items():
            other.parameters[key][...] = array
        assert other.loss(x, y) == pytest.approx(model.loss(x, y), rel=1e-12)
        errors = worst_error_of(expected, other.gradients(x, y))
        assert max(errors.values()) <= 1, (style, errors)


@pytest.mark.parametrize("style", STYLES)
def test_gradient_below_a_step_is_the_surrogates(style: Style) -> None:
    """The step's output stands while the gradient flows as through the sigmoid."""
    text = SPECS["perceptron"].read_text("utf-8")
    settings = ["train.precision=float64"]
    compiled_text = compile_text(text, "steps.nn", settings=settings, style=style)
    model = model_class(module_of(compiled_text, "steps.nn"))().build()
    random = np.random.RandomState(0)
    redraw(model, random)
    x, y = random.standard_normal((ROWS, 2)), random.randint(0, 2, (ROWS, 1))
    p = {key: array.copy() for key, array in model.parameters.items()}

    def sigmoid(z: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-z))

    start = x @ p["dense1.weights"] + p["dense1.biases"]
    fired = (start > 0).astype(float)

    def loss() -> float:
        z1 = x @ p["dense1.weights"] + p["dense1.biases"]
        a1 = fired + sigmoid(z1) - sigmoid(start)
        a2 = sigmoid(a1 @ p["dense2.weights"] + p["dense2.biases"])
        return float(-(y * np.log(a2) + (1 - y) * np.log(1 - a2)).mean())

    assert model.loss(x, y[:, 0]) == pytest.approx(loss(), rel=1e-12)
    expected = all_differences(p, loss)
    errors = worst_error_of(expected, model.gradients(x, y[:, 0]))
    assert max(errors.values()) <= 1, errors
