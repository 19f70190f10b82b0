"""No network or formula can take a name that some generated module uses."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import nndsl
from nndsl.check.check import check
from nndsl.check.rules.python_names import MODULE_NAMES
from nndsl.diagnostics.record import Source
from nndsl.formulas.build.library import library_names
from nndsl.language.initializers import INITIALIZERS
from nndsl.language.metric_table import METRICS
from nndsl.lower.lower import lower
from nndsl.syntax.parse import parse

SPECS = sorted((Path(__file__).parent.parent / "specs").glob("*.nn"))
LAYERS = "\n".join(
    f"dense 4 {name} weights={weights}"
    for name, weights in zip(
        sorted({*library_names("activation")} - {"linear", "step"}),
        [
            "normal(1)",
            "uniform(-1, 1)",
            *(n for n in INITIALIZERS if n not in ("normal", "uniform", "constant")),
            *["ones"] * 20,
        ],
        strict=False,
    )
)
RICH = f"""network Rich {{
    input 3
    dense 4 step(surrogate=tanh) max_norm=2
    {LAYERS}
    batch_norm
    layer_norm
    dropout 10%
    dense 2 sigmoid
    target a, b
    loss binary_crossentropy
    metrics accuracy, precision, recall, f1, auc
    train {{
        optimizer nadam(learning_rate=one_cycle(0.1, warmup=2))
        l1 0.1; l2 0.1; clip_gradients norm=1; class_weights balanced
        missing mean; scale standard; split 70% / 15% / 15%; checkpoint every=2
        early_stopping patience=2
    }}
}}
"""


def names_of(text: str) -> set[str]:
    """The names that a module defines or imports at its top."""
    found: set[str] = set()
    for node in ast.parse(text).body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                found |= {(each.asname or each.name).split(".")[0] for each in names}
            case ast.Assign(targets=targets):
                for target in targets:
                    found |= {n.id for n in ast.walk(target) if isinstance(n, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                found.add(name)
    return found


@pytest.mark.parametrize("style", ["textbook", "fast"])
def test_every_name_of_a_module_is_kept_from_specs(style: str) -> None:
    built_in = set(library_names("activation"))
    built_in |= {f"{name}_slope" for name in built_in} | {*INITIALIZERS, *METRICS}
    texts = [(p.stem, p.read_text(encoding="utf-8")) for p in SPECS] + [("rich", RICH)]
    for name, text in texts:
        module = nndsl.compile_text(text, f"{name}.nn", style=style)
        own = {"swish", "swish_slope", "bent", "bent_slope", "pinball"}
        left = names_of(module) - MODULE_NAMES - built_in - own
        source = Source(f"{name}.nn", text)
        network = check(source, parse(source)).network
        constants = {constant.name for constant in lower(network).constants}
        assert left <= constants | {network.name}


@pytest.mark.parametrize(
    "name", ["Values", "CLIP_NORM", "glorot_uniform", "accuracy", "softmax", "relu"]
)
def test_a_network_with_a_name_of_the_module_is_refused(name: str) -> None:
    spec = f"network {name} {{ input 1; dense 1; loss mean_squared_error }}"
    with pytest.raises(nndsl.SpecError, match=name):
        nndsl.compile_text(spec)


@pytest.mark.parametrize("style", ["textbook", "fast"])
@pytest.mark.parametrize("name", ["CLIP", "BETA1", "EPSILON"])
def test_constants_make_way_for_the_network(name: str, style: str) -> None:
    spec = f"""network {name} {{ input 2; dense 3 softmax
        loss categorical_crossentropy; train {{ epochs 1 }} }}"""
    module = nndsl.api.module_of(nndsl.compile_text(spec, style=style), f"{name}.nn")
    getattr(module, name)().fit([[0, 1], [1, 0], [1, 1]], [0, 1, 2])
