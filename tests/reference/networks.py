"""Small networks for tests: spec texts, targets, and losses in plain NumPy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

INPUTS = 5


def spec(
    layers: str = "dense 6 tanh",
    last: str = "3 softmax",
    loss: str = "categorical_crossentropy",
    train: str = "",
    target: str = "",
) -> str:
    """A network of a few layers, `;` between them, over five inputs."""
    lines = [f"input {INPUTS}", *layers.split(";"), f"dense {last}", target]
    body = "\n".join(line.strip() for line in lines if line)
    block = f"train {{ {train} }}" if train else ""
    return f"network Small {{\n{body}\nloss {loss}\n{block}\n}}\n"


def targets(task: str, n: int, k: int, random: np.random.RandomState) -> np.ndarray:
    """Targets as the network sees them, (n, k)."""
    match task:
        case "classes":
            return np.eye(k)[random.randint(0, k, n)]
        case "binary" | "labels":
            return random.randint(0, 2, (n, k)).astype(float)
        case "margin":
            return 2.0 * random.randint(0, 2, (n, k)) - 1
        case "rates":
            return random.poisson(2.0, (n, k)).astype(float)
        case "distribution":
            return random.dirichlet(np.ones(k), n)
        case _:
            return random.standard_normal((n, k))


def _huber(r: np.ndarray, delta: float) -> np.ndarray:
    size = np.abs(r)
    return np.where(size <= delta, r * r / 2, delta * (size - delta / 2))


Each = Callable[[np.ndarray, np.ndarray], np.ndarray]
EACH: dict[str, tuple[str, str, Each]] = {
    "categorical_crossentropy": (
        "classes",
        "3 softmax",
        lambda a, t: -(t * np.log(a)).sum(axis=1),
    ),
    "categorical_crossentropy(label_smoothing=0.1)": (
        "classes",
        "3 softmax",
        lambda a, t: -((0.9 * t + 0.1 / 3) * np.log(a)).sum(axis=1),
    ),
    "binary_crossentropy": (
        "binary",
        "1 sigmoid",
        lambda a, t: -np.where(t == 1, np.log(a), np.log(1 - a)).mean(axis=1),
    ),
    "binary_crossentropy(clip=1e-6)": (
        "labels",
        "4 sigmoid",
        lambda a, t: -np.where(t == 1, np.log(a), np.log(1 - a)).mean(axis=1),
    ),
    "hinge": (
        "margin",
        "1",
        lambda a, t: np.where(a * t < 1, 1 - a * t, 0).mean(axis=1),
    ),
    "squared_hinge": (
        "margin",
        "1 tanh",
        lambda a, t: np.where(a * t < 1, (1 - a * t) ** 2, 0).mean(axis=1),
    ),
    "poisson": (
        "rates",
        "2 softplus",
        lambda a, t: (a - t * np.log(a + 1e-8)).mean(axis=1),
    ),
    "kl_divergence": (
        "distribution",
        "3 softmax",
        lambda a, t: (t * np.log(t / a)).sum(axis=1),
    ),
    "mean_squared_error": (
        "numbers",
        "2",
        lambda a, t: ((a - t) ** 2).mean(axis=1),
    ),
    "mean_absolute_error": (
        "numbers",
        "1",
        lambda a, t: np.abs(a - t).mean(axis=1),
    ),
    "huber(delta=0.5)": (
        "numbers",
        "2",
        lambda a, t: _huber(a - t, 0.5).mean(axis=1),
    ),
    "huber": ("numbers", "3", lambda a, t: _huber(a - t, 1.0).mean(axis=1)),
    "log_cosh": (
        "numbers",
        "2",
        lambda a, t: np.log(np.cosh(a - t)).mean(axis=1),
    ),
}
"""The task, a last layer that fits, and the loss of each row (n,) for outputs a."""


def loss_kinks(name: str, a: np.ndarray, t: np.ndarray) -> np.ndarray:
    """How far each output is from where the slope of the loss jumps."""
    match name.partition("(")[0]:
        case "mean_absolute_error":
            return np.abs(a - t)
        case "hinge":
            return np.abs(1 - a * t)
        case _:
            return np.ones(1)
