"""scikit-learn's own estimator checks, run on networks of every kind."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

os.environ.setdefault("SCIPY_ARRAY_API", "1")  # else a check is skipped

import sklearn
from sklearn.utils.estimator_checks import check_estimator

from nndsl import compile_text
from nndsl.api import module_of
from nndsl.program.in_place import Style

SPEC = """network Net {{
    input any
    {layers}
    train {{
        optimizer  adam(learning_rate=0.02)
        epochs     100
        batch_size all
        precision  float64
    }}
}}
"""
KINDS = {
    "classifier": "dense 12 relu; dense classes softmax; loss categorical_crossentropy",
    "binary classifier": "dense 8 relu; dense 1 sigmoid; loss binary_crossentropy",
    "classifier by a margin": "dense 8 relu; dense 1; loss hinge",
    "regressor": "dense 12 relu; dense 1; loss mean_squared_error",
    "regressor with several outputs": "dense 12 relu; dense outputs; loss huber",
    "autoencoder": "dense 8 tanh; dense 2; dense 8 tanh; dense features; "
    "target input; loss mean_squared_error",
}
"""The checks choose columns and labels as they like, so the specs leave them open."""


def estimator(kind: str, style: Style) -> Any:
    """An estimator of this kind, as nobody has trained it."""
    text = SPEC.format(layers=KINDS[kind])
    module = compile_text(text, f"{kind}.nn", style=style, target="sklearn")
    return module_of(module, f"{kind}.nn").Net()


def checks(kind: str, style: Style) -> list[dict[str, Any]]:
    """What each check of scikit-learn says: `check_name`, `status`, `exception`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found: list[dict[str, Any]] = check_estimator(
            estimator(kind, style), on_fail=None, on_skip=None
        )
    return found


def cases() -> Iterator[tuple[str, Callable[[], list[dict[str, Any]]]]]:
    """Each kind in each style, and what runs its checks."""
    for kind in KINDS:
        for style in ("textbook", "fast"):
            yield f"{kind}, {style}", partial(checks, kind, style)


VERSION = f"scikit-learn {sklearn.__version__}"
