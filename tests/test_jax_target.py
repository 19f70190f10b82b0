"""`--target jax`: JAX computes what the module for NumPy computes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from reference.estimators import IRIS, NAMES, PROJECT, TASKS, TRAINS, module, table

import nndsl
from nndsl.api import module_of
from nndsl.cli.main import main
from nndsl.compiler import compile_text, understand
from nndsl.diagnostics.record import Source
from nndsl.language.module_names import class_name
from nndsl.lower.lower import lower
from nndsl.program.program import ActivateGradient, Program
from nndsl.render.network.loss_function import loss_name
from nndsl.render.targets import TargetName

jax = pytest.importorskip("jax")
jnp = jax.numpy
SPECS = sorted((PROJECT / "specs").glob("*.nn"))
WIDTHS = {"features": 5, "outputs": 3}


@pytest.fixture(autouse=True)
def settings() -> Any:
    """Modules in float64 change a setting of JAX, which others shall not see."""
    jax.config.update("jax_disable_most_optimizations", True)  # compiles sooner
    yield
    jax.config.update("jax_enable_x64", False)


def in_float64(text: str, name: str = "net.nn") -> tuple[ModuleType, Program]:
    settings = ["train.precision=float64"]
    network = understand(Source(name, text), settings).network
    made = compile_text(text, name, settings=settings, target="jax")
    return module_of(made, name), lower(network)


def drawn(program: Program, rng: np.random.Generator, n: int = 12) -> tuple[Any, Any]:
    """Rows and targets as the network sees them."""
    width = program.arrays["x"].shape[1]
    x = rng.normal(size=(n, WIDTHS.get(str(width), width)))
    k = program.loss.outputs
    k = WIDTHS.get(str(k), k)
    match program.data.encoding:
        case "input":
            return x, x
        case "one_hot":
            return x, np.eye(k)[rng.integers(0, k, n)]
        case "binary":
            return x, rng.integers(0, 2, (n, 1)).astype(float)
        case "sign":
            return x, rng.choice([-1.0, 1.0], (n, 1))
    if program.data.decision.kind == "multilabel":
        return x, rng.integers(0, 2, (n, k)).astype(float)
    return x, rng.normal(size=(n, k))


MORE = {
    "penalties": """network Net { input 3; dense 4 gelu l1=0.1 l2=0.2; layer_norm; mish
        dense 4 softplus l2=0.3; dense 2; target a, b; loss log_cosh }""",
    "weights": """network Net { input any; dense 4 selu; batch_norm; dropout 30%; tanh
        dropout 10%; dense classes softmax; loss categorical_crossentropy
        train { class_weights balanced } }""",
}


@pytest.mark.parametrize("name", [*(path.name for path in SPECS), *MORE])
def test_the_explicit_gradients_are_those_of_jax_grad(name: str) -> None:
    text = MORE.get(name) or (PROJECT / "specs" / name).read_text("utf-8")
    net, program = in_float64(text)
    rng = np.random.default_rng(4)
    x, t = drawn(program, rng)
    widths = {
        f"n_{word}": width
        for word, width in WIDTHS.items()
        if any(word in each.array.shape for each in program.parameters)
    }
    p = net.initialize(rng, **widths)
    p = p._make(w + 0.1 * rng.normal(size=w.shape) for w in p)
    given: dict[str, Any] = {"training": True} if program.running else {}
    if "dropout_mask" in vars(net):
        given["key"] = jax.random.key(1)
    weights = [rng.uniform(1, 2, t.shape[1])] * bool(program.loss.weights)
    loss = getattr(net, loss_name(program))

    def whole(p: Any) -> Any:
        value = loss(net.forward(p, x, **given)[-1], t, *weights)
        return value + net.penalty(p) if program.penalties else value

    def both(p: Any) -> Any:
        outputs = net.forward(p, x, **given)
        return net.backward(p, x, outputs, t, *weights), jax.grad(whole)(p)

    ours, theirs = jax.jit(both)(p)
    activations = (s for b in program.backward for s in b.statements)
    borrows = any(
        isinstance(each, ActivateGradient) and each.use.surrogate
        for each in activations
    )
    count = getattr(net, "LEARNED", len(p))
    assert max(float(abs(g).max()) for g in ours[:count]) > 1e-3
    for key, mine, its in zip(p._fields[:count], ours, theirs, strict=False):
        if borrows:  # the slope of another function, where JAX finds 0
            mine = np.where(np.asarray(its) == 0, 0, mine)
        np.testing.assert_allclose(mine, its, rtol=1e-9, atol=1e-12, err_msg=key)
    for zero in ours[count:]:
        assert not np.any(zero)


def fitted(text: str, target: str, task: str, **given: Any) -> Any:
    X, y = table(task)
    weights = np.resize([1.0, 2.0, 0.5, 3.0], len(X))
    if "weight w" in text:
        given["sample_weight"] = weights
    model = module(text, target, "textbook").Net()
    return model.fit(X, *[y] * (task != "input"), **given)


def same(ours: Any, plain: Any, tolerance: float = 1e-9) -> None:
    assert ours.history_.keys() == plain.history_.keys()
    for name, values in plain.history_.items():
        mine = ours.history_[name]
        np.testing.assert_allclose(mine, values, rtol=tolerance, err_msg=name)
    for mine, its in zip(ours.parameters_, plain.parameters_, strict=True):
        np.testing.assert_allclose(mine, its, rtol=tolerance, atol=tolerance / 1000)


LIMITED = """input a, b, c, d; dense 6 gelu max_norm=0.5 l2=0.01; dense 1 l1=0.001
    target h; loss mean_squared_error
    train { missing drop; epochs 4; clip_gradients norm=0.1; TRAIN }"""


def test_clipping_penalties_and_limits_are_those_of_numpy() -> None:
    spec = LIMITED.replace("TRAIN", "precision float64; optimizer sgd; batch_size all")
    ours, plain = (fitted(spec, target, "number") for target in ("jax", "numpy"))
    same(ours, plain)
    lengths = np.sqrt((np.asarray(ours.parameters_.w1) ** 2).sum(axis=0))
    assert lengths.max() == pytest.approx(0.5)


@pytest.mark.parametrize("place", range(len(TASKS)))
def test_training_equals_that_of_the_numpy_module(
    place: int, request: pytest.FixtureRequest
) -> None:
    everything = request.config.getoption("--all")
    task, text = [*TASKS.items()][place]
    if not everything and task not in ("classes", "binary", "columns"):
        pytest.skip("with --all")
    for train in TRAINS if everything else [TRAINS[place % 3]]:
        spec = text.replace("TRAIN", f"seed 3; precision float64; {train}")
        spec = spec.replace("dropout 20%; ", "")
        ours, plain = (fitted(spec, target, task) for target in ("jax", "numpy"))
        same(ours, plain)
        X, _ = table(task)
        rows = X.dropna() if task == "columns" else X[~np.isnan(X).any(axis=1)]
        for name in ("predict", "predict_proba", "transform"):
            if hasattr(plain, name):
                mine, its = getattr(ours, name)(rows), getattr(plain, name)(rows)
                assert type(mine) is np.ndarray and mine.dtype == its.dtype
                if mine.dtype.kind == "f":
                    np.testing.assert_allclose(mine, its, rtol=1e-8, atol=1e-12)
                else:
                    np.testing.assert_array_equal(mine, its)


OPTIMIZERS = (
    *("adadelta", "adagrad", "adam(weight_decay=0.1)", "adamax", "adamw", "lion"),
    *("nadam", "radam", "rmsprop(momentum=0.5)", "sgd(momentum=0.9, nesterov=yes)"),
    *("sgd", "own", "counting"),
)
OWN = """optimizer own(learning_rate=0.01) {
    state count = 1
    state index = 0
    count  = count * 0.9
    index  = where(step > 2, index + gradient, gradient)
    weight = weight - learning_rate * count * index
}
optimizer counting(learning_rate=0.01) {
    state p = 0
    state changed = 0.5
    state momentum_of_everything_so_far = 0
    momentum_of_everything_so_far = changed * momentum_of_everything_so_far + gradient
    p = max(p, abs(momentum_of_everything_so_far) + sqrt(abs(gradient) + abs(p)) / step)
    changed = changed * 0.99
    weight = weight - learning_rate * momentum_of_everything_so_far / (p + 1e-3) * step
}
"""
SCHEDULES = (
    *("cosine(0.01)", "one_cycle(0.02)", "one_cycle(0.02, warmup=2)"),
    *("step_decay(0.05, every=4)", "inverse_time(0.01, warmup=3)", "plateau(0.05)"),
    *("plateau(0.05, warmup=2)", "constant(0.01, warmup=4)"),
)
SMALL = """network Net { input a, b, c, d; dense 3 tanh max_norm=1; dense 1; target h
    loss mean_squared_error
    train { precision float64; missing drop; seed 1; epochs 6; TRAIN } }"""


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_takes_the_steps_of_numpy(
    optimizer: str, request: pytest.FixtureRequest
) -> None:
    """With the gradients clipped before and the columns of weights limited after."""
    rarely = ("adadelta", "adagrad", "adamax", "adamw", "lion", "rmsprop(momentum=0.5)")
    if optimizer in rarely and not request.config.getoption("--all"):
        pytest.skip("with --all")
    clip = "norm=1.5" if len(optimizer) % 2 else "value=0.5"
    train = f"optimizer {optimizer}; clip_gradients {clip}"
    spec = OWN * (optimizer in ("own", "counting")) + SMALL.replace("TRAIN", train)
    plain, made = (module(spec, each, "textbook") for each in ("numpy", "jax"))
    rng = np.random.default_rng(7)
    p = plain.initialize(rng)
    new = made.Parameters(*map(jnp.asarray, p))
    name = class_name(optimizer.partition("(")[0])
    theirs, ours = vars(plain)[name], vars(made)[name]
    its, state = theirs(p, 0.05), ours.start(new)

    @jax.jit
    def step(new: Any, state: Any, gradients: Any) -> Any:
        gradients = made.clip_gradients(gradients)
        new, state = state.update(new, gradients, 0.05)
        return made.limit_norms(new), state

    for number in range(9):
        gradients = [rng.normal(size=w.shape) for w in p]
        new, state = step(new, state, made.Parameters(*gradients))
        plain.clip_gradients(gradients)
        its.update(p, gradients)
        plain.limit_norms(p)
        assert state.step == number + 1
        for mine, w in zip(new, p, strict=True):
            np.testing.assert_allclose(mine, w, rtol=1e-11, atol=1e-14)


def in_turn(losses: list[float]) -> Callable[..., dict[str, float]]:
    left = iter(losses)
    return lambda *_: {"loss": next(left)}


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("batch_size", ["all", "20"])
def test_every_schedule_gives_the_rates_of_numpy(
    schedule: str, batch_size: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rates of all steps, while the loss falls and then stays."""
    train = f"optimizer sgd(learning_rate={schedule}); batch_size {batch_size}"
    spec = SMALL.replace("TRAIN", f"{train}; epochs 20").replace("epochs 6", "")
    rates: dict[str, list[float]] = {"numpy": [], "jax": []}

    def of_numpy(p: Any, sgd: Any, *_: Any) -> None:
        before = p.w1.copy()
        sgd.update(p, p._make(np.ones_like(w) for w in p))
        rates["numpy"].append(float((before - p.w1).mean()))

    def of_jax(p: Any, sgd: Any, x: Any, t: Any, rows: Any, rate: float) -> Any:
        rates["jax"].append(rate)
        return p, sgd

    for target, step in (("numpy", of_numpy), ("jax", of_jax)):
        made = module(spec, target, "textbook")
        monkeypatch.setattr(made, "train_batch", step)
        monkeypatch.setattr(made, "measure", in_turn([5.0, 4.0, *[3.0] * 18]))
        made.Net().fit(*table("number"))
    assert len(rates["jax"]) == (20 if batch_size == "all" else 60)
    np.testing.assert_allclose(rates["jax"], rates["numpy"], rtol=1e-9)
    assert len(set(rates["jax"])) > 1


