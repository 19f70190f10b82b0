"""A name with or without arguments: `relu`, `huber(0.5)`."""

from collections.abc import Iterable

from nndsl.check.findings import Findings
from nndsl.check.read.elsewhere import without_quotes
from nndsl.check.read.options import Given, call_arguments
from nndsl.check.read.values import found
from nndsl.diagnostics.codes_checks import WRONG_VALUE
from nndsl.syntax.tree import Call, Expression, Name, Part


def _an(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def callee(use: Name | Call) -> Name:
    return use.name if isinstance(use, Call) else use


def known_use(
    findings: Findings,
    kind: str,
    use: Part | Expression,
    names: Iterable[str],
    expected: str,
    hint: str,
) -> tuple[str, list[Given]] | None:
    """One of the names of a kind, and its arguments; None after a finding.

    `expected` goes on from `where`: `the name of a loss is expected`.
    """
    if without_quotes(findings, WRONG_VALUE, use, f"the name of {_an(kind)}"):
        return None
    if not isinstance(use, Name | Call):
        findings.add(WRONG_VALUE, use.span, f"{found(use)} where {expected}", hint)
        return None
    name, known = callee(use), tuple(names)
    if name.text not in known:
        findings.unknown(kind, name, known)
        return None
    return name.text, call_arguments(findings, use)
