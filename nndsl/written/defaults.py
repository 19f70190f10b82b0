"""A spec with every default written out."""

from __future__ import annotations

from collections.abc import Iterator

from nndsl.check.check import Checked
from nndsl.check.read.values import format_number
from nndsl.formulas.expression import Parameter
from nndsl.language.metric_table import METRICS
from nndsl.network import (
    Activation,
    Arguments,
    BatchNorm,
    Dense,
    Dropout,
    Layer,
    LayerNorm,
    LearningRate,
    Metric,
    Network,
    Train,
)
from nndsl.syntax.tree import Name, Statement
from nndsl.written.canonical import (
    activation_text,
    automatic_names,
    column,
    initializer_text,
    input_text,
    label,
    layer_word,
    percent,
    target_text,
)


def with_defaults(checked: Checked) -> str:
    """The spec's text with its network rewritten; it compiles to the same network.

    What has no default (`max_norm`, `early_stopping`, …) is there if the spec says it.
    The penalties of the train block stand at the layers.
    """
    text = checked.source.text
    lines = "\n".join(_network(checked.network))
    for line in checked.tree.lines:
        match line:
            case Statement(head=Name(text="network"), span=span):
                written = f"{text[: span.start]}{lines}{text[span.end :]}"
                return written if written.endswith("\n") else f"{written}\n"
    raise ValueError("a checked spec has a network")


def _network(network: Network) -> Iterator[str]:
    yield f"network {network.name} {{"
    yield _line(*input_text(network.inputs).split(" ", 1))
    automatic = automatic_names(network.layers)
    following: list[Layer | None] = [*network.layers[1:], None]
    for layer, behind, name in zip(network.layers, following, automatic, strict=True):
        words = list(_layer(layer, behind))
        if layer.name != name:
            words.append(f"name={layer.name}")
        yield _line(words[0], " ".join(words[1:]))
    for text in target_text(network.target):
        yield _line(*text.split(" ", 1))
    yield ""
    parameters = network.loss.formula.parameters
    yield _line(
        "loss", _call(network.loss.name, _texts(network.loss.arguments, parameters))
    )
    if network.metrics:
        yield _line("metrics", ", ".join(map(_metric, network.metrics)))
    yield ""
    yield "    train {"
    for word, value in _train(network.train):
        yield f"        {word:<15} {value}"
    yield "    }"
    yield "}"


def _line(word: str, rest: str = "") -> str:
    return f"    {word:<10} {rest}".rstrip()


def _layer(layer: Layer, behind: Layer | None) -> Iterator[str]:
    match layer:
        case Dense():
            yield from _dense(layer, behind)
        case Activation():
            yield activation_text(layer.activation, defaults=True)
        case Dropout():
            yield "dropout"
            yield percent(layer.rate)
        case BatchNorm():
            yield "batch_norm"
            yield f"momentum={format_number(layer.momentum)}"
            yield f"epsilon={format_number(layer.epsilon)}"
        case LayerNorm():
            yield "layer_norm"
            yield f"epsilon={format_number(layer.epsilon)}"


def _dense(layer: Dense, behind: Layer | None) -> Iterator[str]:
    yield layer_word(layer)
    yield str(layer.n_outputs)
    yield activation_text(layer.activation, defaults=True)
    yield f"weights={initializer_text(layer.weights)}"
    if layer.biases is not None:
        yield f"biases={initializer_text(layer.biases)}"
        yield "use_bias=yes"
    elif not isinstance(behind, BatchNorm) or layer.activation.name != "linear":
        yield "use_bias=no"
    yield f"l1={format_number(layer.l1)}"
    yield f"l2={format_number(layer.l2)}"
    if layer.biases is not None:
        yield f"bias_l1={format_number(layer.bias_l1)}"
        yield f"bias_l2={format_number(layer.bias_l2)}"
    if layer.max_norm is not None:
        yield f"max_norm={format_number(layer.max_norm)}"


def _metric(metric: Metric) -> str:
    if not METRICS[metric.name].options:
        return metric.name
    return _call(metric.name, _texts(metric.arguments, ()))


def _texts(arguments: Arguments, parameters: tuple[Parameter, ...]) -> list[str]:
    """`name=value` for each argument; a switch is `yes` or `no`."""
    switches = {each.name for each in parameters if each.switch}
    return [
        f"{name}={('no', 'yes')[int(value)]}"
        if name in switches
        else f"{name}={format_number(value)}"
        for name, value in arguments
    ]


def _call(name: str, arguments: list[str]) -> str:
    return f"{name}({', '.join(arguments)})" if arguments else name


def _train(train: Train) -> Iterator[tuple[str, str]]:
    use = train.optimizer
    rate = f"learning_rate={_rate(use.learning_rate)}"
    arguments = _texts(use.arguments, use.formula.parameters)
    yield "optimizer", _call(use.name, [rate, *arguments])
    yield "epochs", str(train.epochs)
    yield "batch_size", "all" if train.batch_size is None else str(train.batch_size)
    yield "shuffle", "yes" if train.shuffle else "no"
    yield "seed", str(train.seed)
    yield "precision", train.precision
    split = train.split
    shares = map(percent, (split.train, split.validation, split.test))
    yield "split", " / ".join(shares) + (" stratified" if split.stratified else "")
    yield (
        "scale",
        f"{train.scale}, target={'standard' if train.scale_target else 'none'}",
    )
    yield "missing", train.missing
    yield "class_weights", _weights(train)
    if train.clip_norm is not None:
        yield "clip_gradients", f"norm={format_number(train.clip_norm)}"
    if train.clip_value is not None:
        yield "clip_gradients", f"value={format_number(train.clip_value)}"
    if train.early_stopping is not None:
        stop = train.early_stopping
        least = format_number(stop.min_delta)
        yield (
            "early_stopping",
            f"patience={stop.patience} monitor={stop.monitor} min_delta={least}",
        )
    if train.checkpoint_every is not None:
        yield "checkpoint", f"every={train.checkpoint_every}"


def _rate(rate: LearningRate) -> str:
    """A number where the rate is constant, else the schedule."""
    if rate.name == "constant" and not rate.warmup and rate.rate is not None:
        return format_number(rate.rate)
    parameters = rate.formula.parameters if rate.formula else ()
    arguments = _texts(rate.arguments, parameters)
    return _call(rate.name, [*arguments, f"warmup={rate.warmup}"])


def _weights(train: Train) -> str:
    weights = train.class_weights
    if weights is None or weights == "balanced":
        return weights or "none"
    return " ".join(
        f"{name}={format_number(weight)}"
        if isinstance(name, str) and name == column(name)
        else f"{label(name)}: {format_number(weight)}"
        for name, weight in weights
    )
