"""`read_csv` of a module: a plain file into X and y."""

from nndsl.program.data import Data, Labels
from nndsl.render.escape import literal

_OPEN = [
    '    with open(path, newline="", encoding="utf-8-sig") as file:',
]
_FEATURES = "[[r[n] for n in FEATURES] for r in rows]"
_CONVERT = {"integer": "int({})", "float": "float({})"}


def read_csv_lines(data: Data) -> list[str]:
    """The function; columns that the spec does not name are read by position."""
    if data.weight is not None:
        return _with_weights(data)
    if data.encoding == "input":
        return _inputs_alone(data)
    target, named = data.targets, bool(data.inputs.names)
    head = "def read_csv(path: str) -> tuple[list, list]:"
    if not (named or target.names):
        return [head, *_by_position(data)]
    text = "the first line of the file names the columns"
    if target.names:
        y = _named_targets(data)
    else:
        text = "the last column is y; the first line names all"
        y = f"[{_converted(data.labels, 'list(r.values())[-1]')} for r in rows]"
    X = _FEATURES if named else "[list(r.values()) for r in rows]"
    docstring = f'    """Read X and y; {text}."""'
    both = [f"    return {X}, {y}"]
    if not named:
        both = [f"    y = {y}", f"    return {X}, y"]
    return [head, docstring, *_named_rows(data), *both]


def _named_rows(data: Data) -> list[str]:
    """The rows as dicts, which have the columns that the spec names."""
    names = ["*FEATURES"] * bool(data.inputs.names)
    if data.encoding != "input" and len(data.targets.names) > 1:
        names.append("*TARGETS")
    elif data.encoding != "input":
        names += [literal(name).text for name in data.targets.names]
    if data.weight is not None:
        names.append(literal(data.weight).text)
    message = "{path} lacks {sorted(missing)}; it has {list(*rows[:1])}"
    return [
        *_OPEN,
        "        rows = list(csv.DictReader(file))",
        f"    if missing := {{{', '.join(names)}}}.difference(*rows[:1]):",
        f'        raise ValueError(f"{message}")',
    ]


def _with_weights(data: Data) -> list[str]:
    """The function where a column, which the spec names, holds the rows' weights."""
    width = data.targets.width
    count = width if isinstance(width, int) and data.labels is None else 1
    X = _FEATURES if data.inputs.names else "[list(r.values()) for r in rows]"
    learns_input = data.encoding == "input"
    y, kinds = ("", "list, list") if learns_input else ("y, ", "list, list, list")
    lines = [
        f"def read_csv(path: str) -> tuple[{kinds}]:",
        f'    """Read X, {y}and the weights; the first line of the file names all."""',
        *_named_rows(data),
        "    sample_weight = "
        f"[float(r.pop({literal(str(data.weight)).text})) for r in rows]",
    ]
    if y and data.targets.names:
        lines.append(f"    y = {_named_targets(data)}")
    elif y:
        value = _converted(data.labels, "r.pop(list(r)[-1])")
        if count > 1:
            value = f"[r.pop(name) for name in list(r)[-{count}:]]"
        lines.append(f"    y = [{value} for r in rows]")
    return [*lines, f"    X = {X}", f"    return X, {y}sample_weight"]


def _by_position(data: Data) -> list[str]:
    """The body where no column has a name: the targets are the last ones."""
    width = data.targets.width
    count = width if isinstance(width, int) and data.labels is None else 1
    columns = "the last column" if count == 1 else f"the last {count} columns"
    cells = _converted(data.labels, "row[-1]") if count == 1 else f"row[-{count}:]"
    return [
        f'    """Read X and y, {columns}; the first line names the columns."""',
        *_OPEN,
        "        rows = [row for row in csv.reader(file) if row][1:]",
        f"    return [row[:-{count}] for row in rows], [{cells} for row in rows]",
    ]


def _inputs_alone(data: Data) -> list[str]:
    lines = [
        "def read_csv(path: str) -> list:",
        '    """Read X; the first line of the file names the columns."""',
    ]
    if data.inputs.names:
        return [*lines, *_named_rows(data), f"    return {_FEATURES}"]
    last = "        return [row for row in csv.reader(file) if row][1:]"
    return [*lines, *_OPEN, last]


def _converted(labels: Labels | None, cell: str) -> str:
    return _CONVERT.get(labels.kind if labels else "", "{}").format(cell)


def _named_targets(data: Data) -> str:
    name = literal(data.targets.names[0]).text
    if len(data.targets.names) > 1:
        return "[[r.pop(n) for n in TARGETS] for r in rows]"
    get = f"[{name}]" if data.inputs.names else f".pop({name})"
    return f"[{_converted(data.labels, f'r{get}')} for r in rows]"
