"""Words that are wrong wherever they stand: what to write instead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from nndsl.diagnostics.record import Diagnostic, Edit
from nndsl.syntax.characters import name_of
from nndsl.syntax.token import Token
from nndsl.syntax.tree import Span

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


def explain_word(token: Token) -> Diagnostic:
    """The mistake in a word that no rule of the language knows."""
    return _EXPLANATIONS[token.kind](token)


def _power(token: Token) -> Diagnostic:
    span = token.span
    return Diagnostic(
        "E027",
        span,
        "`**` is no operator",
        "a power is written `^`",
        (),
        _to(span, "^"),
    )


def _equals(token: Token) -> Diagnostic:
    span = token.span
    return Diagnostic(
        "E027", span, "`:=` is no operator", "write `=`", (), _to(span, "=")
    )


def _number(token: Token) -> Diagnostic:
    return Diagnostic(
        "E005",
        token.span,
        f"`{short(token)}` is no number",
        "write `12`, `1_000`, `0.5`, `1e-3` or `70%`; numbers and names do not touch",
    )


def _word(token: Token) -> Diagnostic:
    span = token.span
    letter = next(c for c in token if not c.isascii())
    plain = unicodedata.normalize("NFKC", token)
    if re.fullmatch(r"[A-Za-z_]\w{0,63}", plain, re.ASCII):
        hint, fixes = f"write `{plain}` in plain letters", _to(span, plain)
    else:
        shown = short(token)
        hint = f'a column or label with other letters stands in quotes: `"{shown}"`'
        fixes = _to(span, f'"{token}"')
    label = f"{name_of(letter)} in a name"
    return Diagnostic("E006", span, label, hint, (), fixes)


def _text(token: Token) -> Diagnostic:
    return Diagnostic(
        "E007",
        token.span,
        "this text has no closing quote on its line",
        'write `"` where the text ends',
    )


def _quote(token: Token) -> Diagnostic:
    span = token.span
    inner = token.strip("'")
    fixes = () if '"' in inner or "\\" in inner else _to(span, f'"{inner}"')
    return Diagnostic(
        "E008", span, "single quotes", 'quotes are written `"`', (), fixes
    )


def _character(token: Token) -> Diagnostic:
    shown = str(token) if token.isascii() else f"{token} ({name_of(token)})"
    hint = _OTHER_CHARACTERS.get(
        str(token), "remove it, or put the text it belongs to in quotes"
    )
    return Diagnostic("E004", token.span, f"{shown} has no meaning here", hint)


_EXPLANATIONS: dict[str, Callable[[Token], Diagnostic]] = {
    "BAD_POWER": _power,
    "BAD_EQUALS": _equals,
    "BAD_NUMBER": _number,
    "BAD_WORD": _word,
    "BAD_TEXT": _text,
    "BAD_QUOTE": _quote,
    "BAD_CHARACTER": _character,
}


def _to(span: Span, text: str) -> tuple[Edit, ...]:
    return (Edit(span, text),)


def short(token: Token) -> str:
    """A word as messages show it: its beginning, where it is long."""
    return token if len(token) <= 40 else f"{token[:40]}…"
