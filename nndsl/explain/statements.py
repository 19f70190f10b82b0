"""What a layer computes, in the words of the mathematics."""

from nndsl.explain.page import block, paragraph
from nndsl.program.program import Block, Program
from nndsl.render.network.activation_functions import Activations
from nndsl.render.network.statement_lines import Writer


def computed(program: Program, layer: str) -> list[str]:
    """The statements of a layer, forward and backward."""
    forward = _lines(program, program.forward, layer)
    backward = _lines(program, program.backward, layer)
    return [*_part("forward:", forward), *_part("backward:", backward)]


def _part(head: str, lines: list[str]) -> list[str]:
    return [*paragraph(head), *block("\n".join(lines))] if lines else []


def _lines(program: Program, blocks: tuple[Block, ...], layer: str) -> list[str]:
    activations = Activations(plain=True)
    writer = Writer(program, activations, {}, indent="", plain=True)
    return [
        line
        for each in blocks
        if each.layer == layer
        for statement in each.statements
        for line in writer.lines(statement)
    ]


def gradient_of_loss(program: Program) -> list[str]:
    """The loss of a row and an output, and what the backward pass begins with."""
    writer = Writer(program, Activations(plain=True), {}, indent="", plain=True)
    first: list[str] = []
    for statement in program.backward[0].statements:
        first += writer.lines(statement)
        if statement.target.startswith("d"):
            break
    each = f"{writer.print(program.loss.each)}"
    return [*_part("of a row and an output:", [each]), *_part("backward:", first)]
