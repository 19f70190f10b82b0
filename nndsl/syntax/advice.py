"""What to say of a word that cannot stand where it does.

`SITUATIONS` tells places apart by what could have stood in them; `ADVICE` says for a
place and the kind of word found there what is wrong and what to write instead.
"""

from dataclasses import dataclass

from nndsl.diagnostics.record import Diagnostic, Edit, Related
from nndsl.syntax.tree import Span


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

    def at(
        self,
        span: Span,
        found: str,
        before: str = "",
        related: tuple[Related, ...] = (),
    ) -> Diagnostic:
        """The advice in one place; the words are written as messages say them."""
        return Diagnostic(
            self.code,
            span,
            self.label.format(found=found, before=before),
            self.hint.replace("{before}", before),
            related,
            () if self.replace is None else (Edit(span, self.replace),),
        )


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
