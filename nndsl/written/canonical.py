"""Spec text from the tree and from the network, with one space between words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nndsl.check.read.values import format_number
from nndsl.network import (
    Activation,
    ActivationUse,
    BatchNorm,
    Dense,
    Dropout,
    Initializer,
    Inputs,
    Layer,
    LayerNorm,
    Target,
)
from nndsl.render.expressions.printer import print_scalar
from nndsl.syntax.tree import (
    Argument,
    Binary,
    Call,
    Expression,
    Mark,
    Name,
    Number,
    Option,
    Part,
    Percent,
    Statement,
    Text,
    Unary,
)

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


def written(node: Statement | Part | Expression | Argument) -> str:
    """A statement without its block, or a part of one, as the spec writes it."""
    match node:
        case Name() | Number() | Percent() | Mark():
            return node.text
        case Text():
            return quoted(node.value)
        case Call():
            arguments = ", ".join(written(argument) for argument in node.arguments)
            return f"{node.name.text}({arguments})"
        case Argument():
            key = f"{node.key.text}=" if node.key else ""
            return f"{key}{written(node.value)}"
        case Option():
            return f"{node.key.text}={written(node.value)}"
        case Unary():
            return f"{node.operator}{_inside(node.operand)}"
        case Binary():
            return f"{_inside(node.left)} {node.operator} {_inside(node.right)}"
        case Statement():
            groups = [" ".join(written(part) for part in g) for g in node.groups]
            return f"{written(node.head)} {', '.join(groups)}".strip()


def _inside(node: Expression) -> str:
    text = written(node)
    return f"({text})" if isinstance(node, Binary | Unary) else text


def quoted(text: str) -> str:
    """Text in quotes, as the language writes it."""
    inner = text.replace("\\", "\\\\").replace('"', '\\"')
    inner = inner.replace("\n", "\\n").replace("\t", "\\t")
    return f'"{inner}"'


def column(name: str, words: tuple[str, ...] = ()) -> str:
    """A column or label: a plain word as it is, anything else (`words` too) quoted."""
    if _PLAIN.fullmatch(name) and name not in words:
        return name
    return quoted(name)


def label(value: str | int | float) -> str:
    return column(value) if isinstance(value, str) else repr(value)


def initializer_text(use: Initializer) -> str:
    return call_text(use.name, use.arguments)


def call_text(name: str, arguments: tuple[tuple[str, float], ...]) -> str:
    if not arguments:
        return name
    each = ", ".join(f"{key}={format_number(value)}" for key, value in arguments)
    return f"{name}({each})"


def activation_text(use: ActivationUse, *, defaults: bool) -> str:
    """An activation; with `defaults`, its default arguments, too."""
    arguments = [
        f"{name}={format_number(value)}"
        for name, value in use.arguments
        if defaults or value != _default(use, name)
    ]
    if use.surrogate is not None:
        text = activation_text(use.surrogate, defaults=defaults)
        arguments.append(f"surrogate={text}")
    return f"{use.name}({', '.join(arguments)})" if arguments else use.name


def _default(use: ActivationUse, name: str) -> float | None:
    if use.formula is None:
        return None
    defaults = {each.name: each.default for each in use.formula.parameters}
    return defaults[name]


def identity(
    inputs: Inputs, layers: tuple[Layer, ...], target: Target
) -> tuple[str, ...]:
    """The lines that say what weights mean: input, layers, target.

    What only training reads (starting numbers, penalties, max_norm) is not there.
    """
    lines = [input_text(inputs)]
    automatic = automatic_names(layers)
    for layer, following, name in zip(
        layers, (*layers[1:], None), automatic, strict=True
    ):
        words = layer_words(layer, following)
        if layer.name != name:
            words.append(f"name={layer.name}")
        lines.append(" ".join(words))
    return (*lines, *_own_formulas(layers), *target_text(target))


def _own_formulas(layers: tuple[Layer, ...]) -> tuple[str, ...]:
    """What the activations compute that the user has defined."""
    found: dict[str, str] = {}
    for layer in layers:
        use = getattr(layer, "activation", None)
        if use is not None and use.formula is not None and not use.formula.built_in:
            formula = use.formula
            names = [f"{each.name}={each.default!r}" for each in formula.parameters]
            head = f"activation {formula.name}({', '.join(['x', *names])})"
            found[use.name] = f"{head} = {print_scalar(formula.value)}"
    return tuple(found.values())


def automatic_names(layers: tuple[Layer, ...]) -> list[str]:
    """What each layer is called where the spec does not say: `dense1`, `relu1`, …"""
    counts: dict[str, int] = {}
    names = []
    for layer in layers:
        word = layer_word(layer)
        counts[word] = counts.get(word, 0) + 1
        names.append(f"{word}{counts[word]}")
    return names


def layer_word(layer: Layer) -> str:
    """The word a layer's line begins with."""
    match layer:
        case Dense():
            return "dense"
        case Activation():
            return layer.activation.name
        case Dropout():
            return "dropout"
        case BatchNorm():
            return "batch_norm"
        case LayerNorm():
            return "layer_norm"


def input_text(inputs: Inputs) -> str:
    if inputs.columns is not None:
        words = ("any",) if len(inputs.columns) == 1 else ()
        what = ", ".join(column(name, words) for name in inputs.columns)
    else:
        what = "any" if inputs.width is None else str(inputs.width)
    if inputs.low is None or inputs.high is None:
        return f"input {what}"
    return f"input {what} in {format_number(inputs.low)}..{format_number(inputs.high)}"


def target_text(target: Target) -> Iterator[str]:
    match target.kind:
        case "input":
            yield "target input"
        case "columns":
            words = ("input",) if len(target.columns) == 1 else ()
            yield f"target {', '.join(column(name, words) for name in target.columns)}"
        case "classes":
            labels = " | ".join(map(label, target.labels))
            yield f"target {column(target.columns[0])}: {labels}"
        case "given":
            pass


def layer_words(layer: Layer, following: Layer | None) -> list[str]:
    """A layer without its name and without what only training reads."""
    match layer:
        case Dense(activation=use):
            words = ["dense", str(layer.n_outputs)]
            linear = use.name == "linear"
            if not linear:
                words.append(activation_text(use, defaults=False))
            if layer.biases is None and not (
                linear and isinstance(following, BatchNorm)
            ):
                words.append("use_bias=no")
            return words
        case Activation(activation=use):
            return [activation_text(use, defaults=False)]
        case Dropout():
            return ["dropout", percent(layer.rate)]
        case BatchNorm() | LayerNorm():
            epsilon = f"epsilon={format_number(layer.epsilon)}"
            return [layer_word(layer), *([epsilon] if layer.epsilon != 1e-5 else [])]


def percent(share: float) -> str:
    """`70%` of 0.7: the share in hundredths of a percent and finer, without noise."""
    return f"{float(f'{share * 100:.12g}'):.12g}%"
