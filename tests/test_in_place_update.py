"""The optimizer in place: its calls, run one by one over numbers, give what the formula
gives, and read nothing that they have not written."""

from __future__ import annotations

import math
from collections.abc import Iterable

import pytest

from nndsl.compiler import understand
from nndsl.diagnostics.record import Source
from nndsl.formulas.algebra.evaluate import evaluate
from nndsl.formulas.expression import Operation
from nndsl.lower.lower import lower
from nndsl.optimise.optimise import optimise
from nndsl.program.in_place import Action, Call, Choice
from nndsl.program.program import Program
from nndsl.program.verify_in_place import verify_in_place

BUILT_IN = [
    *("adam", "adamw", "adamax", "nadam", "radam", "adagrad", "adadelta", "rmsprop"),
    *("sgd", "lion", "adam(beta1=0)", "rmsprop(momentum=0.9, weight_decay=0.1)"),
    *("sgd(momentum=0.9, nesterov=yes, weight_decay=0.1)", "radam(weight_decay=0.1)"),
    *("nadam(weight_decay=0.1)", "adadelta(weight_decay=0.1)"),
]
OWN = [
    "weight = where(step < 3, weight - learning_rate * gradient, weight)",
    "weight = where(step < 3, weight, weight - learning_rate * gradient)",
    "state m = 0; m = where(step == 1, gradient, 0.9 * m + 0.1 * gradient); "
    "weight = weight - learning_rate * m",
    "state m = 0; state n = 1; n = 0.5 * n + gradient * gradient; "
    "m = where(n > m, n * m, m - n) + where(step > 3, m, n) / (3 + m * m); "
    "weight = weight - learning_rate * m",
    "state m = 0; m = where(gradient > 0, m + gradient, m * m - gradient); "
    "weight = weight - learning_rate * where(m > 0, 1, 2) * where(m > 0, m, 1)",
    "state m = 0; m = where(step > 1, m / (step - 1) + gradient, gradient); "
    "weight = weight - learning_rate * m",
    "state k = 1; state m = 0.5; k = k * 0.9; m = m * k + gradient; "
    "weight = weight - learning_rate * m",
    "a = gradient * 3; b = a * a + weight; weight = weight - learning_rate * b * a",
    "weight = weight - learning_rate * clip(gradient, -0.1, 0.2)^3",
    "weight = weight - learning_rate * ((gradient > 0) + (weight > 0))",
]


def program_of(optimizer: str, definition: str = "") -> Program:
    text = f"{definition}network Own {{ input 3; dense 1; loss mean_squared_error\n"
    text += f"train {{ optimizer {optimizer} }} }}\n"
    return lower(understand(Source("own.nn", text)).network)


def run(actions: Iterable[Action], values: dict[str, float]) -> None:
    for action in actions:
        match action:
            case Call("copy", arguments, out):
                values[out] = evaluate(arguments[0], values)
            case Call(operation, arguments, out):
                values[out] = evaluate(Operation(operation, arguments), values)
            case Choice(condition, then, otherwise):
                run(then if evaluate(condition, values) else otherwise, values)
            case _:
                values[action.target] = evaluate(action.value, values)


def compare(program: Program) -> None:
    in_place = optimise(program)
    verify_in_place(program, in_place)
    update, plan = program.update, in_place.update
    given = {constant.name: float(constant.value) for constant in program.constants}
    given |= {"weight": 0.7, "learning_rate": 0.1}
    given |= {state.name: float(state.start) for state in update.states}
    formula, calls = dict(given), given | dict.fromkeys(plan.vectors, math.nan)
    for step, gradient in enumerate((0.3, -0.2, 0.5, 0.01, -1.5, 0.4), 1):
        for values in (formula, calls):
            values |= {"step": float(step), "gradient": gradient}
            for each in update.scalars:
                values[each.target] = evaluate(each.value, values)
        for each in update.steps:
            formula[each.target] = evaluate(each.value, formula)
        for one in plan.passes:
            run(one.actions, calls)
        assert calls["gradient"] == gradient
        assert calls["weight"] == pytest.approx(formula["weight"], rel=1e-12)
        for state in update.states:
            scale = plan.scales.get(state.name)
            factor = evaluate(scale, given) if scale is not None else 1
            kept = calls[state.name] * factor
            assert kept == pytest.approx(formula[state.name], rel=1e-12)


@pytest.mark.parametrize("optimizer", BUILT_IN)
def test_a_built_in_optimizer(optimizer: str) -> None:
    compare(program_of(optimizer))


@pytest.mark.parametrize("body", OWN)
def test_an_optimizer_of_ones_own(body: str) -> None:
    compare(program_of("own", f"optimizer own(learning_rate=0.1) {{ {body} }}\n"))


def test_adam_takes_ten_passes() -> None:
    plan = optimise(program_of("adam")).update
    calls = [a for one in plan.passes for a in one.actions if isinstance(a, Call)]
    assert len(calls) == 10
    assert plan.vectors == ("change",)
