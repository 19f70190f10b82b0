"""The loss and the gradient it starts the backward pass with."""

from collections.abc import Sequence

from nndsl.formulas.algebra.differentiate import differentiate
from nndsl.formulas.algebra.simplify import count, simplify, substitute, variables
from nndsl.formulas.expression import Expression, Number, Operation, Variable
from nndsl.layers.uses import ActivationUse
from nndsl.lower.array_names import Arrays
from nndsl.lower.backward import Backward
from nndsl.lower.constant_names import Constants
from nndsl.network import Network
from nndsl.program.program import (
    Activate,
    Block,
    Loss,
    Map,
    Softmax,
    Statement,
)

CANCELLING = {
    ("softmax", "categorical_crossentropy"),
    ("softmax", "kl_divergence"),
    ("sigmoid", "binary_crossentropy"),
}
"""Activation and loss whose derivatives cancel to `prediction - target`.

Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.6.  The clip of a
crossentropy guards the reported number only.
"""


_SHORT = 9
"""A derivative of at most so many nodes is divided by the number of rows at once."""

_SMOOTHING = "label_smoothing"


def lower_loss(
    network: Network,
    prediction: str,
    target: str,
    weights: str | None,
    arrays: Arrays,
    constants: Constants,
) -> Loss:
    """The loss over the program's arrays; the numbers it names go to `constants`."""
    use = network.loss
    formula = use.formula
    replaced: dict[str, Expression] = {"outputs": _width(network)}
    used, smoothed, aim = variables(formula.value), None, target
    for name, value in use.arguments:
        if value == 0.0:
            replaced[name] = Number(0.0)
        elif name in used:
            replaced[name] = constants.add(name, value, use.name)
    if _SMOOTHING in used and replaced[_SMOOTHING] != Number(0.0):
        smoothed = _smoothed(network, target, replaced[_SMOOTHING], arrays)
        aim, replaced[_SMOOTHING] = smoothed.target, Number(0.0)
    replaced |= {"prediction": Variable(prediction), "target": Variable(aim)}
    return Loss(
        use.name,
        simplify(substitute(formula.value, replaced)),
        prediction,
        target,
        network.n_outputs,
        formula.summed,
        formula.documentation,
        weights,
        smoothed,
    )


def _smoothed(
    network: Network, target: str, smoothing: Expression, arrays: Arrays
) -> Map:
    """The target with a part of it spread evenly over the classes."""
    kept = Operation("subtract", (Number(1.0), smoothing))
    spread = Operation("divide", (smoothing, _width(network)))
    name = arrays.add(f"{target}_smooth", arrays.shape(target))
    product = Operation("multiply", (kept, Variable(target)))
    return Map(name, Operation("add", (product, spread)))


def _width(network: Network) -> Expression:
    width = network.n_outputs
    return Number(float(width)) if isinstance(width, int) else Variable("n_outputs")


def loss_gradient(
    network: Network, loss: Loss, blocks: Sequence[Block], backward: Backward
) -> tuple[list[Statement], int]:
    """The first statements of the backward pass.

    `n` is the number of rows, `size` that of all outputs of all rows.  Also how many
    statements at the end of the forward pass it goes through.
    """
    last = blocks[-1].statements[-1]
    first: list[Statement] = []
    aim = loss.target
    if loss.smoothed is not None:
        first, aim = [loss.smoothed], loss.smoothed.target
    error: Expression = Operation(
        "subtract", (Variable(loss.prediction), Variable(aim))
    )
    match last:
        case Softmax(source=source) if ("softmax", loss.name) in CANCELLING:
            skip = 1
        case Activate(source=source, use=ActivationUse(name=name, surrogate=None)) if (
            name,
            loss.name,
        ) in CANCELLING:
            skip = 1
        case _:
            source = loss.prediction
            skip, error = 0, _clipped(differentiate(loss.each, loss.prediction))
            if count(error) > _SHORT:
                shape = backward.arrays.shape(source)
                slope = backward.arrays.add("slope", shape, "gradient")
                first.append(Map(slope, error))
                error = Variable(slope)
    for weights in (loss.weights, loss.sample_weight):
        if weights is not None:
            error = Operation("multiply", (error, Variable(weights)))
    over_rows = loss.summed or (loss.outputs == 1 and network.task == "binary")
    number = Variable("n" if over_rows else "size")
    gradient = backward.new(source)
    backward.reached(source, gradient)
    value = simplify(Operation("divide", (error, number)))
    return [*first, Map(gradient, value)], skip


def _clipped(slope: Expression) -> Expression:
    """The slope of huber: `r` up to a bound, then the bound with the sign of r."""
    match slope:
        case Operation(
            "where",
            (
                Operation("less_equal", (Operation("abs", (r,)), bound)),
                inside,
                Operation("multiply", (factor, Operation("sign", (direction,)))),
            ),
        ) if inside == r == direction and factor == bound:
            return Operation("clip", (r, Operation("negate", (bound,)), bound))
    return slope
