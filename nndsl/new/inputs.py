"""The `input` lines of a new spec: which columns share one, and what stands on it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nndsl import limits
from nndsl.new.column import Column
from nndsl.new.findings import rare
from nndsl.spec_text.texts import column as written
from nndsl.spec_text.texts import label, quoted
from nndsl.syntax.characters import unwritable

LISTED = 12
"""The most labels that an `input` line lists; of more it says `any`."""
OTHER = "other"


@dataclass(frozen=True, slots=True)
class InputLine:
    """`pieces` of one line, `mark` between them, and its options behind."""

    head: str
    pieces: tuple[str, ...]
    mark: str
    options: str = ""


def input_lines(columns: Sequence[Column]) -> Iterator[InputLine]:
    """Groups of numbers that are treated alike, then each column of labels."""
    groups: dict[str, list[Column]] = {}
    for column in columns:
        if column.values is not None:
            groups.setdefault(_options(column), []).append(column)
    for options in sorted(groups, key=lambda options: ("scale" in options, options)):
        names = [column.name for column in groups[options]]
        words = ("any",) if len(names) == 1 else ()
        pieces = tuple(written(name, words) for name in names)
        yield InputLine("", pieces, ",", options)
    for column in columns:
        if column.values is None:
            yield InputLine(f"{written(column.name)}: ", _labels(column), " |")


def width(columns: Sequence[Column]) -> int:
    """How many numbers the network is given."""
    return sum(
        1 if column.values is not None else column.distinct for column in columns
    )


def _options(column: Column) -> str:
    fill = "missing=median" if column.n_missing else ""
    return " ".join(filter(None, (fill, "scale=none" if column.is_switch else "")))


def _labels(column: Column) -> tuple[str, ...]:
    """The labels in their order; `other` for what is missing or rare."""
    least = rare(column)
    frequent = {
        text
        for text, count in zip(column.texts, column.counts, strict=True)
        if count >= least and text != OTHER
    }
    if len(frequent) > LISTED or not all(map(_is_writable, frequent)):
        return ("any", OTHER)
    others = column.n_missing or len(frequent) < column.distinct
    return (*map(_label, sorted(frequent)), *((OTHER,) if others else ()))


def _is_writable(text: str) -> bool:
    return len(text) <= limits.TEXT_LENGTH and not unwritable(quoted(text))


def _label(text: str) -> str:
    return quoted(text) if text == "any" else label(text)
