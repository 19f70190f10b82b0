"""Every name of a module, put where a spec may name something, is refused or works.

Works: the module trains to the numbers that it trains to with a harmless name there.
"""

from __future__ import annotations

import ast
from functools import cache
from random import Random
from typing import Any

import numpy as np
import pytest
from reference.modules import far
from test_names import PLAIN, RICH

from nndsl.api import compile_text, module_of
from nndsl.diagnostics.error import SpecError
from nndsl.language.module_names import NAMES
from nndsl.program.in_place import Style

SPEC = """{definition}
network {network} {{
    input p, q
    dense 3 {activation} name={layer}
    batch_norm name={norm}
    tanh
    dense 1 sigmoid
    target t
    loss {loss}
    train {{ optimizer {optimizer}; clip_gradients norm=1; epochs 2
            precision float64; early_stopping patience=1; split 50% / 50% / 0%
            scale standard }}
}}
"""
ORDINARY = {
    "definition": "",
    "network": "Own",
    "activation": "tanh",
    "layer": "first",
    "norm": "middle",
    "loss": "binary_crossentropy",
    "optimizer": "adam",
}
STEP = "weight = weight - learning_rate * gradient"
PLACES: dict[str, dict[str, str]] = {
    "network": {"network": "NAME"},
    "layer": {"layer": "NAME"},
    "norm": {"norm": "NAME"},
    "activation": {
        "definition": "activation NAME(x) = x + x^2",
        "activation": "NAME",
    },
    "parameter of an activation": {
        "definition": "activation bent(x, NAME=2) = x + NAME * x^2",
        "activation": "bent(NAME=3)",
    },
    "loss": {
        "definition": "loss NAME(prediction, target) = (prediction - target)^2",
        "loss": "NAME",
    },
    "parameter of a loss": {
        "definition": "loss far(prediction, target, NAME=2) ="
        " NAME * (prediction - target)^2",
        "loss": "far(NAME=3)",
    },
    "schedule": {
        "definition": "schedule NAME(epoch, peak=0.1) = peak / (1 + epoch)",
        "optimizer": "adam(learning_rate=NAME)",
    },
    "parameter of a schedule": {
        "definition": "schedule slow(epoch, NAME=0.1) = NAME / (1 + epoch)",
        "optimizer": "adam(learning_rate=slow(NAME=0.2))",
    },
    "optimizer": {
        "definition": f"optimizer NAME(learning_rate=0.01) {{ {STEP} }}",
        "optimizer": "NAME",
    },
    "parameter of an optimizer": {
        "definition": f"optimizer own(learning_rate=0.01, NAME=2) {{ {STEP} * NAME }}",
        "optimizer": "own(NAME=3)",
    },
    "local": {
        "definition": "optimizer own(learning_rate=0.01) {"
        f" NAME = 2 * step + gradient; {STEP} * NAME }}",
        "optimizer": "own",
    },
    "number": {
        "definition": "optimizer own(learning_rate=0.01) {"
        f" NAME = 2 * step; {STEP} * NAME }}",
        "optimizer": "own",
    },
    "state": {
        "definition": "optimizer own(learning_rate=0.01) { state NAME = 0;"
        f" NAME = 0.9 * NAME + gradient; {STEP} * NAME }}",
        "optimizer": "own",
    },
}
X = np.random.default_rng(0).normal(size=(12, 2))
Y = np.array([0, 1] * 6)


def names_of_modules() -> list[str]:
    """What modules import, define, bind and ask for, and what the registry lists."""
    found = set(NAMES)
    for text in (RICH, PLAIN):
        for style in ("textbook", "fast"):
            for node in ast.walk(ast.parse(compile_text(text, style=style))):
                for field in ("id", "arg", "attr", "name"):
                    name = getattr(node, field, None)
                    found |= {name} if isinstance(name, str) else set()
    return sorted(n for n in found if n.isidentifier() and not n.startswith("__"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A few names drawn from all, or each of them with `--all`."""
    if "name" in metafunc.fixturenames:
        names = names_of_modules()
        few = Random(0).sample(names, 12)
        metafunc.parametrize(
            "name", names if metafunc.config.getoption("--all") else few
        )


def trained(place: str, name: str, style: Style) -> Any:
    """The parameters of a model that was trained with the name in that place."""
    given = {k: v.replace("NAME", name) for k, v in PLACES[place].items()}
    text = SPEC.format(**{**ORDINARY, **given})
    module = module_of(compile_text(text, style=style), "named")
    model = getattr(module, given.get("network", "Own"))().fit(X, Y)
    assert model.predict(X).shape == Y.shape
    return model.parameters_


harmless = cache(lambda place, style: trained(place, "Harmless", style))


@pytest.mark.one_in(2)
def test_a_name_of_the_module_is_refused_or_works(name: str) -> None:
    for number, place in enumerate(PLACES):
        style: Style = "fast" if (len(name) + number) % 2 else "textbook"
        try:
            found = trained(place, name, style)
        except SpecError as error:
            assert error.diagnostics
            continue
        assert far(harmless(place, style), found) < 1e-9, place
