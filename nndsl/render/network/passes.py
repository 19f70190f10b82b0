"""Forward and backward as functions: one block a line of the spec, read down and up."""

from itertools import pairwise

from nndsl.program.kept import kept_values
from nndsl.program.program import (
    ActivateGradient,
    DropoutMask,
    Product,
    Program,
    Standardise,
    StandardiseGradient,
    Statement,
)
from nndsl.program.reads import reads
from nndsl.render.escape import heading
from nndsl.render.library import JAX, NUMPY, Library
from nndsl.render.lines import WIDTH, call
from nndsl.render.network.activation_functions import Activations
from nndsl.render.network.statement_lines import Writer, array_names
from nndsl.render.prose import docstring

CHAIN_RULE = "Apply the chain rule from the last layer to the first"


def has_dropout(program: Program) -> bool:
    return any(
        isinstance(s, DropoutMask) for b in program.forward for s in b.statements
    )


def weight_arguments(program: Program, library: Library = NUMPY) -> list[str]:
    """What stands behind `t` in functions of modules with row weights."""
    return [f"sample_weight: {library.array}"] * bool(program.loss.sample_weight)


_DRAWERS = {NUMPY: ("rng", "np.random.Generator"), JAX: ("key", "Array")}
"""What random numbers come from."""


def forward_head(program: Program, output: str, library: Library = NUMPY) -> list[str]:
    """The first lines of `forward`; `output` says what the last layer gives."""
    arguments = ["p: Parameters", f"x: {library.array}"]
    text = f"Compute the layers' outputs; the last is {output}."
    more = []
    if has_dropout(program):
        drawer, kind = _DRAWERS[library]
        arguments.append(f"{drawer}: {kind} | None = None")
        drawn = "the units that dropout leaves out; without it none is."
        more.append(f"{drawer} draws {drawn}")
    if program.running:
        arguments.append("training: bool = False")
        more.append(
            "In training batch_norm uses the statistics of the rows of x, "
            "else the running ones."
        )
    return [
        *call("def forward(", arguments, f") -> tuple[{library.array}, ...]:"),
        *docstring("\n\n".join([text, " ".join(more)]).strip(), "    "),
    ]


def forward_function(
    program: Program, activations: Activations, output: str
) -> tuple[list[str], set[str]]:
    """`forward`, and the functions it calls."""
    lines = forward_head(program, output, activations.library)
    writer = Writer(program, activations, array_names(program))
    for block in program.forward:
        lines.append(f"    {heading(block.text)}")
        for statement in block.statements:
            lines += writer.lines(statement)
    return [*lines, *returned(kept_values(program))], writer.used


def returned(names: list[str]) -> list[str]:
    if len(names) == 1:
        return [f"    return ({names[0]},)"]
    return [f"    return {', '.join(names)}"]


def unpacked(program: Program) -> list[str]:
    """The outputs of the forward pass that the backward pass reads, by name."""
    read = {name for b in program.backward for s in b.statements for name in reads(s)}
    names = [name if name in read else "_" for name in kept_values(program)]
    return taken_apart(names, "outputs") if set(names) != {"_"} else []


def taken_apart(names: list[str], source: str) -> list[str]:
    """`a1, a2 = outputs`; one name a line where they are many."""
    line = f"    {', '.join(names)} = {source}"
    if len(names) > 1 and len(line) <= WIDTH:
        return [line]
    if len(names) == 1:
        return [f"    ({names[0]},) = {source}"]
    return ["    (", *(f"        {name}," for name in names), f"    ) = {source}"]


def notes(program: Program) -> dict[str, str]:
    """What a reader may wonder about, behind the line of a layer in `backward`."""
    found: dict[str, str] = {}
    told: set[str] = set()
    for block in program.backward:
        for statement in block.statements:
            note = _note(statement)
            if note and note not in told and block.layer not in found:
                told.add(note)
                found[block.layer] = note
    for block, following in pairwise(program.forward):
        match block.statements[-1], following.statements[:1]:
            case Product(bias=None), (Standardise(axis=0),):
                found[block.layer] = "no biases, since batch_norm would subtract them"
    first = program.backward[0]
    last = program.forward[-1].statements[-1]
    if not any(isinstance(s, ActivateGradient) for s in first.statements) and (
        last.target == program.output and f"d{program.output}" not in program.arrays
    ):
        aim = program.loss.smoothed or program.loss
        found[first.layer] = (
            f"its derivative and the loss's combine to {program.output} - {aim.target}"
        )
    return found


def _note(statement: Statement) -> str:
    match statement:
        case StandardiseGradient(axis=0):
            return "a row also moves the mean and the variance, and so all other rows"
        case ActivateGradient(use=use) if use.surrogate is not None:
            return f"it borrows the slope of {use.surrogate.name}"
        case ActivateGradient(use=use):
            return _SLOPES.get(use.name, "")
    return ""


_SLOPES = {
    "relu": "its slope is 1 where the unit is active, else 0",
    "tanh": "its slope is 1 - tanh(z)**2",
    "sigmoid": "its slope is sigmoid(z) * (1 - sigmoid(z))",
}


def backward_title(block_text: str, note: str | None) -> list[str]:
    """The line of the spec, and behind it what a reader may wonder about."""
    title = heading(block_text)
    if note is None:
        return [f"    {title}"]
    line = f"    {title}: {note}"
    return [line] if len(line) <= 88 else [f"    {title}:", f"    # {note}"]


def backward_function(
    program: Program, activations: Activations
) -> tuple[list[str], set[str]]:
    """`backward`, forward read upward, and the functions it calls."""
    library, array = activations.library, activations.library.array
    writer = Writer(program, activations, array_names(program))
    known = notes(program)
    body = unpacked(program)
    for block in program.backward:
        body += backward_title(block.text, known.get(block.layer))
        for statement in block.statements:
            body += writer.lines(statement)
    gradients = dict(program.gradients)
    given = [gradients[p.array.name] for p in program.parameters]
    if program.running:
        zeros = f"{library.name}.zeros_like(w)"
        body.append(f"    zeros = ({zeros} for w in p[LEARNED:])")
        given.append("*zeros")
    arguments = ["p: Parameters", f"x: {array}", "outputs: tuple", f"t: {array}"]
    arguments += weight_arguments(program, library)
    if program.loss.weights:
        arguments.append(f"weights: {array} | None = None")
    return [
        *call("def backward(", arguments, ") -> Parameters:"),
        *docstring(backward_text(program), "    "),
        *body,
        *call("    return Parameters(", given),
    ], writer.used


def backward_text(program: Program) -> str:
    first = program.backward[0].statements
    start = next(s.target for s in first if s.target.startswith("d"))
    text = f"{CHAIN_RULE}; {start} is d loss / d {start[1:]}."
    if program.running:
        text += "\n\nThe outputs are those of forward in training."
    return text
