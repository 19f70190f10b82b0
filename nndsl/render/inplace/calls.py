"""Calls that write into existing arrays, as lines of Python."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nndsl.program.in_place import Call, Group
from nndsl.render.lines import WIDTH

OPEN_WIDTH = re.compile(r"\bn_(outputs|features)\b")
"""How formulas name the number of outputs where only the data can tell it."""
_SIGNS = {
    "np.add": "+=",
    "np.subtract": "-=",
    "np.multiply": "*=",
    "np.divide": "/=",
}
_COMMUTES = ("np.add", "np.multiply")
_FIXED = re.compile(r"(?:[A-Z][A-Z\d_]*|\d[\d.]*(?:e-?\d+)?|[-+*/() ])+")
"""The text of a number that is the same in every step."""
NUMBER = [
    "@cache",
    "def number(value: float) -> Array:",
    '    """A number as NumPy combines it fastest with small arrays."""',
    "    return np.array(value, FLOAT)",
]
_MATHEMATICS = (
    (re.compile(r"\bnp\."), ""),
    (re.compile(r"\bmath\."), ""),
    (re.compile(r"\.T\b"), "ᵀ"),
    (re.compile(r"(\w)\*\*2\b"), r"\1²"),
    (re.compile(r" @ "), "·"),
    (re.compile(r" \* "), "·"),
)
"""How a formula is written in a comment."""


def call_lines(calls: Iterable[Call], indent: str) -> list[str]:
    """One line a call; calls under one condition stand in one `if`."""
    lines: list[str] = []
    condition = None
    for call in calls:
        if call.condition != condition:
            before, condition = condition, call.condition
            if before is not None and condition == f"not {before}":
                lines.append(f"{indent}else:")
            elif condition is not None:
                lines.append(f"{indent}if {condition}:")
        inner = indent if condition is None else f"{indent}    "
        lines.append(inner + _text(call))
    return lines


def _text(call: Call) -> str:
    first, *rest = call.arguments
    match call.function:
        case "dot":
            return f"{first}.dot({rest[0]}, {call.out})"
        case "fill":
            return f"{call.out}.fill({first})"
        case "copyto":
            return f"np.copyto({call.out}, {first})"
        case "where":
            return f"{call.out}[...] = np.where({', '.join(call.arguments)})"
        case "add.reduce" | "maximum.reduce" as function:
            return f"np.{function}({first}, axis=0, keepdims=True, out={call.out})"
    if call.helper == "writes":
        return f"{call.function}({', '.join(call.arguments)})"
    if call.helper == "gives":
        return f"{call.out}[...] = {call.function}({', '.join(call.arguments)})"
    return _ufunc(call)


def _ufunc(call: Call) -> str:
    arguments = [f"number({a})" if _FIXED.fullmatch(a) else a for a in call.arguments]
    if call.function in _COMMUTES and arguments[1] == call.out != arguments[0]:
        arguments.reverse()
    sign = _SIGNS.get(call.function)
    if sign is not None and arguments[0] == call.out:
        return f"{call.out} {sign} {arguments[1]}"
    return f"{call.function}({', '.join(arguments)}, out={call.out})"


def spoken(formula: str) -> str:
    """A formula as mathematics writes it."""
    for pattern, text in _MATHEMATICS:
        formula = pattern.sub(text, formula)
    return formula


def headed(title: str, groups: Iterable[Group], indent: str) -> list[str]:
    """A comment: the spec's line and the formulas its calls compute."""
    formulas = [spoken(group.formula) for group in groups]
    whole = f"{indent}{title}:  {';  '.join(formulas)}"
    if len(whole) <= WIDTH:
        return [whole]
    lines = [f"{indent}{title}:"]
    for formula in formulas:
        joined = f"{lines[-1]};  {formula}"
        line = f"{indent}#   {formula}"
        if len(lines) > 1 and len(joined) <= WIDTH:
            lines[-1] = joined
        else:
            lines += [line] if len(line) <= WIDTH else _broken(line, indent)
    return lines


def noted(formula: str, indent: str) -> list[str]:
    """The formula that the lines below compute, as a comment."""
    line = f"{indent}# {spoken(formula)}"
    return [line] if len(line) <= WIDTH else _broken(line, indent)


def _broken(line: str, indent: str) -> list[str]:
    """A long formula on several comment lines."""
    lines = []
    while len(line) > WIDTH:
        cut = line.rfind(" ", len(indent) + 8, WIDTH)
        if cut < 0:
            break
        lines.append(line[:cut])
        line = f"{indent}#      {line[cut:]}"
    return [*lines, line]
