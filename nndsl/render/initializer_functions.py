"""How parameters start: the function `start`, and one for every initializer."""

from collections.abc import Iterable, Sequence

from nndsl.layers.uses import Initializer
from nndsl.program.program import Block, Parameter, Shape
from nndsl.render.escape import heading
from nndsl.render.functions import function_lines
from nndsl.render.lines import commented, dictionary
from nndsl.render.shapes import dimension, shape

DRAWN = (
    *("normal", "uniform", "glorot_normal", "glorot_uniform", "he_normal"),
    *("he_uniform", "lecun_normal", "lecun_uniform", "orthogonal"),
)
"""The initializers that draw numbers, in the order in which they stand in a module."""

_CONSTANT = {
    "zeros": "np.zeros({shape}, dtype=FLOAT)",
    "ones": "np.ones({shape}, dtype=FLOAT)",
    "constant": "np.full({shape}, {value!r}, dtype=FLOAT)",
}


def initializer_functions(parameters: Sequence[Parameter]) -> list[list[str]]:
    """The functions of the initializers that `parameters` use, in the table's order."""
    used = {parameter.initializer.name for parameter in parameters}
    return [function_lines(f"initializers/{name}") for name in DRAWN if name in used]


def start_function(
    blocks: Sequence[Block], parameters: Sequence[Parameter]
) -> list[str]:
    """`start`: every parameter drawn or set, in the order of the layers."""
    layers = {block.layer: block.text for block in blocks}
    lines = ["def start(random: Random" + _widths(p.array.shape for p in parameters)]
    lines[0] += ") -> Arrays:"
    lines += ['    """The parameters before training."""', "    return {"]
    previous = ""
    for parameter in parameters:
        array = parameter.array
        layer = array.key.rpartition(".")[0]
        entry = f'"{array.key}": {_value(parameter.initializer, array.shape)},'
        if layer == previous:
            lines.append(f"        {entry}")
        else:
            note = heading(layers[layer]).removeprefix("# ")
            lines += commented(f"        {entry}", note)
        previous = layer
    return [*lines, "    }"]


def running_function(arrays: Sequence[tuple[str, Shape]]) -> list[str]:
    """`start_running`: the running statistics before any batch, mean 0, variance 1."""
    head = "def start_running(" + _widths(s for _, s in arrays).removeprefix(", ")
    entries = [
        (
            key,
            _CONSTANT["ones" if key.endswith("variance") else "zeros"].format(
                shape=_size(s)
            ),
        )
        for key, s in arrays
    ]
    return [
        f"{head}) -> Arrays:",
        '    """The running statistics before the first batch."""',
        *dictionary("    return ", entries),
    ]


def _widths(shapes: Iterable[Shape]) -> str:
    found = {size for sizes in shapes for size in sizes}
    return "".join(
        f", n_{word}: int" for word in ("features", "outputs") if word in found
    )


def _value(initializer: Initializer, sizes: Shape) -> str:
    arguments = dict(initializer.arguments)
    if initializer.name in _CONSTANT:
        form = _CONSTANT[initializer.name]
        return form.format(shape=_size(sizes), **arguments)
    given = "".join(f", {key}={value!r}" for key, value in arguments.items())
    return f"{initializer.name}(random, {shape(sizes)}{given})"


def _size(sizes: Shape) -> str:
    """A shape as NumPy's constructors take it: `16` for `(16,)`."""
    return dimension(sizes[0]) if len(sizes) == 1 else shape(sizes)