def test_dropout_drops_its_share_and_follows_from_the_seed() -> None:
    spec = """input 4; dense 100 relu; dropout 25%; dense 100 relu; dropout 25%
        dense 1; loss mean_squared_error
        train { optimizer sgd; epochs 2; batch_size all }"""
    made = module(spec, "jax", "textbook")
    p = made.initialize(np.random.default_rng(0))
    x = np.ones((200, 4), np.float32)
    names = made.forward(p, x, jax.random.key(0))
    first, second = (mask for mask in names if set(np.unique(mask)) == FROM_25)
    for mask in map(np.asarray, (first, second)):
        assert (mask == 0).mean() == pytest.approx(0.25, abs=0.01)
    assert (np.asarray(first) != np.asarray(second)).any()
    assert all((np.asarray(mask) != 0).any() for mask in made.forward(p, x))
    X, y, made.initialize = IRIS.data, IRIS.data[:, 0], lambda rng: copied(p)
    runs = [made.Net(seed=seed).fit(X, y).history_["loss"] for seed in (1, 1, 2)]
    assert runs[0] == runs[1] != runs[2]
    t, rows = np.ones((200, 1), np.float32), np.arange(200)
    later = [
        made.train_batch(copied(p), made.SGD(jnp.int32(step)), x, t, rows, 0.1, 7)[0]
        for step in (0, 0, 1)
    ]
    weights = [np.asarray(each.w2) for each in later]
    assert np.array_equal(weights[0], weights[1])
    assert not np.array_equal(weights[0], weights[2])


