"""What a module's `save` writes, and what its `load` expects."""

from nndsl.program.data import Data
from nndsl.program.program import Program
from nndsl.render.lines import WIDTH
from nndsl.render.module.column_text import n_number_columns
from nndsl.render.shapes import dimension


def saved(data: Data, of_rows: list[str], of_targets: list[str]) -> list[str]:
    learned = ["classes"] * bool(data.labels and not data.labels.declared) + of_rows
    pairs = [
        ", ".join(f'"{n}": self.{n}_' for n in names)
        for names in (learned, of_targets)
        if names
    ]
    whole = f"arrays = {{**self._fitted()._asdict(), {', '.join(pairs)}}}"
    if any(column.learned for column in data.label_columns):
        loop = "for j, labels in enumerate(self.labels_.values()):"
        found = [loop, '    arrays[f"labels{j}"] = np.array(labels)']
        return [*_plainly(pairs), *found]
    if not pairs:
        return ["arrays = self._fitted()._asdict()"]
    if len(whole) + 8 <= WIDTH:
        return [whole]
    return _plainly(pairs)


def _plainly(pairs: list[str]) -> list[str]:
    return [
        "arrays = self._fitted()._asdict()",
        *(f"arrays |= {{{pair}}}" for pair in pairs),
    ]


def loaded_widths(program: Program, widths: list[str]) -> list[str]:
    first, last = program.parameters[0].array.key, last_weights(program)
    read = {
        "n_features": f'n_features = len(np.atleast_1d(data.get("{first}", 0)))',
        "n_outputs": f'n_outputs = np.atleast_2d(data.get("{last}", 0)).shape[1]',
    }
    found, check = [], []
    if any(column.learned for column in program.data.label_columns):
        found = [
            "labels = dict(LABELS)",
            "for j, name in enumerate(LABELS):",
            "    if not LABELS[name]:",
            '        labels[name] = np.ravel(data.get(f"labels{j}", [])).tolist()',
        ]
        check = [
            f"if n_features != {_width_of_labels(program.data)}:",
            '    raise ValueError(f"{path}: the labels do not fit the weights")',
        ]
    return found + [read[width] for width in widths] + check


def _width_of_labels(data: Data) -> str:
    numbers = f"{n_number_columns(data)} + " if data.number_columns else ""
    each = "len(v) - (len(v) == 2) for v in labels.values()"
    return f"{numbers}sum({each})"


def last_weights(program: Program) -> str:
    keys = [parameter.array.key for parameter in program.parameters]
    return [key for key in keys if key.startswith("w")][-1]


def expected_arrays(
    program: Program, of_rows: list[str], of_targets: list[str], widths: list[str]
) -> tuple[list[str], str]:
    """The lines that say which arrays a file has to hold, and all of them together."""
    made = ", ".join(["np.random.default_rng()", *widths])
    if not (of_rows or of_targets or widths):
        return [], f"initialize({made})._asdict()"
    lines, parts = [f"expected = initialize({made})._asdict()"], ["expected"]
    for name, names, width in (
        (
            "scale",
            of_rows,
            n_number_columns(program.data) or program.data.inputs.width,
        ),
        ("target", of_targets, program.loss.outputs),
    ):
        if names:
            keys = ", ".join(f'"{each}"' for each in names)
            lines.append(
                f"{name} = dict.fromkeys([{keys}], np.zeros({dimension(width)}))"
            )
            parts.append(name)
    whole = f"{{{', '.join(f'**{part}' for part in parts)}}}"
    return lines, whole if len(parts) > 1 else "expected"


def restored(data: Data, of_rows: list[str], of_targets: list[str]) -> list[str]:
    learns = any(column.learned for column in data.label_columns)
    lines = ["model.labels_ = labels"] * learns
    for name, names in (("scale", of_rows), ("target", of_targets)):
        if names:
            given = ", ".join(f"model.{each}_" for each in names)
            if len(names) == 1:
                lines.append(f'{given} = data["{names[0]}"]')
            else:
                lines.append(f"{given} = (data[name] for name in {name})")
    return lines
