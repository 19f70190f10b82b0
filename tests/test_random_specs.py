"""Random specs: modules of both styles compute alike, read each other and are clean."""

from __future__ import annotations

import inspect
import subprocess
import sys
import warnings
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from reference.modules import STYLES, Run, far, load, model_class, optimizer_class
from reference.random_specs import data_for, random_spec

from nndsl.api import compile_text
from nndsl.diagnostics.error import SpecError
from nndsl.program.in_place import Style

FEW, ALL = 25, 300


def count(config: pytest.Config) -> int:
    return ALL if config.getoption("--all") else FEW


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(count(metafunc.config)))


@cache
def valid_spec(seed: int) -> tuple[str, str]:
    """The first random spec that check has no objection to, and its task."""
    random = Random(seed)
    for _ in range(50):
        kind, text = random_spec(random, f"Net{seed}")
        try:
            compile_text(text)
        except SpecError:
            continue
        return kind, text
    raise AssertionError("hardly a random spec is valid")


def fitted(text: str, style: Style, data: tuple[Any, ...]) -> Any:
    """A trained model; no warning of NumPy's on the way."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = model_class(load(text, style))().fit(*data)
        model.evaluate(*data)
    return model


def answers(model: Any, X: np.ndarray) -> list[np.ndarray]:
    names = ("predict", "predict_proba", "transform")
    return [getattr(model, name)(X) for name in names if hasattr(model, name)]


@pytest.mark.one_in(2)
def test_models_learn_alike_and_read_each_other(seed: int, tmp_path: Path) -> None:
    """Only about alike: noise moves a bias that a norm subtracts again."""
    kind, text = valid_spec(seed)
    data = data_for(kind, text)
    try:
        models = [fitted(text, style, data) for style in STYLES]
    except FloatingPointError:
        return  # it diverges, and says so
    one, other = (model.history_["loss"][0] for model in models)
    assert np.isclose(one, other, rtol=0.01), text
    X = data[0][~np.isnan(data[0]).any(axis=1)] if "missing drop" in text else data[0]
    path = str(tmp_path / "weights.npz")
    for model, other in (models, models[::-1]):
        model.save(path)
        pairs = zip(answers(model, X), answers(type(model).load(path), X), strict=True)
        assert all(np.array_equal(before, after) for before, after in pairs), text
        assert far(model.parameters_, type(other).load(path).parameters_) == 0, text


def last_batch(text: str, data: tuple[Any, ...]) -> tuple[Any, ...]:
    """The parameters, x, t and class weights of the last step of training."""
    module, batches = load(text), []

    def record(p: Any, optimizer: Any, x: Any, t: Any, *more: Any) -> None:
        weights = [each for each in more if isinstance(each, np.ndarray)]
        batches.append(([w.copy() for w in p], x, t, *weights))
        train_batch(p, optimizer, x, t, *more)

    train_batch, module.train_batch = module.train_batch, record
    try:
        model_class(module)().fit(*data)
    except FloatingPointError:
        pass
    finally:
        module.train_batch = train_batch
    return next(each for each in batches[::-1] if np.isfinite(each[0][0]).all())


def test_styles_take_the_same_steps(seed: int) -> None:
    kind, text = valid_spec(seed)
    p, x, t, *weights = last_batch(text, data_for(kind, text))
    widths = dict.fromkeys(("n_outputs", "n_classes"), t.shape[1])
    wanted = inspect.signature(optimizer_class(load(text))).parameters
    plan = {k: v for k, v in {"steps": 40, "epochs": 4}.items() if k in wanted}
    runs = [
        Run(text, style, (), widths={"n_features": x.shape[1], **widths}, **plan)
        for style in STYLES
    ]
    for run in runs:
        for mine, w in zip(run.p, p, strict=True):
            mine[...] = w
    limit = 1e-9 if "precision float64" in text else 1e-3
    one, other = (run.gradients(x, t, *weights) for run in runs)
    largest = max(np.abs(g).max() for g in one)
    apart = max(np.abs(a - b).max() for a, b in zip(one, other, strict=True))
    assert apart <= limit * largest, text
    gradients = [g.copy() for g in one]
    for _ in range(3):
        for run in runs:
            run.optimizer.update(run.p, run.module.Parameters(*map(np.copy, gradients)))
        assert far(runs[0].p, runs[1].p) < limit, text


def test_modules_are_clean(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    for seed in range(count(request.config)):
        for style in STYLES:
            module = compile_text(valid_spec(seed)[1], "small.nn", style=style)
            assert max(map(len, module.splitlines())) <= 88
            (tmp_path / f"net{seed}_{style}.py").write_text(module, "utf-8")
    commands = ("ruff check --isolated", "ruff format --isolated --check")
    for command in (*commands, "mypy --config-file="):
        words = [sys.executable, "-m", *command.split(), str(tmp_path)]
        done = subprocess.run(words, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
