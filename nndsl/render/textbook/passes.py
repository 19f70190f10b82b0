"""Forward and backward as functions: one block a line of the spec, read down and up."""

from collections.abc import Callable, Sequence

from nndsl.formulas.traverse import variables
from nndsl.program.program import (
    ActivateGradient,
    DropoutMask,
    Map,
    Penalty,
    Product,
    Program,
    SoftmaxGradient,
    Standardise,
    StandardiseGradient,
    Statement,
    SumRows,
)
from nndsl.program.reads import reads
from nndsl.render.escape import heading
from nndsl.render.lines import call, commented, dictionary, unpack
from nndsl.render.shapes import shape
from nndsl.render.textbook.activation_functions import Activations
from nndsl.render.textbook.statement_lines import Writer

Names = Callable[[str], str]


def kept_values(program: Program) -> list[str]:
    """The arrays a forward pass leaves behind, in the order they are computed."""
    names = ["x"]
    for block in program.forward:
        for statement in block.statements:
            if isinstance(statement, Standardise):
                names += [statement.mean, statement.variance]
            names.append(statement.target)
    return names


def values_class(program: Program) -> list[str]:
    """The class of what a forward pass leaves behind."""
    lines = [
        "class Values(NamedTuple):",
        '    """What a pass through the network computes, for n rows."""',
        "",
    ]
    for name in kept_values(program):
        lines += commented(f"    {name}: Array", shape(program.arrays[name].shape))
    return lines


def has_running(program: Program) -> bool:
    return bool(program.running)


def has_dropout(program: Program) -> bool:
    return any(
        isinstance(s, DropoutMask) for b in program.forward for s in b.statements
    )


def forward_function(
    program: Program, activations: Activations
) -> tuple[list[str], set[str]]:
    """`forward`, and the functions it calls."""
    arguments = ["p: Arrays", "x: Array"]
    text = "The network, from the rows of x to its output."
    if has_running(program):
        arguments = ["p: Arrays", "r: Arrays", "x: Array", "training: bool = False"]
        text = "The network, from the rows of x to its output; r: running statistics."
    if has_dropout(program):
        arguments.append("random: Random | None = None")
    lines = call("def forward(", arguments, ") -> Values:")
    lines.append(f'    """{text}"""')
    keys = {array.name: array.key for array in program.running}

    def names(array: str) -> str:
        return f'r["{keys[array]}"]' if array in keys else array

    writer = Writer(program.arrays, activations, program.names.epsilon, names)
    places = _places(program)
    for block in program.forward:
        lines.append(f"    {heading(block.text)}")
        read = _read(block.statements) & places.keys()
        lines += unpack_parameters(program, sorted(read, key=places.__getitem__))
        for statement in block.statements:
            lines += writer.lines(statement)
    lines += call("    return Values(", kept_values(program))
    return lines, writer.used


def backward_function(
    program: Program, activations: Activations
) -> tuple[list[str], set[str]]:
    """`backward`, forward read upward, and the functions it calls."""
    kept = set(kept_values(program))

    def names(array: str) -> str:
        return f"v.{array}" if array in kept else array

    writer = Writer(program.arrays, activations, program.names.epsilon, names)
    gradients = dict(program.gradients)
    places = _places(program)
    penalties = {penalty.gradient: penalty for penalty in program.penalties}
    body: list[str] = []
    for block in program.backward:
        body.append(f"    {heading(block.text)}, backward")
        targets = {statement.target for statement in block.statements}
        penalised = {p.parameter for g, p in penalties.items() if g in targets}
        read = (_read(block.statements) | penalised) & places.keys()
        body += unpack_parameters(program, sorted(read, key=places.__getitem__))
        for statement in block.statements:
            body += writer.lines(statement)
            target = statement.target
            if target in penalties:
                body += _penalty_gradient(penalties[target])
    arguments = ["p: Arrays"] if uses_parameters(program) else []
    arguments += ["v: Values", "t: Array", "share: Share"]
    entries = [
        (parameter.array.key, gradients[parameter.array.name])
        for parameter in program.parameters
    ]
    return [
        *call("def backward(", arguments, ") -> Arrays:"),
        '    """The gradient of the loss for every parameter: forward read upward."""',
        *body,
        *dictionary("    return ", entries),
    ], writer.used


def uses_parameters(program: Program) -> bool:
    """Whether the backward pass reads a parameter."""
    names = {parameter.array.name for parameter in program.parameters}
    return bool(program.penalties) or any(
        names.intersection(reads(statement))
        for block in program.backward
        for statement in block.statements
    )


def _penalty_gradient(penalty: Penalty) -> list[str]:
    name, gradient = penalty.parameter, penalty.gradient
    lines = []
    if penalty.l1:
        lines.append(f"    {gradient} += {penalty.l1} * np.sign({name})")
    if penalty.l2:
        lines.append(f"    {gradient} += 2 * {penalty.l2} * {name}")
    return lines


def _places(program: Program) -> dict[str, int]:
    """Where each parameter stands among the program's."""
    return {p.array.name: place for place, p in enumerate(program.parameters)}


def unpack_parameters(program: Program, names: Sequence[str]) -> list[str]:
    """`w1, b1 = p["dense1.weights"], p["dense1.biases"]`, for parameters `names`."""
    if not names:
        return []
    values = [f'p["{program.arrays[name].key}"]' for name in names]
    return unpack("    ", list(names), values)


def _read(statements: Sequence[Statement]) -> set[str]:
    """The arrays that statements read."""
    found: set[str] = set()
    for statement in statements:
        match statement:
            case Product(left=left, right=right, bias=bias):
                found |= {left, right, *([bias] if bias else [])}
            case Map(value=value) | SumRows(value=value):
                found |= variables(value)
            case ActivateGradient() | SoftmaxGradient() | StandardiseGradient():
                found.add(statement.upstream)
            case _:
                pass
    return found
