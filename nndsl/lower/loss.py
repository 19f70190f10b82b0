"""The loss and the gradient it starts the backward pass with."""

from collections.abc import Sequence

from nndsl.formulas.algebra.differentiate import differentiate
from nndsl.formulas.algebra.simplify import count, simplify, substitute, variables
from nndsl.formulas.expression import Expression, Number, Operation, Variable
from nndsl.layers.uses import ActivationUse
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

_CANONICAL = {
    ("softmax", "categorical_crossentropy"),
    ("softmax", "kl_divergence"),
    ("sigmoid", "binary_crossentropy"),
}
"""Activation and loss whose derivatives cancel to `prediction - target`.

Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.6.  The clip of a
crossentropy guards the reported number only.
"""


_SHORT = 5
"""A derivative of at most so many nodes is multiplied with the share at once."""


def lower_loss(
    network: Network, prediction: str, target: str, share: str, constants: Constants
) -> Loss:
    """The loss over the program's arrays; the numbers it names go to `constants`."""
    use = network.loss
    formula = use.formula
    replaced: dict[str, Expression] = {
        "prediction": Variable(prediction),
        "target": Variable(target),
        "outputs": _width(network),
    }
    used = variables(formula.value)
    for name, value in use.arguments:
        if value == 0.0:
            replaced[name] = Number(0.0)
        elif name in used:
            replaced[name] = constants.add(name, value, use.name)
    each = simplify(substitute(formula.value, replaced))
    return Loss(
        use.name,
        each,
        prediction,
        target,
        share,
        network.n_outputs,
        formula.summed,
        formula.documentation,
    )


def _width(network: Network) -> Expression:
    width = network.n_outputs
    return Number(float(width)) if isinstance(width, int) else Variable("n_outputs")


def loss_gradient(
    network: Network,
    loss: Loss,
    blocks: Sequence[Block],
    backward: Backward,
    constants: Constants,
) -> tuple[list[Statement], int]:
    """The first statement of the backward pass.

    Also how many statements at the end of the forward pass it goes through.
    """
    last = blocks[-1].statements[-1]
    first: list[Statement] = []
    match last:
        case Softmax(source=source) if ("softmax", loss.name) in _CANONICAL:
            skip, error = 1, _error(network, loss, constants)
        case Activate(source=source, use=ActivationUse(name=name, surrogate=None)) if (
            name,
            loss.name,
        ) in _CANONICAL:
            skip, error = 1, _error(network, loss, constants)
        case _:
            source = loss.prediction
            skip, error = 0, differentiate(loss.each, loss.prediction)
            if count(error) > _SHORT:
                slope = backward.arrays.add(
                    "slope", backward.arrays.shape(source), "gradient"
                )
                first = [Map(slope, error)]
                error = Variable(slope)
    value: Expression = Operation("multiply", (error, Variable(loss.share)))
    if not loss.summed and loss.outputs != 1:
        value = Operation("divide", (value, _width(network)))
    gradient = backward.new(source)
    backward.reached(source, gradient)
    return [*first, Map(gradient, simplify(value))], skip


def _error(network: Network, loss: Loss, constants: Constants) -> Expression:
    """`prediction - target`, the target smoothed where the loss smooths it."""
    target: Expression = Variable(loss.target)
    smoothing = constants.given.get((loss.name, "label_smoothing"))
    if smoothing is not None:
        kept = Operation("subtract", (Number(1.0), smoothing))
        spread = Operation("divide", (smoothing, _width(network)))
        target = Operation("add", (Operation("multiply", (kept, target)), spread))
    return Operation("subtract", (Variable(loss.prediction), target))
