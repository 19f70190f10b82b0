"""The function `loss`: one number for a batch, penalties included."""

from nndsl.formulas.traverse import variables
from nndsl.program.program import Program
from nndsl.render.expressions.named_steps import print_steps
from nndsl.render.expressions.printer import needs
from nndsl.render.lines import WIDTH, call, commented
from nndsl.render.prose import docstring, first_sentence
from nndsl.render.shapes import shape
from nndsl.render.textbook.passes import unpack_parameters


def loss_function(program: Program) -> tuple[list[str], set[str]]:
    """`loss`, and the functions it calls."""
    loss = program.loss
    a = loss.prediction
    scalars = frozenset(variables(loss.each) - program.arrays.keys())
    names = {"n_outputs": "t.shape[1]"}
    arguments = [f"{a}: Array", "t: Array", "share: Share"]
    if program.penalties:
        arguments.insert(0, "p: Arrays")
    body = print_steps(loss.each, "each", WIDTH - 4, names, scalars)
    sizes = shape(program.arrays[a].shape)
    lines = [
        *call("def loss(", arguments, ") -> float:"),
        *docstring(
            first_sentence(loss.documentation) or f"The mean {loss.name}.", "    "
        ),
        *(f"    {step}" for step in body[:-1]),
        *commented(f"    {body[-1]}", sizes),
    ]
    mean = "(share * each).sum()"
    if not loss.summed and loss.outputs != 1:
        mean += f" / {loss.outputs if isinstance(loss.outputs, int) else 't.shape[1]'}"
    mean = f"float({mean})"
    if not program.penalties:
        return [*lines, f"    return {mean}"], set(needs(loss.each, scalars))
    lines.append(f"    total = {mean}")
    for penalty in program.penalties:
        name = penalty.parameter
        lines += unpack_parameters(program, [name])
        if penalty.l1:
            lines.append(f"    total += {penalty.l1} * float(np.abs({name}).sum())")
        if penalty.l2:
            lines.append(f"    total += {penalty.l2} * float(({name} * {name}).sum())")
    return [*lines, "    return total"], set(needs(loss.each, scalars))
