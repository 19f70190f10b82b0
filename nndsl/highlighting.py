"""Colours for specs: a lexer of Pygments, and the same words for editors.

Pygments finds the lexer by its entry point, so that `pygmentize net.nn`, Sphinx and
MkDocs colour specs wherever nndsl is installed.
"""

from typing import Any, ClassVar

from pygments.lexer import RegexLexer, bygroups, words
from pygments.token import (
    Comment,
    Error,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Whitespace,
)

from nndsl.formulas.build.convert import CONSTANTS, FUNCTIONS
from nndsl.formulas.build.library import library_names
from nndsl.language.initializers import INITIALIZERS
from nndsl.language.loss_table import LOSSES
from nndsl.language.metric_table import METRICS
from nndsl.language.settings import SETTINGS
from nndsl.language.statements import DEFINITIONS, STATEMENTS
from nndsl.layers.activation import SOFTMAX
from nndsl.layers.registry import LAYERS

STATEMENT_NAMES = tuple(
    sorted({*DEFINITIONS, *STATEMENTS, *SETTINGS, *LAYERS, "state"})
)
"""What a line begins with."""
BUILT_IN = tuple(
    sorted(
        {
            *library_names("activation"),
            *library_names("schedule"),
            *library_names("optimizer"),
            *(SOFTMAX.name, "plateau"),
            *LOSSES,
            *METRICS,
            *INITIALIZERS,
            *FUNCTIONS,
        }
    )
)
"""What the language brings along."""
FIXED = (
    *CONSTANTS,
    "yes",
    "no",
    "any",
    "all",
    "none",
    "classes",
    "outputs",
    "features",
)
"""Words that stand for a value."""

NUMBER = r"(?:\d+(?:_\d+)*(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?%?"


class NndslLexer(RegexLexer):
    """Specs of neural networks."""

    name = "nndsl"
    url = "https://pypi.org/project/nndsl/"
    aliases = ("nndsl", "nn")
    filenames = ("*.nn",)
    mimetypes = ("text/x-nndsl",)
    version_added = ""
    tokens: ClassVar[dict[str, list[Any]]] = {
        "root": [
            (
                words(
                    STATEMENT_NAMES, prefix=r"(^[ \t]*|[;{][ \t]*)", suffix=r"\b(?! *=)"
                ),
                bygroups(Punctuation, Keyword),
            ),
            (r"\n|[ \t]+", Whitespace),
            (r"#.*", Comment.Single),
            (r'"(?:[^"\\\n]|\\.)*"', String.Double),
            (NUMBER + r"(?![\w%])", Number),
            (
                r"([A-Za-z_]\w*)(\s*)(=)(?!=)",
                bygroups(Name.Attribute, Whitespace, Operator),
            ),
            (words(FIXED, prefix=r"\b", suffix=r"\b"), Keyword.Constant),
            (words(BUILT_IN, prefix=r"\b", suffix=r"\b"), Name.Builtin),
            (r"[^\W\d]\w*", Name),
            (r"<=|>=|==|!=|\.\.|[-+*/^<>|:]", Operator),
            (r"[(){},;=]", Punctuation),
            (r".", Error),
        ]
    }


def textmate() -> dict[str, object]:
    """The grammar of TextMate for the same words, which VS Code and others read."""

    def one_of(names: tuple[str, ...]) -> str:
        return "|".join(names)

    matches = {
        "comment.line.number-sign": r"#.*$",
        "string.quoted.double": r'"(?:[^"\\]|\\.)*"',
        "constant.numeric": rf"(?<!\w){NUMBER}(?![\w%])",
        "variable.parameter": r"[A-Za-z_]\w*(?=\s*=(?!=))",
        "constant.language": rf"\b({one_of(FIXED)})\b",
        "support.function": rf"\b({one_of(BUILT_IN)})\b",
        "keyword.operator": r"<=|>=|==|!=|\.\.|[-+*/^<>|:=]",
    }
    statement = {
        "match": rf"(?:^|(?<=[;{{]))\s*({one_of(STATEMENT_NAMES)})\b(?!\s*=)",
        "captures": {"1": {"name": "keyword.control.nndsl"}},
    }
    others = [
        {"name": f"{name}.nndsl", "match": text} for name, text in matches.items()
    ]
    return {
        "name": "nndsl",
        "scopeName": "source.nndsl",
        "fileTypes": ["nn"],
        "patterns": [statement, *others],
    }
