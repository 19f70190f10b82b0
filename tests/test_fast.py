"""The fast style computes what the textbook style computes, for every network."""

from __future__ import annotations

import copy
import pickle
import threading
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from nndsl.api import compile_text, module_of
from nndsl.program.in_place import Style

SPECS = sorted((Path(__file__).parent.parent / "specs").glob("*.nn"))
LIBRARY = Path(__file__).parent.parent / "nndsl" / "language" / "library"
ACTIVATIONS = sorted(path.stem for path in (LIBRARY / "activations").glob("*.nn"))
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


CASES = {
    **{path.stem: path.read_text(encoding="utf-8") for path in SPECS},
    **{
        f"{name}()": spec(f"dense 16 {name}; dense 8 tanh")
        for name in ACTIVATIONS
        if name not in ("step", "softmax")
    },
    **{f"loss {last} {loss}": spec(last=last, loss=loss) for last, loss in LOSSES},
    **{each: spec("dense 9 silu", train=f"optimizer {each}") for each in OPTIMIZERS},
    **{each: spec(each, "2", "mean_squared_error") for each in LAYERS},
    **{each: spec(train=each) for each in TRAIN},
}


def compiled(text: str, style: Style, *settings: str) -> ModuleType:
    source = compile_text(text, "agree.nn", settings=settings, style=style)
    return module_of(source, "agree.nn")


def model_of(module: ModuleType) -> Any:
    (kind,) = (v for v in vars(module).values() if hasattr(v, "train_batch"))
    model = kind()
    n_features, n_outputs = model.n_features_in_ or 5, model.n_outputs_ or 3
    return model.build(n_features=n_features, n_outputs=n_outputs)


def batch(model: Any, n: int, random: np.random.RandomState) -> tuple[Any, Any]:
    """Rows, and targets that add up to 1 and suit every loss."""
    dtype = next(iter(model.parameters.values())).dtype
    rows = random.standard_normal((n, model.n_features_in_))
    targets = np.zeros((n, model.n_outputs_))
    targets[np.arange(n), random.randint(0, model.n_outputs_, n)] = 1.0
    return rows.astype(dtype), targets.astype(dtype)


def apart(left: dict[str, Any], right: dict[str, Any]) -> float:
    """The largest difference, relative to the largest number of each array."""
    assert left.keys() == right.keys()
    return max(
        float(np.max(np.abs(left[k] - right[k])))
        / max(float(np.max(np.abs(left[k]))), 1e-30)
        for k in left
    )


@pytest.mark.parametrize("precision", BOUNDS)
@pytest.mark.parametrize("name", CASES)
def test_styles_agree_over_fifty_steps(name: str, precision: str) -> None:
    setting = f"train.precision={precision}"
    models = [
        model_of(compiled(CASES[name], style, setting))
        for style in ("textbook", "fast")
    ]
    losses: list[list[float]] = [[], []]
    random = np.random.RandomState(3)
    for step in range(50):
        n = (16, 7, 16, 5, 1)[step % 5] + 3
        x, t = batch(models[0], n, random)
        share: Any = 1 / n
        if step % 3 == 0:
            share = (random.uniform(0.5, 2, (n, 1)) / n).astype(x.dtype)
        for model, seen in zip(models, losses, strict=True):
            seen.append(model._train(x, t, share)[0])
    bound = BOUNDS[precision]
    scale = max(map(abs, losses[0]))
    assert max(abs(a - b) for a, b in zip(*losses, strict=True)) <= bound * scale
    assert apart(models[0]._state(), models[1]._state()) <= bound
    x, _ = batch(models[0], 9, random)
    assert apart({"a": models[0]._output(x)}, {"a": models[1]._output(x)}) <= bound


