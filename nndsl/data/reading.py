"""The rows of a table, block for block: values of each column, or what is wrong."""

import json
import re
from array import array
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, compress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nndsl.data.columns import Column, Labels, Numbers, Values, learned_labels
from nndsl.data.dialect import Dialect
from nndsl.data.errors import CellErrors, DataError, shown
from nndsl.data.frame import Frame, objects
from nndsl.data.mistakes import Mistakes
from nndsl.data.schema import Schema
from nndsl.data.separator import find_decimal
from nndsl.data.source import VALUES, Block, Cells, Source, Wanted, texts

LABELS = 10**8
"""The most characters of all labels, each as long as the longest."""
_WEIGHT = Numbers(low=0, advice="0 leaves a row out")
_WORDS = 3
"""From so many words on, in place of all numbers, a column holds labels."""
_LISTED, _LONG = 5, 40
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Reading:
    """A table while it is read, blocks of rows after one another.

    `columns` are those that are read, each with its index in the file: the features,
    the targets, then the weights; `values` are what was read of each, block for block.
    """

    def __init__(
        self,
        source: Source,
        features: tuple[str, ...],
        targets: tuple[str, ...],
        schema: Schema,
        dialect: Dialect,
    ) -> None:
        self.source, self.schema, self.dialect = source, schema, dialect
        self.features, self.targets = features, targets
        read = targets if schema.reads_target else ()
        index = {name: i for i, name in enumerate(source.names)}
        self.columns: list[tuple[int, Column]] = [
            *((index[name], schema.feature_called(name)) for name in features),
            *((index[name], schema.target) for name in read),
            *((index[name], _WEIGHT) for name in schema.weights),
        ]
        self.of_y = slice(len(features), len(features) + len(read))
        self.values: list[list[Values]] = [[] for _ in self.columns]
        self.lines = array("q")
        self.dropped = 0
        self.mistakes = Mistakes()
        self.of_words: set[int] = set()
        """The places of columns of words that were to be numbers."""

    def read(self) -> None:
        """Read all rows; raises DataError for the mistakes in them."""
        numbers = frozenset(i for i, c in self.columns if isinstance(c, Numbers))
        source = self.source
        decimal = self.dialect.decimal or find_decimal(
            source.path, source.sample, source.separator, numbers
        )
        if decimal == ",":
            self.columns = [
                (i, replace(c, decimal=decimal) if isinstance(c, Numbers) else c)
                for i, c in self.columns
            ]
        wanted = [i for i, _ in self.columns]
        for block in source.blocks(Wanted(wanted, numbers, decimal)):
            self._read(block)
        self.mistakes.check()
        if self.dropped and not self.lines:
            raise DataError(f"{source.path}: no row has a target")
        if not self.lines:
            raise DataError(
                f"{source.path}: expected rows under the names of the columns"
            )

    def x(self) -> NDArray[np.float64] | Frame:
        """The features, a row for each row of the table."""
        n = len(self.features)
        if self.schema.kinds:
            columns = zip(self.features, self.columns, self.values, strict=False)
            return Frame({name: _joined(c, values) for name, (_, c), values in columns})
        return np.column_stack([np.concatenate(one) for one in self.values[:n]])

    def y(self) -> NDArray[Any] | None:
        """The labels (n,) or numbers (n,) or (n, targets); None where none are read."""
        values = self.values[self.of_y]
        if not values:
            return None
        if isinstance(self.schema.target, Labels):
            labels = list(chain.from_iterable(values[0]))
            if self.schema.target.labels:
                return np.array(labels)
            self._check_length(labels)
            return learned_labels(labels)
        y = np.column_stack([np.concatenate(one) for one in values])
        return y[:, 0] if len(values) == 1 else y

    def weights(self) -> NDArray[np.float64] | None:
        """The weights of the rows (n,); None where none are read.

        Raises DataError where no row counts.
        """
        values = self.values[self.of_y.stop :]
        if not values:
            return None
        weights = np.concatenate(values[0])
        if not weights.any():
            raise DataError(
                f"{self.source.path}, column {self.schema.weight}: every weight is 0; "
                "expected some above"
            )
        return weights

    def unused(self) -> tuple[str, ...]:
        """The names of the columns that the network does not use."""
        used = {*self.features, *self.targets, self.schema.weight}
        return tuple(n for n in self.source.names if n and n not in used)

    def _read(self, block: Block) -> None:
        """Add rows, or what is wrong with them."""
        lines, columns = block.lines, block.columns
        if self.dialect.missing:
            columns = [_without(self.dialect.missing, cells) for cells in columns]
        kept = None
        if self.schema.drops:
            kept = self._has_targets(columns, len(lines))
            self.dropped += kept.count(False)
            lines = list(compress(lines, kept))
        wrong: list[tuple[int, int]] = []
        for place, (cells, (_, column)) in enumerate(
            zip(columns, self.columns, strict=True)
        ):
            if place in self.of_words:
                continue
            try:
                self.values[place].append(_values(column, _rows(cells, kept)))
            except CellErrors as error:
                if message := self._on_words(place, _rows(cells, kept), error.rows):
                    self.mistakes.add([message])
                    continue
                wrong += [(row, place) for row in error.rows]
        self.lines.extend(lines)
        if wrong or block.mistakes:
            found = [_rows(cells, kept) for cells in block.columns]
            self._complain(block, found, lines, wrong)
        if len(self.lines) * len(self.columns) > VALUES:
            raise DataError(f"{self.source.path}: holds more than {VALUES:,} numbers")

    def _on_words(self, place: int, cells: Cells, wrong: Sequence[int]) -> str:
        """What to say of a column where words stand in place of all numbers."""
        index, column = self.columns[place]
        if not isinstance(column, Numbers) or not isinstance(cells, list):
            return ""
        there = {cell.strip() for cell in cells if not column.is_missing(cell)}
        if len(wrong) < _WORDS or not all(cell[0].isalpha() for cell in there):
            return ""
        self.of_words.add(place)
        name, words = self.source.names[index], sorted(there)
        found = " and ".join(shown(word[:_LONG]) for word in words[:2])
        line = "input" if place < len(self.features) else "target"
        listed = " | ".join(map(_word, words)) if len(words) <= _LISTED else "any"
        advice = f"; for labels the spec says `{line} {_word(name)}: {listed}`"
        is_short = max(map(len, (name, *words[:_LISTED]))) <= _LONG
        suits = is_short and (
            line == "input" or (listed != "any" and not self.schema.weight)
        )
        return (
            f"{self.source.path}, column {name[:_LONG]}: expected numbers, found words "
            f"such as {found}" + advice * suits
        )

    def _check_length(self, labels: list[str]) -> None:
        """Raise DataError for texts that are too long to be labels of so many rows."""
        longest = max(map(len, set(labels)))
        if longest * len(labels) > LABELS:
            raise DataError(
                f"{self.source.path}, column {self.targets[0]}: expected labels, found "
                f"{len(labels):,} texts of up to {longest:,} characters"
            )

    def _has_targets(self, columns: list[Cells], n_rows: int) -> list[bool]:
        kept = [True] * n_rows
        pairs = zip(columns[self.of_y], self.columns[self.of_y], strict=True)
        for cells, (_, column) in pairs:
            lacks = map(column.is_missing, texts(cells))
            kept = [one and not lack for one, lack in zip(kept, lacks, strict=True)]
        return kept

    def _complain(
        self,
        block: Block,
        columns: list[Cells],
        lines: Sequence[int],
        wrong: list[tuple[int, int]],
    ) -> None:
        """Add the mistakes of a block in the order of its lines."""
        path, unit, names = self.source.path, self.source.unit, self.source.names
        said = [
            (line, -1, f"{path}, {unit} {line}: {message}")
            for line, message in block.mistakes
        ]
        for row, place in sorted(wrong)[: self.mistakes.room]:
            index, column = self.columns[place]
            cell = texts(columns[place][row : row + 1])[0].strip()
            advice = column.advice_on("" if cell in self.dialect.missing else cell)
            where = f"{path}, {unit} {lines[row]}, column {names[index]}"
            message = f"{where}: expected {column.expected}, found {shown(cell)}"
            said.append((lines[row], index, message + (f"; {advice}" * bool(advice))))
        messages = [message for _, _, message in sorted(said)]
        self.mistakes.add(messages, len(block.mistakes) + len(wrong) - len(messages))


def _word(text: str) -> str:
    """A name or a label as a spec writes it."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _joined(column: Column, blocks: list[Values]) -> NDArray[Any]:
    """A column of all blocks: numbers as float64, labels as objects."""
    if isinstance(column, Numbers):
        return np.concatenate(blocks).astype(np.float64)
    return objects(list(chain.from_iterable(blocks)))


def _values(column: Column, cells: Cells) -> Values:
    if isinstance(cells, list):
        return column.read(cells)
    if not isinstance(column, Numbers):
        return column.read(texts(cells))
    if column.wrong(cells).any():
        return replace(column, decimal=".").read(texts(cells))
    return cells


def _rows(cells: Cells, kept: list[bool] | None) -> Cells:
    if kept is None:
        return cells
    return list(compress(cells, kept)) if isinstance(cells, list) else cells[kept]


def _without(missing: frozenset[str], cells: Cells) -> Cells:
    """The cells; those that the user counts as missing are empty."""
    gone = [cell.strip() in missing for cell in texts(cells)]
    if not any(gone):
        return cells
    if isinstance(cells, list):
        return ["" if lost else c for c, lost in zip(cells, gone, strict=True)]
    return np.where(gone, np.nan, cells)
