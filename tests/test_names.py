"""No network or formula can take a name that some generated module uses."""

from __future__ import annotations

import builtins
import re
import symtable
from collections.abc import Iterator
from pathlib import Path

import pytest
from reference.exported import python_text, random_trained

import nndsl
from nndsl.check.check import check
from nndsl.diagnostics.record import Source
from nndsl.formulas.build.library import library_names
from nndsl.language.initializers import INITIALIZERS
from nndsl.language.metric_table import METRICS
from nndsl.language.module_names import (
    NAMES,
    PRINTED,
    class_name,
    of_the_mathematics,
    of_the_module,
)
from nndsl.layers.registry import LAYERS as KINDS
from nndsl.lower.lower import lower
from nndsl.render.module.used_imports import LIBRARY_MEMBERS, MEMBERS, MODULES
from nndsl.render.targets import TARGETS
from nndsl.syntax.parse import parse

HOUSE = Path(__file__).parent.parent
SPECS = sorted((HOUSE / "specs").glob("*.nn"))
WRITERS = (
    HOUSE / "templates",
    *(HOUSE / "nndsl" / room for room in ("lower", "optimise", "render")),
)
OWN = {"swish", "bent", "pinball", "sawtooth", "SignMomentum"}
BUILT_IN = {*INITIALIZERS, *METRICS}
for kind in ("activation", "loss", "schedule", "optimizer"):
    BUILT_IN |= {*library_names(kind)}
BUILT_IN |= {f"{name}_slope" for name in BUILT_IN}
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
EXAMPLES = "; tanh; ".join(each.entry.example or word for word, each in KINDS.items())
RICH = f"""activation bent(x) = x + x^2
network Rich {{
    input 3
    dense 4 step(surrogate=tanh) max_norm=2
    {LAYERS}
    dense 3 tanh l1=0.2 bias_l1=0.3 bias_l2=0.4 max_norm=3
    batch_norm epsilon=0.1 momentum=0.2
    batch_norm name=last
    {EXAMPLES}
    bent
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
PLAIN = """network Plain {
    input any in 0..1
    dense classes softmax
    loss categorical_crossentropy
    metrics top_k_accuracy(2), confusion_matrix
    train { missing drop; scale minmax; split 80% / 20% / 0% stratified
            optimizer adam(learning_rate=plateau); clip_gradients value=1 }
}
"""


def modules(style: str) -> Iterator[tuple[symtable.SymbolTable, set[str]]]:
    """Each module's scopes, and the names it has from its spec."""
    texts = [(p.stem, p.read_text(encoding="utf-8")) for p in SPECS]
    for name, text in [*texts, ("rich", RICH), ("plain", PLAIN)]:
        source = Source(f"{name}.nn", text)
        network = check(source, parse(source)).network
        own = {constant.name for constant in lower(network).constants}
        own |= {network.name, *BUILT_IN, *OWN, *(f"{each}_slope" for each in OWN)}
        for target in (each for each in TARGETS if style in TARGETS[each].styles):
            module = nndsl.compile_text(text, source.name, style=style, target=target)
            yield symtable.symtable(module, source.name, "exec"), own


def scopes(scope: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield scope
    for inner in scope.get_children():
        yield from scopes(inner)


def of_the_top(module: symtable.SymbolTable) -> set[str]:
    """What a module defines, imports or uses at its top."""
    found = {symbol.get_name() for symbol in module.get_symbols()}
    for scope in scopes(module):
        found |= {s.get_name() for s in scope.get_symbols() if s.is_global()}
    return {name for name in found if not hasattr(builtins, name)}


@pytest.mark.parametrize("style", ["textbook", "fast"])
def test_every_name_of_a_module_is_kept_from_specs(style: str) -> None:
    for module, own in modules(style):
        names = of_the_top(module) - own
        assert {name for name in names if not of_the_module(name)} == set()


@pytest.mark.parametrize("numpy", [True, False])
@pytest.mark.parametrize("seed", range(8))
def test_every_name_of_an_exported_module_is_kept_from_specs(
    seed: int, numpy: bool
) -> None:
    *_, trained = random_trained(seed)
    text = python_text(trained, numpy)
    names = of_the_top(symtable.symtable(text, "m.py", "exec")) - BUILT_IN - {"bent"}
    free = {name for name in names if not of_the_mathematics(name)}
    assert {name for name in free if not of_the_module(name)} == set()


@pytest.mark.parametrize("style", ["textbook", "fast"])
def test_no_argument_hides_a_formula_of_the_spec(style: str) -> None:
    """Where an activation is called, nothing local may have an activation's name."""
    activations = {*library_names("activation"), *OWN} - PRINTED
    activations -= {"SignMomentum"}  # an optimizer, which calls none
    for module, _ in modules(style):
        for scope in scopes(module):
            used = {s.get_name() for s in scope.get_symbols() if s.is_global()}
            if scope.get_type() == "function" and used & activations:
                local = {s.get_name() for s in scope.get_symbols() if s.is_local()}
                local -= {"sign_momentum"}
                free = {name for name in local if not of_the_mathematics(name)}
                assert {name for name in free if not of_the_module(name)} == set()


def test_the_registry_knows_what_modules_import_and_nothing_else() -> None:
    imported = {*MODULES, *MEMBERS, *LIBRARY_MEMBERS, "joblib", "np"}
    assert {name for name in imported if not of_the_module(name)} == set()
    files = [path for folder in WRITERS for path in folder.rglob("*.*")]
    text = "".join(p.read_text() for p in files if p.suffix in (".py", ".jinja"))
    classes = {class_name(name) for name in library_names("optimizer")}
    assert NAMES - classes - set(re.findall(r"\w+", text)) == set()


@pytest.mark.parametrize(
    "name",
    [
        "Parameters",
        "CLIP_NORM",
        "Adam",
        "glorot_uniform",
        "accuracy",
        "softmax",
        "relu",
    ],
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


@pytest.mark.parametrize("name", ["e", "pi"])
def test_a_formula_named_like_a_number_is_refused(name: str) -> None:
    spec = f"schedule {name}(epoch, peak=0.1) = peak / (1 + epoch)\n{PLAIN}"
    with pytest.raises(nndsl.SpecError, match=f"`{name}` is a number of the language"):
        nndsl.compile_text(spec)


@pytest.mark.parametrize(
    "name", ["scale1", "dshift2", "mean1", "w1", "forward", "training"]
)
def test_a_formula_named_like_an_array_of_the_module_is_refused(name: str) -> None:
    spec = f"activation {name}(x) = x + x^2\n{PLAIN.replace('softmax', name)}"
    with pytest.raises(nndsl.SpecError, match=f"`{name}` is a name"):
        nndsl.compile_text(spec)
