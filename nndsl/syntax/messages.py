from __future__ import annotations
from nndsl.diagnostics.record import Diagnostic
from nndsl.syntax.spans import of_token, at


def explain(text, token, previous, expected, opened) -> Diagnostic:
    span = at(text, len(text), len(text)) if token.type == "$END" else of_token(token)
    return Diagnostic(
        "E020", span, f"unexpected {token.type} {token} expected {sorted(expected)}"
    )
