"""The pages of formulas: activations, losses, schedules, optimizers, functions."""

from collections.abc import Callable, Iterable, Iterator

from nndsl.check.read.values import format_number
from nndsl.explain.page import beside, block, fields, paragraph, title
from nndsl.explain.plot import plot
from nndsl.formulas.algebra.differentiate import differentiate
from nndsl.formulas.algebra.evaluate import evaluate
from nndsl.formulas.build.convert import FUNCTIONS
from nndsl.formulas.build.library import (
    library_formula,
    library_names,
    library_optimizer,
    library_text,
)
from nndsl.formulas.expression import (
    Expression,
    Formula,
    Number,
    Operation,
    Parameter,
    Variable,
)
from nndsl.formulas.traverse import visit
from nndsl.language.loss_table import ANY_LOSS, LOSSES, TASKS
from nndsl.layers.uses import ActivationUse, Arguments
from nndsl.lower.loss import CANCELLING
from nndsl.lower.slopes import slope_of
from nndsl.spec_text.formula_text import formula_text
from nndsl.spec_text.options import limits_of

_EPOCHS, _STEPS = 100, 10
"""What the curves of schedules are drawn for."""


def activation_page(name: str) -> list[str]:
    formula = library_formula("activation", name)
    return [
        *title(name, "activation"),
        *_written("activation", name, formula.documentation),
        *activation_fields(formula, _defaults(formula.parameters)),
    ]


def activation_fields(formula: Formula, arguments: Arguments) -> list[str]:
    """The parameters of an activation, its derivative, and both as curves."""
    slope = differentiate(formula.value, "x")
    by_output, known = slope_of(ActivationUse(formula.name, formula, arguments))
    pairs = [*_parameters(formula.parameters), ("derivative", formula_text(slope))]
    if known and by_output != slope:
        text = formula_text(by_output)
        pairs.append(("", f"of the output alone: {text}"))
    values, reach = dict(arguments), _reach(formula.value)
    curves = (
        plot(what, _curve(of, "x", values), -reach, reach)
        for what, of in ((f"{formula.name}(x)", formula.value), ("derivative", slope))
    )
    return [*fields(pairs), "", *beside(*curves)]


def loss_page(name: str) -> list[str]:
    formula = library_formula("loss", name)
    entry = LOSSES.get(name, ANY_LOSS)
    last = " or ".join(entry.last) or "any activation"
    if entry.formulas:
        last += " or an activation of your own"
    if entry.one_output:
        last += ", one unit"
    learns = [("last layer", last), ("learns", TASKS[entry.task])]
    return [
        *title(name, "loss"),
        *_written("loss", name, formula.documentation),
        *fields([*learns, *_parameters(formula.parameters)]),
        *loss_fields(formula, _defaults(formula.parameters)),
    ]


_PROBABILITIES = ("classes", "binary", "labels", "distribution")


def loss_fields(formula: Formula, arguments: Arguments) -> list[str]:
    """The derivative of a loss by the prediction, and both as curves for target 1."""
    task = LOSSES.get(formula.name, ANY_LOSS).task
    low, high = (0.05, 1.0) if task in _PROBABILITIES else (-2.0, 4.0)
    slope = differentiate(formula.value, "prediction")
    pairs = [("derivative", f"by prediction: {formula_text(slope)}")]
    for activation, loss in sorted(CANCELLING):
        if loss == formula.name:
            text = f"with {activation} before it: prediction - target"
            pairs.append(("", text))
    how = "sum" if formula.summed else "mean"
    pairs.append(("of a row", f"the {how} over its outputs"))
    values = {"target": 1.0, "outputs": 1.0} | dict(arguments)
    curves = (
        plot(what, _curve(of, "prediction", values), low, high)
        for what, of in (("loss, target 1", formula.value), ("derivative", slope))
    )
    return [*fields(pairs), "", *beside(*curves)]


def schedule_page(name: str) -> list[str]:
    formula = library_formula("schedule", name)
    values = dict(_defaults(formula.parameters))
    values |= {"epochs": _EPOCHS, "steps": _EPOCHS * _STEPS}

    def rate(epoch: float) -> float:
        now = {"epoch": epoch, "step": epoch * _STEPS + 1}
        return evaluate(formula.value, values | now)

    curve = plot(f"{_EPOCHS} epochs of {_STEPS} steps", rate, 0, _EPOCHS - 1)
    return [
        *title(name, "schedule"),
        *_written("schedule", name, formula.documentation),
        *fields(_parameters(formula.parameters)),
        *("", *curve),
    ]


def optimizer_page(name: str) -> list[str]:
    optimizer = library_optimizer(name)
    states = ", ".join(state.name for state in optimizer.states if not state.scalar)
    return [
        *title(name, "optimizer"),
        *_written("optimizer", name, optimizer.documentation),
        *fields(
            [
                *_parameters(optimizer.parameters),
                ("remembers", f"{states}: a number for every weight" if states else ""),
            ]
        ),
    ]


def function_page(name: str) -> list[str]:
    """A function that formulas call."""
    operation, count = FUNCTIONS[name]
    names = ("x", "a", "b") if name in ("clip", "where") else ("x", "y")
    names = ("condition", "x", "y") if name == "where" else names
    value = Operation(operation, tuple(map(Variable, names[:count])))
    slope = differentiate(value, "x")
    lines = [
        *title(name, "function of formulas"),
        *block(formula_text(value)),
        *fields([("derivative", f"by x: {formula_text(slope)}")]),
    ]
    if count > 1:
        return lines
    curves = (
        plot(what, _curve(of, "x", {}), -4, 4)
        for what, of in ((f"{name}(x)", value), ("derivative", slope))
    )
    return [*lines, "", *beside(*curves)]


def _written(kind: str, name: str, documentation: str) -> Iterator[str]:
    """What the file of a built-in formula says, and its definition."""
    text = library_text(kind, name)
    yield from paragraph(documentation)
    yield from block(text[text.index(f"{kind} {name}(") :], indent=2)


def parameter_page(name: str) -> list[str]:
    """A parameter by every built-in formula that has it; no lines where none has."""
    pairs = [
        (formula, text)
        for formula, parameters in _with_parameters()
        for parameter, text in _parameters(parameters)
        if parameter == name
    ]
    return [*title(name, "parameter"), *fields(pairs)] if pairs else []


def _with_parameters() -> Iterator[tuple[str, Iterable[Parameter]]]:
    for kind in ("activation", "loss", "schedule"):
        for name in library_names(kind):
            yield name, library_formula(kind, name).parameters
    for name in library_names("optimizer"):
        yield name, library_optimizer(name).parameters


def _parameters(parameters: Iterable[Parameter]) -> Iterator[tuple[str, str]]:
    for each in parameters:
        if each.switch:
            yield each.name, f"yes or no, default {('no', 'yes')[int(each.default)]}"
        else:
            number = f"a number{limits_of(each)}"
            yield each.name, f"{number}, default {format_number(each.default)}"


def _defaults(parameters: Iterable[Parameter]) -> Arguments:
    return tuple((each.name, each.default) for each in parameters)


def _curve(
    value: Expression, name: str, others: dict[str, float]
) -> Callable[[float], float]:
    return lambda x: evaluate(value, others | {name: x})


def _reach(value: Expression) -> float:
    """So far from 0 that the bends show which a number of the formula puts there."""
    numbers: list[float] = [3.0]

    def see(node: Expression) -> None:
        if isinstance(node, Number) and abs(node.value) <= 9:
            numbers.append(abs(node.value))

    visit(value, see)
    return float(round(max(numbers) * 4 / 3))
