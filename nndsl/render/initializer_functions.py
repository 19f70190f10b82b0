"""How parameters start: the function `start`, and one for every initializer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nndsl.layers.uses import Initializer
from nndsl.program.tree import Block, Parameter, Shape
from nndsl.render.escape import heading
from nndsl.render.lines import commented, dictionary
from nndsl.render.shapes import dimension, shape

_HEAD = "random: Random, shape: tuple[int, int]"
_ANY_HEAD = "random: Random, shape: tuple[int, ...]"
_FROM_NORMAL = "    return (deviation * random.standard_normal(shape)).astype(FLOAT)"
_FROM_UNIFORM = "    return random.uniform(-limit, limit, shape).astype(FLOAT)"


@dataclass(frozen=True, slots=True)
class Drawn:
    """An initializer that draws: its function's arguments, docstring and body."""

    arguments: str
    documentation: str
    body: tuple[str, ...]


DRAWN: dict[str, Drawn] = {
    "normal": Drawn(
        f"{_ANY_HEAD}, deviation: float",
        "Normal numbers around 0, small ones for a small deviation.",
        (_FROM_NORMAL,),
    ),
    "uniform": Drawn(
        f"{_ANY_HEAD}, low: float, high: float",
        "Numbers evenly spread between low and high.",
        ("    return random.uniform(low, high, shape).astype(FLOAT)",),
    ),
    "glorot_normal": Drawn(
        _HEAD,
        "Normal numbers with variance 2 / (n_in + n_out) (Glorot and Bengio, 2010).",
        ("    deviation = math.sqrt(2 / (shape[0] + shape[1]))", _FROM_NORMAL),
    ),
    "glorot_uniform": Drawn(
        _HEAD,
        "Even numbers up to ±sqrt(6 / (n_in + n_out)) (Glorot and Bengio, 2010).",
        ("    limit = math.sqrt(6 / (shape[0] + shape[1]))", _FROM_UNIFORM),
    ),
    "he_normal": Drawn(
        _HEAD,
        "Normal numbers with variance 2 / n_in (He et al., 2015).",
        ("    deviation = math.sqrt(2 / shape[0])", _FROM_NORMAL),
    ),
    "he_uniform": Drawn(
        _HEAD,
        "Even numbers up to ±sqrt(6 / n_in) (He et al., 2015).",
        ("    limit = math.sqrt(6 / shape[0])", _FROM_UNIFORM),
    ),
    "lecun_normal": Drawn(
        _HEAD,
        "Normal numbers with variance 1 / n_in (LeCun et al., 1998).",
        ("    deviation = math.sqrt(1 / shape[0])", _FROM_NORMAL),
    ),
    "lecun_uniform": Drawn(
        _HEAD,
        "Even numbers up to ±sqrt(3 / n_in) (LeCun et al., 1998).",
        ("    limit = math.sqrt(3 / shape[0])", _FROM_UNIFORM),
    ),
    "orthogonal": Drawn(
        _HEAD,
        "A random matrix with orthonormal rows or columns (Saxe et al., 2014).",
        (
            "    tall = random.standard_normal((max(shape), min(shape)))",
            "    q, r = np.linalg.qr(tall)",
            "    q *= np.sign(np.diagonal(r))",
            "    return (q if shape[0] >= shape[1] else q.T).astype(FLOAT)",
        ),
    ),
}
"""The initializers that draw numbers; the sources stand in the docstrings."""

_CONSTANT = {
    "zeros": "np.zeros({shape}, dtype=FLOAT)",
    "ones": "np.ones({shape}, dtype=FLOAT)",
    "constant": "np.full({shape}, {value!r}, dtype=FLOAT)",
}


def initializer_functions(parameters: Sequence[Parameter]) -> list[list[str]]:
    """The functions of the initializers that `parameters` use, in the table's order."""
    used = {parameter.initializer.name for parameter in parameters}
    return [
        [
            f"def {name}({drawn.arguments}) -> Array:",
            f'    """{drawn.documentation}"""',
            *drawn.body,
        ]
        for name, drawn in DRAWN.items()
        if name in used
    ]


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
