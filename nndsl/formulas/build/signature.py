"""The head of a formula: what it is given, its parameters, defaults and limits."""

import math
from dataclasses import dataclass

from nndsl.diagnostics.codes_formulas import LIMITS, NOT_FINITE, SIGNATURE, TWICE
from nndsl.diagnostics.record import Related
from nndsl.diagnostics.suggest import suggest
from nndsl.formulas.algebra.evaluate import evaluate
from nndsl.formulas.build.convert import Converter, Unbuildable
from nndsl.formulas.build.scope import Scope
from nndsl.formulas.expression import Parameter
from nndsl.syntax import tree

# What each kind is given, and how much of it the head must name first.
GIVEN: dict[str, tuple[tuple[str, ...], int]] = {
    "activation": (("x",), 1),
    "loss": (("prediction", "target", "outputs"), 2),
    "schedule": (("epoch", "epochs", "step", "steps"), 0),
    "optimizer": ((), 0),
}
_SWITCHES = {"yes": 1.0, "no": 0.0}
_UNBOUNDED = "infinity"
_OPEN = {"above": "low", "below": "high"}


@dataclass(frozen=True, slots=True)
class Signature:
    inputs: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    spans: dict[str, tree.Span]


def read_signature(kind: str, head: tree.Call, scope: Scope) -> Signature:
    """The parameters of a formula's head; mistakes go to the scope.

    Limits are `in low..high`; `above(0)` and `below(1)` exclude the bound, `infinity`
    is none.
    """
    given, required = GIVEN[kind]
    inputs: list[str] = []
    parameters: list[Parameter] = []
    spans: dict[str, tree.Span] = {}
    for argument in head.arguments:
        name = argument.key or argument.value
        if not isinstance(name, tree.Name):
            hint = "write names, such as `beta=1.0`"
            scope.add(SIGNATURE, argument.span, "this is not a parameter", hint)
            continue
        if name.text in spans:
            first = Related(spans[name.text], "first named here")
            label = f"`{name.text}` is named twice"
            scope.add(TWICE, name.span, label, "leave one out", related=(first,))
            continue
        spans[name.text] = name.span
        meant = _meant(head, name, given) if argument.key is None else ()
        if argument.key is None and name.text in given:
            inputs.append(name.text)
        elif meant:
            inputs.append(meant[0])
            label = f"a {kind} is not given `{name.text}`"
            hint = f"did you mean `{meant[0]}`?"
            sure = len(meant) == 1
            scope.add(SIGNATURE, name.span, label, hint, fix=meant[0], certain=sure)
        elif argument.key is None:
            label = f"the parameter `{name.text}` has no default"
            scope.add(SIGNATURE, name.span, label, _default_hint(kind, name.text))
        elif name.text in given:
            label = f"a {kind} is given `{name.text}`; it has no default"
            scope.add(SIGNATURE, argument.span, label, fix=name.text)
        elif scope.check_name(name, "parameter", _spoken_for(kind)):
            parameter = _parameter(argument, name, scope)
            parameters += [parameter] if parameter else []
    if tuple(inputs[:required]) != given[:required]:
        first_ones = ", ".join(given[:required])
        label = f"a formula of this kind begins with ({first_ones}"
        hint = f"write `{kind} {head.name.text}({first_ones}, ...)`"
        scope.add(SIGNATURE, head.span, f"{label})", hint)
    return Signature(tuple(inputs), tuple(parameters), spans)


def _meant(head: tree.Call, name: tree.Name, given: tuple[str, ...]) -> tuple[str, ...]:
    """What a misspelt name among those that are given may have been."""
    if name.text in given or len(name.text) < 3:
        return ()
    values = [each.value for each in head.arguments if each.key is None]
    named = {value.text for value in values if isinstance(value, tree.Name)}
    return suggest(name.text, [each for each in given if each not in named])


def _spoken_for(kind: str) -> frozenset[str]:
    if kind == "optimizer":
        return frozenset({"weight", "gradient", "step"})
    return frozenset()


def _default_hint(kind: str, name: str) -> str:
    given = GIVEN[kind][0]
    known = f"; given without one: {', '.join(given)}" if given else ""
    return f"write `{name}=1.0` or another number{known}"


def _parameter(
    argument: tree.Argument, name: tree.Name, scope: Scope
) -> Parameter | None:
    value = argument.value
    if isinstance(value, tree.Name) and value.text in _SWITCHES:
        default = _SWITCHES[value.text]
        return Parameter(name.text, default, 0.0, 1.0, switch=True)
    number = constant(value, scope)
    if number is None:
        return None
    if argument.limits is None:
        return Parameter(name.text, number)
    return _limited(name.text, number, argument.limits, value.span, scope)


def _limited(
    name: str, default: float, limits: tree.Limits, span: tree.Span, scope: Scope
) -> Parameter | None:
    if limits.word.text != "in":
        label = f"`{limits.word.text}` has no meaning after a default"
        scope.add(LIMITS, limits.word.span, label, "limits are `in 0..1`", fix="in")
        return None
    low = _bound(limits.low, "low", scope)
    high = _bound(limits.high, "high", scope)
    if low is None or high is None:
        return None
    (least, low_open), (most, high_open) = low, high
    if least is not None and most is not None and least > most:
        scope.add(
            LIMITS,
            limits.span,
            "the lower limit is above the upper",
            "write the smaller one first",
        )
        return None
    below = least is not None and (default <= least if low_open else default < least)
    above = most is not None and (default >= most if high_open else default > most)
    if below or above:
        hint = "choose a default inside them"
        scope.add(LIMITS, span, "the default lies outside its limits", hint)
        return None
    return Parameter(name, default, least, most, low_open, high_open)


def _bound(
    value: tree.Expression, side: str, scope: Scope
) -> tuple[float | None, bool] | None:
    """A limit and whether it is open; None after a mistake."""
    match value:
        case tree.Name(text=text) if text == _UNBOUNDED and side == "high":
            return None, False
        case tree.Unary(operator="-", operand=tree.Name(text=text)) if (
            text == _UNBOUNDED and side == "low"
        ):
            return None, False
        case tree.Call(name=tree.Name(text=text), arguments=(tree.Argument() as one,)):
            if _OPEN.get(text) == side and one.key is None and one.limits is None:
                number = constant(one.value, scope)
                return None if number is None else (number, True)
    number = constant(value, scope)
    return None if number is None else (number, False)


def constant(value: tree.Expression, scope: Scope) -> float | None:
    """The number a constant expression stands for; None after a mistake."""
    try:
        expression = Converter(scope, {}, lambda name: None).convert(value)
    except Unbuildable:
        return None
    number = evaluate(expression, {})
    if not math.isfinite(number):
        scope.add(NOT_FINITE, value.span, "this has no finite value")
        return None
    return number
