"""The class `Parameters`, and how parameters start."""

from nndsl.check.read.values import format_number
from nndsl.language.initializers import FOR_WEIGHTS_ONLY
from nndsl.layers.uses import Initializer
from nndsl.program.program import Array, Program, Shape
from nndsl.render.functions import function_lines
from nndsl.render.library import NUMPY, Library
from nndsl.render.lines import call, commented
from nndsl.render.prose import docstring, listed
from nndsl.render.shapes import dimension, shape

DRAWN = ("normal", "uniform", *sorted(FOR_WEIGHTS_ONLY))
"""The initializers that draw numbers."""

_CONSTANT = {
    "zeros": "zeros({size}, DTYPE)",
    "ones": "ones({size}, DTYPE)",
    "constant": "full({size}, {value}, DTYPE)",
}
_KINDS = {"w": "weights", "b": "biases", "scale": "scales", "shift": "shifts"}


def learned_count(program: Program) -> str:
    """The slice of `Parameters` that is learned: nothing where all of it is."""
    return "[:LEARNED]" if program.running else ""


def parameters_class(program: Program, library: Library = NUMPY) -> list[str]:
    """`Parameters`: what is learned, then the running statistics."""
    arrays = [parameter.array for parameter in program.parameters]
    found = {array.key.rstrip("0123456789_") for array in arrays}
    kinds = [text for kind, text in _KINDS.items() if kind in found]
    text = f"The {listed(kinds)} of the layers, or their gradients."
    lines = ["class Parameters(NamedTuple):", *docstring(text, "    "), ""]
    lines += [line for array in arrays for line in _field(array, library)]
    if program.running:
        note = "running statistics of batch_norm: not learned, their gradients are 0"
        lines.append(f"    # {note}")
        lines += [line for array in program.running for line in _field(array, library)]
        note = f"the first {len(arrays)} arrays of Parameters are learned"
        lines += ["", "", f"LEARNED = {len(arrays)}  # {note}"]
    return lines


def _field(array: Array, library: Library) -> list[str]:
    return commented(f"    {array.key}: {library.array}", shape(array.shape))


def initializer_functions(program: Program) -> list[list[str]]:
    """The functions of the initializers that the parameters use."""
    used = {parameter.initializer.name for parameter in program.parameters}
    return [function_lines(f"initializers/{name}") for name in DRAWN if name in used]


def initialize_function(
    program: Program, views: bool, library: Library = NUMPY
) -> list[str]:
    """`initialize`; with `views` all arrays are parts of one vector."""
    text = "Draw random weights."
    biases = {
        p.initializer.name for p in program.parameters if p.array.key.startswith("b")
    }
    if biases == {"zeros"}:
        text = "Draw random weights; biases start at 0."
    if views:
        text += " All are views of one vector."
    arguments = ["rng: np.random.Generator", *open_widths(program)]
    made = "p = Parameters" if views else "return Parameters"
    lines = call("def initialize(", arguments, ") -> Parameters:")
    lines += [*docstring(text, "    "), f"    {made}("]
    for parameter in program.parameters:
        value = _value(parameter.initializer, parameter.array.shape, library)
        lines.append(f"        {parameter.array.key}={value},")
    for array in program.running:
        start = "ones" if array.key.startswith("variance") else "zeros"
        value = _value(Initializer(start), array.shape, library)
        lines.append(f"        {array.key}={value},")
    return [*lines, "    )", *["    return views(to_vector(p), p)"] * views]


def open_widths(program: Program) -> list[str]:
    """`n_features: int` and the like, for widths that only the data can tell."""
    found = {size for p in program.parameters for size in p.array.shape}
    words = [word for word in ("features", "outputs") if word in found]
    return [f"{dimension(word)}: int" for word in words]


def _value(initializer: Initializer, sizes: Shape, library: Library) -> str:
    arguments = {key: format_number(v) for key, v in initializer.arguments}
    if initializer.name in _CONSTANT:
        size = dimension(sizes[0]) if len(sizes) == 1 else shape(sizes)
        made = _CONSTANT[initializer.name].format(size=size, **arguments)
        return f"{library.name}.{made}"
    if initializer.name in FOR_WEIGHTS_ONLY:
        given = ", ".join(map(dimension, sizes))
    else:
        given = ", ".join([shape(sizes), *arguments.values()])
    drawn = f"{initializer.name}(rng, {given})"
    return drawn if library == NUMPY else f"{library.name}.asarray({drawn})"
