"""Forward and backward in place, and the classes of the arrays they write."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from nndsl.optimise.buffers import Memory
from nndsl.optimise.plan import InPlacePasses
from nndsl.optimise.statement_calls import joined, with_ones
from nndsl.program.in_place import Group, InPlaceBlock
from nndsl.program.tree import DropoutMask, Program, Standardise
from nndsl.render.escape import heading
from nndsl.render.inplace.calls import OPEN_WIDTH, call_lines, headed
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
_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the arrays of a function come from: a prefix for each name."""

    texts: dict[str, str]

    def unpack(self, groups: Iterable[Group], known: set[str]) -> list[str]:
        """`w1, z1 = p["dense1.weights"], v.z1` for names not unpacked before."""
        wanted: dict[str, list[str]] = {}
        for group in groups:
            for made in group.calls:
                for text in (*made.arguments, made.out):
                    for name in _NAME.findall(text):
                        if name in self.texts and name not in known:
                            known.add(name)
                            wanted.setdefault(self.texts[name][0], []).append(name)
        lines: list[str] = []
        for origins in ("prg", "vd"):
            names = [name for origin in origins for name in wanted.get(origin, [])]
            if names:
                values = [self.texts[name] for name in names]
                lines += _unpacked(names, values)
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
        assert memory.buffer is not None
        names = sorted(set(memory.names), key=memory.names.index)
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
    sizes = {size for m in memories if m.buffer for size in m.buffer.shape}
    return [word for word in ("features", "outputs") if word in sizes]


def _sources(
    program: Program, passes: InPlacePasses, **memories: Sequence[Memory]
) -> Sources:
    """The arrays of `memories`, by the name each is known under in the function."""
    texts = {
        name: f"{prefix}.{name}"
        for prefix, several in memories.items()
        for memory in several
        for name in memory.names
    }
    texts |= {with_ones(name): f"v.{with_ones(name)}" for name in passes.above_ones}
    for parameter in program.parameters:
        texts[parameter.array.name] = f'p["{parameter.array.key}"]'
    for array in program.running:
        texts[array.name] = f'r["{array.key}"]'
    keys = {p.array.name: p.array.key for p in program.parameters}
    for name, gradient in program.gradients:
        texts[gradient] = f'g["{keys[name]}"]'
    for first, second in passes.joined.items():
        layer = texts[first].split(".")[0]
        texts[joined(first, second)] = f'{layer}"]'
    return Sources(texts)


def forward_function(program: Program, passes: InPlacePasses) -> list[str]:
    """`forward`, from x to the output, into the arrays of `Values`."""
    arguments = ["p: Arrays", "x: Array", "v: Values"]
    if has_running(program):
        arguments = ["p: Arrays", "r: Arrays", "x: Array", "v: Values"]
        arguments.append("training: bool = False")
    if has_dropout(program):
        arguments.append("random: Random | None = None")
    sources = _sources(program, passes, v=passes.values)
    sources.texts["average"] = "v.average"
    known: set[str] = set()
    lines = call("def forward(", arguments, ") -> None:")
    lines += docstring(_note(passes), "    ")
    for block in passes.forward:
        lines += headed(_title(block), block.groups, "    ")
        lines += sources.unpack(block.groups, known)
        lines += _block_lines(block)
    return lines


def _note(passes: InPlacePasses) -> str:
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
        return [
            line for group in block.groups for line in call_lines(group.calls, "    ")
        ]
    mask, kept, source = statements[0].target, statements[1].target, statements[0].like
    return [
        "    if random is None:",
        f"        {mask}.fill(1)",
        f"        np.copyto({kept}, {source})",
        "    else:",
        *(
            line
            for group in block.groups
            for line in call_lines(group.calls, "        ")
        ),
    ]


def backward_function(program: Program, passes: InPlacePasses) -> list[str]:
    """`backward`, forward read upward, into the arrays of `Slopes`."""
    sources = _sources(program, passes, v=passes.values, d=passes.slopes)
    sources.texts.update(ones="d.ones", average="v.average")
    known: set[str] = set()
    body: list[str] = []
    for block in passes.backward:
        body += headed(f"{_title(block)}, backward", block.groups, "    ")
        body += sources.unpack(block.groups, known)
        for group in block.groups:
            body += call_lines(group.calls, "    ")
    body = [OPEN_WIDTH.sub("len(t)", line) for line in body]
    arguments = ["p: Arrays"] if any('p["' in line for line in body) else []
    arguments += ["v: Values", "d: Slopes", "g: Arrays"]
    arguments += ["x: Array", "t: Array", "share: Array"]
    return [
        *call("def backward(", arguments, ") -> None:"),
        '    """The gradients of the loss, into g: forward read upward."""',
        *body,
    ]


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
