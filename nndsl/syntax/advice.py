"""What to say of a word that cannot stand where it does.

`ADVICE` says for a situation and the kind of word found in it what is wrong and what
to write instead.
"""

from dataclasses import dataclass

from nndsl.diagnostics.record import Diagnostic, Edit, Related
from nndsl.syntax.tree import Span


@dataclass(frozen=True, slots=True)
class Advice:
    """`{found}` is the word that cannot stand here, `{before}` the one before it."""

    code: str
    label: str
    hint: str
    replace: str | None = None
    after: bool = False
    """Point right after the word before: that is where something is missing."""

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


_NO_NAME_BEFORE_EQUALS = Advice(
    "E028", "there is no name before this `=`", "an option is written `name=value`"
)
_NO_NAME_BEFORE_PARENTHESIS = Advice(
    "E028",
    "there is no name before this parenthesis",
    "a parenthesis follows a name, as in `adam(…)`, or an `=`",
)
_NO_ARITHMETIC = Advice(
    "E027",
    "{found} is allowed only in formulas",
    "write the result; an option also takes a formula in parentheses: `l2=(2 * 3)`",
)
_OPERATOR_MISSING = Advice(
    "E028",
    "an operator is missing before {found}",
    "write an operator such as `*` between the two",
)
_NOT_IN_FORMULAS = Advice(
    "E028",
    "{found} is not part of any formula",
    "a formula is made of numbers, names, calls and `+ - * / ^`",
)
_SECOND_EQUALS = Advice(
    "E028", "a second `=` in one statement", "begin a new line for the second one"
)
_ABSOLUTE = Advice(
    "E023",
    "a value is missing before {found}",
    "an absolute value is written `abs(x)`",
)

ADVICE: dict[tuple[str, str], Advice] = {
    ("line", ""): Advice(
        "E025",
        "{found} cannot begin a statement",
        "a statement begins with a name, as in `dense 16 relu`",
    ),
    ("line", "LBRACE"): Advice(
        "E025", "this block has no name", "a block follows a name, as in `train { … }`"
    ),
    ("after a block", "LBRACE"): Advice(
        "E025", "this block has no name", "a block follows a name, as in `train { … }`"
    ),
    ("after a block", "COMMA"): Advice(
        "E029", "a comma after a block", "remove the comma", replace=""
    ),
    ("after a block", ""): Advice(
        "E029",
        "{found} on the line where a block ends",
        "begin a new line after `}`, or write `;`",
    ),
    ("head", "EQUAL"): Advice(
        "E025",
        "nothing says what this formula defines",
        "begin with the kind, as in `activation bent(x) = …`",
    ),
    ("head", "COMMA"): Advice(
        "E023", "a value is missing before the comma", "remove the comma", replace=""
    ),
    ("head", "COMPARISON"): Advice(
        "E027",
        "{found} compares two values, which only formulas do",
        "a setting is written `name value`, a formula `name = formula`",
    ),
    ("head", "LPAR"): _NO_NAME_BEFORE_PARENTHESIS,
    ("head", ""): _NO_ARITHMETIC,
    ("part", "EQUAL"): _NO_NAME_BEFORE_EQUALS,
    ("part", "LPAR"): _NO_NAME_BEFORE_PARENTHESIS,
    ("part", "COMPARISON"): Advice(
        "E027",
        "{found} compares two values, which only formulas do",
        "an option is written `name=value`",
    ),
    ("part", ""): _NO_ARITHMETIC,
    ("after a comma", "EQUAL"): _NO_NAME_BEFORE_EQUALS,
    ("after a comma", "LPAR"): _NO_NAME_BEFORE_PARENTHESIS,
    ("after a comma", ""): Advice(
        "E023",
        "nothing follows the comma",
        "write what is missing, or remove the comma",
        after=True,
    ),
    ("value", "LPAR"): Advice(
        "E028", "a sign before a parenthesis", "write the sign inside it: `(-(…))`"
    ),
    ("value", "COMPARISON"): Advice(
        "E023", "a value is missing before {found}", "write a value after {before}"
    ),
    ("value", "PIPE"): _ABSOLUTE,
    ("value", ""): Advice(
        "E023",
        "a value is missing after {before}",
        "write a number, a name, or a formula in parentheses",
        after=True,
    ),
    ("first argument", "PIPE"): _ABSOLUTE,
    ("first argument", ""): Advice(
        "E023",
        "an argument is missing before {found}",
        "write a number or a name, or `name=value`",
    ),
    ("argument", "COLON"): Advice(
        "E031",
        "{found} between a name and its value",
        "arguments are written `name=value`",
        replace="=",
    ),
    ("argument", "EQUAL"): _NO_NAME_BEFORE_EQUALS,
    ("argument", "DOTS"): Advice(
        "E032", "a range without `in`", "limits are written `name=0.5 in 0..1`"
    ),
    ("argument", "PIPE"): Advice(
        "E028",
        "{found} separates labels, not arguments",
        "separate arguments with commas",
    ),
    ("argument", ""): Advice(
        "E024",
        "a comma is missing before {found}",
        "separate arguments with commas",
    ),
    ("lower limit", ""): Advice(
        "E032",
        "`..` and the upper limit are missing before {found}",
        "limits are written `in 0..1`; commas separate arguments",
    ),
    ("parenthesis", "COMMA"): Advice(
        "E028",
        "a comma in a parenthesis that follows no name",
        "a parenthesis without a name holds one formula",
    ),
    ("parenthesis", "EQUAL"): Advice(
        "E028", "an `=` inside a formula", "two values are compared with `==`"
    ),
    ("parenthesis", "COLON"): _NOT_IN_FORMULAS,
    ("parenthesis", "DOTS"): _NOT_IN_FORMULAS,
    ("parenthesis", "PIPE"): _NOT_IN_FORMULAS,
    ("parenthesis", ""): _OPERATOR_MISSING,
    ("formula", "COMMA"): Advice(
        "E028", "a comma after a formula", "a formula ends with its line"
    ),
    ("formula", "EQUAL"): _SECOND_EQUALS,
    ("formula", "LBRACE"): Advice(
        "E028",
        "a block after a formula",
        "a block follows a name, as in `network Iris { … }`",
    ),
    ("formula", "COLON"): _NOT_IN_FORMULAS,
    ("formula", "DOTS"): _NOT_IN_FORMULAS,
    ("formula", "PIPE"): _NOT_IN_FORMULAS,
    ("formula", ""): Advice(
        "E028",
        "an operator is missing before {found}",
        "write an operator such as `*`, or begin a new line",
    ),
}
"""For a situation and the kind of word found in it; "" is every other kind."""