@pytest.mark.parametrize("name", ["digits", "diabetes", "tags"])
def test_gradients_and_loss_agree_and_change_nothing(name: str) -> None:
    models = [
        model_of(compiled(CASES[name], style, "train.precision=float64"))
        for style in ("textbook", "fast")
    ]
    x, t = batch(models[0], 11, np.random.RandomState(0))
    before = {k: v.copy() for k, v in models[1]._state().items()}
    gradients = [model.gradients(x, t) for model in models]
    assert apart(*gradients) <= 1e-12
    assert models[0].loss(x, t) == pytest.approx(models[1].loss(x, t), rel=1e-12)
    assert apart(before, models[1]._state()) == 0.0
    gradients[1][next(iter(gradients[1]))][...] = 7.0
    assert apart(gradients[0], models[1].gradients(x, t)) <= 1e-12


def trained(steps: int, text: str = "", style: Style = "fast") -> Any:
    model = model_of(compiled(text or spec(), style))
    random = np.random.RandomState(0)
    for _ in range(steps):
        model._train(*batch(model, 8, random), 1 / 8)
    return model


@pytest.mark.parametrize(
    "again", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))]
)
def test_copy_trains_and_predicts_like_the_original(again: Any) -> None:
    model = trained(3)
    before = {k: v.copy() for k, v in model.parameters.items()}
    other = again(model)
    x, t = batch(model, 8, np.random.RandomState(5))
    start = other.forward(x)
    other.train_batch(x, t)
    assert apart(before, model.parameters) == 0.0
    assert not np.array_equal(other.forward(x), start)
    model.train_batch(x, t)
    assert apart(model.parameters, other.parameters) == 0.0
    assert np.array_equal(model.forward(x), other.forward(x))


def test_results_do_not_depend_on_sizes_seen_before() -> None:
    random = np.random.RandomState(9)
    models = [trained(2), trained(2)]
    for n in (1, 31, 2, 64, 5):
        models[1].gradients(*batch(models[1], n, random))
        models[1]._room(n)
    x, t = batch(models[0], 12, random)
    for model in models:
        model.train_batch(x, t)
    assert apart(models[0].parameters, models[1].parameters) == 0.0


def test_returned_arrays_are_the_callers_own() -> None:
    model = trained(1)
    x, t = batch(model, 6, np.random.RandomState(1))
    kept = [
        model.forward(x),
        *model.gradients(x, t).values(),
        *model._optimizer_arrays().values(),
    ]
    copies = [array.copy() for array in kept]
    for _ in range(3):
        model.train_batch(x, t)
        model.forward(x[::-1].copy())
    assert all(np.array_equal(a, b) for a, b in zip(kept, copies, strict=True))


def test_assigning_into_parameters_changes_the_model() -> None:
    model = trained(1)
    x, _ = batch(model, 6, np.random.RandomState(1))
    before = model.forward(x)
    model.parameters["dense1.weights"][...] = 0.0
    assert not np.array_equal(model.forward(x), before)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_styles_resume_each_other(optimizer: str) -> None:
    text = spec(train=f"optimizer {optimizer}; precision float64")
    random = np.random.RandomState(2)
    whole = trained(6, text)
    half = trained(3, text, "textbook")
    other = model_of(compiled(text, "fast"))
    for name, array in other._state().items():
        array[...] = half._state()[name]
    if hasattr(other, "_optimizer_arrays"):
        other._set_optimizer_arrays(half._optimizer_arrays())
    other._step = half._step
    random = np.random.RandomState(0)
    batches = [batch(other, 8, random) for _ in range(6)]
    for x, t in batches[3:]:
        other._train(x, t, 1 / 8)
    assert apart(whole.parameters, other.parameters) <= 1e-12


@pytest.mark.parametrize("precision", BOUNDS)
def test_saved_optimizer_state_resumes_exactly(precision: str) -> None:
    text = spec(train=f"optimizer adam; precision {precision}")
    model, other = trained(5, text), model_of(compiled(text, "fast"))
    for name, array in other._state().items():
        array[...] = model._state()[name]
    other._set_optimizer_arrays(model._optimizer_arrays())
    other._step = model._step
    x, t = batch(model, 8, np.random.RandomState(4))
    model.train_batch(x, t)
    other.train_batch(x, t)
    assert apart(model.parameters, other.parameters) == 0.0


