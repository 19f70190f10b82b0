"""`read_csv` of a module: a plain file into X and y."""

from nndsl.program.data import Columns, Data, Labels

_OPEN = [
    '    with open(path, newline="", encoding="utf-8-sig") as file:',
]
_CONVERT = {"integer": "int({})", "float": "float({})"}


def read_csv_lines(data: Data) -> list[str]:
    """The function; columns that the spec does not name are read by position."""
    target = data.targets
    if data.encoding == "input":
        return _inputs_alone(data)
    named_inputs, named_targets = bool(data.inputs.names), bool(target.names)
    lines = [
        "def read_csv(path: str) -> tuple[list, list]:",
        '    """Read X and y; the first line of the file names the columns."""',
        *_OPEN,
    ]
    if named_inputs and not named_targets:
        lines[1] = '    """Read X and y, the last column; the first line names them."""'
    if named_targets or named_inputs:
        lines.append("        records = list(csv.DictReader(file))")
        if named_targets:
            lines.append(f"    y = {_by_name(data.labels, target)}")
        else:
            lines.append(
                f"    y = [{_last(data, 'list(record.values())')} for record in records]"
            )
        if named_inputs:
            lines.append(
                "    X = [[record[name] for name in FEATURES] for record in records]"
            )
        else:
            lines.append("    X = [list(record.values()) for record in records]")
        return [*lines, "    return X, y"]
    count = target.width if isinstance(target.width, int) else 1
    if data.labels is not None:
        count = 1
    lines[1] = (
        '    """Read X and y, the last column; the first line names the columns."""'
    )
    cells = "row[-1]"
    if count > 1:
        lines[1] = (
            f'    """Read X and y, the last {count} columns; the first line names all."""'
        )
        cells = f"row[-{count}:]"
    lines.append("        rows = list(csv.reader(file))[1:]")
    return [
        *lines,
        f"    return [row[:-{count}] for row in rows], [{_converted(data.labels, cells)} for row in rows]",
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
    return [*lines, "        return list(csv.reader(file))[1:]"]


def _converted(labels: Labels | None, cell: str) -> str:
    return _CONVERT.get(labels.kind if labels else "", "{}").format(cell)


def _last(data: Data, values: str) -> str:
    return _converted(data.labels, f"{values}[-1]")


def _by_name(labels: Labels | None, target: Columns) -> str:
    if len(target.names) > 1:
        return "[[record.pop(name) for name in TARGETS] for record in records]"
    cell = _converted(labels, "record.pop(TARGET)")
    return f"[{cell} for record in records]"
