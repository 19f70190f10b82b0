"""A message for every place where a word cannot stand.

`explain` looks first at words that are wrong anywhere, then at brackets, then at what
could have stood in the place: `SITUATIONS` names that, `ADVICE` says what to do about
the word that was found there.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from lark import Token

from nndsl.diagnostics.record import Diagnostic, Edit, Related
from nndsl.syntax.advice import ADVICE, SITUATIONS
from nndsl.syntax.line_ends import OPERATORS
from nndsl.syntax.spans import at, behind, of
from nndsl.syntax.tree import Span
from nndsl.syntax.well_formed import comma_joins
from nndsl.syntax.wrong_words import WRONG_WORDS, quoted

ENDS = frozenset(("_END", "RBRACE", "$END"))
_DOTTED = re.compile(r"[A-Za-z_]\w*(\.\w+)+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """A word that cannot stand where it does, and what surrounds it."""

    text: str
    found: Token
    previous: Token | None
    earlier: Token | None
    """The word before `previous`."""
    accepted: frozenset[str]
    opened: tuple[Token, ...]

    @property
    def name(self) -> str:
        """The word as messages say it."""
        match self.found.type:
            case "$END":
                return "the end of the file"
            case "_END" if self.found != ";":
                return "the end of the line"
            case _:
                return quoted(self.found)

    @property
    def before(self) -> str:
        return quoted(self.previous) if self.previous else "the beginning"

    @property
    def span(self) -> Span:
        """The word, or where something is missing: right behind the word before."""
        if self.found.type in ENDS and self.previous:
            return behind(self.text, of(self.previous))
        if self.found.type == "$END":
            return at(self.text, len(self.text), len(self.text))
        return of(self.found)

    @property
    def parenthesis(self) -> Token | None:
        """The innermost open bracket, if it is a parenthesis."""
        if self.opened and self.opened[-1].type == "LPAR":
            return self.opened[-1]
        return None


def explain(place: Place) -> Diagnostic:
    """What is wrong with the word found at a place, and what to write instead."""
    for look in _LOOKS:
        found = look(place)
        if found:
            return found
    situation = next(
        name
        for name, kinds in SITUATIONS.items()
        if kinds.could <= place.accepted and not kinds.could_not & place.accepted
    )
    advice = ADVICE.get((situation, place.found.type)) or ADVICE[situation, ""]
    span = place.span
    if advice.behind and place.previous:
        span = behind(place.text, of(place.previous))
    return advice.at(span, place.name, place.before, _still_open(place))


def _dotted(place: Place) -> Diagnostic | None:
    """`Solar.R`, a column as tables name them."""
    if place.found != "." or place.previous is None:
        return None
    word = _DOTTED.match(place.text, of(place.previous).start)
    if word is None or of(place.previous).end != of(place.found).start:
        return None
    span = at(place.text, word.start(), word.end())
    hint = f'a column or label with a dot stands in quotes: `"{word[0][:40]}"`'
    label, fix = "a dot in a name", Edit(span, f'"{word[0]}"')
    return Diagnostic("E004", span, label, hint, fixes=(fix,))


def _weight_of_a_number(place: Place) -> Diagnostic | None:
    """`class_weights 0=1`: a number is followed by a colon."""
    if place.found.type != "EQUAL" or place.previous is None:
        return None
    start = place.text.rfind("class_weights", 0, of(place.found).start)
    between = place.text[start : of(place.found).start]
    if place.previous.type != "NUMBER" or start < 0 or re.search("[\n;{}]", between):
        return None
    label, hint = "a `=` behind a number", "write `:`, as in `0: 2.0 1: 0.5`"
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
            of(place.opened[-1]),
            "this block is not closed",
            "write `}` where it ends",
        )
    return None


def _not_opened(place: Place) -> Diagnostic | None:
    kind = place.found.type
    if kind == "RPAR" and not place.parenthesis:
        return Diagnostic(
            "E022", place.span, "no parenthesis is open here", "remove the `)`"
        )
    if kind == "RBRACE" and not place.opened:
        span = of(place.found)
        return Diagnostic("E022", span, "no block is open here", "remove the `}`")
    return None


def _no_comma(place: Place) -> Diagnostic | None:
    """`adam(0.01 beta=0.9)`: the second name was taken for the `in` of limits."""
    word, before = place.previous, place.earlier
    if word is None or word.type != "NAME" or "NUMBER" not in place.accepted:
        return None
    if before is None or "LBRACE" in place.accepted:
        return None
    if word == "in":
        label, hint = "a range is missing behind `in`", "limits are written `in 0..1`"
        return Diagnostic("E032", of(word), label, hint)
    label = f"a comma is missing before `{word}`"
    fix = Edit(behind(place.text, of(before)), ",")
    hint = "separate arguments by commas"
    return Diagnostic("E024", of(word), label, hint, fixes=(fix,))


def _quoted_name(place: Place) -> Diagnostic | None:
    """`class_weights "not sure"=2`: a text is followed by a colon."""
    if place.found.type != "EQUAL" or place.previous is None:
        return None
    if place.previous.type != "TEXT":
        return None
    label, hint = "a `=` behind a text", 'write `:`, as in `"not sure": 2`'
    fix = Edit(place.span, ":")
    return Diagnostic("E028", place.span, label, hint, fixes=(fix,))


def _joined(place: Place) -> Diagnostic | None:
    """A line that begins like a statement behind one that was not complete."""
    word, joint = place.previous, place.earlier
    if word is None or joint is None:
        return None
    if joint.type not in OPERATORS or word.type != "NAME":
        return None
    if not joint.line != word.line == place.found.line:
        return None
    if joint.type != "COMMA":
        label = f"a value is missing behind `{joint}`"
        return Diagnostic("E023", behind(place.text, of(joint)), label)
    if place.parenthesis:
        hint = f"write `)` on the line before `{word}`"
        label = "this parenthesis is not closed"
        return Diagnostic("E020", of(place.parenthesis), label, hint)
    return comma_joins(of(joint))


_LOOKS: tuple[Callable[[Place], Diagnostic | None], ...] = (
    _dotted,
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
    opening = place.parenthesis
    if opening is None or opening.line == place.found.line:
        return ()
    return (Related(of(opening), "this parenthesis is still open"),)
