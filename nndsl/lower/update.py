"""The optimizer's formula, made ready for this network: only the terms it uses.

Parameters that are 0, and those a formula only compares with, are put in as numbers;
what then falls away (sgd without momentum needs no velocity) is left out.  The rest
become constants with a name.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from nndsl.formulas.algebra.simplify import simplify, substitute, variables
from nndsl.formulas.expression import (
    Expression,
    Number,
    Operation,
    OptimizerFormula,
    State,
    Step,
    Variable,
)
from nndsl.formulas.free_name import free_name
from nndsl.lower.constant_names import Constants
from nndsl.network import OptimizerUse
from nndsl.program.program import Update

_SCALARS = frozenset({"step", "learning_rate"})
_CHOICES = frozenset({"where", "less", "less_equal", "greater", "greater_equal"})
_CHOICES |= {"equal", "not_equal"}


def lower_update(use: OptimizerUse, constants: Constants) -> Update:
    """The step of the optimizer; the numbers it names go to `constants`."""
    formula = use.formula
    switches = _switches(formula)
    replaced: dict[str, Expression] = {}
    named = set()
    own = {step.target for step in formula.steps} | {s.name for s in formula.states}
    for name, value in use.arguments:
        if name == "learning_rate":
            continue
        if value == 0.0 or name in switches:
            replaced[name] = Number(value)
        else:
            variable = constants.add(name, value, use.name, own)
            named.add(variable.name)
            replaced[name] = variable
    steps = [
        Step(s.target, simplify(substitute(s.value, replaced))) for s in formula.steps
    ]
    states = {state.name: state for state in formula.states}
    steps = _set_once(_only_needed(steps, states), {*states, "weight"})
    read = {name for step in steps for name in variables(step.value)}
    constants.forget(named - read)
    known = _SCALARS | named
    known |= {state.name for state in states.values() if state.scalar}
    of_arrays = {"weight", *(s.name for s in states.values() if not s.scalar)}
    scalars: list[Step] = []
    arrays: list[Step] = []
    for step in steps:
        if variables(step.value) <= known and step.target not in of_arrays:
            known |= {step.target}
            arrays = _kept_value(step.target, scalars, arrays, read | own)
            scalars.append(step)
        else:
            arrays.append(step)
    return Update(
        use.name,
        tuple(states.values()),
        tuple(scalars),
        tuple(arrays),
        formula.documentation,
        formula.notes,
    )


def _with(steps: Sequence[Step], put: Mapping[str, Expression]) -> list[Step]:
    """The steps with expressions in the place of names, simplified."""
    return [Step(s.target, simplify(substitute(s.value, put))) for s in steps]


def _set_once(steps: Sequence[Step], kept: set[str]) -> list[Step]:
    """A local that is set again has a name for each value it takes.

    One value may be a number, the same for all arrays, and the next an array.
    """
    written = Counter(step.target for step in steps if step.target not in kept)
    taken = {name for step in steps for name in (step.target, *variables(step.value))}
    now: dict[str, Expression] = {}
    result = []
    for step in steps:
        value, target = substitute(step.value, now), step.target
        if written[target] > 1:
            number = 1
            while f"{target}_{number}" in taken:
                number += 1
            taken.add(f"{target}_{number}")
            now[target] = Variable(f"{target}_{number}")
            result.append(Step(f"{target}_{number}", value))
            written[target] -= 1
        else:
            now.pop(target, None)
            result.append(Step(target, value))
    return result


def _kept_value(
    name: str, scalars: list[Step], arrays: list[Step], taken: set[str]
) -> list[Step]:
    """Let array steps that stand before a scalar's update read its value of before."""
    if not any(name in variables(step.value) for step in arrays):
        return arrays
    before = free_name(f"{name}_before", taken | {step.target for step in scalars})
    scalars.append(Step(before, Variable(name)))
    put = {name: Variable(before)}
    return [Step(s.target, substitute(s.value, put)) for s in arrays]


def _switches(formula: OptimizerFormula) -> frozenset[str]:
    """Parameters that stand alone in a condition, such as `nesterov`."""
    names = {parameter.name for parameter in formula.parameters}
    found: set[str] = set()

    def walk(node: Expression) -> None:
        if not isinstance(node, Operation):
            return
        if node.name in _CHOICES:
            for condition in node.arguments[:1]:
                if variables(condition) <= names:
                    found.update(variables(condition))
        for argument in node.arguments:
            walk(argument)

    for step in formula.steps:
        walk(step.value)
    return frozenset(found)


def _only_needed(steps: Sequence[Step], states: dict[str, State]) -> list[Step]:
    """The steps without copies, and without states and locals that nothing needs.

    A state that is written before it is read forgets what it held: it becomes a
    local.  Such states are taken out of `states`.
    """
    result = list(steps)
    while True:
        for name in [*states]:
            if _forgets(result, name):
                del states[name]
        shorter = _without_unread(_without_copies(result, states), states)
        if shorter == result:
            return result
        result = shorter


def _forgets(steps: Sequence[Step], state: str) -> bool:
    for step in steps:
        if state in variables(step.value):
            return False
        if step.target == state:
            return True
    return True


def _without_copies(steps: Sequence[Step], states: dict[str, State]) -> list[Step]:
    """Put a local that only renames something in the place of its name."""
    written = [step.target for step in steps]
    for index, step in enumerate(steps):
        value = step.value
        fresh = step.target not in states and step.target != "weight"
        if isinstance(value, Operation) or not fresh or written.count(step.target) > 1:
            continue
        if isinstance(value, Variable) and value.name in written[index:]:
            continue
        put: dict[str, Expression] = {step.target: value}
        rest = [
            Step(s.target, simplify(substitute(s.value, put)))
            for s in steps[index + 1 :]
        ]
        return [*steps[:index], *rest]
    return list(steps)


def _without_unread(steps: Sequence[Step], states: dict[str, State]) -> list[Step]:
    kept: list[Step] = []
    needed: set[str] = set()
    for step in reversed(steps):
        if step.value == Variable(step.target):
            continue
        if step.target == "weight" or step.target in needed or step.target in states:
            needed |= variables(step.value)
            kept.append(step)
    return kept[::-1]
