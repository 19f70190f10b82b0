"""The fast style computes what the textbook style computes, for every network."""

from __future__ import annotations

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from reference.data import SPECS
from reference.gradients import copied
from reference.modules import STYLES, Run, far

from nndsl.formulas.build.library import library_names
from nndsl.program.in_place import Style

BOUNDS = {"float64": 1e-12, "float32": 1e-5}
OPTIMIZERS = (
    "adam",
    "adam(weight_decay=0.1)",
    "adamw",
    "nadam",
    "radam",
    "adamax",
    "adadelta",
    "adagrad",
    "rmsprop",
    "rmsprop(momentum=0.9, weight_decay=0.1)",
    "lion",
    "lion(weight_decay=0.1)",
    "sgd",
    "sgd(momentum=0.9, nesterov=yes, weight_decay=0.01)",
)
LOSSES = (
    ("3 softmax", "categorical_crossentropy"),
    ("3 softmax", "categorical_crossentropy(label_smoothing=0.1)"),
    ("40 softmax", "categorical_crossentropy"),
    ("3 softmax", "kl_divergence"),
    ("3 softmax", "mean_squared_error"),
    ("1 sigmoid", "binary_crossentropy"),
    ("4 sigmoid", "binary_crossentropy"),
    ("1", "hinge"),
    ("1 tanh", "squared_hinge"),
    ("2 softplus", "poisson"),
    ("2", "mean_squared_error"),
    ("1", "mean_absolute_error"),
    ("2", "huber(delta=0.5)"),
    ("2", "log_cosh"),
)
LAYERS = (
    "dense 16; batch_norm; relu; dropout 20%",
    "dense 16 leaky_relu(slope=0.3); layer_norm; elu(alpha=0.5)",
    "dense 16 step(surrogate=tanh); dense 12 softplus",
    "dense 16 relu l1=0.01 l2=0.02 bias_l1=0.1 bias_l2=0.1 max_norm=1",
    "dense 16 use_bias=no; dropout 50%; dense 16 leaky_relu(slope=2)",
)
TRAIN = (
    "clip_gradients value=0.001",
    "clip_gradients norm=0.1",
    "l2 0.01; l1 0.001",
)


def spec(
    layers: str = "dense 16 relu; dense 8 tanh",
    last: str = "3 softmax",
    loss: str = "categorical_crossentropy",
    train: str = "optimizer adam",
) -> str:
    lines = "\n".join(part.strip() for part in layers.split(";"))
    return (
        f"network Agree {{\ninput 5\n{lines}\ndense {last}\nloss {loss}\n"
        f"train {{ {train} }}\n}}\n"
    )


OWN = (
    "k * (prediction - target)^2 + (prediction - target)^4 / outputs",
    "(target - prediction)^2 + 0.1 * k * -((e / 2 > 0) * pi)",
)
CASES = {
    **{name: path.read_text(encoding="utf-8") for name, path in SPECS.items()},
    **{
        f"{name}()": spec(f"dense 16 {name}; dense 8 tanh")
        for name in library_names("activation")
        if name not in ("step", "softmax")
    },
    **{f"loss {last} {loss}": spec(last=last, loss=loss) for last, loss in LOSSES},
    **{each: spec("dense 9 silu", train=f"optimizer {each}") for each in OPTIMIZERS},
    **{each: spec(each, "2", "mean_squared_error") for each in LAYERS},
    **{each: spec(train=each) for each in TRAIN},
    **{
        each: f"loss own(prediction, target, k=2) = {each}\n"
        + spec("dense 5; batch_norm; tanh", "2", "own", "optimizer lion").replace(
            "input 5", "input any"
        )
        for each in OWN
    },
    "drawn again": """network Again {
        input any; target input; dense 3 relu; dense features; loss huber }""",
}
WEIGHTED = {"tags": (2, 4), "weighted": (3,)}
CASES["weighted"] = spec(train="class_weights balanced")
WIDTHS = {"n_features": 5, "n_classes": 3, "n_outputs": 2}


def run_of(text: str, style: Style, precision: str = "float32") -> Run:
    setting = (f"train.precision={precision}",)
    return Run(text, style, setting, widths=WIDTHS, rate=0.001)


def batch(run: Run, n: int, random: np.random.RandomState) -> tuple[Any, Any]:
    """Rows, and targets that add up to 1 and suit every loss."""
    dtype = run.p.w1.dtype
    x = random.standard_normal((n, len(run.p.w1)))
    width = run.outputs(x.astype(dtype))[-1].shape[1]
    return x.astype(dtype), np.eye(width, dtype=dtype)[random.randint(0, width, n)]


