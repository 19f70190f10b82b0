"""The imports of a generated module: those of its names that it uses."""

import ast

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


def standard_imports(text: str) -> tuple[str, ...]:
    """Import lines, sorted, for the names that the module `text` uses.

    Of a module it uses attributes: what only has the name of one, such as a state of
    an optimizer, is left out, and so is what a function imports for itself.
    """
    used, imported = set(), set()
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Attribute(value=ast.Name(id=name)):
                used.add(name)
            case ast.Name(id=name) if name not in MODULES:
                used.add(name)
            case ast.alias(name=name):
                imported.add(name)
    needed = used - imported
    whole = [f"import {module}" for module in MODULES if module in needed]
    parts = [
        f"from {module} import {', '.join(name for name in names if name in needed)}"
        for module, names in MEMBERS.items()
        if needed.intersection(names)
    ]
    return (*whole, *parts)
