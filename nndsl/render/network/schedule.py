"""The learning rate: the schedule's function, and who calls it when."""

from dataclasses import dataclass

from nndsl.formulas.traverse import variables
from nndsl.network import LearningRate
from nndsl.program.program import Program
from nndsl.render.expressions.named_steps import print_steps
from nndsl.render.lines import WIDTH, call
from nndsl.render.prose import docstring, first_paragraph

_TYPES = {
    "learning_rate": "float",
    "epoch": "int",
    "epochs": "int",
    "step": "int",
    "steps": "int",
}
"""What a schedule may be given."""

_WARM = "min(1, (epoch + 1) / WARMUP)"
_IN_FIT = {
    "learning_rate": "self.learning_rate",
    "epoch": "epoch - 1",
    "epochs": "self.epochs",
}


@dataclass(frozen=True, slots=True)
class ScheduleText:
    """`function`: the schedule's lines, if any; `given`: what it is called with.

    `by_step`: the optimizer calls it in every step, else `fit` before every epoch.
    `factor`: in the first epochs `fit` sets a factor, which the optimizer multiplies
    the rate by.
    """

    name: str
    function: tuple[str, ...]
    given: tuple[str, ...]
    by_step: bool
    factor: bool

    @property
    def of_optimizer(self) -> tuple[str, ...]:
        """What the optimizer is told about the run when it is made."""
        told = ("steps", "epochs") if self.by_step else ()
        return tuple(name for name in told if name in self.given)

    @property
    def rate(self) -> str:
        """The learning rate as the optimizer's step computes it."""
        called = "self.learning_rate"
        if self.by_step:
            called = f"{self.name}({', '.join(f'self.{name}' for name in self.given)})"
        return f"self.warmup * {called}" if self.factor else called


def schedule_text(program: Program, rate: LearningRate) -> ScheduleText:
    """The schedule of `rate`; a constant one needs no function."""
    schedule, warm = program.schedule, bool(rate.warmup)
    if schedule is None:
        if not warm or rate.name == "plateau":
            return ScheduleText("", (), (), False, warm)
        lines = [
            "def warm_up(learning_rate: float, epoch: int) -> float:",
            '    """Rise to the full rate over WARMUP epochs; epoch starts at 0."""',
            f"    return learning_rate * {_WARM}",
        ]
        warmed = ("learning_rate", "epoch")
        return ScheduleText("warm_up", tuple(lines), warmed, False, False)
    read = variables(schedule.value)
    by_step = bool(read & {"step", "steps"})
    inside = warm and not by_step
    given = tuple(n for n in _TYPES if n in read or (inside and n == "epoch"))
    text = first_paragraph(schedule.documentation) or "The learning rate of the spec."
    if inside:
        text += " Over the first WARMUP epochs it rises to that in equal steps."
    *steps, last = print_steps(schedule.value, "rate", WIDTH - 8, None, read)
    value = last.removeprefix("rate = ")
    ending = [f"return {value}"]
    if inside:
        ending = [f"rate = {value}", f"return rate * {_WARM}"]
    lines = [
        *call(
            f"def {schedule.name}(",
            [f"{name}: {_TYPES[name]}" for name in given],
            ") -> float:",
        ),
        *docstring(text, "    "),
        *(f"    {step}" for step in (*steps, *ending)),
    ]
    return ScheduleText(
        schedule.name, tuple(lines), given, by_step, warm and not inside
    )


def rate_lines(schedule: ScheduleText, optimizer: str) -> list[str]:
    """What `fit` does about the learning rate before each epoch, counted from 1."""
    lines = []
    if schedule.factor:
        lines.append(f"{optimizer}.warmup = min(1, epoch / WARMUP)")
    if schedule.by_step and "epoch" in schedule.given:
        lines.append(f"{optimizer}.epoch = epoch - 1")
    if schedule.name and not schedule.by_step:
        given = ", ".join(_IN_FIT[name] for name in schedule.given)
        lines.append(f"{optimizer}.learning_rate = {schedule.name}({given})")
    return lines


def first_rate(schedule: ScheduleText, has_rate: bool) -> str:
    """The learning rate that `fit` makes the optimizer with."""
    if has_rate or schedule.by_step:
        return "self.learning_rate" if has_rate else "0.0"
    given = {"epoch": "0"}
    words = ", ".join(given.get(name, _IN_FIT[name]) for name in schedule.given)
    return f"{schedule.name}({words})"