@pytest.mark.one_in(2)
@pytest.mark.parametrize("precision", BOUNDS)
@pytest.mark.parametrize("name", CASES)
def test_styles_agree_over_fifty_steps(name: str, precision: str) -> None:
    """In float32 with more rows: adam makes whole steps of what is only rounding."""
    runs = [run_of(CASES[name], style, precision) for style in STYLES]
    copied(*runs)
    losses: list[list[float]] = [[], []]
    random, bound = np.random.RandomState(3), BOUNDS[precision]
    more = 3 if precision == "float64" else 20
    for step in range(50):
        x, t = batch(runs[0], (16, 7, 16, 5, 1)[step % 5] + more, random)
        weights: tuple[Any, ...] = ()
        if name in WEIGHTED and step % 3 == 0:
            weights = (random.uniform(0.5, 2, WEIGHTED[name]).astype(precision),)
        for run, seen in zip(runs, losses, strict=True):
            seen.append(run.loss(x, t, *weights))
            run.step(x, t, *weights)
    scale = max(map(abs, losses[0]))
    assert max(abs(a - b) for a, b in zip(*losses, strict=True)) <= bound * scale
    assert far(runs[0].p, runs[1].p) <= bound
    x, t = batch(runs[0], 9, random)
    figures = [run.module.measure(run.p, x, t)["loss"] for run in runs]
    assert figures[0] == pytest.approx(figures[1], rel=bound)
    outputs = [[run.module.forward(run.p, x)[-1]] for run in runs]
    assert far(*outputs) <= bound


def trained(
    steps: int, style: Style, text: str = "", precision: str = "float32"
) -> Run:
    run, random = run_of(text or spec(), style, precision), np.random.RandomState(0)
    for _ in range(steps):
        run.step(*batch(run, 8, random))
    return run


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", ["digits", "diabetes", "tags"])
def test_nothing_given_is_changed_or_handed_back(name: str, style: Style) -> None:
    """Rows, targets, parameters and gradients are read; answers are the caller's."""
    run = trained(2, style, CASES[name])
    x, t = batch(run, 11, np.random.RandomState(0))
    given = [x, t, *run.p]
    before = [array.copy() for array in given]
    outputs, gradients = run.outputs(x), run.gradients(x, t)
    run.module.measure(run.p, x, t)
    kept = [array.copy() for array in (*outputs, *gradients)]
    run.outputs(x[::-1].copy())
    run.gradients(x, t[::-1].copy())
    for array, old in zip((*given, *outputs, *gradients), before + kept, strict=True):
        assert (array == old).all()
    for array in (x, t):
        array.flags.writeable = False
    run.step(x, t)
    assert (x == before[0]).all() and (t == before[1]).all()
    for answer in (*outputs, *gradients):
        answer[...] = 7
    assert (run.module.forward(run.p, x)[-1] != 7).all()


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_copy_trains_like_the_original(optimizer: str, style: Style) -> None:
    """Also where arrays are no longer parts of one vector."""
    text, random = spec(train=f"optimizer {optimizer}"), np.random.RandomState(4)
    runs = [trained(3, style, text) for _ in range(4)]
    runs[1].p, runs[1].optimizer = copy.deepcopy((runs[1].p, runs[1].optimizer))
    both = pickle.dumps((runs[2].p, runs[2].optimizer))
    runs[2].p, runs[2].optimizer = pickle.loads(both)
    runs[3].p = runs[3].p._replace(w1=runs[3].p.w1.copy(order="F"))
    before = [array.copy() for array in runs[0].p]
    for _ in range(3):
        x, t = batch(runs[0], 8, random)
        for run in runs:
            run.step(x, t)
    for run in runs:
        assert far(runs[0].p, run.p) <= 1e-6
    for mine, old in zip(runs[0].p, before, strict=True):
        assert (mine != old).any()


@pytest.mark.parametrize("style", STYLES)
def test_threads_may_predict_at_once(style: Style) -> None:
    run = trained(2, style)
    rows = [batch(run, 2000, np.random.RandomState(i))[0] for i in range(4)] * 5

    def predict(x: np.ndarray) -> np.ndarray:
        return run.module.forward(run.p, x)[-1]

    expected = [predict(x).tobytes() for x in rows]
    with ThreadPoolExecutor(4) as pool:
        assert [a.tobytes() for a in pool.map(predict, rows)] == expected


def test_bits_do_not_depend_on_the_size_of_blocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    results = []
    for block in (1_000, 65_536, 10**9):
        run = run_of(spec("dense 300 relu; dense 400 relu"), "fast")
        monkeypatch.setattr(run.module, "BLOCK", block)
        for _ in range(3):
            run.step(*batch(run, 8, np.random.RandomState(0)))
        results.append([array.tobytes() for array in run.p])
    assert results[0] == results[1] == results[2]


def test_styles_agree_where_there_are_several_blocks() -> None:
    text = spec("dense 300 relu; dense 400 relu")
    runs = [trained(4, style, text, "float64") for style in STYLES]
    assert far(runs[0].p, runs[1].p) <= 1e-12


@pytest.mark.parametrize("style", STYLES)
def test_what_was_written_into_parameters_is_what_counts(style: Style) -> None:
    run = trained(1, style)
    x, _ = batch(run, 6, np.random.RandomState(1))
    run.p.w3[...] = 0.0
    run.p.b3[...] = 0.0
    assert run.outputs(x)[-1] == pytest.approx(1 / 3)
