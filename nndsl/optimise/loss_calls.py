"""The loss in place: one number for a batch."""

from nndsl.formulas.expression import Operation, Variable
from nndsl.formulas.traverse import variables
from nndsl.optimise.elementwise import Setting, schedule
from nndsl.optimise.expand import expanded
from nndsl.optimise.hoisting import Outward
from nndsl.optimise.normal_distribution import for_precision, in_place_helpers
from nndsl.program.in_place import Buffer, InPlaceLoss
from nndsl.program.program import Program


def in_place_loss(program: Program) -> InPlaceLoss:
    """The loss of every row and output, left in the array `each`."""
    loss, precision = program.loss, program.precision
    shape = program.arrays[loss.prediction].shape
    numbers = frozenset(variables(loss.each) - program.arrays.keys())
    shapes = {name: array.shape for name, array in program.arrays.items()}
    shapes["each"] = shape
    known = {constant.name: float(constant.value) for constant in program.constants}
    outward = Outward(numbers, known)
    factor, value = outward.split(for_precision(loss.each, precision))
    target, times_target = Variable(loss.target), False
    match value:
        case Operation("multiply", (left, right)) if target in (left, right):
            value, times_target = (right if left == target else left), True
    helpers = in_place_helpers(precision)
    setting = Setting(shapes, numbers, prefix="_each", helpers=helpers)
    calls, scratch = schedule("each", expanded(value, numbers), setting)
    buffers = (Buffer("each", shape), *scratch)
    return InPlaceLoss(factor, value, times_target, calls, buffers, numbers)
