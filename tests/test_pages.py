"""The pages in `tests/reference/pages`, and what the generator makes of their specs.

Both are run against numbers from elsewhere.
"""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pytest import approx, raises
from reference.pages import (
    DATA,
    FOLDER,
    MADE,
    NETWORKS,
    PAGES,
    Network,
    far,
    fitted,
    load,
    model_of,
    name_of,
    table,
    text_of,
)
from scipy.special import huber, log_softmax, ndtr
from scipy.stats import norm
from sklearn import metrics
from sklearn.neural_network import _stochastic_optimizers as peers
from threadpoolctl import threadpool_limits

every_page = pytest.mark.parametrize("page", [*PAGES, *MADE])


def pages_of(name: str) -> Any:
    return pytest.mark.parametrize(
        "page", [page for page in (*PAGES, *MADE) if name_of(page) == name]
    )


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Small products are faster without threads that wait for each other."""
    with threadpool_limits(1):
        yield


def test_pages_are_short_and_clean() -> None:
    for page in PAGES:
        limit = NETWORKS[name_of(page)][-1][page.endswith("_fast")]
        assert len((FOLDER / f"{page}.py").read_text().splitlines()) <= limit, page
    paths = [str(FOLDER / f"{page}.py") for page in PAGES]
    for command in ("ruff check", "ruff format --check", "mypy --config-file="):
        words = [sys.executable, "-m", *command.split(), *paths]
        done = subprocess.run(words, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


@every_page
def test_gradients_agree_with_central_differences(page: str) -> None:
    network, h = Network(page), 1e-6
    network.train(3)
    x, t = network.batch()
    gradients = network.module.backward(network.p, x, network.outputs(x), t)
    largest = max(np.abs(g).max() for g in gradients)
    for name, w in network.p._asdict().items():
        for place in np.random.default_rng(0).permutation(w.size)[:100]:
            index = np.unravel_index(place, w.shape)
            before = w[index]
            w[index] = before + h
            above = network.loss(x, t)
            w[index] = before - h
            numeric = (above - network.loss(x, t)) / (2 * h)
            w[index] = before
            error = abs(numeric - getattr(gradients, name)[index])
            assert error <= 1e-7 * largest, (name, index)


@pytest.mark.parametrize(("dtype", "limit"), [("float64", 1e-12), ("float32", 1e-5)])
@pytest.mark.parametrize("name", [*NETWORKS, *(f"made_{n}" for n in NETWORKS)])
def test_styles_agree_over_50_steps(name: str, dtype: str, limit: float) -> None:
    textbook, fast = Network(name, dtype), Network(f"{name}_fast", dtype)
    textbook.train(50)
    fast.train(50)
    assert far(textbook.p, fast.p) < limit
    x, t = (array.astype(float) for array in textbook.batch())  # other dtypes will do
    one, other = (n.module.measure(n.p, x, t)["loss"] for n in (textbook, fast))
    assert one == approx(other, rel=limit)
    gradients = [n.module.backward(n.p, x, n.outputs(x), t) for n in (textbook, fast)]
    assert far(*gradients) < limit * 10


@every_page
def test_optimizers_agree_with_scikit_learns(page: str) -> None:
    network = Network(page)
    p, name = network.p, network.name
    mine = [w.copy() for w in p[: 7 if name == "digits" else None]]
    make = {"diabetes": lambda: peers.SGDOptimizer(mine, 0.01, "constant", 0.9, True)}
    peer = make.get(name, lambda: peers.AdamOptimizer(mine, 0.01))()
    rng = np.random.default_rng(0)
    for step in range(1, 21):
        # scikit-learn adds it before the correction for the start at 0
        peer.epsilon = 1e-8 * np.sqrt(1 - 0.999**step)
        gradients = type(p)(*(rng.normal(size=w.shape) for w in p))
        if name == "digits":
            for w in mine:
                w -= 0.01 * 0.01 * w  # decoupled weight decay
            zeros = {k: 0 * getattr(p, k) for k in ("mean1", "variance1")}
            gradients = gradients._replace(**zeros)
        network.optimizer.update(p, gradients)
        peer.update_params(mine, list(gradients[: len(mine)]))
    assert far(p[: len(mine)], mine) < 1e-12
    if name == "digits":
        assert not p.mean1.any() and (p.variance1 == 1).all()


def test_gelu_is_accurate_far_into_the_tail() -> None:
    z = np.linspace(-14, 14, 40_001).astype(np.float32)
    z = np.append(z, np.float32([-1e30, 1e30, -1e-20]))
    exact = z * ndtr(z.astype(float))
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        gelu = load("diabetes").gelu(z)
        fast = z * load("diabetes_fast").normal_cdf(z)
        slope = load("diabetes").gelu_slope(z)
    unit = np.spacing(np.abs(exact.astype(np.float32)))
    assert np.abs((gelu - exact) / unit).max() < 4
    assert np.abs((fast - exact) / unit).max() < 4
    assert slope == approx(ndtr(z.astype(float)) + z * norm.pdf(z), abs=2e-7)


@every_page
def test_losses_and_metrics_agree_with_the_published(page: str) -> None:
    network = Network(page)
    network.train(20)
    x, t = network.batch(200)
    p, module = network.p, network.module
    output, found = module.forward(p, x)[-1], module.measure(p, x, t)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert np.isfinite(module.forward(p, x * 1e150)[-1]).all()
    if network.name == "diabetes":
        weights = sum((w**2).sum() for w in (p.w1, p.w2, p.w3))
        assert found["loss"] == approx(huber(1, output - t).mean() + 0.01 * weights)
        assert found["r2"] == approx(metrics.r2_score(t, output))
        error = metrics.mean_absolute_error(t, output)
        assert module.measure(p, x, t, 7.0)["mean_absolute_error"] == approx(7 * error)
        assert module.measure(p, x, 0 * t + 0.1)["r2"] == 0
        return
    both = np.hstack([1 - output, output]) if network.name == "xor" else output
    true = t[:, 0] if network.name == "xor" else t.argmax(axis=1)
    loss = metrics.log_loss(true, both, labels=range(both.shape[1]))
    if network.name == "digits":
        loss = 0.95 * loss - 0.05 * np.log(output).mean()
        top = metrics.top_k_accuracy_score(true, output, k=3)
        assert found["top_k_accuracy"] == approx(top)
        matrix = metrics.confusion_matrix(true, output.argmax(1), labels=range(10))
        assert (module.confusion_matrix(p, x, t) == matrix).all()
    assert found["loss"] == approx(loss, rel=1e-10)
    assert found["accuracy"] == metrics.accuracy_score(true, both.argmax(axis=1))
    if network.name == "digits":
        p.w3[:] = p.b3[:] = 0  # equal outputs do not count as hits
        assert module.measure(p, x, t)["top_k_accuracy"] == 0


@pages_of("digits")
def test_batch_norm_dropout_and_limits(page: str) -> None:
    network = Network(page)
    module, p, (x, t) = network.module, network.p, network.batch(50)
    z = x @ p.w1
    p.w2[:] *= 9
    assert np.linalg.norm(p.w2, axis=0).min() > 3
    module.train_batch(p, network.optimizer, x, t, network.dropout)
    assert p.mean1 == approx(0.1 * z.mean(axis=0), abs=1e-12)
    assert p.variance1 == approx(0.9 + 0.1 * z.var(axis=0, ddof=1), rel=1e-12)
    assert np.linalg.norm(p.w2, axis=0) == approx(3)
    outputs = module.forward(p, x, np.random.default_rng(0), training=True)
    mask = next(a for a in outputs if a.shape == (50, 128) and set(a.flat) <= {0, 1.25})
    assert (mask == 0).mean() == approx(0.2, abs=0.02)
    hidden = (x @ p.w1 - p.mean1) / np.sqrt(p.variance1 + 1e-5) * p.scale1 + p.shift1
    second = np.maximum(np.maximum(hidden, 0) @ p.w2 + p.b2, 0)
    expected = np.exp(log_softmax(second @ p.w3 + p.b3, axis=1))
    assert module.forward(p, x)[-1] == approx(expected, rel=1e-9)
    gradients = type(p)(*(np.ones_like(w) for w in p))
    length = np.sqrt(sum(w.size for w in p))
    module.clip_gradients(gradients)
    assert gradients.b3 == approx(1 / (length + 1e-6), rel=1e-12)
    assert module.cosine(0.003, 0, 60) == approx(0.003 / 5)
    assert module.cosine(0.003, 30, 60) == approx(0.0015)


@pages_of("diabetes")
def test_plateau_waits_ten_epochs(page: str) -> None:
    optimizer = Network(page, rate=1.0).optimizer
    plateau, rates = load(page).Plateau(optimizer), []
    for loss in [1.0, 0.99995] + [1.0] * 21 + [0.5] + [0.49] * 3:
        plateau.update(loss)
        rates.append(optimizer.learning_rate)
    model = model_of(page, min_delta=1, patience=4).fit(*table(page))
    assert model.best_epoch_ == 1 and len(model.history_["loss"]) == 5
    assert rates[:12] == [1] * 11 + [0.5] and rates[22] == 0.25 and rates[-1] == 0.25


LEARNING = {"iris_fast": 0.95, "digits_fast": 0.975, "diabetes_fast": 0.42}


@pytest.mark.parametrize("page", LEARNING)
def test_the_median_of_seeds_learns(page: str, request: Any) -> None:
    (X, y), metric = table(page), "r2" if "diabetes" in page else "accuracy"
    seeds = range(31 if request.config.getoption("--all") else 5 + 6 * (len(X) < 500))
    models = [model_of(page, seed=seed).fit(X, y) for seed in seeds]
    assert np.median([model.test_[metric] for model in models]) >= LEARNING[page]


@every_page
def test_the_model_answers(page: str, tmp_path: Path) -> None:
    model, (X, y) = fitted(page), table(page)
    other = page.removesuffix("_fast") if page.endswith("_fast") else f"{page}_fast"
    model.save(str(tmp_path / "m.npz"))
    again = type(model).load(str(tmp_path / "m.npz"))
    theirs = type(fitted(other)).load(str(tmp_path / "m.npz"))
    assert again.predict(X).tobytes() == model.predict(X).tobytes()
    assert sorted(tmp_path.iterdir()) == [tmp_path / "m.npz"]
    same = model_of(page, epochs=3).fit(X, y)
    assert far(same.parameters_, model.parameters_) == 0
    for copied in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert copied.predict(X).tobytes() == model.predict(X).tobytes()
        assert far(copied.fit(X, y).parameters_, model.parameters_) == 0
    with ThreadPoolExecutor(4) as pool:
        answers = [a.tobytes() for a in pool.map(model.predict, [X] * 24)]
    assert set(answers) == {model.predict(X).tobytes()}
    if "diabetes" in page:
        assert theirs.predict(X) == approx(model.predict(X), rel=1e-4)
        expected = metrics.r2_score(y, model.predict(X))
        error = metrics.mean_absolute_error(y, model.predict(X))
        assert model.evaluate(X, y)["mean_absolute_error"] == approx(error)
        assert model.predict(X).dtype == float
    else:
        assert theirs.predict_proba(X) == approx(model.predict_proba(X), abs=1e-5)
        expected = metrics.accuracy_score(y, model.predict(X))
        assert model.predict_proba(X).sum(axis=1) == approx(1, abs=1e-5)
        best = model.predict_proba(X).argmax(axis=1)
        assert (model.classes_[best] == model.predict(X)).all()
    assert model.score(X, y) == approx(expected)
    stopped = model_of(page).fit(X, y, callback=lambda epoch, log: epoch == 2)
    assert {len(values) for values in stopped.history_.values()} == {2}


@every_page
def test_copies_train_like_the_original(page: str) -> None:
    networks = [Network(page) for _ in range(4)]
    for network in networks:
        network.train(3)
    _, copied, pickled, replaced = networks
    copied.p, copied.optimizer = copy.deepcopy((copied.p, copied.optimizer))
    both = pickle.dumps((pickled.p, pickled.optimizer))
    pickled.p, pickled.optimizer = pickle.loads(both)
    replaced.p = replaced.p._replace(w1=replaced.p.w1.copy(order="F"))
    before = replaced.p.b2.copy()
    for network in networks:
        network.train(5)
    assert far([before], [replaced.p.b2]) > 1e-3
    assert max(far(network.p, networks[0].p) for network in networks) < 1e-12


@every_page
def test_bad_x_is_refused_with_row_and_column(page: str) -> None:
    model, (X, y) = fitted(page), table(page)
    column = getattr(load(page), "FEATURES", "01")[1]
    cells = ["wide", np.inf, 1 + 2j, date(2020, 1, 1)] + [-1, 17] * ("digits" in page)
    for cell in cells + [None, np.nan, ""] * ("diabetes" not in page):
        bad = X.astype(object)
        bad[1, 1] = cell
        for call in (model.predict, lambda X: model.evaluate(X, y)):
            with raises(ValueError, match=rf"X, row 1, column {column}: '|complex"):
                call(bad)
    for odd in (X[0], X[:0], X[:, 1:], 3, X.astype("M8[ns]"), X + 1j):
        with raises(ValueError, match="X "):
            model.predict(odd)


@every_page
def test_bad_y_is_refused(page: str) -> None:
    model, (X, y) = fitted(page), table(page)
    classes = getattr(model, "classes_", None)
    labels = ["rose", np.nan, None, date(2020, 1, 1)]
    for label in labels + [True] * (classes is not None and "xor" not in page):
        bad = y.astype(object)
        bad[1] = label
        with raises(ValueError, match=r"y, row [01]: |y is object"):
            model.evaluate(X, bad)
    dates = pd.date_range("2020", periods=len(X))
    for bad in [y[1:], dates] + [y == y[0]] * (classes is not None):
        with raises(ValueError, match="y"):
            model.evaluate(X, bad)
    if classes is not None and len(classes) > 2:
        one_hot = y[:, None] == classes
        assert str(model.evaluate(X, one_hot)) == str(model.evaluate(X, y))
        with raises(ValueError, match="y"):
            model.evaluate(X, one_hot + 1)


@every_page
def test_what_cannot_be(page: str, tmp_path: Path) -> None:
    (X, y), model, path = table(page), model_of(page), str(tmp_path / "m")
    for method, given in {"predict": [X], "score": [X, y], "save": [path]}.items():
        with raises(RuntimeError, match="not trained"):
            getattr(model, method)(*given)
    settings: list[dict[str, Any]] = [{"epochs": 0}]
    if hasattr(model, "split"):
        settings += [{"split": (0.5, 0.5, 0.5)}, {"split": (1, 0, 0)}]
        with raises(ValueError, match="too few"):
            model.fit(X[:2], y[:2])
    for setting in settings + [{"batch_size": 0}] * ("xor" not in page):
        with raises(ValueError, match=next(iter(setting))):
            model_of(page, **setting)


@every_page
def test_other_files_are_refused(page: str, tmp_path: Path) -> None:
    path = str(tmp_path / "m.npz")
    fitted(page).save(path)
    arrays = dict(np.load(path))
    changes = {"network": "4 -> dense 3", "w1": arrays["w1"] * np.nan}
    changes |= {"b2": arrays["b2"].astype(str), "w2": arrays["w2"][1:]}
    for name, value in changes.items():
        np.savez(path, **{**arrays, name: value})
        with raises(ValueError, match=r"another network|no finite array"):
            type(fitted(page)).load(path)


@every_page
def test_a_loss_that_is_not_finite_ends_fit(page: str, monkeypatch: Any) -> None:
    model, measure, epochs = model_of(page), load(page).measure, []

    def failing(*arguments: Any) -> dict[str, float]:
        return {**measure(*arguments), "loss": float("nan") if epochs else 0.5}

    monkeypatch.setattr(load(page), "measure", failing)
    with raises(FloatingPointError, match="epoch 2"):
        model.fit(*table(page), callback=lambda epoch, log: epochs.append(epoch))
    assert epochs == [1] and np.isfinite(model.parameters_.w1).all()


@pytest.mark.parametrize(
    "page", ["iris", "diabetes_fast", "made_iris_fast", "made_diabetes"]
)
def test_the_best_epoch_is_kept_and_frames_are_read_by_name(page: str) -> None:
    X, y = table(page)
    X[:, 1] = 0.1  # a constant column, whose deviation is not quite 0 by rounding
    model = model_of(page, seed=5).fit(X, y)
    assert np.abs(model._scale(X)[:, 1]).max() < 1e-6
    losses = model.history_["val_loss"]
    assert losses[model.best_epoch_ - 1] < min(losses) + 1e-4
    assert len(losses) == min(model.epochs, model.best_epoch_ + model.patience)
    rows = model.split_[1]
    assert model.evaluate(X[rows], y[rows])["loss"] == losses[model.best_epoch_ - 1]
    frame = pd.DataFrame(X, columns=load(page).FEATURES).assign(more="x")
    assert (model.predict(frame[frame.columns[::-1]]) == model.predict(X)).all()
    with raises(ValueError, match=r"missing from X|no column"):
        model.predict(frame.iloc[:, 1:])


def test_missing_values_become_the_mean_of_the_training_rows() -> None:
    X, y = table("diabetes")
    X[::3, 2] = np.nan
    model = model_of("diabetes", epochs=2).fit(X, y)
    assert model.fill_ == approx(np.nanmean(X[model.split_[0]], axis=0))
    filled = np.where(np.isnan(X), model.fill_, X)
    holes = pd.DataFrame(X, columns=load("diabetes").FEATURES).convert_dtypes()
    assert (model.predict(holes) == model.predict(filled)).all()
    X[:, 2] = np.nan
    with raises(ValueError, match="column bmi"):
        model_of("diabetes").fit(X, y)


def test_digits_split_batches_and_checkpoint(tmp_path: Path, monkeypatch: Any) -> None:
    (X, y), path, module = table("digits"), str(tmp_path / "best.npz"), load("digits")
    sizes, train_batch = set(), module.train_batch

    def recording(p: Any, optimizer: Any, x: Any, *others: Any) -> None:
        sizes.add(len(x))
        train_batch(p, optimizer, x, *others)

    monkeypatch.setattr(module, "train_batch", recording)
    settings = {"epochs": 10, "batch_size": 419, "learning_rate": 0.01}
    model = model_of("digits", checkpoint=path, **settings).fit(X, y)
    assert min(model.history_["val_loss"]) < model.history_["val_loss"][-1]
    assert sorted(np.concatenate(model.split_)) == list(range(len(X)))
    assert len(model.split_[0]) % 419 == 1 and sizes == {419, 420}
    for part, share in zip(model.split_, model.split, strict=True):
        assert np.bincount(y[part]) == approx(share * np.bincount(y), abs=1)
    best = type(model).load(path).evaluate(*(part[model.split_[1]] for part in (X, y)))
    assert best["loss"] == approx(min(model.history_["val_loss"]))


@pytest.mark.parametrize(
    "page", [page for page in (*PAGES, *MADE) if "digits" not in page]
)
def test_from_the_command_line(page: str, tmp_path: Path) -> None:
    (tmp_path / "page.py").write_text(text_of(page), "utf-8")
    words = [sys.executable, "-W", "error", "page.py", str(DATA / name_of(page))]
    words[-1] += ".csv"
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0 and 3 <= done.stdout.count("epoch ") <= 12, done.stderr
    assert {path.suffix for path in tmp_path.iterdir()} == {".py", ".npz"}
