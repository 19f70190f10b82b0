"""Every code a diagnostic may carry: E errors, W warnings."""

from __future__ import annotations

from nndsl.diagnostics.code import Code
from nndsl.diagnostics.codes_checks import CHECK_CODES
from nndsl.diagnostics.codes_syntax import SYNTAX

CODES: dict[str, Code] = SYNTAX | {
    code: Code(title, severity=severity)
    for code, (title, severity) in CHECK_CODES.items()
}
