"""Formulas in C, over doubles."""

import re
from collections.abc import Mapping

from nndsl.exporting.c.forms import CONDITION, FORMS, HELPERS
from nndsl.formulas.expression import Expression, Number, Operation, Variable
from nndsl.render.expressions.forms import CALL, COMPARED, CONDITIONAL, SIGNED, Layout

_HOLE = re.compile(r"\{(\d*)\}")
_Text = tuple[str, int]


def print_c(expression: Expression, names: Mapping[str, str]) -> str:
    """An expression of C; `names` gives the text of every name."""
    return _printed(expression, names)[0]


def helpers_in(text: str) -> set[str]:
    """The helpers that a text of C calls."""
    return {name for name in HELPERS if re.search(rf"\b{name}\(", text)}


def _printed(node: Expression, names: Mapping[str, str]) -> _Text:
    match node:
        case Number(value):
            return repr(float(value)), SIGNED if value < 0 else CALL
        case Variable(name):
            return names[name], CALL
        case Operation("where", (condition, then, otherwise)):
            decided, _ = _condition(condition, names)
            chosen, other = (
                _enclosed(_printed(each, names), COMPARED) for each in (then, otherwise)
            )
            return f"{decided} ? {chosen} : {other}", CONDITIONAL
        case Operation(name, arguments):
            return _filled(FORMS[name], arguments, names)


def _condition(node: Expression, names: Mapping[str, str]) -> _Text:
    match node:
        case Operation(name, arguments) if name in CONDITION:
            return _filled(CONDITION[name], arguments, names)
    return f"{_enclosed(_printed(node, names), COMPARED)} != 0.0", COMPARED


def _filled(
    layout: Layout, arguments: tuple[Expression, ...], names: Mapping[str, str]
) -> _Text:
    parts = [
        _enclosed(_printed(argument, names), need)
        for argument, need in zip(arguments, layout.needs, strict=True)
    ]
    remaining = iter(parts)
    text = _HOLE.sub(
        lambda hole: parts[int(hole[1])] if hole[1] else next(remaining), layout.text
    )
    return text, layout.precedence


def _enclosed(part: _Text, need: int) -> str:
    text, precedence = part
    return text if precedence >= need else f"({text})"