def test_prediction_goes_through_many_rows_in_parts() -> None:
    module = compiled(spec(), "fast")
    model = model_of(module)
    n = module.ROWS * 2 + 3
    x, _ = batch(model, n, np.random.RandomState(0))
    whole = model.forward(x)
    assert whole.shape == (n, 3)
    parts = [model.forward(part) for part in np.array_split(x, 7)]
    assert np.allclose(whole, np.concatenate(parts), rtol=1e-5, atol=1e-7)


def test_two_threads_predict_at_once() -> None:
    model = trained(2)
    x = [batch(model, 5000, np.random.RandomState(i))[0] for i in range(2)]
    expected = [model.forward(rows) for rows in x]
    wrong: list[int] = []

    def predict(i: int) -> None:
        for _ in range(30):
            if not np.array_equal(model.forward(x[i]), expected[i]):
                wrong.append(i)

    threads = [threading.Thread(target=predict, args=(i,)) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_bits_do_not_depend_on_the_size_of_blocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    results = []
    for block in (1_000, 65_536, 10**9):
        module = compiled(spec("dense 700 relu; dense 900 relu"), "fast")
        monkeypatch.setattr(module, "BLOCK", block)
        model = model_of(module)
        random = np.random.RandomState(0)
        model._train(*batch(model, 8, random), 1 / 8)
        gradient = model._gradient
        gradient[...] = np.random.RandomState(1).standard_normal(gradient.size)
        module.update(model._weights, gradient, model._memory, 2, 0.01)
        results.append(model._weights.copy())
    assert np.array_equal(results[0], results[1])
    assert np.array_equal(results[0], results[2])


@pytest.mark.parametrize("layers", ["dense 400 relu; dense 400 relu", "dense 8 relu"])
def test_large_updates_agree(layers: str) -> None:
    """One block of parameters, and several."""
    models = [trained(4, spec(layers), style) for style in ("textbook", "fast")]
    assert apart(models[0].parameters, models[1].parameters) <= 1e-5


@pytest.mark.parametrize("styles", [("textbook", "fast"), ("fast", "textbook")])
def test_weights_files_resume_in_the_other_style(
    styles: tuple[Style, Style], tmp_path: Path
) -> None:
    text = spec(train="optimizer adam; epochs 2")
    random = np.random.RandomState(0)
    rows, labels = random.standard_normal((40, 5)), random.randint(0, 3, 40)
    path = tmp_path / "half.npz"
    writer, reader = (model_of(compiled(text, style)) for style in styles)
    writer.fit(rows, labels).save(path)
    resumed = type(reader).load(path)
    for model in (writer, resumed):
        model.fit(rows, labels, warm_start=True)
    assert apart(writer._state(), resumed._state()) <= 1e-5
    assert apart(writer._optimizer_arrays(), resumed._optimizer_arrays()) <= 1e-5


@pytest.mark.parametrize("loss", ["mean_squared_error", "huber", "own"])
def test_styles_agree_where_the_data_decide_what_is_drawn_again(loss: str) -> None:
    text = (
        "loss own(prediction, target, k=2) = "
        "k * (prediction - target)^2 + (prediction - target)^4 / outputs\n"
        "network Again {\ninput any\ntarget input\ndense 3 relu\ndense features\n"
        f"loss {loss}\ntrain {{ optimizer sgd; precision float64 }}\n}}\n"
    )
    modules = [compiled(text, style) for style in ("textbook", "fast")]
    models = [module.Again().build(n_features=5) for module in modules]
    x = np.random.RandomState(0).standard_normal((7, 5))
    for _ in range(3):
        values = [model._train(x, x.copy(), 1 / 7)[0] for model in models]
        assert values[1] == pytest.approx(values[0], rel=1e-12)
    assert apart(models[0]._state(), models[1]._state()) <= 1e-12
