"""Words that are wrong wherever they stand: what to write instead."""

import re
import unicodedata
from collections.abc import Callable

from lark import Token

from nndsl.diagnostics.record import Diagnostic, Edit
from nndsl.syntax.advice import Advice
from nndsl.syntax.characters import name_of
from nndsl.syntax.spans import of

_OTHER_CHARACTERS = {
    "%": "a percentage is written without a space, `20%`",
    ".": "a number needs a digit on both sides of the dot or behind it, `0.5` or `.5`",
    "[": "lists are written without brackets, separated by commas",
    "]": "lists are written without brackets, separated by commas",
    "!": "`!=` means unequal; write `1 - condition` for its opposite",
    "&": "multiply two conditions to ask for both",
    "×": "multiplication is written `*`",
    "·": "multiplication is written `*`",
    "÷": "division is written `/`",
    "−": "a minus is written `-`",
    "–": "a minus is written `-`, a range `0..1`",
    "…": "a range is written with two dots, `0..1`",
    "“": 'quotes are written `"`',
    "”": 'quotes are written `"`',
    "≤": "write `<=`",
    "≥": "write `>=`",
    "≠": "write `!=`",
}


_ADVICE = {
    "BAD_POWER": Advice(
        "E027", "{found} is no operator", "a power is written `^`", replace="^"
    ),
    "BAD_EQUALS": Advice("E027", "{found} is no operator", "write `=`", replace="="),
    "BAD_NUMBER": Advice(
        "E005",
        "{found} is no number",
        "write `12`, `1_000`, `0.5`, `1e-3` or `70%`; numbers and names do not touch",
    ),
    "BAD_TEXT": Advice(
        "E007",
        "this text has no closing quote on its line",
        'write `"` where the text ends',
    ),
}


def _advised(token: Token) -> Diagnostic:
    return _ADVICE[token.type].at(of(token), quoted(token))


def _number(token: Token) -> Diagnostic:
    """`1st` may be a label, `1.5.5` no name of anything."""
    if not re.fullmatch(r"(?!0x|\d+[eE]\d*$)\d+[A-Za-z]\w*", token, re.ASCII):
        return _advised(token)
    hint = (
        "numbers and names do not touch; a column or label that begins with a digit"
        f' stands in quotes: `"{short(token)}"`'
    )
    return Diagnostic("E005", of(token), f"{quoted(token)} is no number", hint)


def _word(token: Token) -> Diagnostic:
    letter = next(c for c in token if not c.isascii())
    plain = unicodedata.normalize("NFKC", token)
    if re.fullmatch(r"[A-Za-z_]\w{0,63}", plain, re.ASCII):
        hint = f"write `{plain}` in plain letters"
    else:
        plain = f'"{token}"'
        hint = (
            f'a column or label with other letters stands in quotes: `"{short(token)}"`'
        )
    fix = Edit(of(token), plain)
    label = f"{name_of(letter)} in a name"
    return Diagnostic("E006", of(token), label, hint, fixes=(fix,))


def _quote(token: Token) -> Diagnostic:
    inner = token.strip("'")
    fixes = () if '"' in inner or "\\" in inner else (Edit(of(token), f'"{inner}"'),)
    hint = 'quotes are written `"`'
    return Diagnostic("E008", of(token), "single quotes", hint, fixes=fixes)


def _character(token: Token) -> Diagnostic:
    shown = str(token) if token.isascii() else f"{token} ({name_of(token)})"
    hint = _OTHER_CHARACTERS.get(
        str(token), "remove it, or put the text it belongs to in quotes"
    )
    return Diagnostic("E004", of(token), f"{shown} has no meaning here", hint)


WRONG_WORDS: dict[str, Callable[[Token], Diagnostic]] = {
    **dict.fromkeys(_ADVICE, _advised),
    "BAD_NUMBER": _number,
    "BAD_WORD": _word,
    "BAD_QUOTE": _quote,
    "BAD_CHARACTER": _character,
}
"""The mistake in a word of each kind that no rule of the language knows."""


def quoted(token: Token) -> str:
    """A word as messages show it: in backticks, a long one by its beginning."""
    return f"`{short(token)}`"


def short(token: str) -> str:
    return str(token) if len(token) <= 40 else f"{token[:40]}…"
