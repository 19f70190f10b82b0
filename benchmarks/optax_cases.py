"""The optimizers of optax beside those of generated modules, in float64.

Twenty steps with the same random gradients; `pip install optax`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal, get_args

import jax
import numpy as np
import optax

from nndsl.api import compile_text, module_of
from nndsl.language.module_names import class_name

jax.config.update("jax_enable_x64", True)

VERSION = f"optax {optax.__version__}"
STEPS, WITHIN = 20, 1e-12
Style = Literal["textbook", "fast"]
SMALL = 1e-15
"""Where the two add epsilon in different places, it is too small to be seen."""

SAME: dict[str, tuple[str, Callable[[], Any]]] = {
    "sgd": ("sgd", lambda: optax.sgd(0.01)),
    "sgd with momentum": (
        "sgd(momentum=0.9)",
        lambda: optax.sgd(0.01, momentum=0.9),
    ),
    "sgd with Nesterov's look ahead": (
        "sgd(momentum=0.9, nesterov=yes)",
        lambda: optax.sgd(0.01, momentum=0.9, nesterov=True),
    ),
    "adam": ("adam", lambda: optax.adam(0.01)),
    "adamw": ("adamw(weight_decay=0.1)", lambda: optax.adamw(0.01, weight_decay=0.1)),
    "adamax": ("adamax", lambda: optax.adamax(0.01)),
    "radam": (
        f"radam(epsilon={SMALL})",
        lambda: optax.radam(0.01, eps=SMALL),
    ),
    "adagrad": (
        f"adagrad(epsilon={SMALL})",
        lambda: optax.adagrad(0.01, initial_accumulator_value=0.0, eps=SMALL),
    ),
    "adadelta": ("adadelta", lambda: optax.adadelta(0.01, rho=0.9, eps=1e-6)),
    "rmsprop": (
        "rmsprop",
        lambda: optax.rmsprop(0.01, decay=0.99, eps=1e-8, eps_in_sqrt=False),
    ),
    "rmsprop with momentum": (
        "rmsprop(momentum=0.5)",
        lambda: optax.rmsprop(
            0.01, decay=0.99, eps=1e-8, eps_in_sqrt=False, momentum=0.5
        ),
    ),
    "lion": ("lion(weight_decay=0.1)", lambda: optax.lion(0.01, weight_decay=0.1)),
}
OTHER = {"nadam": "optax's has no momentum that warms up; PyTorch's, as ours, has"}


def cases() -> Iterator[tuple[str, Callable[[], list[dict[str, Any]]]]]:
    """A name and a function for each style."""
    for style in get_args(Style):
        yield f"optimizers, {style}", lambda style=style: optimizers(style)


def optimizers(style: Style) -> list[dict[str, Any]]:
    found = [_result(name, _distance(style, *SAME[name])) for name in SAME]
    return [*found, *(_said(name, "skipped", why) for name, why in OTHER.items())]


def _distance(style: Style, words: str, theirs: Callable[[], Any]) -> float:
    """How far the parameters are apart after all steps, relative to the largest."""
    text = f"""network Small {{
        input 5; dense 4 tanh; dense 3; loss mean_squared_error
        train {{ optimizer {words}; precision float64 }}
    }}"""
    module = module_of(compile_text(text, style=style), "small.nn")
    rng = np.random.default_rng(0)
    p = module.initialize(rng)
    expected = {name: jax.numpy.array(w.copy()) for name, w in p._asdict().items()}
    ours = getattr(module, class_name(words.partition("(")[0]))(p, 0.01)
    other = theirs()
    state = other.init(expected)
    for _ in range(STEPS):
        gradients = type(p)(*(rng.standard_normal(w.shape) for w in p))
        ours.update(p, gradients)
        changes, state = other.update(gradients._asdict(), state, expected)
        expected = optax.apply_updates(expected, changes)
    errors = [np.abs(w - expected[k]).max() for k, w in p._asdict().items()]
    return float(max(errors) / max(np.abs(w).max() for w in p))


def _result(name: str, distance: float) -> dict[str, Any]:
    if distance <= WITHIN:
        return _said(name, "passed", "")
    return _said(name, "failed", f"{distance:.1e} apart after {STEPS} steps")


def _said(name: str, status: str, reason: str) -> dict[str, Any]:
    return {"check_name": name, "status": status, "exception": reason}
