"""The imports of a generated module: those of its names that it uses."""

from __future__ import annotations

import re
from collections.abc import Iterator

MODULES = (
    "csv",
    "io",
    "math",
    "os",
    "re",
    "shlex",
    "sys",
    "time",
    "warnings",
    "zipfile",
    "zlib",
)
MEMBERS = {
    "collections": ("Counter",),
    "collections.abc": ("Callable", "Hashable", "Iterator", "Mapping", "Sequence"),
    "concurrent": ("futures",),
    "contextvars": ("copy_context",),
    "copy": ("deepcopy",),
    "dataclasses": ("dataclass",),
    "functools": ("cache",),
    "itertools": ("islice", "zip_longest"),
    "numbers": ("Real",),
    "typing": ("Any", "NamedTuple", "Self", "TypeAlias"),
}
"""What a module may take from each module of the standard library."""

_LISTED = "|".join(name for names in MEMBERS.values() for name in names)
_NAME = rf"(?<![\w.])(?P<name>(?:{'|'.join(MODULES)})(?=\.)|(?:{_LISTED})(?!\w|=(?!=)))"
_PART = rf"""
    \#[^\n]*
    | \"\"\".*?\"\"\"
    | (?P<parts>f\"(?:[^\"\\\n]|\\.)*\"|f'(?:[^'\\\n]|\\.)*')
    | \"(?:[^\"\\\n]|\\.)*\"
    | '(?:[^'\\\n]|\\.)*'
    | {_NAME}
"""
"""A comment, a text, or a name that is neither an attribute nor a keyword."""


def standard_imports(text: str) -> tuple[str, ...]:
    """Import lines, sorted, for the names that the module `text` uses.

    A name that a function imports for itself is left out.
    """
    used = set(_names(text))
    for listed in re.findall(r"^ +(?:from \S+ )?import (.+)", text, re.MULTILINE):
        used.difference_update(listed.split(", "))
    whole = [f"import {module}" for module in MODULES if module in used]
    parts = [
        f"from {module} import {', '.join(name for name in names if name in used)}"
        for module, names in MEMBERS.items()
        if used.intersection(names)
    ]
    return (*whole, *parts)


def _names(text: str) -> Iterator[str]:
    """The names in the code of `text`, those between the braces of f-texts included."""
    for match in re.finditer(_PART, text, re.VERBOSE | re.DOTALL):
        if match["name"]:
            yield match["name"]
        elif match["parts"]:
            for inside in re.findall(r"\{([^{}]+)", match["parts"]):
                yield from _names(inside)
