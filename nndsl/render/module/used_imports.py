"""The imports of a generated module: those of its names that it uses."""

import ast
from collections.abc import Iterable

MODULES = ("csv", "math", "os", "sys")
MEMBERS = {"dataclasses": "dataclass", "typing": "NamedTuple"}


def standard_imports(text: str) -> tuple[str, ...]:
    """Import lines, sorted, for the names that the module `text` uses."""
    members = (f"from {module} import {name}" for module, name in MEMBERS.items())
    return *whole_imports(text, MODULES), *members


def whole_imports(text: str, modules: Iterable[str]) -> list[str]:
    """`import module` for those of `modules` whose members `text` uses."""
    used = set()
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Attribute(value=ast.Name(id=name)):
                used.add(name)
    return [f"import {module}" for module in modules if module in used]
