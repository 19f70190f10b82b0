"""Lowering: from the network, what a spec means, to the program, what to compute."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from nndsl.language.module_names import class_name
from nndsl.lower.array_names import Arrays
from nndsl.lower.backward import Backward, active_arrays, backward_blocks
from nndsl.lower.constant_names import Constants, name_numbers
from nndsl.lower.forward import lower_forward
from nndsl.lower.loss import loss_gradient, lower_loss
from nndsl.lower.processing import lower_data
from nndsl.lower.rate import lower_schedule
from nndsl.lower.update import lower_update
from nndsl.network import Network
from nndsl.program.program import Clipping, ConstantNames, Penalty, Program


def lower(network: Network) -> Program:
    """The program of `network`: forward, loss, backward and what a step needs."""
    arrays = Arrays()
    width = network.inputs.width
    x = arrays.add("x", ("n", "features" if width is None else width), "input")
    target = arrays.add("t", ("n", network.n_outputs), "target")
    weights = None
    if network.train.class_weights is not None:
        each = network.n_outputs if network.task == "labels" else 1
        weights = arrays.add("row_weights", ("n", each), "weights")
    sample_weight = None
    if network.weight is not None:
        sample_weight = arrays.add("sample_weight", ("n", 1), "weights")
    forward = lower_forward(network, arrays, x)
    constants = Constants(_names(network))
    loss = replace(
        lower_loss(network, forward.current, target, weights, arrays, constants),
        sample_weight=sample_weight,
    )
    update = lower_update(network.train.optimizer, constants)
    schedule = lower_schedule(network.train.optimizer.learning_rate, constants)
    names = [parameter.array.name for parameter in forward.parameters]
    backward = Backward(arrays, active_arrays(forward.blocks, names))
    first, skip = loss_gradient(network, loss, forward.blocks, backward)
    blocks = backward_blocks(forward.blocks, backward, first, skip)
    clipping = Clipping(network.train.clip_norm, network.train.clip_value)
    numbers = name_numbers(constants, forward.parameters, forward.blocks, clipping)
    gradients = {name: backward.gradients[name] for name in names}
    return Program(
        data=lower_data(network),
        arrays=arrays.known,
        precision=network.train.precision,
        constants=tuple(constants.known.values()),
        names=numbers,
        parameters=tuple(forward.parameters),
        running=tuple(forward.running),
        forward=tuple(forward.blocks),
        backward=blocks,
        gradients=tuple(gradients.items()),
        output=forward.current,
        outputs=tuple(forward.outputs.items()),
        narrowest=forward.outputs.get(network.narrowest or ""),
        loss=loss,
        penalties=tuple(_penalties(gradients, numbers)),
        clipping=clipping,
        update=update,
        schedule=schedule,
    )


def _penalties(
    gradients: Mapping[str, str], numbers: ConstantNames
) -> Iterator[Penalty]:
    for name, gradient in gradients.items():
        l1, l2 = numbers.l1.get(name), numbers.l2.get(name)
        if l1 or l2:
            yield Penalty(name, gradient, l1, l2)


def _names(network: Network) -> frozenset[str]:
    """The names of the network and of its formulas, which a module has at its top."""
    optimizer = network.train.optimizer
    names = {network.name, network.loss.name, optimizer.learning_rate.name}
    names.add(class_name(optimizer.name))
    for layer in network.layers:
        names |= {use.name for use in layer.activations}
    return frozenset(names)
