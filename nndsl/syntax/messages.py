"""A message for every place where a word cannot stand.

`explain` looks first at words that are wrong anywhere, then at brackets, then at what
could have stood in the place: `SITUATIONS` names that, `ADVICE` says what to do about
the word that was found there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nndsl.diagnostics.record import Diagnostic, Edit, Related
from nndsl.syntax.line_ends import OPERATORS
from nndsl.syntax.measure import comma_joins
from nndsl.syntax.spans import at
from nndsl.syntax.token import Token
from nndsl.syntax.tree import Span
from nndsl.syntax.words import explain_word, short

ENDS = frozenset(("_END", "RBRACE", "$END"))


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
        match self.found.kind:
            case "$END":
                return "the end of the file"
            case "_END" if self.found != ";":
                return "the end of the line"
            case _:
                return f"`{short(self.found)}`"

    @property
    def before(self) -> str:
        return f"`{short(self.previous)}`" if self.previous else "the beginning"

    @property
    def span(self) -> Span:
        """The word, or where something is missing: right behind the word before."""
        if self.found.kind in ENDS and self.previous:
            end = self.previous.span.end
            return at(self.text, end, end)
        if self.found.kind == "$END":
            return at(self.text, len(self.text), len(self.text))
        return self.found.span

    @property
    def parenthesis(self) -> Token | None:
        """The innermost open bracket, if it is a parenthesis."""
        if self.opened and self.opened[-1].kind == "LPAR":
            return self.opened[-1]
        return None


@dataclass(frozen=True, slots=True)
class Situation:
    """A place, told by kinds of words that could and could not stand in it."""

    could: frozenset[str]
    could_not: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Advice:
    """`{found}` is the word that cannot stand here, `{before}` the one before it."""

    code: str
    label: str
    hint: str = ""
    replace: str | None = None
    behind: bool = False
    """Point right behind the word before: that is where something is missing."""


def _kinds(words: str) -> frozenset[str]:
    return frozenset(words.split())


SITUATIONS = {
    "behind a block": Situation(_kinds("_END"), _kinds("COMMA LBRACE CARET")),
    "head": Situation(_kinds("NUMBER EQUAL LBRACE LPAR"), _kinds("COMMA")),
    "behind a call": Situation(_kinds("NUMBER LBRACE"), _kinds("COMMA")),
    "part": Situation(_kinds("NUMBER LBRACE")),
    "behind a comma": Situation(_kinds("NUMBER PIPE"), _kinds("LBRACE")),
    "argument": Situation(_kinds("NUMBER RPAR")),
    "value": Situation(_kinds("NUMBER")),
    "range": Situation(_kinds("DOTS CARET")),
    "behind an argument": Situation(_kinds("RPAR COMMA")),
    "in a parenthesis": Situation(_kinds("RPAR")),
    "behind a formula": Situation(_kinds("CARET")),
    "line": Situation(_kinds("NAME")),
}
"""The first that fits is the one."""

_COMMA_MISSING = Advice(
    "E024", "a comma is missing before {found}", "separate arguments by commas"
)
_NO_ARITHMETIC = Advice(
    "E027",
    "{found} stands in formulas only",
    "put a formula in parentheses: `name=(2 * 3)`",
)
_NO_COMPARISON = Advice(
    "E027", "{found} compares, which only formulas do", "write a setting `name=value`"
)
_NO_NAME_BEFORE = Advice(
    "E028",
    "no name stands before this parenthesis",
    "a parenthesis follows a name, as in `adam(…)`, or `=`",
)
_OPERATOR_MISSING = Advice(
    "E028",
    "an operator is missing before {found}",
    "write an operator such as `*`, or begin a new line",
)
_COLON_FOR_EQUALS = Advice(
    "E031", "{found} between a name and its value", "write `=`", replace="="
)

ADVICE: dict[tuple[str, str], Advice] = {
    ("line", ""): Advice(
        "E025", "{found} cannot begin a statement", "a statement begins with a name"
    ),
    ("behind a block", "LBRACE"): Advice(
        "E025", "a block without a name", "a block follows a name, as in `train { … }`"
    ),
    ("behind a block", ""): Advice(
        "E029", "{found} right behind a block", "begin a new line, or write `;`"
    ),
    ("behind a call", "EQUAL"): Advice(
        "E025",
        "nothing says what this formula defines",
        "begin with the kind, as in `activation bent(x) = …`",
    ),
    ("behind a call", ""): _NO_ARITHMETIC,
    ("head", "COMMA"): Advice(
        "E023", "a value is missing before the comma", "remove the comma"
    ),
    ("head", "COMPARISON"): Advice(
        "E027",
        "{found} compares, which only formulas do",
        "a setting is written `name value`, a formula `name = formula`",
    ),
    ("head", ""): _NO_ARITHMETIC,
    ("part", "EQUAL"): Advice(
        "E028", "no name stands before this `=`", "an option is written `name=value`"
    ),
    ("part", "LPAR"): _NO_NAME_BEFORE,
    ("part", "COMPARISON"): _NO_COMPARISON,
    ("part", ""): _NO_ARITHMETIC,
    ("behind a comma", "EQUAL"): Advice(
        "E028", "no name stands before this `=`", "an option is written `name=value`"
    ),
    ("behind a comma", "LPAR"): _NO_NAME_BEFORE,
    ("behind a comma", ""): Advice(
        "E023",
        "nothing stands behind the comma",
        "write what is missing, or remove the comma",
        behind=True,
    ),
    ("argument", ""): Advice(
        "E023", "a value is missing before {found}", "write an argument"
    ),
    ("value", "LPAR"): Advice(
        "E028", "a sign before a parenthesis", "write the sign inside it: `(-(…))`"
    ),
    ("value", "COMPARISON"): Advice(
        "E023", "a value is missing before {found}", "write a value behind {before}"
    ),
    ("value", ""): Advice(
        "E023",
        "a value is missing behind {before}",
        "write a number, a name, or a formula in parentheses",
        behind=True,
    ),
    ("range", ""): Advice(
        "E032",
        "`..` and the upper end of a range are missing before {found}",
        "limits are written `in 0..1`; arguments are separated by commas",
    ),
    ("behind an argument", "COLON"): _COLON_FOR_EQUALS,
    ("behind an argument", "EQUAL"): Advice(
        "E028", "no name stands before this `=`", "an option is written `name=value`"
    ),
    ("behind an argument", "DOTS"): Advice(
        "E032", "a range without `in`", "limits are written `name=0.5 in 0..1`"
    ),
    ("behind an argument", ""): _COMMA_MISSING,
    ("in a parenthesis", "COMMA"): Advice(
        "E028",
        "a comma in a parenthesis that follows no name",
        "a parenthesis without a name holds one formula",
    ),
    ("in a parenthesis", ""): _OPERATOR_MISSING,
    ("behind a formula", "COMMA"): Advice(
        "E028", "a comma behind a formula", "begin a new line"
    ),
    ("behind a formula", "EQUAL"): Advice(
        "E028", "a second `=` in one statement", "begin a new line"
    ),
    ("behind a formula", "LBRACE"): Advice(
        "E028", "a block behind a formula", "begin a new line"
    ),
    ("behind a formula", ""): _OPERATOR_MISSING,
}
"""For a situation and the kind of word found in it; "" is every other kind."""


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
    kind = place.found.kind
    advice = ADVICE.get((situation, kind)) or ADVICE[situation, ""]
    span = place.span
    if advice.behind and place.previous:
        span = at(place.text, place.previous.span.end, place.previous.span.end)
    names = {"found": place.name, "before": place.before}
    return Diagnostic(
        advice.code,
        span,
        advice.label.format(**names),
        advice.hint.format(**names) if "{before}" in advice.hint else advice.hint,
        related=_still_open(place),
        fixes=() if advice.replace is None else (Edit(span, advice.replace),),
    )


def _wrong_anywhere(place: Place) -> Diagnostic | None:
    return explain_word(place.found) if place.found.kind.startswith("BAD_") else None


def _not_closed(place: Place) -> Diagnostic | None:
    if place.found.kind not in ENDS | {"LBRACE"}:
        return None
    if place.parenthesis:
        return Diagnostic(
            "E020",
            place.parenthesis.span,
            "this parenthesis is not closed",
            f"write `)` before {place.name}",
            fixes=(Edit(place.span, ")"),) if place.found.kind in ENDS else (),
        )
    if place.found.kind == "$END" and place.opened and "RBRACE" in place.accepted:
        return Diagnostic(
            "E021",
            place.opened[-1].span,
            "this block is not closed",
            "write `}` where it ends",
        )
    return None


def _not_opened(place: Place) -> Diagnostic | None:
    kind = place.found.kind
    if kind == "RPAR" and not place.parenthesis:
        return Diagnostic(
            "E022", place.span, "no parenthesis is open here", "remove the `)`"
        )
    if kind == "RBRACE" and not place.opened:
        span = place.found.span
        return Diagnostic("E022", span, "no block is open here", "remove the `}`")
    return None


def _no_comma(place: Place) -> Diagnostic | None:
    """`adam(0.01 beta=0.9)`: the second name was taken for the `in` of limits."""
    word = place.previous
    if word is None or word.kind != "NAME" or "NUMBER" not in place.accepted:
        return None
    if "LBRACE" in place.accepted:
        return None
    if word == "in":
        label, hint = "a range is missing behind `in`", "limits are written `in 0..1`"
        return Diagnostic("E032", word.span, label, hint)
    label = f"a comma is missing before `{word}`"
    start = word.span.start
    fix = Edit(at(place.text, start, start), ", ")
    return Diagnostic(
        "E024", word.span, label, "separate arguments by commas", fixes=(fix,)
    )


def _quoted_name(place: Place) -> Diagnostic | None:
    """`class_weights "not sure"=2`: a text is followed by a colon."""
    if place.found.kind != "EQUAL" or place.previous is None:
        return None
    if place.previous.kind != "TEXT":
        return None
    label, hint = "a `=` behind a text", 'write `:`, as in `"not sure": 2`'
    fix = Edit(place.span, ":")
    return Diagnostic("E028", place.span, label, hint, fixes=(fix,))


def _joined(place: Place) -> Diagnostic | None:
    """A line that begins like a statement behind one that was not complete."""
    word, joint = place.previous, place.earlier
    if word is None or joint is None:
        return None
    begins_line = joint.kind in OPERATORS and joint.span.line < word.span.line
    if not begins_line or word.kind != "NAME":
        return None
    if place.found.span.line != word.span.line:
        return None
    end = joint.span.end
    if joint.kind != "COMMA":
        label = f"a value is missing behind `{joint}`"
        return Diagnostic("E023", at(place.text, end, end), label)
    if place.parenthesis:
        hint = f"write `)` on the line before `{word}`"
        label = "this parenthesis is not closed"
        return Diagnostic("E020", place.parenthesis.span, label, hint)
    return comma_joins(joint.span)


_LOOKS: tuple[Callable[[Place], Diagnostic | None], ...] = (
    _wrong_anywhere,
    _not_closed,
    _not_opened,
    _joined,
    _no_comma,
    _quoted_name,
)


def _still_open(place: Place) -> tuple[Related, ...]:
    """A parenthesis from an earlier line may be the one that lacks its end."""
    opening = place.parenthesis
    if opening is None or opening.span.line == place.found.span.line:
        return ()
    return (Related(opening.span, "this parenthesis is still open"),)
