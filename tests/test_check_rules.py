"""Every rule of the checker: a spec that breaks it, where, and under which code."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from nndsl.check.check import Checked, check
from nndsl.diagnostics.record import Diagnostic, Source, SpecError
from nndsl.syntax.parse import parse


def checked(text: str) -> Checked:
    source = Source("test.nn", text)
    return check(source, parse(source))


def mistakes(text: str) -> tuple[Diagnostic, ...]:
    try:
        return checked(text).warnings
    except SpecError as error:
        return error.diagnostics


@dataclass(frozen=True)
class Network:
    """A valid spec with one line of it replaced."""

    input: str = "input 4"
    layers: str = "dense 8 relu\ndense 3 softmax"
    target: str = ""
    loss: str = "loss categorical_crossentropy"
    metrics: str = ""
    train: str = "train { epochs 5 }"
    before: str = ""
    name: str = "network Test"

    @property
    def text(self) -> str:
        lines = (
            self.input,
            self.layers,
            self.target,
            self.loss,
            self.metrics,
            self.train,
        )
        return f"{self.before}\n{self.name} {{\n" + "\n".join(lines) + "\n}\n"


def n(**lines: str) -> str:
    return Network(**lines).text


def layers(text: str, **lines: str) -> str:
    return n(layers=text, **lines)


def binary(**lines: str) -> str:
    given = {
        "layers": "dense 8 relu\ndense 1 sigmoid",
        "loss": "loss binary_crossentropy",
    }
    return n(**{**given, **lines})


def numbers(**lines: str) -> str:
    given = {"layers": "dense 8 relu\ndense 1", "loss": "loss mean_squared_error"}
    return n(**{**given, **lines})


def train(text: str) -> str:
    return n(train="train {\n" + text + "\n}")


LABELS = "target kind: a | b | c"

# The expected place stands between « and »; a rule may need several.
BROKEN = [
    # files
    ("E111", "«»# nothing here\n"),
    ("E111", n() + "«network» Other { input 2; dense 1; loss mean_squared_error }"),
    ("E101", "«model» Test { input 2 }"),
    ("E101", "«activatoin» bent(x) = x\n" + n()),
    ("E106", "«optimizer» adam\n" + n()),
    ("E105", "«network» { input 4; dense 1; loss mean_squared_error }"),
    ("E105", "network «Test»"),
    ("E106", n(name="network Test «other»")),
    ("E106", n(name="«network(4)» Test")),
    # names
    ("E109", n(name="network «class»")),
    ("E109", n(name="network «match»")),
    ("E109", n(name="network «list»")),
    ("E109", n(name="network «np»")),
    ("E109", n(name="network «Values»")),
    ("E109", n(name="network «__Net__»")),
    ("E109", n(name="network «w1»")),
    ("E109", n(name="network «" + "N" * 65 + "»")),
    ("E109", layers("dense 8 relu name=«lambda»\ndense 3 softmax")),
    ("E109", layers("dense 8 relu name=«print»\ndense 3 softmax")),
    ("E107", layers("dense 8 relu name=«3»\ndense 3 softmax")),
    ("E104", layers("dense 8 relu name=a\ndense 8 relu name=«a»\ndense 3 softmax")),
    ("E104", layers("dense 8 relu name=«dense2»\ndense 3 softmax")),
    # statements
    ("E105", "network «Test» { input 4; dense 1 }"),
    ("E105", "network «Test» { dense 1; loss mean_squared_error }"),
    ("E105", "network «Test» { input 4; loss mean_squared_error }"),
    ("E104", n(input="input 4\n«input» 5")),
    ("E104", n(metrics="metrics accuracy\n«metrics» f1")),
    ("E103", n(input="", layers="dense 8 relu\n«input 4»\ndense 3 softmax")),
    ("E103", n(metrics="«epochs» 5")),
    ("E101", n(metrics="«metric» accuracy")),
    ("E101", layers("dense 8\n«swish»\ndense 3 softmax")),
    ("E101", n(metrics="«conv_layer» 3")),
    ("E102", n(metrics="«conv2d» 3")),
    ("E106", n(metrics="«a = 3»")),
    # input
    ("E105", n(input="«input»")),
    ("E107", n(input="input «-4»")),
    ("E108", n(input="input «0»")),
    ("E107", n(input="input «4.0»")),
    ("E107", n(input="input «1e2»")),
    ("E106", n(input="input 4 «a»")),
    ("E106", n(input="«input(4)»")),
    ("E110", n(input="input 4 in «16..0»")),
    ("E110", n(input="input 4 in «1..1»")),
    ("E107", n(input="input 4 «in 3»")),
    ("E107", n(input="input 4 «in a..b»")),
    ("E104", n(input="input a, b, «a»")),
    ("E120", n(input="input «a b», c")),
    ("E120", n(input="input a, «3»")),
    ("E120", n(input='input a, «""»')),
    ("E106", n(input="input a«:» x | y")),
    ("E106", n(input="input a «in 0..1», b")),
    # layers
    ("E105", layers("«dense»\ndense 3 softmax")),
    ("E105", layers("dense «relu»\ndense 3 softmax")),
    ("E108", layers("dense «0» relu\ndense 3 softmax")),
    ("E108", layers("dense «-3» relu\ndense 3 softmax")),
    ("E107", layers("dense «2.5» relu\ndense 3 softmax")),
    ("E107", layers("dense «20%» relu\ndense 3 softmax")),
    ("E101", layers("dense «classses» relu\ndense 3 softmax")),
    ("E101", layers("dense 8 «rleu»\ndense 3 softmax")),
    ("E101", layers("dense 8 «swish»\ndense 3 softmax")),
    ("E106", layers("dense 8 relu «tanh»\ndense 3 softmax")),
    ("E106", layers("dense 8, «relu»\ndense 3 softmax")),
    ("E106", layers("«dense(8)»\ndense 3 softmax")),
    ("E106", layers("dense 8 relu «{ epochs 3 }»\ndense 3 softmax")),
    ("E101", layers("dense 8 relu «weigths»=zeros\ndense 3 softmax")),
    ("E101", layers("dense 8 relu weights=«xavier»\ndense 3 softmax")),
    ("E101", layers("dense 8 relu weights=«he_normale»\ndense 3 softmax")),
    ("E107", layers("dense 8 relu weights=«3»\ndense 3 softmax")),
    ("E105", layers("dense 8 relu weights=«constant»\ndense 3 softmax")),
    ("E108", layers("dense 8 relu weights=normal(«-1»)\ndense 3 softmax")),
    ("E106", layers("dense 8 relu weights=normal(1, «2»)\ndense 3 softmax")),
    ("E110", layers("dense 8 relu weights=«uniform(1, 0)»\ndense 3 softmax")),
    ("E106", layers("dense 8 relu weights=he_normal(«2»)\ndense 3 softmax")),
    ("E107", layers("dense 8 relu biases=«glorot_uniform»\ndense 3 softmax")),
    ("E101", layers("dense 8 relu use_bias=«true»\ndense 3 softmax")),
    ("E107", layers("dense 8 relu use_bias=«0»\ndense 3 softmax")),
    ("E110", layers("dense 8 relu use_bias=no «biases=ones»\ndense 3 softmax")),
    ("E110", layers("dense 8 relu use_bias=no «bias_l2=0.1»\ndense 3 softmax")),
    ("E108", layers("dense 8 relu l2=«-1»\ndense 3 softmax")),
    ("E107", layers("dense 8 relu l2=«x»\ndense 3 softmax")),
    ("E107", layers("dense 8 relu l2=«5%»\ndense 3 softmax")),
    ("E107", layers("dense 8 relu l2=«(1/0)»\ndense 3 softmax")),
    ("E108", layers("dense 8 relu max_norm=«0»\ndense 3 softmax")),
    ("E104", layers("dense 8 relu l2=0.1 «l2=0.2»\ndense 3 softmax")),
    ("E132", layers("dense 8 «use_bias=yes»\nbatch_norm\nrelu\ndense 3 softmax")),
    ("E132", layers("dense 8 «biases=ones»\nbatch_norm\nrelu\ndense 3 softmax")),
    ("E105", layers("dense 8 relu\n«dropout»\ndense 3 softmax")),
    ("E107", layers("dense 8 relu\ndropout «0.2»\ndense 3 softmax")),
    ("E107", layers("dense 8 relu\ndropout «20»\ndense 3 softmax")),
    ("E108", layers("dense 8 relu\ndropout «100%»\ndense 3 softmax")),
    ("E106", layers("dense 8 relu\ndropout 20% «relu»\ndense 3 softmax")),
    ("E106", layers("dense 8 relu\n«dropout(0.2)»\ndense 3 softmax")),
    ("E106", layers("dense 8 relu\nbatch_norm «3»\ndense 3 softmax")),
    ("E108", layers("dense 8 relu\nbatch_norm momentum=«2»\ndense 3 softmax")),
    ("E101", layers("dense 8 relu\nlayer_norm «momentum»=0.1\ndense 3 softmax")),
    ("E106", layers("dense 8\nrelu «8»\ndense 3 softmax")),
    ("E123", layers("dense 8 relu\ndense 3 softmax\n«dropout 20%»")),
    ("E125", layers("dense 8 «softmax»\ndense 3 softmax")),
    ("E125", layers("dense 8 relu\ndense 3 «softmax»\nrelu", loss="loss huber")),
    ("E124", layers("dense 8 «step»\ndense 3 softmax")),
    ("E124", layers("dense 8\n«step»\ndense 3 softmax")),
    (
        "E124",
        n(
            before="activation fires(x) = where(x > 1, 1, 0)",
            layers="dense 8 «fires»\ndense 3 softmax",
        ),
    ),
    ("E124", layers("dense 8 step(surrogate=«step»)\ndense 3 softmax")),
    ("E101", layers("dense 8 step(surrogate=«sigmod»)\ndense 3 softmax")),
    ("E101", layers("dense 8 leaky_relu(«alpha»=0.1)\ndense 3 softmax")),
    ("E106", layers("dense 8 relu(«0.1»)\ndense 3 softmax")),
    ("E106", layers("dense 8 leaky_relu(slope=0.1 «in 0..1»)\ndense 3 softmax")),
    ("E122", n(layers="dense «4» softmax", target=LABELS)),
    ("E122", numbers(layers="dense 8 relu\ndense «classes»")),
    ("E122", binary(layers="dense 8 relu\ndense «classes» sigmoid")),
    # target
    ("E105", n(target="«target»")),
    ("E121", n(target="target kind: «a»", layers="dense 1 softmax")),
    ("E121", n(target="target kind: a «|» | b")),
    ("E104", n(target="target kind: a | b | «a»")),
    ("E104", n(target="target kind: 1 | 2 | «1.0»")),
    ("E121", n(target="target kind: «Iris-setosa» | b | c")),
    ("E106", n(target="target kind: a | b, «c»")),
    ("E104", numbers(target="target a, «a»")),
    ("E110", n(input="input a, b", target="«target a: x | y | z»")),
    # loss and last layer
    ("E105", n(loss="«loss»")),
    ("E101", n(loss="loss «mse»")),
    ("E101", n(loss="loss «categorical_crossentropi»")),
    ("E107", n(loss="loss «3»")),
    ("E106", n(loss="loss huber «0.5»")),
    ("E106", n(loss="«loss(huber)»")),
    ("E101", n(loss="loss categorical_crossentropy(«from_logits»=1)")),
    ("E126", layers("dense 8 relu\ndense 3 «relu»")),
    ("E126", layers("dense 8 relu\ndense «3»")),
    ("E126", binary(layers="dense 8 relu\ndense 2 «softmax»")),
    ("E126", numbers(layers="dense 1 «relu»", loss="loss hinge")),
    ("E126", numbers(loss="loss poisson", layers="dense «1»")),
    ("E122", layers("dense 8 relu\ndense «1» softmax")),
    ("E122", binary(target="target a, b", layers="dense «3» sigmoid")),
    ("E122", numbers(layers="dense «2»", loss="loss hinge")),
    ("E122", numbers(target="target a, b", layers="dense «1»")),
    ("E122", numbers(target="target input", layers="dense 2 relu\ndense «3»")),
    (
        "E127",
        n(target="target input", layers="dense 4 softmax")
        .replace("loss cat", "loss «cat")
        .replace("entropy", "entropy»"),
    ),
    ("E127", binary(target=LABELS, loss="loss «binary_crossentropy»")),
    ("E127", n(target="target a, b, c", loss="loss «categorical_crossentropy»")),
    ("E127", numbers(target=LABELS, loss="loss «poisson»")),
    # metrics
    ("E105", n(metrics="«metrics»")),
    ("E101", n(metrics="metrics «acc»")),
    ("E101", n(metrics="metrics accuracy, «recal»")),
    ("E107", n(metrics="metrics «3»")),
    ("E106", n(metrics="metrics accuracy «f1»")),
    ("E104", n(metrics="metrics accuracy, «accuracy»")),
    ("E105", n(metrics="metrics «top_k_accuracy»")),
    ("E128", n(metrics="metrics «top_k_accuracy(4)»")),
    ("E128", n(metrics="metrics accuracy, «r2»")),
    ("E128", numbers(metrics="metrics «accuracy»")),
    ("E128", binary(metrics="metrics «top_k_accuracy(1)»")),
    # train
    ("E105", n(train="«train»")),
    ("E106", n(train="train «epochs 5»")),
    ("E106", train("«epochs = 5»")),
    ("E105", train("«epochs»")),
    ("E106", train("«epochs(5)»")),
    ("E104", train("epochs 5\n«epochs» 6")),
    ("E101", train("«epoch» 5")),
    ("E103", train("«learning_rate» 0.1")),
    ("E103", train("«metrics» accuracy")),
    ("E107", train("epochs «x»")),
    ("E107", train("epochs «1.5»")),
    ("E108", train("epochs «0»")),
    ("E106", train("epochs 5 «6»")),
    ("E106", train("epochs 5, «6»")),
    ("E107", train("batch_size «al»")),
    ("E101", train("batch_size «full»")),
    ("E101", train("shuffle «true»")),
    ("E108", train("seed «-1»")),
    ("E101", train("precision «double»")),
    ("E107", train("precision «64»")),
    ("E101", train("missing «men»")),
    ("E108", train("l2 «-0.1»")),
    ("E107", train("optimizer «3»")),
    ("E101", train("optimizer «adm»")),
    ("E102", train("optimizer «lbfgs»")),
    ("E106", train("optimizer adam «0.1»")),
    ("E101", train("optimizer adam(«lr»=0.1)")),
    ("E104", train("optimizer adam(0.1, «learning_rate=0.1»)")),
    ("E106", train("optimizer sgd(momentum=0.1, «0.2»)")),
    ("E108", train("optimizer adam(beta1=«1.5»)")),
    ("E108", train("optimizer adam(learning_rate=«-0.1»)")),
    ("E101", train("optimizer sgd(nesterov=«true»)")),
    ("E107", train("optimizer sgd(nesterov=«1»)")),
    ("E107", train("optimizer sgd(momentum=«yes»)")),
    ("E101", train("optimizer adam(learning_rate=«cosin»)")),
    ("E101", train("optimizer adam(learning_rate=«cosine_annealing»(0.1))")),
    ("E107", train("optimizer adam(learning_rate=cosine(0.1, warmup=«1.5»))")),
    ("E108", train("optimizer adam(learning_rate=plateau(0.1, factor=«1»))")),
    ("E108", train("optimizer adam(learning_rate=cosine(«-0.1»))")),
    ("E101", train("optimizer adam(learning_rate=plateau(«monitor»=loss))")),
    ("E107", train("split «0.7» / 0.15 / 0.15")),
    ("E129", train("split «70% / 30%»")),
    ("E129", train("split «70% / 20% / 20%»")),
    ("E129", train("split «80%»")),
    ("E129", train("split «0% / 50% / 50%»")),
    ("E129", train("split 70% / 30% «/»")),
    ("E129", train("split «70% / 30%»\nearly_stopping patience=5")),
    ("E105", train("«split»\nearly_stopping patience=5")),
    ("E107", train("early_stopping patience=5 monitor=val_loss\nsplit «0.7»")),
    ("E101", train("split 70% / 15% / 15% «stratify»")),
    ("E106", train("split 70% / 15% / 15% stratified «yes»")),
    ("E127", numbers(train="train { «split 100% stratified» }")),
    ("E101", train("scale «minmaxx»")),
    ("E102", train("scale «robust»")),
    ("E106", train("scale standard, «minmax»")),
    ("E101", train("scale standard, «traget»=standard")),
    ("E101", train("scale standard, target=«minmax»")),
    ("E127", train("scale standard, «target=standard»")),
    ("E127", numbers(train="train { «class_weights balanced» }")),
    ("E127", train("«class_weights a=2»")),
    ("E101", n(target=LABELS, train="train { class_weights «d»=2 }")),
    ("E108", n(target=LABELS, train="train { class_weights a=«0» }")),
    ("E104", n(target=LABELS, train="train { class_weights a=1 «a»=2 }")),
    ("E101", n(target=LABELS, train="train { class_weights «ballanced» }")),
    ("E106", n(target=LABELS, train="train { class_weights «a 2» }")),
    ("E028", n(target=LABELS, train='train { class_weights "a"«=»2 }')),
    ("E106", train("epochs 5 «epochs 6»")),
    ("E106", train("clip_gradients «5»")),
    ("E108", train("clip_gradients norm=«0»")),
    ("E110", train("clip_gradients norm=1 «value=1»")),
    ("E105", train("«early_stopping» monitor=loss")),
    ("E108", train("early_stopping patience=«0» monitor=loss")),
    ("E130", train("«early_stopping patience=5»")),
    ("E130", train("early_stopping patience=5 monitor=«val_loss»")),
    ("E130", train("«early_stopping patience=5»\nsplit 70% / 0% / 30%")),
    ("E130", train("early_stopping patience=5 monitor=«accuracy»")),
    ("E101", train("early_stopping patience=5 monitor=«los»")),
    ("E105", train("«checkpoint»")),
    ("E101", train("checkpoint «evry»=5")),
    # definitions
    ("E109", n(before="activation «relu»(x) = x + 1")),
    ("E109", n(before="activation «epochs»(x) = x + 1")),
    ("E109", n(before="activation «dense»(x) = x + 1")),
    ("E109", n(before="activation «import»(x) = x + 1")),
    ("E109", n(before="activation «z1»(x) = x + 1")),
    ("E109", n(before="activation bent(x, «surrogate»=1) = surrogate * x")),
    ("E109", n(before="schedule slow(epoch, «warmup»=1) = warmup * epoch")),
    ("E120", n(target="target «kind = a | b»")),
    ("E106", n(input="input 4 «dense 8 relu»", layers="")),
    ("E109", n(before="activation bent(x, «Values»=1) = Values * x")),
    ("E104", n(before="activation bent(x) = x + 1\nactivation «bent»(x) = x + 2")),
    ("W103", n(before="activation «bent»(x) = x + 1")),
    # size
    ("E131", layers("dense 20000 relu\n«dense 20000 relu»\ndense 3 softmax")),
    # unwise
    ("W101", layers("«dense 8»\ndense 3 softmax")),
    ("W101", layers("«dense 8»\ndropout 20%\ndense 8 relu\ndense 3 softmax")),
    ("W102", n(loss="loss «mean_squared_error»")),
]


@pytest.mark.parametrize(("code", "marked"), BROKEN)
def test_broken_rule_is_reported_once_and_in_its_place(code: str, marked: str) -> None:
    places = re.findall("«(.*?)»", marked, re.DOTALL)
    start = marked.index("«")
    text = marked.replace("«", "").replace("»", "")
    found = mistakes(text)
    assert [each.code for each in found] == [code], [each.label for each in found]
    span = found[0].span
    assert text[span.start : span.end] == places[0]
    assert span.start == start
    assert found[0].label
    assert found[0].hint


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
