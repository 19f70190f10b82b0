"""How a module reads columns that are not all treated alike, and what it makes of them.

Its rows hold the numbers first, in the order of the spec, then the labels.
"""

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from nndsl.check.read.values import format_number
from nndsl.network import Network
from nndsl.program.data import Data, NumberColumns, Scaling
from nndsl.program.program import Program
from nndsl.render.escape import Code, code, listing, literal
from nndsl.render.lines import WIDTH, commented
from nndsl.render.module.fit_text import rows_index
from nndsl.render.shapes import dimension

LEARNERS = {
    "standard": "mean_and_std",
    "minmax": "low_and_range",
    "robust": "median_and_iqr",
}
"""The function that learns a scaling from rows."""


@dataclass(frozen=True, slots=True)
class ColumnText:
    """`mixed`: whether there are such columns.  `learns`: labels of the data, and with
    `learns_part` of a part of the rows.  `fills_some`, `scales_some`: numbers are not
    all filled, or scaled, in one way.  `too_large`: the mask of cells that are no
    number.
    """

    mixed: bool
    has_numbers: bool
    has_labels: bool
    has_limits: bool
    has_other: bool
    fills: bool
    fills_some: bool
    fills_labels: bool
    scales_some: bool
    learns: bool
    learns_part: bool
    learns_other: bool
    count: Code
    width: Code
    order: Code
    labels: Code
    own_labels: Code
    labels_text: Code
    numbers_text: Code
    given: Code
    wanted: Code
    too_large: Code
    encode: Code
    encoding: tuple[Code, ...]
    all_rows: Code
    numbers: Code
    scaled: Code
    first: Code
    fill_text: Code
    fill_lines: tuple[Code, ...]
    scale_lines: tuple[Code, ...]


def column_text(network: Network, program: Program) -> ColumnText:
    data = program.data
    n_numbers, labelled = n_number_columns(data), data.label_columns
    learns = any(column.learned for column in labelled)
    part = learns and bool(rows_index(network, data))
    own = "self.labels_" if learns else "LABELS"
    both = n_numbers > 0 and bool(labelled)
    given = ["labels"] * learns + ["name"] + ["allow_unknown"] * part
    missing = ", allow_missing=True" if data.filling.drops else ""
    fills = any(each.filling.fills for each in data.number_columns)
    scales = scalings_of(data)
    first = f", {n_numbers}" if n_numbers else ""
    return ColumnText(
        mixed=data.has_columns,
        has_numbers=n_numbers > 0,
        has_labels=bool(labelled),
        has_limits=any(each.low is not None for each in data.number_columns),
        has_other=any(column.has_other for column in labelled),
        fills=fills,
        fills_some=fills and _kinds(each.filling.kind for each in data.number_columns),
        fills_labels=any(column.fill is not None for column in labelled),
        scales_some=len(scales) > 1,
        learns=learns,
        learns_part=part,
        learns_other=any(column.learned and column.has_other for column in labelled),
        count=code(str(len(data.inputs.names))),
        width=code(dimension(program.arrays["x"].shape[1])),
        order=code("[*NUMBERS, *LABELS]" if both else "FEATURES"),
        labels=code("labels" if learns else "LABELS"),
        own_labels=code(own),
        labels_text=code("labels[name]" if learns else "LABELS"),
        numbers_text=code("numbers, NaN where one may be missing" if fills else "..."),
        given=code(", ".join(given)),
        wanted=code(_wanted(data, "labels" if learns else "LABELS")),
        too_large=code(_too_large(data)),
        encode=code("self.encode" if data.has_columns else "self._scale"),
        encoding=tuple(map(code, textwrap.wrap(_encoding(data), WIDTH - 8))),
        all_rows=code(f"check_rows(X{', self.labels_' * learns}{missing})"),
        numbers=code(f"rows[:, :{n_numbers}]" if labelled else "rows"),
        scaled=code("(numbers - self.start_) / self.spread_" if scales else "numbers"),
        first=code(first),
        fill_text=code(_fills(data)),
        fill_lines=tuple(map(code, _fill_lines(data))),
        scale_lines=tuple(map(code, _scale_lines(data))),
    )


def n_number_columns(data: Data) -> int:
    return sum(len(each.names) for each in data.number_columns)


def scalings_of(data: Data) -> set[Scaling]:
    """The ways in which columns of numbers are scaled; none if no column is."""
    ways = {each.scaling for each in data.number_columns}
    return ways if any(way.scales for way in ways) else set()


