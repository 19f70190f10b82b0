"""Words that are wrong wherever they stand: what to write instead."""

import re
import unicodedata
from collections.abc import Callable

from lark import Token

from nndsl.diagnostics.record import Diagnostic, Edit
from nndsl.syntax.advice import Advice
from nndsl.syntax.characters import name_of
from nndsl.syntax.spans import of

_LIST = "lists are written without brackets, separated by commas"
_QUOTES = 'text is written in double quotes: `"`'
_NO_BACKSLASH = "a line continues after a comma, after an operator and in parentheses"
_OTHER_CHARACTERS = {
    "%": "a percentage has no space, `20%`; a remainder is `mod(a, b)`",
    ".": "a number needs a digit on both sides of the dot or after it, `0.5` or `.5`",
    "[": _LIST,
    "]": _LIST,
    "!": "`!=` means unequal; write `1 - condition` for its opposite",
    "&": "multiply two conditions to ask for both",
    "?": "`where(condition, a, b)` chooses between two values",
    "\\": _NO_BACKSLASH,
    "`": "names are written without backticks",
    "×": "in formulas multiplication is written `*`",
    "·": "in formulas multiplication is written `*`",
    "÷": "in formulas division is written `/`",
    "√": "a square root is written `sqrt(x)`",
    "−": "write a plain `-`",
    "–": "a minus is written `-`, a range `0..1`",
    "—": "a minus is written `-`; a comment begins with `#`",
    "…": "a range is written with two dots, `0..1`",
    **dict.fromkeys("“”„«»‹›‘’‚", _QUOTES),
    "≤": "write `<=`",
    "≥": "write `>=`",
    "≠": "write `!=`",
    "→": "a layer names its outputs only: `dense 16`",
}
_PLAIN = {"−": "-", "≤": "<=", "≥": ">=", "≠": "!=", "…": ".."}
"""Characters that mean one of the language's own."""


_ADVICE = {
    "BAD_POWER": Advice(
        "E027",
        "{found} is not an operator",
        "a power is written `^`",
        replace="^",
    ),
    "BAD_EQUALS": Advice(
        "E027", "{found} is not an operator", "write `=`", replace="="
    ),
    "BAD_DOTS": Advice(
        "E032",
        "{found} is not a range",
        "a range is written with two dots, `0..1`",
    ),
    "BAD_NUMBER": Advice(
        "E005",
        "{found} is not a number",
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
    """`1st` may be a label, `2x` a product, `1.5.5` is no name of anything."""
    if not re.fullmatch(r"(?!0x|\d+[eE]\d*$)\d+[A-Za-z]\w*", token, re.ASCII):
        return _advised(token)
    hint = (
        "a column or label that begins with a digit is written in quotes, "
        f'`"{short(token)}"`; a product is written with `*`'
    )
    label = f"{quoted(token)} is not a number"
    return Diagnostic("E005", of(token), label, hint)


def _word(token: Token) -> Diagnostic:
    letter = next(c for c in token if not c.isascii())
    plain = unicodedata.normalize("NFKC", token)
    label = f"{name_of(letter)} in a name"
    if power := re.fullmatch(r"([A-Za-z_]\w*)([⁰¹²³⁴⁵⁶⁷⁸⁹]+)", token):
        plain = f"{power[1]}^{unicodedata.normalize('NFKC', power[2])}"
        hint = f"a power is written `{short(plain)}`"
    elif re.fullmatch(r"[A-Za-z_]\w{0,63}", plain, re.ASCII):
        hint = f"write `{plain}` in plain letters"
    elif re.fullmatch(r"[0-9]{1,20}", plain, re.ASCII):
        hint = f"write `{plain}` in plain digits"
        label = f"{name_of(letter)} is not a plain digit"
    else:
        plain = f'"{token}"'
        hint = (
            "a column or label with other letters is written in quotes: "
            f'`"{short(token)}"`'
        )
        if greek := re.fullmatch(r"U\+\w+ GREEK SMALL LETTER (\w+)", name_of(letter)):
            hint += f"; in a formula write `{greek[1].lower()}`"
    fix = Edit(of(token), plain)
    return Diagnostic("E006", of(token), label, hint, fixes=(fix,))


def _quote(token: Token) -> Diagnostic:
    inner = token.strip("'")
    fixes = () if '"' in inner or "\\" in inner else (Edit(of(token), f'"{inner}"'),)
    return Diagnostic("E008", of(token), "single quotes", _QUOTES, fixes=fixes)


def _character(token: Token) -> Diagnostic:
    if token.isspace():
        label, hint = f"{name_of(token)} instead of a space", "write a plain space"
        return Diagnostic("E004", of(token), label, hint, fixes=(Edit(of(token), " "),))
    shown = f"`{token}`" if token != "`" else "a backtick"
    shown += "" if token.isascii() else f" ({name_of(token)})"
    normal = unicodedata.normalize("NFKC", token)
    hint = _OTHER_CHARACTERS.get(str(token), "")
    plain = _PLAIN.get(str(token), "")
    if not hint and normal != token and normal.isascii() and len(normal) == 1:
        plain, hint = normal, f"write a plain `{normal}`"
    fixes = (Edit(of(token), plain),) if plain else ()
    hint = hint or "remove it, or put the text it belongs to in quotes"
    label = f"{shown} has no meaning here"
    return Diagnostic("E004", of(token), label, hint, fixes=fixes)


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


def short(word: str) -> str:
    return str(word) if len(word) <= 40 else f"{word[:40]}…"
