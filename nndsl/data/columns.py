"""The columns of a table as X and y, by what a program says of its data."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nndsl.data.errors import DataError
from nndsl.data.table import Table
from nndsl.program.data import Data, Labels

MISSING = ("", "?", "NA", "N/A", "n/a", "nan", "NaN", "null", "NULL", "None")
"""What a cell holds that holds no value."""
_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_NUMBERS = re.compile(rf"(?:{_NUMBER}\n)*")
_MOST = 1.7e308
_ADVICE = "; the setting `missing` of the train block says what becomes of such cells"


@dataclass(frozen=True, slots=True)
class Names:
    """The columns that a network reads, and those that it learns."""

    features: tuple[str, ...]
    targets: tuple[str, ...]


def find_names(table: Table, data: Data) -> Names:
    """Which columns of a table are what; those without a name in the spec by position:
    the last ones are the targets, all others the inputs."""
    targets = data.targets.names
    if not targets and data.encoding != "input":
        width = data.targets.width
        count = width if isinstance(width, int) and data.labels is None else 1
        others = [name for name in table.names if name not in data.inputs.names]
        targets = tuple(others[-count:])
    features = data.inputs.names
    if not features:
        features = tuple(name for name in table.names if name not in targets)
        if "" in features:
            number = table.names.index("") + 1
            raise DataError(
                f"{table.path}, line 1: column {number} has no name; "
                "name it, or leave it out if it only counts the rows"
            )
    if not features:
        raise DataError(f"{table.path}, line 1: expected columns beside the target")
    return Names(features, targets)


def check_names(table: Table, names: Sequence[str]) -> None:
    """Raise DataError where a column is not there."""
    for name in names:
        if name not in table.columns:
            found = ", ".join(table.names)[:200]
            raise DataError(
                f"{table.path}, line 1: expected a column {name!r}, found {found!r}"
            )


def unused(table: Table, names: Names) -> list[str]:
    """The columns that no one asks for."""
    return [n for n in table.names if n not in (*names.features, *names.targets)]


def read_rows(table: Table, names: Sequence[str], data: Data) -> np.ndarray:
    """X, (n, columns); NaN where a value is missing and the spec allows it."""
    check_names(table, names)
    allowed = data.filling.allows_missing
    return np.column_stack([_numbers(table, name, allowed) for name in names])


def read_targets(table: Table, names: Sequence[str], data: Data) -> Any:
    """y: labels (n,) or numbers (n,) or (n, columns), NaN or None where missing."""
    check_names(table, names)
    if data.labels is not None:
        return _labels(table, names[0], data.labels, data.filling.drops)
    drops = data.filling.drops
    y = np.column_stack([_numbers(table, name, drops) for name in names])
    return y[:, 0] if len(names) == 1 else y


def _numbers(table: Table, name: str, allows_missing: bool) -> np.ndarray:
    cells = table.columns[name]
    if allows_missing:
        cells = ["nan" if cell in MISSING else cell for cell in cells]
    known = [cell for cell in cells if cell != "nan"] if allows_missing else cells
    text = "\n".join([*known, ""])
    if _NUMBERS.fullmatch(text) is None:
        for row, cell in enumerate(cells):
            skipped = allows_missing and cell == "nan"
            if not (skipped or re.fullmatch(_NUMBER, cell)):
                advice = "" if cell not in MISSING else _ADVICE
                raise table.error(row, name, "a number", advice)
    numbers = np.array(cells, dtype=float)
    for large in np.flatnonzero(np.abs(numbers) > _MOST):
        raise table.error(int(large), name, "a number below 1.7e308")
    return numbers


def _labels(table: Table, name: str, labels: Labels, drops: bool) -> Any:
    cells = table.columns[name]
    known = {str(value): value for value in labels.values}
    found: list[Any] = []
    for row, cell in enumerate(cells):
        if cell in known:
            found.append(known[cell])
        elif cell in MISSING:
            if not drops:
                raise table.error(row, name, "a label", _ADVICE)
            found.append(None)
        elif (
            labels.kind == "float"
            and re.fullmatch(_NUMBER, cell)
            and (float(cell) in labels.values)
        ):
            found.append(float(cell))
        elif labels.declared:
            listed = " | ".join(list(known)[:20])
            raise table.error(row, name, f"one of {listed}")
        else:
            found.append(cell)
    if not labels.declared:
        found = _as_numbers(found)
    return np.array(found, dtype=object)


def _as_numbers(cells: list[Any]) -> list[Any]:
    """Labels as whole numbers if each is written as Python writes one, else as text."""
    known = [cell for cell in cells if cell is not None]
    if all(re.fullmatch(r"0|-?[1-9][0-9]{0,15}", cell) for cell in known):
        return [None if cell is None else int(cell) for cell in cells]
    return cells


def complete(y: Any) -> np.ndarray:
    """Which rows have a target."""
    if y.dtype == object:
        return np.array([label is not None for label in y])
    present: np.ndarray = ~np.isnan(y.reshape(len(y), -1)).any(axis=1)
    return present
