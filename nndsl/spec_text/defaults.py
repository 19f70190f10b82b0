"""A spec with every default written out."""

from collections.abc import Iterator

from nndsl.check.check import Checked
from nndsl.check.read.values import format_number
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Source
from nndsl.fmt.format import formatted
from nndsl.network import LearningRate, Network, Train
from nndsl.spec_text.canonical import input_texts, layer_lines, target_text
from nndsl.spec_text.texts import argument_texts, call_text, column, label, percent
from nndsl.syntax.tree import Name, Statement


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
                return _formatted(Source(checked.source.name, written))
    raise ValueError("a checked spec has a network")


def _formatted(source: Source) -> str:
    """The text in `nndsl fmt`'s style, unless it is longer than a spec may be."""
    try:
        return formatted(source)
    except SpecError:
        return source.text


def _network(network: Network) -> Iterator[str]:
    yield f"network {network.name} {{"
    yield from input_texts(network.inputs)
    yield from map(" ".join, layer_lines(network.layers, defaults=True))
    yield from target_text(network.target)
    if network.weight is not None:
        yield f"weight {column(network.weight)}"
    yield ""
    loss = network.loss
    arguments = argument_texts(loss.arguments, loss.formula.parameters)
    yield f"loss {call_text(loss.name, arguments)}"
    metrics = [call_text(m.name, argument_texts(m.arguments)) for m in network.metrics]
    if metrics:
        yield f"metrics {', '.join(metrics)}"
    yield ""
    yield "train {"
    yield from map(" ".join, train_texts(network.train))
    yield "}"
    yield "}"


def train_texts(train: Train) -> Iterator[tuple[str, str]]:
    """Each setting with its value, every default written out."""
    use = train.optimizer
    rate = f"learning_rate={_rate(use.learning_rate)}"
    arguments = argument_texts(use.arguments, use.formula.parameters)
    yield "optimizer", call_text(use.name, [rate, *arguments])
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
    arguments = argument_texts(rate.arguments, parameters)
    return call_text(rate.name, [*arguments, f"warmup={rate.warmup}"])


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
