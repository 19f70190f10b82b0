"""Forward and backward in place, and the classes of the arrays they write."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from nndsl.optimise.statement_calls import joined, with_ones
from nndsl.program.in_place import Group, InPlace, InPlaceBlock, Memory, names_read
from nndsl.program.program import DropoutMask, Program, Standardise
from nndsl.render.escape import heading
from nndsl.render.inplace.calls import call_lines
from nndsl.render.inplace.formula_comments import formula_of, headed
from nndsl.render.lines import WIDTH, call, dictionary, unpack
from nndsl.render.prose import docstring
from nndsl.render.shapes import column_shape
from nndsl.render.textbook.passes import has_dropout, has_running

_MADE = {
    "float": ("empty", "FLOAT"),
    "bool": ("empty", "np.bool_"),
    "zeros": ("zeros", "FLOAT"),
}
"""How each kind of array is made."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a function finds an array: in `p`, `r`, `g`, `v` or `d`, and as what."""

    holder: str
    text: str


Sources = Mapping[str, Source]


def _unpack(groups: Iterable[Group], sources: Sources, known: set[str]) -> list[str]:
    """`w1, z1 = p["dense1.weights"], v.z1` for names not unpacked before."""
    wanted: dict[str, list[str]] = {}
    for group in groups:
        for made in group.calls:
            for name in (*names_read(made), made.out):
                if name in sources and name not in known:
                    known.add(name)
                    wanted.setdefault(sources[name].holder, []).append(name)
    lines: list[str] = []
    for holders in ("prg", "vd"):
        names = [name for holder in holders for name in wanted.get(holder, [])]
        if names:
            lines += _unpacked(names, [sources[name].text for name in names])
    return lines


def _unpacked(names: list[str], values: list[str]) -> list[str]:
    lines: list[str] = []
    start = 0
    for end in range(1, len(names) + 1):
        text = f"    {', '.join(names[start : end + 1])} = "
        text += ", ".join(values[start : end + 1])
        if end == len(names) or len(text) > WIDTH:
            lines += unpack("    ", names[start:end], values[start:end])
            start = end
    return lines


def memory_class(
    name: str,
    note: str,
    memories: Sequence[Memory],
    above_ones: Collection[str],
    more: Sequence[str] = (),
) -> list[str]:
    """A class of arrays made once for n rows."""
    words = open_words(memories)
    arguments = ["self", "n: int", *(f"n_{word}: int" for word in words)]
    lines = [
        f"class {name}:",
        *docstring(note, "    "),
        "",
        *call("    def __init__(", arguments, ") -> None:"),
    ]
    for memory in memories:
        names = list(dict.fromkeys(memory.names))
        above = [with_ones(name) for name in names if name in above_ones]
        made = column_shape(memory.buffer.shape)
        if above:
            size, rows = made.strip("()").split(", ")
            high = (size.isdigit() and str(int(size) + 1)) or f"{size} + 1"
            lines += _made(above, f"np.empty(({high}, {rows}), dtype=FLOAT)")
            lines.append(f"        self.{above[0]}[-1] = 1")
            lines += _made(names, f"self.{above[0]}[:-1]")
        else:
            function, kind = _MADE[memory.buffer.dtype]
            lines += _made(names, f"np.{function}({made}, dtype={kind})")
    return [*lines, *(f"        {line}" for line in more)]


def _made(names: list[str], value: str) -> list[str]:
    """`self.z1 = self.a1 = value`, on more lines where there are more names."""
    first, *others = names
    head = "        "
    lines = []
    while others and len(f"{head}self.{first} = self.{others[0]} = {value}") <= WIDTH:
        head += f"self.{first} = "
        first, *others = others
    lines.append(f"{head}self.{first} = {value}")
    return lines + [f"        self.{name} = self.{first}" for name in others]


def open_words(memories: Iterable[Memory]) -> list[str]:
    """`features`, `outputs`: widths of the arrays that only the data can tell."""
    sizes = {size for memory in memories for size in memory.buffer.shape}
    return [word for word in ("features", "outputs") if word in sizes]


def _sources(
    program: Program, in_place: InPlace, **memories: Sequence[Memory]
) -> dict[str, Source]:
    """The arrays of `memories`, and whatever else a pass reads."""
    sources = {
        name: Source(holder, f"{holder}.{name}")
        for holder, several in memories.items()
        for memory in several
        for name in memory.names
    }
    for name in in_place.above_ones:
        sources[with_ones(name)] = Source("v", f"v.{with_ones(name)}")
    for parameter in program.parameters:
        array = parameter.array
        sources[array.name] = Source("p", f'p["{array.key}"]')
    for array in program.running:
        sources[array.name] = Source("r", f'r["{array.key}"]')
    keys = {p.array.name: p.array.key for p in program.parameters}
    layers = {name: key.split(".")[0] for name, key in keys.items()}
    for name, gradient in program.gradients:
        sources[gradient] = Source("g", f'g["{keys[name]}"]')
        layers[gradient] = layers[name]
    for first, second in in_place.joined.items():
        holder = sources[first].holder
        text = f'{holder}["{layers[first]}"]'
        sources[joined(first, second)] = Source(holder, text)
    return sources


