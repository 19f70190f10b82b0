"""Numbers that are written with other marks than this table's."""

import re

from nndsl.data.numbers import SWAPPED, is_number

NAMES = {".": "point", ",": "comma"}
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}([.,\'’ \u00a0\u202f])[0-9]{3}(?:\1[0-9]{3})*")
_FRACTION = re.compile(r"[.,][0-9]+")
_SIGN = re.compile(r"[$€£¥%‰°]")


def advice_on_marks(cell: str, decimal: str) -> str:
    """What to do about a cell that would be a number in another table, else empty."""
    other = "," if decimal == "." else "."
    if is_number(cell if decimal == "." else cell.translate(SWAPPED)):
        return ""
    if grouped := _GROUPED.match(cell):
        mark, rest = grouped[1], cell[grouped.end() :]
        if mark == other and grouped[0].count(mark) == 1 and not rest:
            return (
                f"take the {NAMES[mark]} out of the file if it groups thousands, or "
                f"say {_option(mark)} if it begins a fraction"
            )
        if not rest:
            return "take the thousands marks out of the file"
        if _FRACTION.fullmatch(rest) and rest[0] != mark:
            also = "" if rest[0] == decimal else f" and say {_option(rest[0])}"
            return f"take the thousands marks out of the file{also}"
    if decimal not in cell and is_number(cell.replace(other, ".")):
        return (
            f"write a decimal {NAMES[decimal]}, not a {NAMES[other]}, or say "
            f"{_option(other)}"
        )
    return ""


def marks_in(text: str) -> str:
    """What a number has that no number here has: `a sign` (12%), `thousands marks`.

    Empty for a plain number, and for what is none.
    """
    plain = _SIGN.sub("", text, count=1).strip()
    kind = "a sign" if plain != text else "thousands marks"
    if grouped := _GROUPED.match(plain):
        rest = plain[grouped.end() :]
        return kind if not rest or _FRACTION.fullmatch(rest) else ""
    is_one = is_number(plain) or is_number(plain.translate(SWAPPED))
    return kind if is_one and kind == "a sign" else ""


def _option(mark: str) -> str:
    return "--decimal ','" if mark == "," else "--decimal ."
