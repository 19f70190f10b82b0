"""What stands around the update in place: clipping, running statistics, sums."""

from __future__ import annotations

from nndsl.program.tree import Program
from nndsl.render.textbook.after_step import running_update_lines

PARTS = [
    "def parts(vector: Array, like: Arrays) -> Arrays:",
    '    """Parts of one vector by name, vectors among them as columns.',
    "",
    "    A layer's name stands for its weights with its biases as one more row.",
    '    """',
    "    found: Arrays = {}",
    "    first = 0",
    "    for name, array in like.items():",
    "        end = first + array.size",
    "        found[name] = vector[first:end].reshape(len(array), -1)",
    '        layer, kind = name.split(".")',
    '        if kind == "biases":',
    '            first -= found[f"{layer}.weights"].size',
    "            found[layer] = vector[first:end].reshape(-1, array.size)",
    "        first = end",
    "    return found",
]
VIEWS = [
    "def views(vector: Array, like: Arrays) -> Arrays:",
    '    """Parts of one vector by name, each in the shape of the array it is like."""',
    "    found = parts(vector, like)",
    "    return {k: found[k].reshape(array.shape) for k, array in like.items()}",
]
COLUMNS = [
    "def columns(vectors: Arrays) -> Arrays:",
    '    """The same vectors as columns, to be combined with a column for each row."""',
    "    return {name: vector.reshape(-1, 1) for name, vector in vectors.items()}",
]
TURNED = [
    "def turned(share: Share) -> Array:",
    '    """Shares for arrays in which the rows of the data are columns."""',
    "    return number(share) if isinstance(share, float) else share.T",
]
KEEP_FROM_ZERO = [
    "def keep_from_zero(state: Array) -> None:",
    '    """Make ±TINY of what is nearer to 0, but is not 0: a state that fades."""',
    "    small = np.abs(state) < TINY",
    "    state[small] = TINY * np.sign(state[small])",
]
_CLIP_NORM = [
    "def clip_gradients(gradient: Array) -> None:",
    '    """Scale all gradients down together where longer than CLIP_NORM."""',
    "    length = math.sqrt(float(gradient.dot(gradient)))",
    "    gradient *= min(1.0, CLIP_NORM / (length + 1e-6))",
]
_CLIP_VALUE = [
    "def clip_gradients(gradient: Array) -> None:",
    '    """Keep every gradient between -CLIP_VALUE and CLIP_VALUE."""',
    "    np.maximum(gradient, -CLIP_VALUE, out=gradient)",
    "    np.minimum(gradient, CLIP_VALUE, out=gradient)",
]


def clip_function(program: Program) -> list[str]:
    """`clip_gradients`, or nothing where nothing is clipped."""
    if program.clipping.norm is not None:
        return _CLIP_NORM
    return _CLIP_VALUE if program.clipping.value is not None else []


def running_update_function(program: Program) -> list[str]:
    """`update_running`, or nothing without batch norm."""
    if not program.running:
        return []
    return [
        "def update_running(r: Arrays, v: Values, n: int) -> None:",
        '    """Blend the n rows into the running mean and (unbiased) variance."""',
        *running_update_lines(program, "number({})"),
    ]
