"""The formulas that calls compute, as comments over them."""

import re
from collections.abc import Iterable, Mapping

from nndsl.formulas.expression import Expression, Step
from nndsl.program.in_place import Group
from nndsl.program.program import (
    DropoutMask,
    Map,
    Penalty,
    Product,
    Softmax,
    SoftmaxGradient,
    Standardise,
    StandardiseGradient,
    SumRows,
)
from nndsl.render.expressions.printer import print_numpy
from nndsl.render.inplace.calls import OPEN_WIDTH
from nndsl.render.lines import WIDTH

_MATHEMATICS = (
    (re.compile(r"\bnp\."), ""),
    (re.compile(r"\bmath\."), ""),
    (re.compile(r"\.T\b"), "ᵀ"),
    (re.compile(r"(\w)\*\*2\b"), r"\1²"),
    (re.compile(r" @ "), "·"),
    (re.compile(r" \* "), "·"),
)
"""How a formula is written in a comment."""


def formula_of(group: Group, epsilons: Mapping[str, str]) -> str:
    """What the calls of a group compute together; `epsilons` by layer."""

    def printed(value: Expression) -> str:
        return print_numpy(value, OPEN_WIDTH, group.numbers)

    match group.statement:
        case Map(target, value) | Step(target, value):
            return f"{target} = {printed(value)}"
        case SumRows(target, value):
            return f"{target} = sum of {printed(value)} over its columns"
        case Product(target, left, right, transpose_left=True):
            return f"{target} = {left} @ {right}.T"
        case Product(target, left, right, transpose_right=True):
            return f"{target} = {right} @ {left}"
        case Product(target, left, right, bias):
            return f"{target} = {right}.T @ {left}" + (f" + {bias}" if bias else "")
        case Softmax(target, z):
            return f"{target} = softmax({z}) = exp({z} - max) / sum"
        case SoftmaxGradient(target, da, a):
            return f"{target} = {a} * ({da} - sum of {da} * {a} over each row)"
        case Standardise(h, x, mean, variance) as s:
            return f"{h} = ({x} - {mean}) / sqrt({variance} + {epsilons[s.layer]})"
        case StandardiseGradient(target, dh, h, variance) as s:
            deviation = variance.replace("variance", "deviation")
            inner = f"({dh} - mean of {dh} - {h} * mean of {dh} * {h}) / {deviation}"
            return f"{target} = {f'{s.factor} * ' if s.factor else ''}{inner}"
        case DropoutMask(target, _, rate):
            return f"{target} = 0 with probability {rate!r}, else 1 / (1 - {rate!r})"
        case Penalty(w, gradient, l1, l2):
            terms = [f"{l1} * sign({w})"] * bool(l1) + [f"2 * {l2} * {w}"] * bool(l2)
            return f"{gradient} += {' + '.join(terms)}"
    raise TypeError(f"no formula for {type(group.statement).__name__}")


def spoken(formula: str) -> str:
    """A formula as mathematics writes it."""
    for pattern, text in _MATHEMATICS:
        formula = pattern.sub(text, formula)
    return formula


def headed(title: str, formulas: Iterable[str], indent: str) -> list[str]:
    """A comment: the spec's line and the formulas its calls compute."""
    formulas = [spoken(formula) for formula in formulas]
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
