"""Lines as other languages write them: what they are here."""

from collections.abc import Callable, Container

from nndsl.check.findings import Findings
from nndsl.diagnostics.codes_checks import UNEXPECTED, UNKNOWN_NAME
from nndsl.diagnostics.suggest import suggest
from nndsl.language.settings import SETTINGS
from nndsl.language.synonyms import SYNONYMS
from nndsl.layers.registry import LAYERS
from nndsl.syntax.python_calls import as_line
from nndsl.syntax.tree import (
    Assignment,
    Call,
    Definition,
    Expression,
    Name,
    Number,
    Part,
    Percent,
    Statement,
    Text,
    Unary,
)


def no_equals(
    findings: Findings,
    line: Assignment | Definition,
    names: Container[str],
    kind: str,
    unknown: Callable[[Name], None],
) -> bool:
    """A finding for `epochs = 10`, or `epoch = 10`; whether it was read as such a line.

    `unknown` enters a word that stands for none, also not in another library as a
    `kind`.
    """
    name = line.target if isinstance(line, Assignment) else line.kind
    meant = name.text if name.text in names else ""
    if not meant and isinstance(line, Assignment) and _is_number(line.value):
        meant = _meant(name.text, kind)
        if not meant:
            unknown(name)
            return True
    if not meant:
        findings.add(
            UNEXPECTED,
            line.span,
            "formulas are defined outside of networks",
            "move it before the network, as in `activation bent(x) = …`",
        )
        return False
    source = findings.source.text
    value = source[line.value.span.start : line.value.span.end]
    written = f"{meant} {value}"
    fits = isinstance(line, Assignment) and len(written) <= 60 and "\n" not in written
    hint = f"write `{written}`" if fits else f"write `{meant}`, then its value"
    setting = SETTINGS.get(meant)
    if setting and setting.form != "value" and _is_number(line.value):
        fits, hint = False, f"write it as `{setting.signature}`"
    findings.add(
        UNEXPECTED,
        line.span,
        f"no `=` follows `{meant}`",
        hint,
        fix=written if fits else None,
    )
    return True


def _is_number(value: Expression) -> bool:
    match value:
        case Unary(operand=inner):
            return _is_number(inner)
    return isinstance(value, Number | Percent)


def _meant(word: str, kind: str) -> str:
    """The one name that a misspelt word, or that of another library, stands for."""
    names = (*LAYERS, *(s.name for s in SETTINGS.values() if s.form == "value"))
    synonym = SYNONYMS[kind].get(word.lower(), "")
    near = (synonym,) if synonym in names else suggest(word, names)
    return near[0] if len(near) == 1 else ""


def python_layer(findings: Findings, statement: Statement) -> bool:
    """A finding for `Dense(64, activation="relu")`; False for anything else."""
    head = statement.head
    if not isinstance(head, Call) or statement.groups or statement.block:
        return False
    line = as_line(findings.source.text[head.span.start : head.span.end])
    if line is None:
        return False
    findings.add(
        UNKNOWN_NAME,
        head.span,
        "a layer as Python libraries write it",
        f"write `{line}`",
        fix=line,
    )
    return True


def without_quotes(
    findings: Findings, code: str, part: Part | Expression, expected: str
) -> bool:
    """A finding for a name in quotes, `"relu"`; False for anything else."""
    if not isinstance(part, Text) or not part.value.isidentifier():
        return False
    findings.add(
        code,
        part.span,
        f"{expected} is written without quotes",
        f"write `{part.value[:40]}`",
        fix=part.value,
    )
    return True
