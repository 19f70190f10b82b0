"""Specs, data and modules for the tests of `--target sklearn`."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
from sklearn.datasets import load_iris

import nndsl
from nndsl.api import module_of
from nndsl.program.in_place import Style

PROJECT = Path(__file__).parent.parent.parent
STYLES: tuple[Style, ...] = ("textbook", "fast")
IRIS = load_iris()
NAMES = IRIS.target_names[IRIS.target]


def module(text: str, target: Any = "sklearn", style: Style = "fast") -> ModuleType:
    spec = text if "network" in text else f"network Net {{ {text} }}"
    compiled = nndsl.compile_text(spec, "net.nn", target=target, style=style)
    return module_of(compiled, f"{target}.nn")


OPEN = module("""input any; dense 12 relu; dense classes softmax
loss categorical_crossentropy
train { scale standard; optimizer adam(learning_rate=0.02); epochs 20 }""").Net


LABELS = ["red", "green", "blue"]  # sorted: blue, green, red
ONE = "network Net { input any; dense 9 relu; LAST; target c: LABELS; TRAIN }"
TRAIN = "train { optimizer adam(learning_rate=0.05); epochs 40; scale standard }"


TASKS = {
    "classes": """input a, b, c, d; dense 6 relu; dense 3 softmax
        target k: u | v | w
        loss categorical_crossentropy(label_smoothing=0.1)
        metrics f1, top_k_accuracy(2), confusion_matrix
        weight w
        train { scale standard; class_weights balanced; epochs 4; TRAIN }""",
    "binary": """input any; dense 6; batch_norm; relu; dropout 20%; dense 1 sigmoid
        loss binary_crossentropy; metrics auc; weight w
        train { scale robust; epochs 4; TRAIN }""",
    "margin": """input 4 in -9..9; dense 6 tanh; dense 1; loss squared_hinge; weight w
        train { scale minmax; epochs 4; TRAIN }""",
    "labels": """input any; dense 6 relu; dense 2 sigmoid; target g, h
        loss binary_crossentropy; metrics precision, recall; weight w
        train { scale standard; epochs 4; TRAIN }""",
    "numbers": """input any; dense 6 tanh; dense outputs; loss huber
        metrics mean_absolute_error; weight w
        train { scale standard, target=standard; missing mean; epochs 4; TRAIN }""",
    "number": """input a, b, c, d; dense 6 gelu; dense 1; target h
        loss mean_squared_error; weight w
        train { missing drop; epochs 4; TRAIN }""",
    "rates": """input any; dense 6 tanh; dense 1 softplus; loss poisson; weight w
        train { epochs 4; TRAIN }""",
    "shares": """input any; dense 6 tanh; dense 3 softmax; loss kl_divergence; weight w
        train { epochs 4; TRAIN }""",
    "input": """input any; dense 2 tanh; dense features; target input
        loss mean_squared_error; weight w
        train { scale minmax; epochs 4; TRAIN }""",
    "columns": """input a missing=median scale=standard; input b in -9..9 scale=minmax
        input c: x | y | z; input d: any missing=drop
        dense 6 relu; dense 1; target t; loss mean_squared_error; weight w
        train { epochs 4; scale target=standard; TRAIN }""",
}
TRAINS = (
    "batch_size 7",
    "batch_size all; optimizer sgd(learning_rate=cosine(0.01))",
    "split 60% / 20% / 20%; early_stopping patience=2; batch_size 9",
)


def task_class(task: str, train: str = "") -> Any:
    return module(TASKS[task].replace("TRAIN", train)).Net


def table(task: str, n: int = 60) -> tuple[Any, Any]:
    rng = np.random.default_rng(5)
    X: Any = rng.normal(size=(n, 4)) * [1, 2, 0.3, 1]
    if task in ("numbers", "number"):
        X[::9, 1] = np.nan
    if task == "columns":
        X = pd.DataFrame(X, columns=list("abcd"))
        X["c"], X["d"] = rng.choice(list("xyz"), n), rng.choice(["p", "q", None], n)
        X.loc[::9, "a"] = np.nan
    match task:
        case "classes":
            y: Any = rng.choice(list("uvw"), n)
        case "binary" | "margin":
            y = rng.choice(["no", "yes"], n)
        case "labels":
            y = rng.integers(0, 2, (n, 2))
        case "numbers":
            y = rng.normal(size=(n, 3)) * [1, 9, 0.1]
        case "shares":
            y = rng.dirichlet([1, 2, 3], n)
        case _:
            y = rng.gamma(2.0, size=n)
    return X, y