def column_lines(data: Data) -> Iterator[str]:
    """The constants that say what each column is."""
    columns = data.label_columns
    if columns:
        learns = any(column.learned for column in columns)
        yield f"LABELS{': dict[str, list[str]]' * learns} = {{"
        for column in columns:
            name = literal(column.name).text
            labels = [literal(label) for label in column.labels if not column.learned]
            text = listing(labels, 4, len(name) + 3).text
            note = "fit finds the labels" if column.learned else ""
            yield from (
                commented(f"    {name}: {text},", note)
                if note
                else [f"    {name}: {text},"]
            )
        yield "}"
    if columns and data.number_columns:
        yield "NUMBERS = [name for name in FEATURES if name not in LABELS]"
    limits = {
        name: f"({format_number(each.low)}, {format_number(each.high)})"
        for each in data.number_columns
        for name in each.names
        if each.low is not None and each.high is not None
    }
    yield from _dictionary("LIMITS", limits, "the ranges of numbers")
    groups = data.number_columns
    filled = [name for each in groups if each.filling.fills for name in each.names]
    yield from _names("FILLED", filled, "numbers that may be missing")
    missing = {
        column.name: literal(column.fill).text for column in columns if column.fill
    }
    yield from _dictionary("MISSING", missing, "the label that a missing one counts as")
    other = [column.name for column in columns if column.has_other]
    yield from _names("OTHER", other, "where `other` takes labels that are not known")
    drops = [name for each in groups if each.filling.drops for name in each.names]
    drops += [column.name for column in columns if column.drops]
    yield from _names("DROP", drops, "rows that lack one of these are left out")


def _names(name: str, items: Sequence[str], note: str) -> list[str]:
    if not items:
        return []
    text = listing([literal(item) for item in items], 0, len(name) + 3).text
    return _noted(f"{name} = {text}", note)


def _dictionary(name: str, items: dict[str, str], note: str) -> list[str]:
    pairs = [code(f"{literal(key).text}: {value}") for key, value in items.items()]
    if not pairs:
        return []
    text = listing(pairs, 0, len(name) + 3).text
    return _noted(f"{name} = {{{text[1:-1]}}}", note)


def _noted(text: str, note: str) -> list[str]:
    """A constant with its comment, over it where it takes several lines."""
    if "\n" in text:
        return [f"# {note}", text]
    return commented(text, note)


def _wanted(data: Data, labels: str) -> str:
    """What a column takes, as messages say it: an expression."""
    ways = [f'f"one of {{{labels}[name]}}"'] if data.label_columns else []
    ways += ['"a finite number"'] if data.number_columns else []
    return f" if name in {labels} else ".join(ways)


def _too_large(data: Data) -> str:
    """Cells that are no number, or one that the network's numbers cannot hold."""
    if all(each.scaling.scales for each in data.number_columns):
        return "np.isinf(column)"
    return "np.abs(column) > np.finfo(DTYPE).max"


def _encoding(data: Data) -> str:
    numbers = ""
    if data.number_columns:
        scaled = "the numbers, scaled" if scalings_of(data) else "the numbers"
        numbers = f"First come {scaled}, then "
    start = numbers or "There is "
    return (
        f"{start}a column for each label, 1 where a row has it, else 0. "
        "Two labels share one, with 1 for the second."
    )


def _fills(data: Data) -> str:
    """What fills columns of numbers: `the median`, or the median or the mean."""
    kinds = [e.filling.kind for e in data.number_columns if e.filling.fills]
    return f"the {' or '.join(dict.fromkeys(kinds))} of a column"


def _kinds(kinds: Iterator[str]) -> bool:
    return len(set(kinds)) > 1


def _slices(
    data: Data, key: Callable[[NumberColumns], object]
) -> Iterator[tuple[str, NumberColumns]]:
    """Neighbouring columns that agree in `key`, as an index of the numbers."""
    start = 0
    groups = list(data.number_columns)
    while groups:
        same = [groups.pop(0)]
        while groups and key(groups[0]) == key(same[0]):
            same.append(groups.pop(0))
        end = start + sum(len(each.names) for each in same)
        first, last = str(start or ""), str(end if groups else "")
        yield f"[:, {first}:{last}]", same[0]
        start = end


def _fill_lines(data: Data) -> Iterator[str]:
    for index, each in _slices(data, lambda each: each.filling):
        if each.filling.fills:
            place = f"fill{index.replace(':, ', '')}"
            yield f"{place} = np.nan{each.filling.kind}(rows{index}, axis=0)"


def _scale_lines(data: Data) -> Iterator[str]:
    for index, each in _slices(data, lambda each: each.scaling):
        scaling, place = each.scaling, index.replace(":, ", "")
        if scaling.low is not None and scaling.high is not None:
            low, size = map(format_number, (scaling.low, scaling.high - scaling.low))
            yield f"start{place}, spread{place} = {low}, {size}"
        elif scaling.scales:
            learner = LEARNERS[scaling.kind]
            weighed = scaling.is_standard and data.weight is not None
            weights = ", sample_weight" * weighed
            yield f"start{place}, spread{place} = {learner}(rows{index}{weights})"
