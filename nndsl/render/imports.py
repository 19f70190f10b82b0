"""The imports of a generated module: those of its names that it uses."""

from __future__ import annotations

import ast

MODULES = (
    "csv",
    "io",
    "math",
    "os",
    "re",
    "sys",
    "time",
    "warnings",
    "zipfile",
    "zlib",
)
MEMBERS = {
    "collections.abc": ("Callable", "Iterator", "Mapping", "Sequence"),
    "concurrent.futures": ("ThreadPoolExecutor",),
    "copy": ("deepcopy",),
    "dataclasses": ("dataclass",),
    "functools": ("cache",),
    "itertools": ("islice", "zip_longest"),
    "numbers": ("Real",),
    "typing": ("Any", "NamedTuple", "Self"),
}
"""What a module may take from each module of the standard library."""


def standard_imports(text: str) -> tuple[str, ...]:
    """Import lines, sorted, for the names that the module `text` uses."""
    used = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    whole = [f"import {module}" for module in MODULES if module in used]
    parts = [
        f"from {module} import {', '.join(name for name in names if name in used)}"
        for module, names in MEMBERS.items()
        if used.intersection(names)
    ]
    return (*whole, *parts)
