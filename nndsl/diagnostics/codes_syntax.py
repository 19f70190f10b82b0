"""Syntax errors: what the reader of a spec reports before any name is looked up."""

from nndsl.diagnostics.code import Code

SYNTAX = {
    "E001": Code("not UTF-8", "A spec is text in UTF-8."),
    "E002": Code("file too large", "A spec has at most 1 MiB."),
    "E003": Code(
        "hidden character",
        "Control characters and marks that change the direction of writing could make "
        "a reader and a program see different lines.",
    ),
    "E004": Code("unknown character", "The language does not use this character."),
    "E005": Code(
        "malformed number",
        "A number is 12, 1_000, 0.5, .5, 1e-3 or 70%, and touches no name.",
    ),
    "E006": Code("name not plain", "Names are made of a-z, A-Z, 0-9 and _."),
    "E007": Code("text not closed", "A quoted text ends on its line."),
    "E008": Code("wrong quotes", "Text is written in double quotes."),
    "E009": Code(
        "unknown escape", 'A quoted text knows \\", \\\\, \\n and \\t, nothing else.'
    ),
    "E010": Code("number out of range", "Numbers are finite 64-bit floats."),
    "E011": Code("word too long", "A word has at most 200 characters."),
    "E012": Code("nested too deeply", "Brackets are nested at most 50 deep."),
    "E013": Code(
        "formula too large",
        "A formula has at most 500 nodes, nested at most 50 deep.",
    ),
    "E014": Code("too many words", "A spec has at most 100,000 words and marks."),
    "E020": Code("parenthesis not closed", "Every `(` has its `)`."),
    "E021": Code("block not closed", "Every `{` has its `}`."),
    "E022": Code("bracket not opened", "Every `)` and `}` closes an open bracket."),
    "E023": Code("missing value", "Something must follow a comma, `=` or operator."),
    "E024": Code("missing comma", "Arguments are separated by commas."),
    "E025": Code("not a statement", "A statement begins with a name or a call."),
    "E026": Code("chained comparison", "A formula compares two values, not three."),
    "E027": Code("not an operator here", "Formulas know + - * / ^ and comparisons."),
    "E028": Code("misplaced word", "The word cannot follow the one before it."),
    "E029": Code("missing line end", "One statement a line, or `;` between two."),
    "E030": Code(
        "comma joins two lines",
        "A line that ends in a comma continues on the next one.",
    ),
    "E031": Code("misplaced colon", "A value follows its setting after a space."),
    "E032": Code("malformed range", "Limits are written `in low..high`."),
}
