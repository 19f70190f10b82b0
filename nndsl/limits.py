"""How large a spec may be; each limit holds before anything is built from it."""

SPEC_BYTES = 1 << 20
WORDS = 100_000
"""Words, marks and line ends in a spec."""
LAYERS = 10_000
NESTING = 50
FORMULA_NODES = 500
FORMULA_DEPTH = 50
NAME_LENGTH = 64
"""Characters in a name that becomes a Python name."""
TEXT_LENGTH = 200
"""Characters in a column or label, and in any word of a spec."""
LABELS = 100
"""Labels of an input column."""
PARAMETERS = 10**8
SYNTAX_ERRORS = 20
"""Mistakes of form that one run reports."""
