"""Every code a diagnostic may carry: E errors, W warnings."""

from nndsl.diagnostics.code import Code
from nndsl.diagnostics.codes_checks import CHECKS
from nndsl.diagnostics.codes_formulas import FORMULAS
from nndsl.diagnostics.codes_syntax import SYNTAX

CODES: dict[str, Code] = SYNTAX | CHECKS | FORMULAS
