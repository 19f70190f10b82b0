"""Calls that write into existing arrays, as lines of Python."""

from collections.abc import Collection, Iterable

from nndsl.formulas.algebra.rewrites import OPPOSITE
from nndsl.formulas.expression import Expression, Number, Operation, Variable
from nndsl.program.in_place import (
    Call,
    Condition,
    Draw,
    Group,
    Length,
    Ones,
    Operand,
    Ref,
    Value,
)
from nndsl.render.expressions.forms import FORMS
from nndsl.render.expressions.printer import needs, print_numpy

OPEN_WIDTH = {"n_outputs": "len(t)"}
"""How the number of outputs is written where only the data can tell it."""
_SIGNS = {"add": "+=", "subtract": "-=", "multiply": "*=", "divide": "/="}
_COMMUTES = ("add", "multiply")
_ARITHMETIC = frozenset(
    ("add", "subtract", "multiply", "divide", "power", "negate", "square", "reciprocal")
)


def call_lines(
    calls: Iterable[Call], indent: str, numbers: Collection[str]
) -> list[str]:
    """One line a call; calls under one condition stand in one `if`.

    `numbers` are the names in the calls that are numbers, not arrays.
    """
    lines: list[str] = []
    before: Condition | None = None
    for call in calls:
        condition = call.condition
        if condition is not None and condition != before:
            opposite = before is not None and before.value is condition.value
            otherwise = opposite and not condition.holds
            head = "else" if otherwise else f"if {_condition(condition, numbers)}"
            lines.append(f"{indent}{head}:")
        before = condition
        inner = indent if condition is None else f"{indent}    "
        lines.append(inner + _call(call, numbers))
    return lines


def _condition(condition: Condition, numbers: Collection[str]) -> str:
    value = condition.value
    match value:
        case Operation(name, arguments) if name in OPPOSITE:
            if not condition.holds:
                value = Operation(OPPOSITE[name], arguments)
            return print_numpy(value, None, numbers)
    text = print_numpy(value, None, numbers)
    text = text if isinstance(value, Variable) else f"({text})"
    return text if condition.holds else f"not {text}"


def operand_text(operand: Operand, numbers: Collection[str]) -> str:
    """How an operand is written among the arguments of a call."""
    match operand:
        case Ref(name, transposed):
            return f"{name}.T" if transposed else name
        case Value(expression):
            return print_numpy(expression, OPEN_WIDTH, numbers)
        case Length(of, inverse):
            return f"1 / len({of})" if inverse else f"len({of})"
        case Ones(width):
            return f"ONES{width}"
        case Draw(like):
            return f"random.random_sample({like}.T.shape).T"


def _call(call: Call, numbers: Collection[str]) -> str:
    texts = [operand_text(operand, numbers) for operand in call.arguments]
    given = ", ".join(texts)
    match call.function:
        case "dot":
            return f"{texts[0]}.dot({texts[1]}, {call.out})"
        case "fill":
            return f"{call.out}.fill({given})"
        case "copyto":
            return f"np.copyto({call.out}, {given})"
        case "where":
            return f"{call.out}[...] = np.where({given})"
        case "sum":
            return f"np.add.reduce({given}, axis=0, keepdims=True, out={call.out})"
        case "max":
            return f"np.maximum.reduce({given}, axis=0, keepdims=True, out={call.out})"
    if call.helper == "writes":
        return f"{call.function}({given})"
    if call.helper == "gives":
        return f"{call.out}[...] = {call.function}({given})"
    return _ufunc(call, texts)


def _ufunc(call: Call, texts: list[str]) -> str:
    arguments = [
        f"number({text})" if _is_fixed(operand) else text
        for operand, text in zip(call.arguments, texts, strict=True)
    ]
    if call.function in _COMMUTES and arguments[1] == call.out != arguments[0]:
        arguments.reverse()
    sign = _SIGNS.get(call.function)
    if sign is not None and arguments[0] == call.out:
        return f"{call.out} {sign} {arguments[1]}"
    return f"{FORMS[call.function].ufunc}({', '.join(arguments)}, out={call.out})"


def _is_fixed(operand: Operand) -> bool:
    """Whether the operand is a number that is the same in every step."""
    return isinstance(operand, Value) and _is_constant(operand.expression)


def _is_constant(expression: Expression) -> bool:
    match expression:
        case Number():
            return True
        case Variable(name):
            return name.isupper()
        case Operation("largest" | "smallest", _):
            return True
        case Operation(name, arguments):
            return name in _ARITHMETIC and all(map(_is_constant, arguments))


def functions_called(groups: Iterable[Group]) -> set[str]:
    """The module's own functions and constants that the calls of groups need."""
    found: set[str] = set()
    for group in groups:
        for call in group.calls:
            if call.helper:
                found.add(call.function)
            values = [a.expression for a in call.arguments if isinstance(a, Value)]
            values += [call.condition.value] if call.condition else []
            for value in values:
                found |= needs(value, group.numbers)
    return found