def copied(p: Any) -> Any:
    return p._make(w.copy() for w in p)


FROM_25 = {np.float32(0), np.float32(1) / np.float32(0.75)}


def test_a_file_of_one_target_is_read_by_the_other(tmp_path: Path) -> None:
    path = PROJECT / "specs" / "iris.nn"
    targets: tuple[TargetName, ...] = ("numpy", "jax")
    nets = {
        target: nndsl.load(path, settings=["train.epochs=9"], target=target).Iris
        for target in targets
    }
    for writer, reader in (("numpy", "jax"), ("jax", "numpy")):
        model = nets[writer]().fit(IRIS.data, NAMES)
        model.save(str(tmp_path / "iris.npz"))
        again = nets[reader].load(str(tmp_path / "iris.npz"))
        np.testing.assert_allclose(
            again.predict_proba(IRIS.data), model.predict_proba(IRIS.data), atol=1e-6
        )
        assert again.evaluate(IRIS.data, NAMES)["accuracy"] > 0.6
        assert [each.name for each in tmp_path.iterdir()] == ["iris.npz"]


def test_modules_are_well_written(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    texts = {path.stem: path.read_text("utf-8") for path in SPECS}
    for number, (task, text) in enumerate(TASKS.items()):
        spec = text.replace("TRAIN", TRAINS[number % 3]).replace("weight w", "")
        texts[task] = f"network Net {{ {spec} }}"
    for number, optimizer in enumerate(OPTIMIZERS):
        train = f"optimizer {optimizer}"
        own = OWN * (optimizer in ("own", "counting"))
        texts[f"optimizer{number}"] = own + SMALL.replace("TRAIN", train)
    for number, schedule in enumerate(SCHEDULES):
        train = f"optimizer adam(learning_rate={schedule}); batch_size 20"
        texts[f"schedule{number}"] = SMALL.replace("TRAIN", train)
    texts |= MORE
    for name, text in texts.items():
        made = compile_text(text, f"{name}.nn", target="jax")
        (tmp_path / f"{name}.py").write_text(made)
    commands = ["ruff check", "ruff format --check"]
    if request.config.getoption("--all"):  # mypy reads JAX for 15 seconds
        commands.append("mypy --config-file= --ignore-missing-imports")
    for command in commands:
        words = [sys.executable, "-m", *command.split(), *tmp_path.glob("*.py")]
        done = subprocess.run(words, capture_output=True, text=True, cwd=PROJECT)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_command_writes_what_the_function_gives(tmp_path: Path) -> None:
    spec, out = PROJECT / "specs" / "xor.nn", tmp_path / "xor.py"
    assert main(["compile", str(spec), "--target", "jax", "-o", str(out)]) == 0
    text = nndsl.compile_text(spec.read_text("utf-8"), "xor.nn", target="jax")
    assert out.read_text("utf-8") == text


def test_the_fast_style_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    spec = str(PROJECT / "specs" / "xor.nn")
    words = ["compile", spec, "--stdout", "--target", "jax", "--style", "fast"]
    assert main(words) == 2
    assert "--target jax has one style only" in capsys.readouterr().err
    with pytest.raises(ValueError, match="style is 'fast'; expected 'textbook'"):
        compile_text(SMALL.replace("TRAIN", ""), style="fast", target="jax")
