"""From layers to the statements of the forward pass, one block a line of the spec."""

from __future__ import annotations

from dataclasses import dataclass, field

from nndsl.formulas.expression import Operation, Variable
from nndsl.lower.array_names import Arrays
from nndsl.network import (
    Activation,
    ActivationUse,
    BatchNorm,
    Dense,
    Dropout,
    Initializer,
    Layer,
    LayerNorm,
    Network,
)
from nndsl.program.tree import (
    Activate,
    Array,
    Block,
    DropoutMask,
    Map,
    Parameter,
    Product,
    Softmax,
    Standardise,
    Statement,
)

_ONES = Initializer("ones")
_ZEROS = Initializer("zeros")


@dataclass(slots=True)
class Forward:
    """The forward pass so far: `current` is the last layer's output."""

    arrays: Arrays
    current: str
    dense: int = 0
    norms: int = 0
    blocks: list[Block] = field(default_factory=list)
    parameters: list[Parameter] = field(default_factory=list)
    running: list[Array] = field(default_factory=list)
    outputs: list[tuple[str, str]] = field(default_factory=list)


def lower_forward(network: Network, arrays: Arrays, x: str) -> Forward:
    """The forward pass of `network` over the rows of `x`."""
    forward = Forward(arrays, x)
    for layer in network.layers:
        statements = _statements(forward, layer)
        forward.blocks.append(Block(layer.text, layer.name, statements, layer.span))
        forward.outputs.append((layer.name, forward.current))
    return forward


def _statements(forward: Forward, layer: Layer) -> tuple[Statement, ...]:
    match layer:
        case Dense():
            return _dense(forward, layer)
        case Activation():
            return _activation(forward, layer.activation)
        case Dropout():
            return _dropout(forward, layer)
        case BatchNorm() | LayerNorm():
            return _norm(forward, layer)


def _dense(forward: Forward, layer: Dense) -> tuple[Statement, ...]:
    forward.dense += 1
    number = forward.dense
    weights = _parameter(
        forward,
        Parameter(
            Array(
                f"w{number}",
                (layer.n_inputs, layer.n_outputs),
                "parameter",
                f"{layer.name}.weights",
            ),
            layer.weights,
            layer.l1,
            layer.l2,
            layer.max_norm,
        ),
    )
    biases = None
    if layer.biases is not None:
        biases = _parameter(
            forward,
            Parameter(
                Array(
                    f"b{number}",
                    (layer.n_outputs,),
                    "parameter",
                    f"{layer.name}.biases",
                ),
                layer.biases,
                layer.bias_l1,
                layer.bias_l2,
            ),
        )
    z = forward.arrays.add(f"z{number}", ("n", layer.n_outputs))
    product = Product(z, forward.current, weights, biases)
    forward.current = z
    return (product, *_activation(forward, layer.activation))


def _activation(forward: Forward, use: ActivationUse) -> tuple[Statement, ...]:
    if use.name == "linear" and use.surrogate is None:
        return ()
    source = forward.current
    a = forward.arrays.add(f"a{forward.dense}", forward.arrays.shape(source))
    forward.current = a
    if use.formula is None:
        return (Softmax(a, source),)
    return (Activate(a, source, use),)


def _dropout(forward: Forward, layer: Dropout) -> tuple[Statement, ...]:
    source = forward.current
    shape = forward.arrays.shape(source)
    mask = forward.arrays.add(f"m{forward.dense}", shape)
    kept = forward.arrays.add(f"r{forward.dense}", shape)
    forward.current = kept
    product = Operation("multiply", (Variable(source), Variable(mask)))
    return (DropoutMask(mask, source, layer.rate), Map(kept, product))


def _norm(forward: Forward, layer: BatchNorm | LayerNorm) -> tuple[Statement, ...]:
    forward.norms += 1
    number = forward.norms
    width = layer.n_outputs
    scale, shift = (
        _parameter(
            forward,
            Parameter(
                Array(f"{name}{number}", (width,), "parameter", f"{layer.name}.{name}"),
                start,
            ),
        )
        for name, start in (("scale", _ONES), ("shift", _ZEROS))
    )
    source = forward.current
    arrays = forward.arrays
    axis: tuple[int | str, ...] = (width,)
    if isinstance(layer, LayerNorm):
        axis = ("n", 1)
    mean = arrays.add(f"mean{number}", axis)
    variance = arrays.add(f"variance{number}", axis)
    h = arrays.add(f"h{number}", arrays.shape(source))
    y = arrays.add(f"y{number}", arrays.shape(source))
    if isinstance(layer, BatchNorm):
        running = _running(forward, layer)
        standardise = Standardise(
            h,
            source,
            mean,
            variance,
            0,
            layer.epsilon,
            layer.name,
            *running,
            layer.momentum,
        )
    else:
        standardise = Standardise(
            h, source, mean, variance, 1, layer.epsilon, layer.name
        )
    scaled = Operation("multiply", (Variable(scale), Variable(h)))
    forward.current = y
    return (standardise, Map(y, Operation("add", (scaled, Variable(shift)))))


def _running(forward: Forward, layer: BatchNorm) -> tuple[str, str]:
    names = []
    for name in ("mean", "variance"):
        key = f"{layer.name}.{name}"
        short = f"running_{name}{forward.norms}"
        names.append(forward.arrays.add(short, (layer.n_outputs,), "running", key))
        forward.running.append(forward.arrays.known[names[-1]])
    return names[0], names[1]


def _parameter(forward: Forward, parameter: Parameter) -> str:
    array = parameter.array
    name = forward.arrays.add(array.name, array.shape, array.kind, array.key)
    forward.parameters.append(parameter)
    return name
