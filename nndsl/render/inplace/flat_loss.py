"""The loss in place: one number for a batch, penalties included."""

from nndsl.formulas.expression import Expression, Number, Operation, Variable
from nndsl.program.in_place import Buffer, InPlaceLoss
from nndsl.program.program import Program
from nndsl.render.expressions.printer import print_numpy
from nndsl.render.inplace.calls import OPEN_WIDTH, call_lines
from nndsl.render.inplace.formula_comments import noted
from nndsl.render.lines import call
from nndsl.render.prose import docstring, first_sentence
from nndsl.render.textbook.passes import unpack_parameters


def loss_function(program: Program, plan: InPlaceLoss) -> list[str]:
    """`loss(a, t, share, each, …)`."""
    loss, numbers = program.loss, plan.numbers
    arguments = ["p: Arrays"] if program.penalties else []
    arguments += [f"{loss.prediction}: Array", "t: Array", "share: Array"]
    arguments += [f"{buffer.name}: {_type(buffer)}" for buffer in plan.scratch]
    summed = "float(np.add.reduce(each, axis=None))"
    total = "sum of share * each"
    if plan.times_target:
        summed, total = "float(np.vdot(t, each))", "sum of share * t * each"
    mean = _times(plan.factor, summed, numbers)
    spoken_mean = _times(plan.factor, total, numbers)
    if not loss.summed and loss.outputs != 1:
        width = loss.outputs if isinstance(loss.outputs, int) else "len(t)"
        mean, spoken_mean = f"{mean} / {width}", f"{spoken_mean} / {width}"
    each = print_numpy(plan.value, OPEN_WIDTH, numbers)
    note = first_sentence(loss.documentation) or f"The mean {loss.name}."
    return [
        *call("def loss(", arguments, ") -> float:"),
        *docstring(note, "    "),
        *noted(f"each = {each};  mean = {spoken_mean}", "    "),
        *call_lines(plan.calls, "    ", numbers),
        "    each *= share",
        *_result(program, mean),
    ]


def _type(buffer: Buffer) -> str:
    return "Array" if buffer.dtype == "float" else "NDArray[np.bool_]"


def _times(factor: Expression, total: str, numbers: frozenset[str]) -> str:
    match factor:
        case Number(1.0):
            return total
        case Number(-1.0):
            return f"-{total}"
        case Operation("negate", (inner,)):
            return f"-{_times(inner, total, numbers)}"
    text = print_numpy(factor, OPEN_WIDTH, numbers)
    whole = isinstance(factor, Number | Variable)
    return f"{text} * {total}" if whole else f"({text}) * {total}"


def _result(program: Program, mean: str) -> list[str]:
    if not program.penalties:
        return [f"    return {mean}"]
    lines = [f"    value = {mean}"]
    for penalty in program.penalties:
        name = penalty.parameter
        lines += unpack_parameters(program, [name])
        if penalty.l1:
            lines.append(f"    value += {penalty.l1} * float(np.abs({name}).sum())")
        if penalty.l2:
            squares = f"float(np.vdot({name}, {name}))"
            lines.append(f"    value += {penalty.l2} * {squares}")
    return [*lines, "    return value"]
