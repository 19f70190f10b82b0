"""Forward and backward in place; the formulas stand over the lines as comments."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from nndsl.program.in_place import InPlace
from nndsl.program.kept import kept_values
from nndsl.program.program import Block, Program, Statement
from nndsl.render.fast.fast_lines import FastWriter, fast_names, formulas
from nndsl.render.lines import WIDTH, call
from nndsl.render.network.activation_functions import Activations
from nndsl.render.network.passes import (
    backward_text,
    backward_title,
    forward_head,
    notes,
    returned,
    taken_apart,
    unpacked,
    weight_arguments,
)
from nndsl.render.prose import docstring


def fast_forward(
    program: Program, in_place: InPlace, activations: Activations, output: str
) -> tuple[list[str], set[str]]:
    """`forward`, and the functions it calls."""
    names = fast_names(program, in_place)
    writer = FastWriter(program, activations, names, in_place=in_place)
    lines = [*forward_head(program, output), "    x = np.asarray(x, DTYPE)"]
    for block in _joined(program.forward, in_place):
        lines += _headed(program, in_place, block, None)
        for statement in block.statements:
            lines += writer.lines(statement)
    kept = [in_place.memory(name) for name in kept_values(program)]
    return [*lines, *returned(kept)], writer.used


def fast_backward(
    program: Program, in_place: InPlace, activations: Activations
) -> tuple[list[str], set[str]]:
    """`backward`, and the functions it calls."""
    gradients = dict(program.gradients)
    targets = [gradients[p.array.name] for p in program.parameters]
    writer = FastWriter(
        program,
        activations,
        fast_names(program, in_place),
        in_place=in_place,
        gradients=frozenset(targets),
    )
    known, body = notes(program), unpacked(program)
    for block in _joined(program.backward, in_place):
        body += _headed(program, in_place, block, known.get(block.layer))
        for statement in block.statements:
            body += writer.lines(statement)
    arguments = ["p: Parameters", "x: ndarray", "outputs: tuple", "t: ndarray"]
    arguments += weight_arguments(program)
    arguments += ["weights: ndarray | None = None"] * bool(program.loss.weights)
    arguments.append("out: Parameters | None = None")
    made = f"np.{'zeros' if program.running else 'empty'}_like(to_vector(p))"
    names = [*targets, *["*_"] * bool(program.running)]
    return [
        *call("def backward(", arguments, ") -> Parameters:"),
        *docstring(backward_text(program), "    "),
        "    x, t = np.asarray(x, DTYPE), np.asarray(t, DTYPE)",
        f"    gradients = views({made}, p) if out is None else out",
        *taken_apart(names, "gradients"),
        "    ones = np.ones(len(x), DTYPE)  # ones @ dz is dz.sum(axis=0)",
        *body,
        "    return gradients",
    ], writer.used


def _joined(blocks: Sequence[Block], in_place: InPlace) -> Iterator[Block]:
    """The blocks, a value that is overwritten in the next one computed there."""
    before: tuple[Statement, ...] = ()
    text = ""
    for block in blocks:
        statements = [*before, *block.statements]
        kept = len(statements)
        inside = {in_place.over.get(s.target) for s in statements}
        overwritten = {*in_place.over.values()} - inside
        while kept and statements[kept - 1].target in overwritten:
            kept -= 1
            overwritten.add(in_place.over.get(statements[kept].target, ""))
        before = tuple(statements[kept:])
        text = f"{text}, {block.text}" if text else block.text
        if kept:
            yield replace(block, text=text, statements=tuple(statements[:kept]))
            text = ""


def _headed(
    program: Program, in_place: InPlace, block: Block, note: str | None
) -> list[str]:
    """The line of the spec, and what it computes."""
    texts = formulas(program, in_place, block.statements)
    title = backward_title(block.text, note)
    whole = f"{title[0]}: {', '.join(texts)}"
    if note is None and len(title) == 1 and len(whole) <= WIDTH:
        return [whole] if texts else title
    lines: list[str] = []
    for text in texts:
        if lines and len(f"{lines[-1]}, {text}") <= WIDTH:
            lines[-1] += f", {text}"
        else:
            lines.append(f"    #   {text}")
    return title + [line for line in lines if len(line) <= WIDTH]
