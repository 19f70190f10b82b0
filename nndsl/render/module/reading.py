"""`read_csv` of a module: a plain file into X and y."""

from nndsl.program.data import Data, Labels
from nndsl.render.escape import literal

_OPEN = [
    '    with open(path, newline="", encoding="utf-8-sig") as file:',
]
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
        cell = _converted(data.labels, "list(record.values())[-1]")
        y = f"[{cell} for record in records]"
    X = "[list(record.values()) for record in records]"
    if named:
        X = "[[record[name] for name in FEATURES] for record in records]"
    return [
        head,
        f'    """Read X and y; {text}."""',
        *_OPEN,
        "        records = list(csv.DictReader(file))",
        f"    y = {y}",
        f"    X = {X}",
        "    return X, y",
    ]


def _with_weights(data: Data) -> list[str]:
    """The function where a column, which the spec names, holds the rows' weights."""
    width = data.targets.width
    count = width if isinstance(width, int) and data.labels is None else 1
    X = "[list(record.values()) for record in records]"
    if data.inputs.names:
        X = "[[record[name] for name in FEATURES] for record in records]"
    learns_input = data.encoding == "input"
    y, kinds = ("", "list, list") if learns_input else ("y, ", "list, list, list")
    lines = [
        f"def read_csv(path: str) -> tuple[{kinds}]:",
        f'    """Read X, {y}and the weights; the first line of the file names all."""',
        *_OPEN,
        "        records = list(csv.DictReader(file))",
        "    sample_weight = "
        f"[float(record.pop({literal(str(data.weight)).text})) for record in records]",
    ]
    if y and data.targets.names:
        lines.append(f"    y = {_named_targets(data)}")
    elif y:
        last = "list(record)[-1]"
        value = _converted(data.labels, f"record.pop({last})")
        if count > 1:
            value = f"[record.pop(name) for name in list(record)[-{count}:]]"
        lines.append(f"    y = [{value} for record in records]")
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
        *_OPEN,
    ]
    if data.inputs.names:
        lines.append("        records = list(csv.DictReader(file))")
        lines.append(
            "    return [[record[name] for name in FEATURES] for record in records]"
        )
        return lines
    return [*lines, "        return [row for row in csv.reader(file) if row][1:]"]


def _converted(labels: Labels | None, cell: str) -> str:
    return _CONVERT.get(labels.kind if labels else "", "{}").format(cell)


def _named_targets(data: Data) -> str:
    if len(data.targets.names) > 1:
        return "[[record.pop(name) for name in TARGETS] for record in records]"
    cell = _converted(data.labels, f"record.pop({literal(data.targets.names[0]).text})")
    return f"[{cell} for record in records]"
