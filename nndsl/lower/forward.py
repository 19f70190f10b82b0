"""From layers to the statements of the forward pass, one block a line of the spec."""

from nndsl.lower.array_names import Arrays
from nndsl.lower.forward_pass import ForwardPass
from nndsl.network import Network
from nndsl.program.program import Block


def lower_forward(network: Network, arrays: Arrays, x: str) -> ForwardPass:
    """The forward pass of `network` over the rows of `x`."""
    forward = ForwardPass(arrays, x)
    for layer in network.layers:
        source = forward.outputs.get(layer.reads, x)
        statements = layer.lower(forward, source)
        forward.current = statements[-1].target if statements else source
        forward.blocks.append(Block(layer.text, layer.name, statements, layer.span))
        forward.outputs[layer.name] = forward.current
    return forward
