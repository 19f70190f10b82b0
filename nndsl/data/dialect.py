"""How a table is written, where its user says so."""

import codecs
from dataclasses import dataclass, field

from nndsl.data.numbers import is_number, swapped

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
"""What is recognised between cells."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """None is what the file itself shows; `missing` adds to the words for no value.

    `sheet` is the name of a sheet of an Excel file, None for the first.

    Raises ValueError for what no table can be written in.
    """

    separator: str | None = None
    decimal: str | None = None
    encoding: str | None = None
    missing: frozenset[str] = field(default=frozenset())
    sheet: str | None = None

    def __post_init__(self) -> None:
        separator, decimal = self.separator, self.decimal
        if separator is not None and not _can_separate(separator):
            raise ValueError(
                f"separator: expected one character such as ',' ';' '|' or 'tab', "
                f"found {separator[:50]!r}"
            )
        if decimal not in (None, ".", ","):
            raise ValueError(f"decimal: expected '.' or ',', found {decimal[:50]!r}")
        if separator is not None and separator == decimal:
            raise ValueError(f"separator: expected another mark than decimal {decimal}")
        if self.encoding is not None and not _is_encoding(self.encoding):
            raise ValueError(
                "encoding: expected a name such as utf-8, latin-1 or cp1252, "
                f"found {self.encoding[:50]!r}"
            )

    @property
    def has_numbers_missing(self) -> bool:
        """Whether a word for a missing value is a number, such as -999."""
        return any(map(is_number, (*self.missing, *swapped(self.missing))))


def _can_separate(text: str) -> bool:
    return len(text) == 1 and not text.isalnum() and text not in "\"'\r\n\0+-. "


def _is_encoding(name: str) -> bool:
    try:
        return bool(codecs.lookup(name)._is_text_encoding)
    except (LookupError, ValueError):
        return False
