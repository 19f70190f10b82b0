"""Specs without a mistake, those with many, and the largest ones."""

from __future__ import annotations

import pytest
from reference.rules import LABELS, binary, layers, mistakes, n, numbers, train

from nndsl.check.check import check
from nndsl.diagnostics.record import Source
from nndsl.syntax.parse import parse

FINE = [
    n(),
    n(target=LABELS),
    n(input="input any", layers="dense classes softmax"),
    n(input='input "sepal length (cm)", in, any'),
    n(input="input a, b in -1..1"),
    n(input="input any in -1.5..+1"),
    n(target="target churn: no | yes | import"),
    n(target='target kind: "a b" | "1" | 2'),
    n(target="target kind: -1 | 0 | 1"),
    n(layers="dense 8\nbatch_norm\nrelu\ndropout 20%\ndense 3\nsoftmax"),
    n(layers="dense 8 use_bias=no\nbatch_norm\nrelu\ndense 3 softmax"),
    n(layers="dense 2 name=code\ndense 3 softmax"),
    n(input="input 64", layers="dense 2\ndense 8 relu\ndense 3 softmax"),
    n(layers="step\ndense 3 softmax"),
    binary(target="target churn: no | yes", layers="dense outputs sigmoid"),
    binary(target="target a, b", layers="dense outputs sigmoid"),
    binary(layers="dense 3 sigmoid", metrics="metrics accuracy, f1, auc"),
    binary(target="target input", layers="dense 2 relu\ndense features sigmoid"),
    numbers(target="target price", train="train { scale none, target=standard }"),
    numbers(target=LABELS, layers="dense classes"),
    numbers(target="target churn: no | yes", layers="dense 1 sigmoid"),
    numbers(layers="dense 1 tanh", loss="loss hinge", metrics="metrics accuracy"),
    numbers(layers="dense 1 softplus", loss="loss poisson"),
    n(loss="loss kl_divergence"),
    train("split 33.33% / 33.33% / 33.34%"),
    train("optimizer sgd(0.1, 0.9, yes)"),
    train("optimizer adam(learning_rate=constant(0.1, warmup=5))"),
    train("optimizer adam(learning_rate=(1/100))"),
    train("optimizer adam(learning_rate=one_cycle)"),
    train("early_stopping patience=5 monitor=loss"),
    train("batch_size all; shuffle no; precision float64"),
    n(target=LABELS, train="train { class_weights a=2 b=0.5 }"),
    n(target=LABELS, train='train { class_weights a: 2 "b": 0.5 }'),
    n(target="target k: -1 | 0 | 1", train="train { class_weights -1: 2 +1: 3 }"),
    n(target="target k: -0.5 | 0 | 1.5", train="train { class_weights -0.5: 2 0: 3 }"),
    n(before="activation bent(x) = x + 1", layers="dense 2 bent\ndense 3 softmax"),
]


@pytest.mark.parametrize("text", FINE)
def test_fitting_spec_has_no_mistake(text: str) -> None:
    found = mistakes(text)
    assert not found, [(each.code, each.label) for each in found]


def test_all_mistakes_come_in_one_run_in_the_order_of_the_file() -> None:
    found = mistakes(
        n(
            before="activation if(x) = x",
            input="input 4 in 3..1",
            layers="dense 8 rleu\ndropuot 20%\ndense 0 softmax",
            loss="loss mse",
            metrics="metrics acc",
            train="train { epoch 5; optimizer adm; split 50% }",
        )
    )
    assert [each.code for each in found] == [
        "E109",
        "E110",
        "E101",
        "E101",
        "E108",
        "E101",
        "E101",
        "E101",
        "E101",
        "E129",
    ]


def test_large_networks_are_allowed_when_asked_for() -> None:
    text = layers("dense 20000 relu\ndense 20000 relu\ndense 3 softmax")
    source = Source("test.nn", text)
    tree = parse(source)
    assert check(source, tree, allow_large=True).network.layers[1].n_outputs == 20000


def test_ten_thousand_layers_are_the_most() -> None:
    def deep(count: int) -> str:
        return layers("dense 2 relu\n" * (count - 1) + "dense 3 softmax")

    assert not mistakes(deep(10_000))
    assert [each.code for each in mistakes(deep(10_001))] == ["E131"]
