"""What holds for every layer of the registry, and what a layer reads."""

from __future__ import annotations

from dataclasses import replace

import pytest
from reference.networks import spec
from test_gradients import judge

from nndsl.check.check import Checked, check
from nndsl.diagnostics.record import Source
from nndsl.layers.layer import INPUT
from nndsl.layers.registry import LAYERS
from nndsl.lower.lower import lower
from nndsl.program.program import Product
from nndsl.program.verify import verify
from nndsl.spec_text.defaults import with_defaults
from nndsl.syntax.parse import parse

LINES = {word: each.entry.example or word for word, each in LAYERS.items()}


def checked(text: str) -> Checked:
    source = Source("small.nn", text)
    return check(source, parse(source))


@pytest.mark.parametrize("word", LAYERS)
def test_a_layer_has_the_right_gradients(word: str) -> None:
    judge(spec(f"dense 6 tanh; {LINES[word]}; tanh"), "classes")


@pytest.mark.parametrize("word", LAYERS)
def test_a_layer_is_written_with_its_defaults(word: str) -> None:
    before = checked(spec(f"dense 6 tanh; {LINES[word]} name=named; tanh"))
    after = checked(with_defaults(before)).network
    assert [replace(each, text="") for each in after.layers] == [
        replace(each, text="") for each in before.network.layers
    ]
    assert after.lines == before.network.lines
    assert after.layers[1].name == "named"


def test_a_layer_reads_the_one_above() -> None:
    layers = checked(spec("dense 6 tanh; batch_norm; relu name=bent")).network.layers
    assert [each.reads for each in layers] == [INPUT, "dense1", "batch_norm1", "bent"]


def test_what_a_layer_reads_is_what_it_is_computed_from() -> None:
    network = checked(spec("dense 6 tanh; dropout 20%")).network
    first, dropout, last = network.layers
    other = replace(network, layers=(first, dropout, replace(last, reads="dense1")))
    program = lower(other)
    verify(program)
    product = program.forward[-1].statements[0]
    assert isinstance(product, Product)
    assert product.left == dict(program.outputs)["dense1"] == "a1"
