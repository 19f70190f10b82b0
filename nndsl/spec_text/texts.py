"""Spec text of the tree's words and of the network's values."""

import re
from collections.abc import Sequence

from nndsl.check.read.values import format_number
from nndsl.formulas.expression import Parameter
from nndsl.layers.uses import ActivationUse, Arguments, Initializer
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


def call_text(name: str, arguments: Sequence[str]) -> str:
    return f"{name}({', '.join(arguments)})" if arguments else name


def argument_texts(
    arguments: Arguments, parameters: Sequence[Parameter] = ()
) -> list[str]:
    """`name=value` for each argument; a switch is `yes` or `no`."""
    switches = {each.name for each in parameters if each.switch}
    return [
        f"{name}={('no', 'yes')[int(value)]}"
        if name in switches
        else f"{name}={format_number(value)}"
        for name, value in arguments
    ]


def initializer_text(use: Initializer) -> str:
    return call_text(use.name, argument_texts(use.arguments))


def activation_text(use: ActivationUse, *, defaults: bool) -> str:
    """An activation; with `defaults`, its default arguments, too."""
    parameters = use.formula.parameters if use.formula else ()
    presets = {(each.name, each.default) for each in parameters}
    said = tuple(each for each in use.arguments if defaults or each not in presets)
    arguments = argument_texts(said)
    if use.surrogate is not None:
        text = activation_text(use.surrogate, defaults=defaults)
        arguments.append(f"surrogate={text}")
    return call_text(use.name, arguments)


def percent(share: float) -> str:
    """`70%` of 0.7: the share in hundredths of a percent and finer, without noise."""
    return f"{float(f'{share * 100:.12g}'):.12g}%"
