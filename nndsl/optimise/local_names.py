"""The names of an optimizer's formula beside those that its step has already."""

import builtins
import keyword
import re
from collections.abc import Iterable
from dataclasses import replace

from nndsl.formulas.algebra.operations import OPERATIONS
from nndsl.formulas.expression import Expression, Number, Operation, Step, Variable
from nndsl.formulas.free_name import free_name
from nndsl.formulas.traverse import substitute
from nndsl.program.program import Update

_TAKEN = frozenset(
    {
        *("memory", "weights", "gradients", "part", "start", "number"),
        *("starts", "blocks", "in_threads", "keep_from_zero", "np", "math"),
    }
)
"""Names that a step in place has for other reasons, beside these: scratch and roots."""
_NUMBERED = re.compile(r"[sk](_\d+)?|root\d*")


def is_taken(name: str) -> bool:
    """Whether a step in place, or the module around it, gives the name a meaning."""
    ours = name in _TAKEN or _NUMBERED.fullmatch(name) is not None
    python = keyword.iskeyword(name) or hasattr(builtins, name)
    return ours or python or name in OPERATIONS


def with_free_names(update: Update) -> tuple[Update, dict[str, str]]:
    """The update with other names for those that are taken; what each was before.

    Capitals are for constants.
    """
    used = {step.target for step in (*update.scalars, *update.steps)}
    used |= {state.name for state in update.states}
    names: dict[str, str] = {}
    for name in sorted(used):
        if name.isupper() or is_taken(name):
            wanted = f"own_{name}" if name.isupper() else f"{name}_"
            names[name] = free_name(wanted, {*used, *names.values()})
    put: dict[str, Expression] = {name: Variable(new) for name, new in names.items()}

    def steps(old: Iterable[Step]) -> tuple[Step, ...]:
        return tuple(
            Step(names.get(s.target, s.target), substitute(s.value, put)) for s in old
        )

    states = tuple(replace(s, name=names.get(s.name, s.name)) for s in update.states)
    renamed = replace(
        update,
        states=states,
        scalars=steps(update.scalars),
        steps=steps(update.steps),
    )
    return renamed, {new: name for name, new in names.items()}


_LINKS = {
    **dict.fromkeys(("add", "subtract", "multiply", "divide", "mod"), 3),
    **dict.fromkeys(("less", "greater"), 3),
    **dict.fromkeys(("less_equal", "greater_equal", "equal", "not_equal"), 4),
    **dict.fromkeys(("power", "square"), 2),
    "negate": 1,
    "reciprocal": 4,
}
"""How many characters an operation puts between and around its arguments."""
_CALL = 10


def length(expression: Expression) -> int:
    """About how many characters it takes to write a number's formula."""
    match expression:
        case Number(value):
            return len(str(int(value)) if value.is_integer() else repr(value))
        case Variable(name):
            return len(name)
        case Operation(name, arguments):
            return _LINKS.get(name, _CALL) + sum(map(length, arguments))