def forward_function(program: Program, in_place: InPlace) -> list[str]:
    """`forward`, from x to the output, into the arrays of `Values`."""
    arguments = ["p: Arrays", "x: Array", "v: Values"]
    if has_running(program):
        arguments = ["p: Arrays", "r: Arrays", "x: Array", "v: Values"]
        arguments.append("training: bool = False")
    if has_dropout(program):
        arguments.append("random: Random | None = None")
    sources = _sources(program, in_place, v=in_place.values)
    sources["average"] = Source("v", "v.average")
    known: set[str] = set()
    lines = call("def forward(", arguments, ") -> None:")
    lines += docstring(_note(in_place), "    ")
    for block in in_place.forward:
        lines += headed(_title(block), _formulas(program, block), "    ")
        lines += _unpack(block.groups, sources, known)
        lines += _block_lines(block)
    return lines


def _formulas(program: Program, block: InPlaceBlock) -> list[str]:
    return [formula_of(group, program.names.epsilon) for group in block.groups]


def _note(passes: InPlace) -> str:
    """What a reader needs to know to follow the forward pass."""
    note = "The network, from x to its output; v keeps it all. A row of the data is a"
    note += " column of x, and a.dot(b, c) writes a·b into c."
    above = sorted(passes.above_ones, key=lambda name: (len(name), name))
    weights = [w for w in passes.joined if w.startswith("w")]
    if above and weights:
        w = min(weights, key=lambda name: (len(name), name))
        note += f" {with_ones(above[0])} is {above[0]} above a row of ones, so that"
        note += f" {joined(w, passes.joined[w])} adds the biases in the same product."
    return note


def _block_lines(block: InPlaceBlock) -> list[str]:
    statements = block.block.statements
    if not (statements and isinstance(statements[0], DropoutMask)):
        return _call_lines(block, "    ")
    mask, kept, source = statements[0].target, statements[1].target, statements[0].like
    return [
        "    if random is None:",
        f"        {mask}.fill(1)",
        f"        np.copyto({kept}, {source})",
        "    else:",
        *_call_lines(block, "        "),
    ]


def _call_lines(block: InPlaceBlock, indent: str) -> list[str]:
    return [
        line
        for group in block.groups
        for line in call_lines(group.calls, indent, group.numbers)
    ]


def backward_function(program: Program, in_place: InPlace) -> list[str]:
    """`backward`, forward read upward, into the arrays of `Slopes`."""
    sources = _sources(program, in_place, v=in_place.values, d=in_place.slopes)
    sources["ones"] = Source("d", "d.ones")
    sources["average"] = Source("v", "v.average")
    known: set[str] = set()
    body: list[str] = []
    for block in in_place.backward:
        title = f"{_title(block)}, backward"
        body += headed(title, _formulas(program, block), "    ")
        body += _unpack(block.groups, sources, known)
        body += _call_lines(block, "    ")
    arguments = ["p: Arrays"] if reads_parameters(program, in_place) else []
    arguments += ["v: Values", "d: Slopes", "g: Arrays"]
    arguments += ["x: Array", "t: Array", "share: Array"]
    return [
        *call("def backward(", arguments, ") -> None:"),
        '    """The gradients of the loss, into g: forward read upward."""',
        *body,
    ]


def reads_parameters(program: Program, in_place: InPlace) -> bool:
    """Whether the backward pass reads a parameter."""
    names = {parameter.array.name for parameter in program.parameters}
    return any(
        not names.isdisjoint(names_read(call))
        for block in in_place.backward
        for group in block.groups
        for call in group.calls
    )


def _title(block: InPlaceBlock) -> str:
    return heading(block.block.text)


def averaging(program: Program) -> list[str]:
    """The column that averages the rows, where batch norm does."""
    averages = any(
        isinstance(s, Standardise) and s.axis == 0
        for block in program.forward
        for s in block.statements
    )
    return ["self.average = np.full((n, 1), 1 / n, dtype=FLOAT)"] * averages


def outputs_table(program: Program) -> list[str]:
    """Which array each layer's output is in."""
    entries = [(layer, f'"{array}"') for layer, array in program.outputs]
    return dictionary("OUTPUTS = ", entries)
