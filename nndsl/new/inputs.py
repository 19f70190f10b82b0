"""The `input` lines of a new spec: which columns share one, and what stands on it."""

from collections.abc import Iterator, Sequence

from nndsl import limits
from nndsl.new.column import Column
from nndsl.new.findings import rare
from nndsl.spec_text.texts import column as written
from nndsl.spec_text.texts import label, quoted
from nndsl.syntax.characters import unwritable

LISTED = 12
"""The most labels that an `input` line lists; of more it says `any`."""
OTHER = "other"


def input_lines(columns: Sequence[Column]) -> Iterator[str]:
    """Groups of numbers that are treated alike, then groups with the same labels."""
    numbers: dict[str, list[Column]] = {}
    labelled: dict[tuple[str, ...], list[Column]] = {}
    for column in columns:
        if column.values is not None:
            numbers.setdefault(_options(column), []).append(column)
        else:
            labelled.setdefault(_labels(column), []).append(column)
    for options in sorted(numbers, key=lambda options: ("scale" in options, options)):
        yield f"input {_names(numbers[options])} {options}"
    for labels, group in labelled.items():
        yield f"input {_names(group)}: {' | '.join(labels)}"


def _names(columns: Sequence[Column]) -> str:
    words = ("any",) if len(columns) == 1 else ()
    return ", ".join(written(column.name, words) for column in columns)


def _options(column: Column) -> str:
    fill = "missing=median" if column.lacks else ""
    return " ".join(filter(None, (fill, "scale=none" if column.is_switch else "")))


def _labels(column: Column) -> tuple[str, ...]:
    """The labels in their order; `other` for what is missing, rare or not learned."""
    least = rare(column)
    frequent = {
        text
        for text, count in zip(column.texts, column.counts, strict=True)
        if count >= least and text != OTHER
    }
    if len(frequent) > LISTED or not all(map(_is_writable, frequent)):
        return ("any", OTHER)
    others = column.lacks or column.has_more or len(frequent) < column.distinct
    return (*map(_label, sorted(frequent)), *((OTHER,) if others else ()))


def _is_writable(text: str) -> bool:
    return len(text) <= limits.TEXT_LENGTH and not unwritable(quoted(text))


def _label(text: str) -> str:
    return quoted(text) if text == "any" else label(text)
