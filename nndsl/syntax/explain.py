"""A message for every place where a word cannot stand.

`explain` looks first for habits from other languages, then for words that are wrong
anywhere, then at brackets, then at what could have stood in the place: `situations.py`
names that, `advice.py` says what to do about the word that was found there.
"""

import re
from collections.abc import Callable

from lark import Token

from nndsl.diagnostics.record import Diagnostic, Edit, Related
from nndsl.syntax import blocks
from nndsl.syntax.advice import ADVICE
from nndsl.syntax.habits import HABITS
from nndsl.syntax.line_ends import OPERATORS
from nndsl.syntax.place import Place
from nndsl.syntax.situations import ENDS
from nndsl.syntax.spans import behind, of
from nndsl.syntax.well_formed import comma_joins
from nndsl.syntax.wrong_words import WRONG_WORDS

_VALUE = "write a number, a name, or a formula in parentheses"


def explain(place: Place) -> Diagnostic:
    """What is wrong with the word found at a place, and what to write instead."""
    for look in _LOOKS:
        found = look(place)
        if found:
            return found
    situation = place.situation
    advice = ADVICE.get((situation, place.found.type)) or ADVICE[situation, ""]
    span = place.span
    if advice.after and place.previous:
        span = behind(place.text, of(place.previous))
    return advice.at(span, place.name, place.before, _still_open(place))


def _habit(place: Place) -> Diagnostic | None:
    if place.found.type in ("$END", "_END"):
        return None
    return next(filter(None, (look(place) for look in HABITS)), None)


def _weight_of_a_number(place: Place) -> Diagnostic | None:
    """`class_weights 0=1`: a number is followed by a colon."""
    if place.found.type != "EQUAL" or place.previous is None:
        return None
    start = place.text.rfind("class_weights", 0, of(place.found).start)
    between = place.text[start : of(place.found).start]
    if place.previous.type != "NUMBER" or start < 0 or re.search("[\n;{}]", between):
        return None
    label, hint = "an `=` after a number", "write `:`, as in `0: 2.0 1: 0.5`"
    fix = Edit(place.span, ":")
    return Diagnostic("E028", place.span, label, hint, fixes=(fix,))


def _wrong_anywhere(place: Place) -> Diagnostic | None:
    explanation = WRONG_WORDS.get(place.found.type)
    return explanation(place.found) if explanation else None


def _not_closed(place: Place) -> Diagnostic | None:
    if place.found.type not in ENDS | {"LBRACE"}:
        return None
    if place.parenthesis:
        return Diagnostic(
            "E020",
            of(place.parenthesis),
            "this parenthesis is not closed",
            f"write `)` before {place.name}",
            fixes=(Edit(place.span, ")"),) if place.found.type in ENDS else (),
        )
    if place.found.type == "$END" and place.opened and "RBRACE" in place.accepted:
        return Diagnostic(
            "E021",
            blocks.not_closed(place.text) or of(place.opened[-1]),
            "this block is not closed",
            "write `}` where it ends",
        )
    return None


def _not_opened(place: Place) -> Diagnostic | None:
    kind = place.found.type
    if kind == "RPAR" and not place.parenthesis:
        fix = Edit(place.span, "", certain=False)
        label, hint = "no parenthesis is open here", "remove the `)`"
        return Diagnostic("E022", place.span, label, hint, fixes=(fix,))
    if kind != "RBRACE" or place.opened:
        return None
    span = of(place.found)
    missing = blocks.not_opened(place.text, span.start)
    if missing is None:
        return Diagnostic("E022", span, "no block is open here", "remove the `}`")
    where, head, closing = missing
    words = " ".join(place.text[head.start : head.end].split())
    hint = f"write `{words} {{`"
    related = (Related(closing, "this would close it"),)
    fix = Edit(where, " {", certain=False)
    label = "`{` is missing here"
    return Diagnostic("E022", where, label, hint, related, fixes=(fix,))


def _no_comma(place: Place) -> Diagnostic | None:
    """`adam(0.01 beta=0.9)`: the second name was taken for the `in` of limits."""
    word, before = place.previous, place.earlier
    if word is None or word.type != "NAME" or "NUMBER" not in place.accepted:
        return None
    if before is None or "LBRACE" in place.accepted:
        return None
    if word == "in":
        label, hint = "a range is missing after `in`", "limits are written `in 0..1`"
        return Diagnostic("E032", of(word), label, hint)
    label = f"a comma is missing before `{word}`"
    fix = Edit(behind(place.text, of(before)), ",")
    hint = "separate arguments with commas"
    return Diagnostic("E024", of(word), label, hint, fixes=(fix,))


def _quoted_name(place: Place) -> Diagnostic | None:
    """`class_weights "not sure"=2`: a text is followed by a colon."""
    if place.found.type != "EQUAL" or place.previous is None:
        return None
    if place.previous.type != "TEXT":
        return None
    label, hint = "an `=` after a text", 'write `:`, as in `"not sure": 2`'
    fix = Edit(place.span, ":")
    return Diagnostic("E028", place.span, label, hint, fixes=(fix,))


def _joined(place: Place) -> Diagnostic | None:
    """A line that begins like a statement after one that was not complete."""
    word, joint = place.previous, place.earlier
    if word is None or joint is None:
        return None
    if joint.type not in OPERATORS or word.type != "NAME":
        return None
    if not joint.line != word.line == place.found.line:
        return None
    if joint.type != "COMMA":
        label, hint = f"a value is missing after `{joint}`", _VALUE
        return Diagnostic("E023", behind(place.text, of(joint)), label, hint)
    if place.parenthesis:
        hint = f"write `)` on the line before `{word}`"
        label = "this parenthesis is not closed"
        return Diagnostic("E020", of(place.parenthesis), label, hint)
    return comma_joins(of(joint))


_LOOKS: tuple[Callable[[Place], Diagnostic | None], ...] = (
    _habit,
    _wrong_anywhere,
    _not_closed,
    _not_opened,
    _joined,
    _no_comma,
    _quoted_name,
    _weight_of_a_number,
)


def _still_open(place: Place) -> tuple[Related, ...]:
    """A parenthesis from an earlier line may be the one that lacks its end."""
    opening: Token | None = place.parenthesis
    if opening is None or opening.line == place.found.line:
        return ()
    return (Related(of(opening), "this parenthesis is still open"),)
