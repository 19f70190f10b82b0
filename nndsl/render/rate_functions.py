"""The learning rate: the schedule's function, and the expression that calls it."""

from dataclasses import dataclass

from nndsl.formulas.traverse import variables
from nndsl.network import LearningRate
from nndsl.program.program import Constant, Schedule
from nndsl.render.expressions.named_steps import print_steps
from nndsl.render.lines import WIDTH, call
from nndsl.render.prose import docstring

_GIVEN = {
    "learning_rate": ("float", "self.learning_rate"),
    "epoch": ("int", "self.n_iter_"),
    "epochs": ("int", "self.epochs"),
    "step": ("int", "self._step"),
    "steps": ("int", "self._planned_steps"),
}
"""What a schedule may be given: its type, and where the model has it."""

RATE_METHOD = "self._rate()"


@dataclass(frozen=True, slots=True)
class ScheduleText:
    """The schedule's function; `call` gives the rate of a step, perhaps by a method.

    `rate` is the body of that method.
    """

    function: tuple[str, ...]
    rate: tuple[str, ...]
    call: str
    constants: tuple[Constant, ...]
    given: frozenset[str]


def write_schedule(rate: LearningRate, schedule: Schedule | None) -> ScheduleText:
    """The schedule of `rate`; a constant one needs no function."""
    warmup: tuple[Constant, ...] = ()
    if rate.warmup:
        note = "epochs until the full learning rate"
        warmup = (Constant("WARMUP", rate.warmup, note),)
    if schedule is None:
        text = "self.learning_rate"
        if rate.name == "plateau":
            text += " * self._rate_factor"
        call_ = RATE_METHOD if rate.warmup else text
        return ScheduleText((), _warm(rate, text), call_, warmup, frozenset())
    read = variables(schedule.value)
    given = [name for name in _GIVEN if name in read]
    *steps, last = print_steps(schedule.value, "rate", WIDTH - 8, None, read)
    text = schedule.documentation or f"The learning rate by {rate.name}."
    function = [
        *call(
            "def schedule(",
            [f"{name}: {_GIVEN[name][0]}" for name in given],
            ") -> float:",
        ),
        *docstring(text, "    "),
        *(f"    {step}" for step in steps),
        f"    return {last.removeprefix('rate = ')}",
    ]
    called = f"schedule({', '.join(_GIVEN[name][1] for name in given)})"
    return ScheduleText(
        tuple(function), _warm(rate, called), RATE_METHOD, warmup, frozenset(given)
    )


def _warm(rate: LearningRate, text: str) -> tuple[str, ...]:
    if not rate.warmup:
        return (f"return {text}",)
    return (f"rate = {text}", "return rate * min(1.0, (self.n_iter_ + 1) / WARMUP)")
