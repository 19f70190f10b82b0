"""Random specs over all tasks, layers and settings, with data that fit them."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np

FORMULAS = """activation bent(x, by=1.0) = x * sigmoid(by * x)
loss pinball(prediction, target, q=0.9) = \
max(q * (target - prediction), (q - 1) * (target - prediction))
schedule slow(epoch, step, epochs, learning_rate=0.01) = \
learning_rate / (1 + epoch / epochs) / sqrt(step)
optimizer walk(learning_rate=0.01, beta=0.9 in 0..1) {
    state m = 0    # velocity
    state n = 1
    n = n * 0.99
    g = gradient + 0.01 * weight
    m = beta * m + (1 - beta) * g
    weight = weight - learning_rate * sign(m) / n
}
"""
ACTIVATIONS = (
    *("relu", "leaky_relu", "relu6", "elu(alpha=0.5)", "selu", "celu(alpha=2)"),
    *("gelu", "silu", "mish", "softplus", "softsign", "sigmoid", "hard_sigmoid"),
    *("tanh", "hard_tanh", "hard_swish", "exponential", "step(surrogate=tanh)"),
    "bent(by=2.0)",
)
WEIGHTS = (
    *("normal(0.01)", "uniform(-0.1, 0.1)", "glorot_normal", "he_uniform"),
    *("lecun_normal", "orthogonal", "ones", "constant(0.1)"),
)
OPTIMIZERS = (
    *("adam", "adam(weight_decay=0.1)", "adamw(weight_decay=0.02)", "sgd", "adagrad"),
    *("sgd(momentum=0.9, nesterov=yes)", "rmsprop(momentum=0.5)", "adadelta", "lion"),
    *("adamax", "nadam", "radam", "walk"),
)
RATES = (
    *("0.003", "cosine(0.01, warmup=3)", "plateau(0.01, warmup=2)", "plateau(0.01)"),
    *("inverse_time(0.01, decay=0.1)", "one_cycle(0.01, warmup=2)", "slow(0.02)"),
    *("step_decay(0.01)", "constant(0.01, warmup=4)"),
)
SPLITS = ("60% / 20% / 20%", "80% / 20% / 0%", "70% / 0% / 30%")
CLASS_FIGURES = "accuracy", "f1", "precision", "recall", "auc", "confusion_matrix"
NUMBER_FIGURES = "r2", "mean_absolute_error", "root_mean_squared_error"


@dataclass(frozen=True, slots=True)
class Task:
    """A last layer, a loss that fits it, figures, and what the target may be."""

    last: str
    losses: tuple[str, ...]
    figures: tuple[str, ...]
    target: str = ""
    declares: bool = False


TASKS = {
    "classes": Task(
        "dense 3 softmax",
        (
            "categorical_crossentropy",
            "categorical_crossentropy(label_smoothing=0.1)",
            "categorical_crossentropy(clip=1e-5)",
        ),
        (*CLASS_FIGURES, "top_k_accuracy(2)"),
        "target y: u | v | w",
    ),
    "open classes": Task(
        "dense classes softmax", ("categorical_crossentropy",), CLASS_FIGURES
    ),
    "two classes": Task(
        "dense 1 sigmoid", ("binary_crossentropy",), CLASS_FIGURES, "target y: 0 | 1"
    ),
    "margin": Task(
        "dense 1",
        ("hinge", "squared_hinge"),
        ("accuracy", "auc", "confusion_matrix"),
        "target y: no | yes",
    ),
    "labels": Task(
        "dense 2 sigmoid",
        ("binary_crossentropy",),
        ("accuracy", "f1", "auc", "recall"),
        "target p, q",
    ),
    "classes by squares": Task(
        "dense 3",
        ("mean_squared_error",),
        ("accuracy",),
        "target y: 1 | 2 | 3",
        declares=True,
    ),
    "one number": Task(
        "dense 1",
        ("mean_squared_error", "huber(delta=0.5)", "pinball"),
        NUMBER_FIGURES,
        "target t",
    ),
    "numbers": Task(
        "dense 2", ("mean_absolute_error", "log_cosh"), NUMBER_FIGURES, "target t, u"
    ),
    "open numbers": Task("dense outputs", ("mean_squared_error",), NUMBER_FIGURES),
    "distribution": Task("dense 3 softmax", ("kl_divergence",), ("r2",)),
    "counts": Task("dense 1 exponential", ("poisson",), ("mean_absolute_error",)),
    "input": Task(
        "dense 5",
        ("mean_squared_error",),
        ("mean_absolute_error",),
        "target input",
        declares=True,
    ),
}
WITH_LABELS = ("classes", "open classes", "two classes", "margin")


def random_spec(random: Random, name: str) -> tuple[str, str]:
    """The task and the text of a spec of a network that is called so."""
    kind = random.choice(list(TASKS))
    task = TASKS[kind]
    declared = task.declares or (task.target and random.random() < 0.5)
    figures = [each for each in task.figures if random.random() < 0.5]
    body = [_inputs(random, kind), *_hidden(random), task.last]
    body += [task.target] if declared else []
    body += [f"loss {random.choice(task.losses)}"]
    body += [f"metrics {', '.join(figures)}"] if figures else []
    body += ["train {", *_settings(random, kind, bool(declared), figures), "}"]
    return kind, f"{FORMULAS}network {name} {{\n" + "\n".join(body) + "\n}\n"


def _inputs(random: Random, kind: str) -> str:
    if kind != "input" and random.random() < 0.3:
        numbers = ("a", '"b c"', "c in 0..2")
        options = "", "scale=standard", "scale=minmax", "scale=robust", "scale=none"
        lines = [f"input {each} {random.choice(options)}" for each in numbers]
        labels = "0 | 1 | 2", "0 | 1 | other", "any", "any | other", "any missing=7"
        return "\n".join(
            [*lines, *(f"input {name}: {random.choice(labels)}" for name in "de")]
        )
    if random.random() < 0.4:
        return 'input a, "b c", c, d, e'
    widths = ["5", "5 in 0..1", "5 in -5..5"] + ["any"] * (kind != "input")
    return f"input {random.choice(widths)}"


def _hidden(random: Random) -> list[str]:
    lines = []
    for _ in range(random.randint(1, 3)):
        norm = random.random() < 0.25
        words = [f"dense {random.randint(2, 6)}"]
        words += [] if norm else [random.choice(ACTIVATIONS)]
        words += [f"weights={random.choice(WEIGHTS)}"] * (random.random() < 0.3)
        for word, share in (
            ("l2=0.01", 0.2),
            ("l1=0.02", 0.15),
            ("max_norm=1.5", 0.15),
        ):
            words += [word] * (random.random() < share)
        words += ["use_bias=no"] * (not norm and random.random() < 0.15)
        lines.append(" ".join(words))
        if norm:
            lines += ["batch_norm", random.choice(ACTIVATIONS)]
        elif random.random() < 0.15:
            lines.append("layer_norm")
        if random.random() < 0.25:
            lines.append(f"dropout {random.choice((10, 25, 50))}%")
    return lines


def _settings(
    random: Random, kind: str, declared: bool, figures: list[str]
) -> list[str]:
    def maybe(share: float, *lines: str) -> list[str]:
        return [random.choice(lines)] if random.random() < share else []

    optimizer, rate = random.choice(OPTIMIZERS), random.choice(("", *RATES))
    if rate:
        name, _, given = optimizer.removesuffix(")").partition("(")
        given = ", ".join(filter(None, (given, f"learning_rate={rate}")))
        optimizer = f"{name}({given})"
    lines = [f"optimizer {optimizer}", "epochs 4"]
    lines += maybe(0.8, "batch_size 8", "batch_size all", "batch_size 7")
    split = maybe(0.75, *SPLITS)
    if split:
        stratified = kind in WITH_LABELS and random.random() < 0.4
        lines.append(f"split {split[0]}{' stratified' * stratified}")
    if split and "/ 20%" in split[0] and random.random() < 0.5:
        known = {"accuracy", "f1", "r2"}.intersection(figures)
        monitors = ["", "monitor=loss", "min_delta=1e-3"]
        monitors += [f"monitor=val_{each}" for each in sorted(known)]
        lines.append(f"early_stopping patience=2 {random.choice(monitors)}")
    if "number" in kind and random.random() < 0.4:
        lines.append("scale standard, target=standard")
    else:
        lines += maybe(0.6, "scale standard", "scale minmax")
    if kind in (*WITH_LABELS, "labels"):
        lines += maybe(0.4, "class_weights balanced")
    if kind == "classes" and declared and "class_weights balanced" not in lines:
        lines += maybe(0.5, "class_weights u=2.0")
    lines += maybe(0.35, "missing mean", "missing median", "missing drop")
    lines += maybe(0.3, "clip_gradients norm=1.0", "clip_gradients value=0.1")
    lines += maybe(0.2, "shuffle no") + maybe(0.2, "checkpoint every=2")
    return lines + maybe(0.2, "l2 0.001") + maybe(0.3, "precision float64")


def data_for(kind: str, text: str, n: int = 61) -> tuple[Any, ...]:
    """Rows within 0..1, some cells missing where the spec allows it, and targets."""
    rng = np.random.default_rng(0)
    X = rng.uniform(0, 1, (n, 5))
    label = rng.integers(0, 4, n)
    y: dict[str, np.ndarray] = {
        "classes": np.array(["u", "v", "w"])[label % 3],
        "open classes": label,
        "two classes": label % 2,
        "margin": np.array(["no", "yes"])[label % 2],
        "labels": rng.integers(0, 2, (n, 2)),
        "classes by squares": label % 3 + 1,
        "one number": rng.normal(size=n),
        "numbers": rng.normal(size=(n, 2)),
        "open numbers": rng.normal(size=(n, 2)),
        "distribution": rng.dirichlet(np.ones(3), n),
        "counts": rng.poisson(2, n),
    }
    if "input d:" in text:
        X[:, 3:] = label[:, None] % 3
    if "missing " in text:
        X[::9, 1] = np.nan
    return (X,) if kind == "input" else (X, y[kind])
