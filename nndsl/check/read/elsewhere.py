"""Lines as other languages write them: what they are here."""

from collections.abc import Container

from nndsl.check.findings import Findings
from nndsl.diagnostics.codes_checks import UNEXPECTED, UNKNOWN_NAME
from nndsl.syntax.python_calls import as_line
from nndsl.syntax.tree import (
    Assignment,
    Call,
    Definition,
    Expression,
    Part,
    Statement,
    Text,
)


def no_equals(
    findings: Findings, line: Assignment | Definition, names: Container[str]
) -> bool:
    """A finding for `epochs = 10`; whether the name before the `=` is one of these."""
    name = line.target if isinstance(line, Assignment) else line.kind
    if name.text not in names:
        findings.add(
            UNEXPECTED,
            line.span,
            "formulas are defined outside of networks",
            "move it before the network, as in `activation bent(x) = …`",
        )
        return False
    source = findings.source.text
    value = source[line.value.span.start : line.value.span.end]
    written = f"{name.text} {value}"
    fits = isinstance(line, Assignment) and len(written) <= 60 and "\n" not in written
    findings.add(
        UNEXPECTED,
        line.span,
        f"no `=` follows `{name.text}`",
        f"write `{written}`" if fits else f"write `{name.text}`, then its value",
        fix=written if fits else None,
    )
    return True


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
