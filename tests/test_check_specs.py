"""The ten specs: they check without a warning and mean what their words say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nndsl.check.check import Checked, check
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Source
from nndsl.layers.dense import Dense
from nndsl.layers.uses import Initializer
from nndsl.network import EarlyStopping, Network
from nndsl.spec_text.defaults import with_defaults
from nndsl.syntax.parse import parse

SPECS = {
    path.stem: path
    for path in sorted((Path(__file__).parent.parent / "specs").glob("*.nn"))
}


def checked(name: str, *settings: str) -> Checked:
    path = SPECS[name]
    source = Source(path.name, path.read_text(encoding="utf-8"))
    return check(source, parse(source), settings=settings)


def network(name: str, *settings: str) -> Network:
    return checked(name, *settings).network


TASKS = {
    "any_table": ("classes", "outputs"),
    "autoencoder": ("numbers", 64),
    "diabetes": ("numbers", 1),
    "digits": ("classes", 10),
    "formulas": ("numbers", "outputs"),
    "iris": ("classes", 3),
    "perceptron": ("binary", 1),
    "spiral": ("classes", 3),
    "tags": ("labels", 4),
    "xor": ("binary", 1),
}


@pytest.mark.parametrize("name", SPECS)
def test_spec_has_no_warning_and_the_task_its_loss_decides(name: str) -> None:
    result = checked(name)
    assert result.warnings == ()
    assert (result.network.task, result.network.n_outputs) == TASKS[name]


def test_iris() -> None:
    iris = network("iris")
    assert iris.inputs.columns == (
        "sepal_length",
        "sepal_width",
        "petal_length",
        "petal_width",
    )
    assert iris.target.labels == ("setosa", "versicolor", "virginica")
    assert [layer.name for layer in iris.layers] == ["dense1", "dense2", "dense3"]
    weights = [each.weights.name for each in iris.layers if isinstance(each, Dense)]
    assert weights == ["glorot_uniform"] * 3
    assert iris.train.optimizer.learning_rate.rate == 0.01
    assert dict(iris.train.optimizer.arguments) == {
        "beta1": 0.9,
        "beta2": 0.999,
        "epsilon": 1e-8,
        "weight_decay": 0.0,
    }
    split = iris.train.split
    assert (split.train, split.validation, split.test) == (0.7, 0.15, 0.15)
    assert iris.train.early_stopping == EarlyStopping(20, "val_loss", 0.0, False)
    assert iris.lines == (
        "input sepal_length, sepal_width, petal_length, petal_width",
        "dense 16 relu",
        "dense 16 relu",
        "dense 3 softmax",
        "target species: setosa | versicolor | virginica",
    )


def test_digits() -> None:
    digits = network("digits")
    names = [layer.name for layer in digits.layers]
    assert names == ["dense1", "batch_norm1", "relu1", "dropout1", "dense2", "dense3"]
    first, second = digits.layers[0], digits.layers[4]
    assert isinstance(first, Dense) and isinstance(second, Dense)
    assert first.biases is None
    assert first.weights == Initializer("glorot_uniform")
    assert second.max_norm == 3.0
    assert digits.target.labels == tuple(range(10))
    assert (digits.inputs.low, digits.inputs.high) == (0.0, 16.0)
    assert digits.metrics[1].arguments == (("k", 3.0),)
    rate = digits.train.optimizer.learning_rate
    assert (rate.name, rate.rate, rate.warmup) == ("cosine", 0.003, 5)
    assert digits.train.clip_norm == 1.0
    assert digits.train.checkpoint_every == 10
    assert digits.train.split.stratified


def test_diabetes() -> None:
    diabetes = network("diabetes")
    rate = diabetes.train.optimizer.learning_rate
    assert rate.formula is None
    assert rate.name == "plateau"
    assert dict(rate.arguments) == {
        "learning_rate": 0.05,
        "factor": 0.5,
        "patience": 10.0,
        "threshold": 1e-4,
    }
    arguments = dict(diabetes.train.optimizer.arguments)
    assert arguments == {"momentum": 0.9, "nesterov": 1.0, "weight_decay": 0.0}
    assert {each.l2 for each in diabetes.layers if isinstance(each, Dense)} == {0.01}
    assert diabetes.train.scale_target
    assert diabetes.train.missing == "mean"


def test_autoencoder_answers_with_its_code() -> None:
    autoencoder = network("autoencoder")
    assert autoencoder.narrowest == "code"
    assert [each.name for each in autoencoder.layers][2] == "dense3"
    assert autoencoder.n_outputs == 64


def test_spiral_keeps_its_own_penalties() -> None:
    first, last = network("spiral", "train.l2=0.5").layers
    assert isinstance(first, Dense) and isinstance(last, Dense)
    assert (first.l2, first.bias_l2) == (5e-4, 5e-4)
    assert (last.l2, last.bias_l2) == (0.5, 0.0)
    assert first.weights == Initializer("normal", (("deviation", 0.01),))
    assert network("spiral").train.batch_size is None


def test_perceptron_borrows_the_slope_of_sigmoid() -> None:
    first = network("perceptron").layers[0]
    assert isinstance(first, Dense)
    assert first.activation.surrogate is not None
    assert first.activation.surrogate.name == "sigmoid"


def test_formulas_are_the_users() -> None:
    formulas = network("formulas")
    first = formulas.layers[0]
    assert isinstance(first, Dense)
    assert first.activation.arguments == (("beta", 1.5),)
    assert first.weights == Initializer("glorot_uniform")
    assert formulas.train.optimizer.name == "sign_momentum"
    rate = formulas.train.optimizer.learning_rate
    assert rate.rate is None
    assert dict(rate.arguments) == {"peak": 0.01, "period": 20.0}


def meaning(network: Network) -> Network:
    """The network without the words of its lines, which comments show."""
    layers = tuple(replace(layer, text="") for layer in network.layers)
    return replace(network, layers=layers)


@pytest.mark.parametrize("name", SPECS)
def test_defaults_written_out_mean_the_same(name: str) -> None:
    before = checked(name)
    text = with_defaults(before)
    source = Source(f"{name}.nn", text)
    after = check(source, parse(source))
    assert after.warnings == ()
    assert meaning(after.network) == meaning(before.network)
    assert with_defaults(after) == text
    assert "batch_size" in text
    assert "weights=" in text


def test_defaults_keep_what_stands_around_the_network() -> None:
    text = with_defaults(checked("formulas"))
    source = SPECS["formulas"].read_text(encoding="utf-8")
    assert text.startswith(source[: source.index("network Formulas")])


SETTINGS = [
    ("iris", "train.epochs=5", lambda train: train.epochs == 5),
    ("iris", "train.precision=float64", lambda train: train.precision == "float64"),
    ("any_table", "train.seed = 3", lambda train: train.seed == 3),
    (
        "xor",
        "train.optimizer=adam(learning_rate=0.1)",
        lambda train: train.optimizer.learning_rate.rate == 0.1,
    ),
    ("digits", "train.split=100%", lambda train: train.split.train == 1.0),
    ("iris", "train.class_weights=setosa=2", lambda train: train.class_weights),
    (
        "xor",
        "train.early_stopping=patience=3 monitor=loss",
        lambda train: train.early_stopping.patience == 3,
    ),
]


@pytest.mark.parametrize(("name", "setting", "holds"), SETTINGS)
def test_setting_from_outside(name: str, setting: str, holds: object) -> None:
    result = checked(name, setting)
    assert callable(holds)
    assert holds(result.network.train)
    assert result.network.lines == network(name).lines


WRONG_SETTINGS = [
    ("epochs=5", "epochs"),
    ("train.epochs", "train.epochs"),
    ("train.epochs=", ""),
    ("train.=5", "train."),
    ("train.epoch=5", "epoch"),
    ("train.epochs=5; seed 3", "train.epochs=5; seed 3"),
    ("train.epochs=5 } }", "5 } }"),
    ("train.epochs=5 # five", "train.epochs=5 # five"),
    ("train.optimizer=adam(", "("),
    ("train.epochs=x", "x"),
]


@pytest.mark.parametrize(("setting", "place"), WRONG_SETTINGS)
def test_wrong_setting_from_outside(setting: str, place: str) -> None:
    with pytest.raises(SpecError) as error:
        checked("iris", setting)
    span = error.value.diagnostics[0].span
    assert error.value.source.text[span.start : span.end] == place


HINTS = [
    ("train.lr=0.1", "optimizer adam(learning_rate=0.01)"),
    ("train.learning_rate=0.1", "optimizer adam(learning_rate=0.01)"),
    ("train.epoch=5", "write `epochs`"),
    ("train.epochs=", "train.epochs=VALUE"),
    ("train.epochs=5 epochs 6", "`;` before it"),
    ("train.class_weights=setosa 2", "`yes=2 no=1`"),
    ('train.class_weights="setosa"=2', "write `:`"),
]


@pytest.mark.parametrize(("setting", "hint"), HINTS)
def test_hint_for_a_setting_from_outside(setting: str, hint: str) -> None:
    with pytest.raises(SpecError) as error:
        checked("iris", setting)
    assert hint in error.value.diagnostics[0].hint
