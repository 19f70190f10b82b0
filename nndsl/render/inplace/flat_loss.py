"""The loss in place: one number for a batch, penalties included."""

from __future__ import annotations

from dataclasses import dataclass

from nndsl.formulas.expression import Expression, Number, Operation, Variable
from nndsl.formulas.traverse import variables
from nndsl.optimise.elementwise import Setting, schedule
from nndsl.optimise.expand import expanded
from nndsl.optimise.hoisting import Outward
from nndsl.optimise.normal_steps import for_precision, in_place_helpers
from nndsl.program.in_place import Buffer
from nndsl.program.tree import Program
from nndsl.render.constant_lines import Named
from nndsl.render.expressions.printer import print_numpy
from nndsl.render.inplace.calls import OPEN_WIDTH, call_lines, noted
from nndsl.render.lines import call
from nndsl.render.prose import docstring, first_sentence
from nndsl.render.textbook.loss_function import has_penalties
from nndsl.render.textbook.passes import unpack_parameters


@dataclass(frozen=True, slots=True)
class LossText:
    """The function `loss`, and the arrays it wants to write in beside its arguments."""

    function: tuple[str, ...]
    scratch: tuple[Buffer, ...]


def loss_function(program: Program, named: Named, precision: str) -> LossText:
    """`loss(a, t, share, each, …)`."""
    loss = program.loss
    a = loss.prediction
    shape = program.arrays[a].shape
    scalars = frozenset(variables(loss.each) - program.arrays.keys())
    shapes = {name: array.shape for name, array in program.arrays.items()}
    shapes["each"] = shape
    known = {constant.name: float(constant.value) for constant in named.constants}
    factor, array = Outward(scalars, known).split(for_precision(loss.each, precision))
    summed = "float(np.add.reduce(each, axis=None))"
    match array:
        case Operation("multiply", (Variable("t"), part) | (part, Variable("t"))):
            array, summed = part, "float(np.vdot(t, each))"
    helpers = in_place_helpers(precision)
    setting = Setting(shapes, scalars, prefix="_each", helpers=helpers)
    calls, scratch = schedule("each", expanded(array, scalars), setting)
    each = Buffer("each", shape)
    arguments = [f"{a}: Array", "t: Array", "share: Array"]
    if has_penalties(program):
        arguments.insert(0, "p: Arrays")
    arguments += [f"{b.name}: {_type(b)}" for b in (each, *scratch)]
    mean = _times(factor, summed, scalars)
    total = f"sum of share * {'t * ' if 'vdot' in summed else ''}each"
    spoken_mean = _times(factor, total, scalars)
    if not loss.summed and loss.outputs != 1:
        width = loss.outputs if isinstance(loss.outputs, int) else "len(t)"
        mean, spoken_mean = f"{mean} / {width}", f"{spoken_mean} / {width}"
    formula = f"each = {print_numpy(array, None, scalars)};  mean = {spoken_mean}"
    lines = [
        *call("def loss(", arguments, ") -> float:"),
        *docstring(
            first_sentence(loss.documentation) or f"The mean {loss.name}.", "    "
        ),
        *noted(formula, "    "),
        *call_lines(calls, "    "),
        "    each *= share",
    ]
    lines += _result(program, named, mean)
    lines = [OPEN_WIDTH.sub("len(t)", line) for line in lines]
    return LossText(tuple(lines), (each, *scratch))


def _type(buffer: Buffer) -> str:
    return "Array" if buffer.dtype == "float" else "NDArray[np.bool_]"


def _times(factor: Expression, total: str, scalars: frozenset[str]) -> str:
    match factor:
        case Number(1.0):
            return total
        case Number(-1.0):
            return f"-{total}"
        case Operation("negate", (inner,)):
            return f"-{_times(inner, total, scalars)}"
    text = print_numpy(factor, None, scalars)
    whole = isinstance(factor, Number | Variable)
    return f"{text} * {total}" if whole else f"({text}) * {total}"


def _result(program: Program, named: Named, mean: str) -> list[str]:
    if not has_penalties(program):
        return [f"    return {mean}"]
    lines = [f"    value = {mean}"]
    for parameter in program.parameters:
        name = parameter.array.name
        if parameter.l1 or parameter.l2:
            lines += unpack_parameters(program, [name])
        if parameter.l1:
            lines.append(f"    value += {named.l1[name]} * float(np.abs({name}).sum())")
        if parameter.l2:
            squares = f"float(np.vdot({name}, {name}))"
            lines.append(f"    value += {named.l2[name]} * {squares}")
    return [*lines, "    return value"]
